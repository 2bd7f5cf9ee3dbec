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
  readonly repairs: readonly Repair[];
}

/** A quick fix of a report. */
interface Repair {
  readonly description: string;
  /** The program that it makes. */
  readonly source: string;
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

  it('have the right types after each quick fix', () => {
    const repaired = fixtures
      .filter((fixture) => !isPending(fixture))
      .flatMap(repairsOf)
      .map(
        ({ program: { name, source } }, index) => [name.replace(/\.ts$/, `.${index}.ts`), source] as const,
      );
    const texts = new Map(repaired);
    const errors = typeCheck(texts).map(
      ({ file, line, message }) =>
        `${file}:${line} ${message}\n${texts.get(file)?.split('\n')[line - 1] ?? ''}`,
    );
    expect(errors).toEqual([]);
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

  if (!isLintOnly(fixture)) {
    it('does what it is reported for, and nothing else', () => {
      const { misses, falseAlarms } = agree(fixture.expected, run(fixture), fixture.exceptions);
      const lines = new Map<number, string[]>();
      for (const { rule, line } of falseAlarms) {
        add(lines, line, `${rule} is expected, but no run shows it`);
      }
      for (const violation of misses) {
        add(lines, violation.lines[0] ?? 1, `${describeViolation(violation)}, which is not expected`);
      }
      if (lines.size > 0) expect.fail(show(fixture.source, lines));
    });
  }

  if (isPending(fixture)) return;

  const repairs = repairsOf(fixture);
  it.each(repairs.map((each) => [`${describeReport(each.report)}: ${each.description}`, each] as const))(
    '%s',
    (_, { report, program }) => {
      const [before, after] = [lint(fixture), lint(program)];
      const remarks = [
        ...remarksOnRepair(fixture, report, before, after),
        ...remarksOnRuns(report, program, after),
      ];
      if (remarks.length > 0) expect.fail(show(program.source, new Map([[report.line, remarks]])));
    },
  );
});

interface Repaired {
  readonly report: Made;
  readonly description: string;
  readonly program: Fixture;
}

function repairsOf(fixture: Fixture): Repaired[] {
  return lint(fixture).flatMap((report) =>
    report.repairs.map(({ description, source }) => ({
      report,
      description,
      program: { ...fixture, source },
    })),
  );
}

/** After these nothing more is said of the handle: a repair brings to light what comes later, and the runs show it, too. */
const LAST_WORDS = ['no-double-close', 'no-mismatched-close'];

/** The report is gone, and nothing is new but leaks of what the repair uncovers. */
function remarksOnRepair(
  fixture: Fixture,
  { rule }: Report,
  before: readonly Report[],
  after: readonly Report[],
): string[] {
  if (LAST_WORDS.includes(rule) && !isLintOnly(fixture)) return [];
  const count = (reports: readonly Report[], name: string): number =>
    reports.filter((each) => each.rule === name).length;
  const remarks = count(after, rule) < count(before, rule) ? [] : [`${rule} is reported as before`];
  for (const name of new Set(after.map((report) => report.rule))) {
    if (!name.startsWith('no-leaked-') && count(after, name) > count(before, name)) {
      remarks.push(`${name} is reported after the quick fix`);
    }
  }
  return remarks;
}

/** The runs show what is reported still, and no more. */
function remarksOnRuns({ rule }: Report, program: Fixture, after: readonly Report[]): string[] {
  if (isLintOnly(program)) return [];
  const violations = run(program);
  // Each hand-over has a report of its own, and one is repaired at a time.
  if (rule === 'no-passed-original') {
    const isRepaired = isBorneOut(run({ ...program, source: sources.get(program.name) ?? '' }), violations);
    return isRepaired
      ? []
      : ['the quick fix does not do what it promises', ...violations.map(describeViolation)];
  }
  const { misses, falseAlarms } = agree(after, violations, program.exceptions);
  return [
    ...falseAlarms.map((report) => `after the quick fix, no run shows ${describeReport(report)}`),
    ...misses.map((violation) => `after the quick fix, ${describeViolation(violation)}`),
  ];
}

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
    return {
      rule: ruleId?.replace('handles/', '') ?? 'parser',
      line,
      column,
      endColumn,
      message: message.message,
      repairs: (suggestions ?? []).map(({ desc, fix }) => ({
        description: desc,
        source: source.slice(0, fix.range[0]) + fix.text + source.slice(fix.range[1]),
      })),
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
