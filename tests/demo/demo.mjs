// @ts-check
/**
 * Lints the founding example and the program that repairs it with the built plugin, and prints the
 * reports as ESLint's default formatter does, each with the quick fixes that an editor would offer.
 * Reports are what is to be seen here, so they do not make it fail; a file that cannot be linted does.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parser } from 'typescript-eslint';
import { ESLint } from 'eslint';
import handles from 'eslint-plugin-handles';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = [
  { title: 'The founding example', file: 'tests/fixtures/founding/broken.ts' },
  { title: 'The founding example, repaired', file: 'tests/fixtures/founding/repaired.ts' },
];

const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, handles.configs.recommended],
});

for (const { title, file } of programs) {
  for (const result of await eslint.lintFiles(file)) {
    console.log(`${title}\n\n${describeResult(result)}\n`);
    if (result.fatalErrorCount > 0) process.exitCode = 1;
  }
}

/** @param {ESLint.LintResult} result */
function describeResult({ filePath, messages }) {
  const text = readFileSync(filePath, 'utf8');
  const width = Math.max(...messages.map((message) => place(message).length), 0);
  const margin = ' '.repeat(width + 2);
  const problems = messages.flatMap((message) => [
    `  ${place(message).padStart(width)}  ${message.severity === 2 ? 'error' : 'warning'}  ${message.message}  ${message.ruleId}`,
    `${margin}  | ${lineOf(text, message.line)}`,
    ...(message.suggestions ?? []).flatMap(({ desc, fix: { range, text: replacement } }) => [
      `${margin}  quick fix: ${desc}`,
      ...changed(
        lineOf(text, message.line),
        lineOf(text.slice(0, range[0]) + replacement + text.slice(range[1]), message.line),
      ).map((line) => `${margin}  | ${line}`),
    ]),
  ]);
  return [relative(root, filePath), ...problems, '', count(messages.length)].join('\n');
}

/**
 * @param {string | undefined} before
 * @param {string | undefined} after
 */
function changed(before, after) {
  return before === after ? [] : [after];
}

/**
 * A line of a program, without the note for the tests on what is expected there.
 * @param {string} text
 * @param {number} line
 */
function lineOf(text, line) {
  return text
    .split('\n')
    [line - 1]?.replace(/\/\/ expect:.*$/, '')
    .trim();
}

/** @param {{ line: number, column: number }} message */
function place({ line, column }) {
  return `${line}:${column}`;
}

/** @param {number} problems */
function count(problems) {
  return `${problems === 0 ? '✔' : '✖'} ${problems} ${problems === 1 ? 'problem' : 'problems'}`;
}
