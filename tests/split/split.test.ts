/**
 * A program in three files gets the reports that it gets in one, on the same lines, where handles.json says what each
 * file does to handles. What is not so is listed here, with the reason: a body that is seen says more than effects can.
 * Nothing is reported in three files that is not in one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import { describeAll, ROOT } from './sources.ts';
import { split } from './split.ts';

const folder = new URL('../fixtures/', import.meta.url);

/** Programs that lose reports, by the reason. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  'a function or object of closures that is returned keeps its handle out of sight': [
    'closures/arrow-fields.ts',
    'closures/bound-twice.ts',
    'closures/handle-and-close.ts',
    'closures/nested-factories.ts',
    'closures/object-with-close.ts',
    'closures/returned-and-dropped.ts',
    'closures/shared-variable.ts',
    'closures/tuple.ts',
  ],
  'a callback gets out of sight with what it captures': ['closures/named-helpers.ts', 'closures/passed.ts'],
  'what is put into a collection gets out of sight': [
    'collections/closed-by-helper-twice.ts',
    'collections/handed-over-and-dropped.ts',
    'collections/pool-closes-again.ts',
    'collections/pool-forgotten.ts',
    'collections/registry-keeps.ts',
    'collections/rest-parameter-forgets.ts',
    'collections/tuple-half.ts',
  ],
  'an object of the caller, an out-cell included, gets out of sight': [
    'founding/helper-fills-cell.ts',
    'helpers/fills-cell.ts',
    'helpers/static-method.ts',
    'language/in-private.ts',
    'language/instanceof.ts',
    'language/namespaces.ts',
    'language/parameter-patterns.ts',
  ],
  'an exception or a failure that hangs on what the caller gave is not told': [
    'classes/predicates-wrong-way.ts',
    'language/asserts.ts',
    'failures/throws-on-failure.ts',
    'judged/closed-by-two-turns.ts',
    'try/helper-throws.ts',
  ],
  'a class with members that are more than effects can say, and what comes after an await': [
    'language/class-members.ts',
    'language/meta.ts',
    'lint-only/language/await-using.ts',
  ],
  // Who puts something closed into it uses that, for all that is known.
  'a list that is made elsewhere is not known to be one': ['judged/closed-behind-a-list.ts'],
  // The class is all that its file shows, and told there; in one file it is told where an instance is made.
  'what a subclass forgets is told at the class': ['classes/forgets-base.ts'],
};

/** These have reports in other places instead. */
const ELSEWHERE = ['classes/forgets-base.ts', 'judged/closed-behind-a-list.ts'];

const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !/^(?:(?:pending-)?apis|pending)\//.test(name))
  .sort()
  .flatMap((name) => {
    const source = readFileSync(new URL(name, folder), 'utf8');
    const files = source.includes('export function main()') ? split(source) : null;
    return files === null ? [] : [{ name, source, files }];
  });

function lint(name: string, source: string, settings: Readonly<Record<string, unknown>>): string[] {
  const config: Linter.Config[] = [
    { files: ['**/*.ts'], languageOptions: { parser }, settings: { handles: { root: ROOT, ...settings } } },
    handles.configs.recommended,
  ];
  const messages = new Linter({ cwd: ROOT }).verify(source, config, { filename: resolve(ROOT, name) });
  return messages.map(({ ruleId, message, line }) => `${ruleId ?? message} at ${line}`);
}

it('many programs can be split', () => {
  expect(programs.length).toBeGreaterThan(300);
});

it('few programs lose reports', () => {
  const lost = Object.values(LOST).flat();
  expect(programs.map(({ name }) => name)).toEqual(expect.arrayContaining(lost));
  expect(lost.length * 10).toBeLessThan(programs.length);
});

describe.each(programs.map((program) => [program.name, program] as const))(
  '%s',
  (_, { name, source, files }) => {
    it('gets in several files the reports that it gets in one', () => {
      const settings = { exceptions: /^\/\/ exceptions: all$/m.test(source) ? 'all' : 'handled' };
      const apis = describeAll(files, settings);
      const whole = lint(name, source, settings).sort();
      const parts = [...files].flatMap(([file, text]) => lint(file, text, { ...settings, apis })).sort();
      const more = parts.filter((report) => !whole.includes(report));
      const less = whole.filter((report) => !parts.includes(report));
      if (!ELSEWHERE.includes(name)) expect(more).toEqual([]);
      if (Object.values(LOST).flat().includes(name)) expect(less).not.toEqual([]);
      else expect(less).toEqual([]);
    });
  },
);
