/**
 * Lints the TypeScript sources of published packages whole. No file may make the engine fail, and what
 * is reported in them is kept in a snapshot: these programs are in use, so a new report is either a
 * find or, more often, a false alarm that needs looking at.
 *
 * Once as users see it, where most files are passed over since they import no API that is described; and
 * once with an import in front that lets every file through, so that all of it is lowered and solved.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import handles from 'eslint-plugin-handles';
import { parser } from 'typescript-eslint';
import { afterAll, describe, expect, it } from 'vitest';

const packages = ['livekit-client', 'mediabunny', 'win32-api', 'win32-def'];

/** Solving all that the two large ones do without handles takes minutes: `HANDLES_REAL=whole` asks for it. */
const letThrough = process.env['HANDLES_REAL'] === 'whole' ? packages : ['win32-api', 'win32-def'];

/** On the first line of a file, so that no line moves. */
const TRIGGER = "import { CloseHandle } from 'eslint-plugin-handles/model'; ";

const totals: string[] = [];

describe('published packages', () => {
  it.each(packages)('%s is linted without an internal error', async (name) => {
    expect(await lint(name, '')).toMatchSnapshot();
  });
});

describe('published packages, each file let through', () => {
  it.each(letThrough)(
    '%s is linted without an internal error, and the reports are the same',
    { timeout: 600_000 },
    async (name) => {
      expect(await lint(name, TRIGGER)).toEqual(await lint(name, ''));
    },
  );
});

afterAll(() => {
  console.log(totals.join('\n'));
});

/** What is reported in a package, as `file:line rule`. */
async function lint(name: string, prefix: string): Promise<string[]> {
  const cwd = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
  const files = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter(isSource).sort();
  const eslint = new ESLint({
    cwd,
    overrideConfigFile: true,
    // Their comments speak to the rules of their own configurations.
    allowInlineConfig: false,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, handles.configs.recommended],
  });

  const reports: string[] = [];
  const errors: string[] = [];
  const start = performance.now();
  // One by one, so that an error costs no more than its file.
  for (const file of files) {
    const path = file.replaceAll('\\', '/');
    try {
      const results = await eslint.lintText(prefix + readFileSync(join(cwd, file), 'utf8'), {
        filePath: join(cwd, file),
      });
      for (const { line, ruleId, message } of results.flatMap(({ messages }) => messages)) {
        reports.push(`${path}:${line} ${ruleId ?? `fatal: ${message}`}`);
      }
    } catch (error) {
      errors.push(`${path}: ${String(error)}`);
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  totals.push(`${name}: ${files.length} files, ${reports.length} reports, ${seconds} s`, ...reports);
  expect(files).not.toEqual([]);
  expect(errors).toEqual([]);
  return reports;
}

function isSource(file: string): boolean {
  return /(?<!\.d)\.ts$/.test(file) && !/(^|[/\\])node_modules[/\\]/.test(file);
}
