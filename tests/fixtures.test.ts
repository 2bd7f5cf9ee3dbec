/**
 * Each fixture is a program that says which of its lines must be reported. It has the right types, is reported
 * there and nowhere else, and does on the model what it is reported for, and nothing else.
 *
 *     tests/fixtures/TOPIC/CASE.ts        linted and run
 *     tests/fixtures/lint-only/CASE.ts    linted: what no run can show
 *     tests/fixtures/pending/…            run: what the rules do not get right yet
 *
 * A file without `main` belongs to the fixtures beside it. `// exceptions: all` on a line of its own makes every
 * exception count.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import { agree, isBorneOut, type Exceptions, type Report } from './harness/agreement.ts';
import { expectations } from './harness/expectations.ts';
import { runProgram, type ProgramViolation } from './harness/run.ts';
import { typeCheck } from './harness/typecheck.ts';

const folder = new URL('./fixtures/', import.meta.url);

interface Fixture {
  /** Relative to the folder of all fixtures. */
  readonly name: string;
  readonly source: string;
  readonly expected: readonly Report[];
  readonly exceptions: Exceptions;
}

/** A report as it is made. */
interface Made extends Report {
  readonly column: number;
  readonly endColumn: number;
  readonly message: string;
  /** The program that its quick fix makes; null where there is none. */
  readonly repaired: string | null;
}

const sources = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !/^(?:pending-)?apis\//.test(name))
    .sort()
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);
const fixtures = [...sources]
  .filter(([, source]) => source.includes('export function main()'))
  .map(([name, source]) => readFixture(name, source));

const isLintOnly = ({ name }: Fixture) => /^(?:pending\/)?lint-only\//.test(name);
const isPending = ({ name }: Fixture) => name.startsWith('pending/');

describe('all fixtures', () => {
  it('have the right types', () => {
    const errors = typeCheck(sources);
    expect(errors.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)).toEqual(
      [],
    );
  });

  it('expect rules that exist', () => {
    const rules = new Set(fixtures.flatMap(({ expected }) => expected.map(({ rule }) => rule)));
    expect(Object.keys(handles.rules ?? {})).toEqual(expect.arrayContaining([...rules]));
  });

  it('are clean programs for the half of them, or more', () => {
    // What a rule must leave alone is as much worth to know as what it must find.
    const clean = fixtures.filter(({ expected }) => expected.length === 0);
    expect(clean.length * 2).toBeGreaterThanOrEqual(fixtures.length);
  });
});

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_, fixture) => {
  if (isPending(fixture)) {
    it.todo('is reported where it says');
  } else {
    it('is reported where it says, and nowhere else', () => {
      const made = lint(fixture);
      const lines = difference(fixture.expected, made);
      if (lines.size > 0) expect.fail(show(fixture.source, lines));
    });
  }

  if (isLintOnly(fixture)) return;

  it('does what it is reported for, and nothing else', () => {
    const { misses, falseAlarms } = agree(fixture.expected, run(fixture), fixture.exceptions);
    const lines = new Map<number, string[]>();
    for (const { rule, line } of falseAlarms) add(lines, line, `${rule} is expected, but no run shows it`);
    for (const violation of misses) {
      add(lines, violation.lines[0] ?? 1, `${describeViolation(violation)}, which is not expected`);
    }
    if (lines.size > 0) expect.fail(show(fixture.source, lines));
  });

  if (isPending(fixture)) return;

  const repairs = lint(fixture).filter(
    ({ rule, repaired }) => rule !== 'no-passed-original' && repaired !== null,
  );
  it.each(repairs.map((report) => [describeReport(report), report] as const))(
    '%s is mended by its quick fix',
    (_, report) => {
      const program = { ...fixture, source: report.repaired ?? '' };
      expect(typeCheck(new Map([[fixture.name, program.source]]))).toEqual([]);
      // What the first defect hid may come to light: then the model shows it as well.
      const { misses, falseAlarms } = agree(lint(program), run(program), fixture.exceptions);
      expect(falseAlarms.map(describeReport)).toEqual([]);
      expect(misses.map(describeViolation)).toEqual([]);
    },
  );

  if (!fixture.expected.some(({ rule }) => rule === 'no-passed-original')) return;

  it('is repaired by its quick fixes', () => {
    const before = run(fixture);
    const reports = lint(fixture);
    for (const { rule, repaired, line } of reports) {
      if (repaired === null || rule !== 'no-passed-original') continue;
      const program = { ...fixture, source: repaired };
      const after = run(program);
      const isRepaired = isBorneOut(before, after);
      expect(typeCheck(new Map([[fixture.name, repaired]]))).toEqual([]);
      if (!isRepaired) {
        const all = after.map((violation) => `after the quick fix: ${describeViolation(violation)}`);
        expect.fail(
          show(repaired, new Map([[line, [...all, 'the quick fix does not do what it promises']]])),
        );
      }
      const left = lint(program).map(describeReport);
      expect(left.filter((report) => !report.startsWith('no-leaked-'))).toEqual(
        reports
          .map(describeReport)
          .filter((report) => left.includes(report) && !report.startsWith('no-leaked-')),
      );
      expect(left).not.toContain(`no-passed-original at ${line}`);
    }
  });
});

