/**
 * What the tests of the rules share. A program is a text that begins with a line break: its first line is
 * taken by the import, so that `line` counts as an editor would.
 */
import { RuleTester } from '@typescript-eslint/rule-tester';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import type { HandleRule } from '../../rules/shared/rule.ts';

export const tester = new RuleTester();

/** The rule with its reports alone: what its quick fixes make of a program is tested with all fixtures. */
export function withoutFixes<MessageIds extends string>(
  rule: HandleRule<MessageIds>,
): HandleRule<MessageIds> {
  return {
    ...rule,
    create: (context) => {
      const report: typeof context.report = (descriptor) => {
        context.report({ ...descriptor, suggest: [] });
      };
      return rule.create(Object.create(context, { report: { value: report } }) as typeof context);
    },
  };
}

const NAMES = [
  'CloseHandle',
  'CreateEvent',
  'CreateFile',
  'DeviceIoControl',
  'DuplicateHandle',
  'DUPLICATE_CLOSE_SOURCE',
  'DUPLICATE_SAME_ACCESS',
  'FindClose',
  'FindFirstFile',
  'GetCurrentProcess',
  'INVALID_HANDLE_VALUE',
  'choose',
  'mayThrow',
].join(', ');

export function program(body: string): string {
  return `import { ${NAMES}, type HANDLE } from 'eslint-plugin-handles/model';${body}`;
}

/** The same in JavaScript. */
export function script(body: string): string {
  return `import { ${NAMES} } from 'eslint-plugin-handles/model';${body}`;
}

/** `DuplicateHandle` in this process, into `out`. */
export function duplicate(source: string, out = 'out'): string {
  return `DuplicateHandle(GetCurrentProcess(), ${source}, GetCurrentProcess(), ${out}, 0, false, DUPLICATE_SAME_ACCESS)`;
}

export interface LintOptions {
  /** JavaScript is parsed by ESLint itself. */
  readonly filename?: string;
  readonly settings?: unknown;
  readonly sourceType?: 'module' | 'script' | 'commonjs';
  /** The plugin's own configuration; `recommended` where it is left out. */
  readonly config?: Linter.Config;
}

/** What all rules of a configuration say of a program. */
export function lint(
  code: string,
  {
    filename = 'source.ts',
    settings = {},
    sourceType = 'module',
    config = handles.configs.recommended,
  }: LintOptions = {},
): Linter.LintMessage[] {
  const configs: Linter.Config[] = [
    { files: ['**/*.{js,jsx,ts,tsx}'], languageOptions: { sourceType }, settings: { handles: settings } },
    { files: ['**/*.jsx'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
    { files: ['**/*.{ts,tsx}'], languageOptions: { parser } },
    config,
  ];
  return new Linter().verify(code, configs, { filename });
}

/** `5:3 'h' (3:13) was closed …`, for one rule. */
export function messagesOf(rule: string, code: string, options?: LintOptions): string[] {
  return lint(code, options)
    .filter(({ ruleId, fatal }) => fatal === true || ruleId === `handles/${rule}`)
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** `no-double-close 5:3-5:14`, for all rules. */
export function placesOf(code: string, options?: LintOptions): string[] {
  return lint(code, options).map(
    ({ ruleId, line, column, endLine, endColumn, message }) =>
      `${ruleId?.replace('handles/', '') ?? message} ${line}:${column}-${String(endLine)}:${String(endColumn)}`,
  );
}
