/** Lints a program with a fault, and compares what is reported with what is reported without it. */
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import handles from '../../index.ts';
import type { Mutation } from './mutations.ts';
import type { Source } from './sources.ts';

export interface Report {
  readonly rule: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Trial {
  readonly source: Source;
  readonly mutation: Mutation;
  readonly isCaught: boolean;
  /** Reports that came, moved or went although the fault has nothing to do with them. */
  readonly extras: readonly string[];
}

export function lint(text: string, settings: object): Report[] {
  const messages = new Linter().verify(
    text,
    [
      handles.configs.recommended,
      {
        files: ['**/*.ts'],
        languageOptions: { parser },
        linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
        settings: { handles: settings },
      },
    ],
    { filename: 'program.ts' },
  );
  return messages
    .filter(({ ruleId, fatal }) => ruleId !== null || fatal === true)
    .map(({ ruleId, line, column, message }) => {
      return { rule: (ruleId ?? 'fatal').replace('handles/', ''), line, column, message };
    });
}

const untouched = new Map<Source, readonly Report[]>();

/** What is reported without a fault. */
export function baseline(source: Source): readonly Report[] {
  let reports = untouched.get(source);
  if (reports === undefined) untouched.set(source, (reports = lint(source.text, source.settings)));
  return reports;
}

export function tryOut(source: Source, mutation: Mutation): Trial {
  const before = baseline(source);
  const after = lint(mutation.text, source.settings);
  const came = after.filter((report) => !before.some((each) => isSame(each, report, mutation.line)));
  const went = before.filter((report) => !after.some((each) => isSame(each, report, mutation.line)));
  const isWanted = ({ rule, line }: Report): boolean => mutation.wanted.includes(`${rule}:${line}`);
  return {
    source,
    mutation,
    isCaught: came.some(isWanted),
    extras: [
      ...came.filter((report) => !isWanted(report)).map((report) => `came: ${show(report)}`),
      ...went.map((report) => `went: ${show(report)}`),
    ],
  };
}

/** Columns of the changed line are others. */
function isSame(a: Report, b: Report, changed: number): boolean {
  return a.rule === b.rule && a.line === b.line && (a.column === b.column || a.line === changed);
}

const show = ({ line, column, rule, message }: Report): string => `${line}:${column} ${rule} ${message}`;
