/**
 * Lints the TypeScript sources of published packages whole. No file may make the engine fail, and what
 * is reported in them is kept in a snapshot: these programs are in use, so a new report is either a
 * find or, more often, a false alarm that needs looking at.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import handles from 'eslint-plugin-handles';
import { parser } from 'typescript-eslint';
import { afterAll, describe, expect, it } from 'vitest';

const packages = ['livekit-client', 'mediabunny', 'win32-api', 'win32-def'];
const totals: string[] = [];

describe.each(packages)('%s', (name) => {
  it('is linted without an internal error', async () => {
    const cwd = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
    const files = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter(isSource);
    const eslint = new ESLint({
      cwd,
      overrideConfigFile: true,
      // Their comments speak to the rules of their own configurations.
      allowInlineConfig: false,
      overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, handles.configs.recommended],
    });

    const start = performance.now();
    const results: ESLint.LintResult[] = [];
    const errors: string[] = [];
    // One by one, so that an error costs no more than its file.
    for (const file of files) {
      try {
        results.push(...(await eslint.lintFiles(file)));
      } catch (error) {
        errors.push(String(error));
      }
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);

    expect(errors).toEqual([]);
    expect(results).toHaveLength(files.length);
    const reports = results.flatMap(({ filePath, messages }) =>
      messages.map(({ line, ruleId, message }) => {
        const file = filePath.slice(cwd.length + 1).replaceAll('\\', '/');
        return { key: `${file}:${line} ${ruleId ?? 'fatal'}`, message };
      }),
    );
    totals.push(`${name}: ${files.length} files, ${reports.length} reports, ${seconds} s`);
    for (const { key, message } of reports) totals.push(`  ${key}\n    ${message}`);
    expect(reports.map(({ key }) => key).sort()).toMatchSnapshot();
  });
});

afterAll(() => {
  console.log(totals.join('\n'));
});

function isSource(file: string): boolean {
  return /(?<!\.d)\.ts$/.test(file) && !/(^|[/\\])node_modules[/\\]/.test(file);
}