function readFixture(name: string, source: string): Fixture {
  const expected = [...expectations(source)].flatMap(([line, rules]) =>
    rules.map((rule) => ({ rule, line })),
  );
  return { name, source, expected, exceptions: /^\/\/ exceptions: all$/m.test(source) ? 'all' : 'handled' };
}

function run({ name, source }: Fixture): readonly ProgramViolation[] {
  const { violations } = runProgram(source, fileURLToPath(new URL(name, folder)), {
    maxChoices: 24,
    maxRuns: 2000,
  });
  return violations;
}

function lint({ name, source, exceptions }: Fixture): Made[] {
  const config: Linter.Config[] = [
    { files: ['**/*.ts'], languageOptions: { parser }, settings: { handles: { exceptions } } },
    handles.configs.recommended,
  ];
  return new Linter().verify(source, config, { filename: name }).map((message) => {
    const { ruleId, line, column, endColumn = column + 1, suggestions } = message;
    const fix = suggestions?.[0]?.fix;
    return {
      rule: ruleId?.replace('handles/', '') ?? 'parser',
      line,
      column,
      endColumn,
      message: message.message,
      repaired:
        fix === undefined ? null : source.slice(0, fix.range[0]) + fix.text + source.slice(fix.range[1]),
    };
  });
}

/** What is wrong with the reports, by line. */
function difference(expected: readonly Report[], made: readonly Made[]): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  const open = expected.map(describeReport);
  for (const report of made) {
    const at = open.indexOf(describeReport(report));
    if (at >= 0) open.splice(at, 1);
    else {
      const carets =
        ' '.repeat(report.column - 1) + '^'.repeat(Math.max(1, report.endColumn - report.column));
      add(lines, report.line, `${carets} ${report.rule} is not expected: ${report.message}`);
    }
  }
  for (const { rule, line } of expected) {
    const at = open.indexOf(describeReport({ rule, line }));
    if (at < 0) continue;
    open.splice(at, 1);
    add(lines, line, `${rule} is missing`);
  }
  return lines;
}

function describeReport({ rule, line }: Report): string {
  return `${rule} at ${line}`;
}

function describeViolation({ kind, lines, endings }: ProgramViolation): string {
  return `a run shows ${kind} (lines ${lines.join(', ')}; ended by ${[...endings].join(', ')})`;
}

function add(lines: Map<number, string[]>, line: number, remark: string): void {
  lines.set(line, [...(lines.get(line) ?? []), remark]);
}

/** The program with remarks under its lines. */
function show(source: string, remarks: ReadonlyMap<number, readonly string[]>): string {
  const lines = source.trimEnd().split('\n');
  const width = String(lines.length).length;
  const rows = lines.flatMap((text, index) => [
    `${String(index + 1).padStart(width)} | ${text}`,
    ...(remarks.get(index + 1) ?? []).map((remark) => `${' '.repeat(width)} > ${remark}`),
  ]);
  return ['', ...rows, ''].join('\n');
}
