/** What the plugin does on one file, and what it costs. */
import { readFileSync } from 'node:fs';
import * as parser from '@typescript-eslint/parser';
import { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type { Parser } from '@typescript-eslint/utils/ts-eslint';
import { Linter } from 'eslint';
import type { SourceCode as ESLintSourceCode } from 'eslint';
import handles from 'eslint-plugin-handles';
import { analyze } from '../../analysis/analyze.ts';
import type { Analysis } from '../../analysis/analyze.ts';
import type { Extent } from '../../analysis/solve/engine.ts';
import { decodeSettings } from '../../rules/shared/settings.ts';
import { everydayApis } from './everyday-apis.ts';

export interface SurveyOptions {
  readonly extent: Extent;
  /** Whether everyday functions are taken to open and close handles. */
  readonly everyday: boolean;
}

export type Survey =
  /** What is no program for the parser: templates, other dialects. */
  | { readonly kind: 'unparsed'; readonly file: string; readonly message: string }
  | { readonly kind: 'failed'; readonly file: string; readonly error: string }
  | {
      readonly kind: 'done';
      readonly file: string;
      /** CPU time in milliseconds. */
      readonly parse: number;
      readonly analysis: number;
      /** Functions that can touch a handle. */
      readonly touching: number;
      /** Why functions are given up; one entry for a function and reason. */
      readonly givenUp: readonly { readonly fn: string; readonly reason: string }[];
      readonly reports: readonly Report[];
    };

export interface Report {
  readonly rule: string;
  /** `file:line:column`. */
  readonly place: string;
  readonly message: string;
}

/** An analysis may take so long, or so many times as long as parsing, whichever is more. */
export const MAX_MILLISECONDS = 50;
export const MAX_RATIO = 10;

export const isSlow = (parse: number, analysis: number): boolean =>
  analysis > Math.max(MAX_MILLISECONDS, MAX_RATIO * parse);

/** Measured again where it looks slow: the first time a program does something, it is being compiled. */
const MEASUREMENTS = 3;

export function surveyFile(path: string, file: string, options: SurveyOptions): Survey {
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  let source: Source;
  let parse: number;
  try {
    ({ value: source, milliseconds: parse } = measure(() => parseAny(text, file)));
  } catch (error) {
    return { kind: 'unparsed', file, message: error instanceof Error ? error.message : String(error) };
  }
  try {
    const settings = options.everyday ? { handles: { apis: everydayApis } } : {};
    const decoded = decodeSettings(settings);
    const run = (): Analysis => analyze(source.ast, source.scopeManager, decoded, options.extent);
    const first = measure(run);
    const analysis = first.value;
    let { milliseconds } = first;
    for (let again = 1; again < MEASUREMENTS && isSlow(parse, milliseconds); again++) {
      milliseconds = Math.min(milliseconds, measure(run).milliseconds);
      parse = Math.min(parse, measure(() => parseAny(text, file)).milliseconds);
    }
    return {
      kind: 'done',
      file,
      parse,
      analysis: milliseconds,
      touching: analysis.touching.length,
      givenUp: analysis.givenUp.map(({ fn, reason }) => ({
        fn: `${file}:${fn.node.loc.start.line} ${fn.name}`,
        reason,
      })),
      reports: analysis.findings.length === 0 ? [] : lint(text, source, file, settings),
    };
  } catch (error) {
    return {
      kind: 'failed',
      file,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

type Source = ReturnType<typeof parser.parseForESLint>;

/** As a module; what is none, as a script. */
function parseAny(text: string, file: string): Source {
  const options = {
    range: true,
    loc: true,
    tokens: true,
    comment: true,
    filePath: file,
    ecmaFeatures: { jsx: /\.[jt]sx$/.test(file) },
  } as const;
  try {
    return parser.parseForESLint(text, { ...options, sourceType: 'module' });
  } catch {
    return parser.parseForESLint(text, { ...options, sourceType: 'script' });
  }
}

/** All rules, on the tree that was just analysed. */
function lint(
  text: string,
  source: Source,
  file: string,
  settings: Readonly<Record<string, unknown>>,
): Report[] {
  const { ast, services, scopeManager, visitorKeys } = source;
  const sourceCode = new SourceCode({
    text,
    ast,
    parserServices: services,
    scopeManager,
    visitorKeys: visitorKeys as Parser.VisitorKeys,
  });
  const config: Linter.Config[] = [
    { files: ['**/*'], settings, linterOptions: { reportUnusedDisableDirectives: 'off' } },
    {
      files: ['**/*'],
      plugins: { handles },
      rules: Object.fromEntries(Object.keys(handles.rules ?? {}).map((name) => [`handles/${name}`, 'error'])),
    },
  ];
  // Comments in these files speak to other rules.
  const messages = new Linter().verify(sourceCode as unknown as ESLintSourceCode, config, {
    filename: file,
    allowInlineConfig: false,
  });
  return messages.map(({ ruleId, line, column, message }) => ({
    rule: ruleId ?? 'fatal',
    place: `${file}:${line}:${column}`,
    message,
  }));
}

export function measure<T>(work: () => T): { value: T; milliseconds: number } {
  const start = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(start);
  return { value, milliseconds: (user + system) / 1000 };
}
