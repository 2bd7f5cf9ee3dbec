/**
 * Programs that use the described APIs as their users do: `tests/fixtures/apis/API/CASE.ts`. What must be reported
 * stands in `// expect: RULE` comments on its line; all else must be left alone. A first line
 * `// settings: { … }` is taken for `settings.handles`.
 */
import { readFileSync } from 'node:fs';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import { expectations } from './harness/expectations.ts';
import { listFiles, root } from './package/sources.ts';

const SETTINGS = /^\/\/ settings: (.*)$/m;

const cases = ['.ts', '.tsx', '.js', '.mjs'].flatMap((ending) => listFiles('tests/fixtures/apis', ending));

describe.each(cases)('%s', (file) => {
  it('is reported where it says, and nowhere else', () => {
    const source = readFileSync(root + file, 'utf8');
    const expected = [...expectations(source)].flatMap(([line, rules]) =>
      rules.map((rule) => `${line} ${rule}`),
    );
    expect(lint(file, source).sort()).toEqual(expected.sort());
  });
});

function lint(file: string, source: string): string[] {
  const settings: unknown = JSON.parse(SETTINGS.exec(source)?.[1] ?? '{}');
  const messages = new Linter().verify(
    source,
    [
      handles.configs.recommended,
      { files: ['**/*.{ts,tsx}'], languageOptions: { parser } },
      { settings: { handles: settings } },
    ],
    { filename: file },
  );
  return messages.map(({ line, ruleId, message }) =>
    ruleId === null ? `${line} ${message}` : `${line} ${ruleId.replace('handles/', '')}`,
  );
}
