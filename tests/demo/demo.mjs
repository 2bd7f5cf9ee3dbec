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
function describeResult(result) {
  const lines = readFileSync(result.filePath, 'utf8').split('\n');
  const width = Math.max(...result.messages.map((message) => place(message).length), 0);
  const problems = result.messages.flatMap((message) => [
    `  ${place(message).padStart(width)}  ${message.severity === 2 ? 'error' : 'warning'}  ${message.message}  ${message.ruleId}`,
    `  ${' '.repeat(width)}  | ${lines[message.line - 1]?.trim()}`,
    ...(message.suggestions ?? []).map(({ desc }) => `  ${' '.repeat(width)}  quick fix: ${desc}`),
  ]);
  return [relative(root, result.filePath), ...problems, '', count(result.messages.length)].join('\n');
}

/** @param {{ line: number, column: number }} message */
function place({ line, column }) {
  return `${line}:${column}`;
}

/** @param {number} problems */
function count(problems) {
  return `${problems === 0 ? '✔' : '✖'} ${problems} ${problems === 1 ? 'problem' : 'problems'}`;
}
