/**
 * When the reports on a program agree with what it did on the model.
 *
 *     report                      violation
 *     no-leaked-duplicate, 12     leakedDuplicate, lines 12 and 20        agree: the kind fits, and the line is one of them
 *     (none)                      doubleClose, lines 5 and 31             a miss
 *     no-use-after-close, 8       (none)                                  a false alarm
 *
 * A violation has all lines of its call stack, for a defect inside a call may be reported in the callee or at the
 * call. A duplicate that leaks inside an owner agrees with either leak rule: of an owner that nobody closes it
 * does not matter how it came by its handle.
 *
 * Invariant: a passed original is never judged here. No run shows it; its repair bears it out (`isBorneOut`).
 */
import type { ViolationKind } from '../../model/index.ts';
import type { ProgramViolation } from './run.ts';

/** A report: the rule, without the plugin's prefix, and its line from 1. */
export interface Report {
  readonly rule: string;
  readonly line: number;
}

export interface Disagreement<R extends Report, V extends Judged> {
  /** What runs showed and no report says. */
  readonly misses: readonly V[];
  /** What a report says and no run showed. */
  readonly falseAlarms: readonly R[];
}

/** What is asked of a violation here. */
export type Judged = Pick<ProgramViolation, 'kind' | 'lines' | 'endings'>;

type Counted = Pick<ProgramViolation, 'kind' | 'lines' | 'runs'>;

/**
 * Which exceptions count, as `settings.handles.exceptions` says: by default those that are thrown explicitly
 * or handled, not those that calls let out of the program.
 */
export type Exceptions = 'handled' | 'all';

const KINDS: Readonly<Record<string, readonly ViolationKind[]>> = {
  'no-double-close': ['doubleClose'],
  'no-leaked-duplicate': ['leakedDuplicate'],
  'no-leaked-handle': ['leakedHandle', 'leakedDuplicate'],
  'no-mismatched-close': ['mismatchedClose'],
  'no-use-after-close': ['useAfterClose'],
};

/** Compares all reports on a program with all violations of its runs. */
export function agree<R extends Report, V extends Judged>(
  reports: readonly R[],
  violations: readonly V[],
  exceptions: Exceptions = 'handled',
): Disagreement<R, V> {
  return {
    misses: violations.filter(
      (violation) => counts(violation, exceptions) && !reports.some((report) => doAgree(report, violation)),
    ),
    falseAlarms: reports.filter(
      (report) => report.rule in KINDS && !violations.some((violation) => doAgree(report, violation)),
    ),
  };
}

function doAgree({ rule, line }: Report, { kind, lines }: Judged): boolean {
  return (KINDS[rule] ?? []).includes(kind) && lines.includes(line);
}

/** Whether it must be reported: not where every run that showed it was left by an exception that nobody handled. */
function counts({ endings }: Judged, exceptions: Exceptions): boolean {
  return exceptions === 'all' || [...endings].some((ending) => ending !== 'mayThrow');
}

/**
 * Whether the repair of a passed original did what it promised: there are runs in which a duplicate leaks no more,
 * and nothing is wrong that was not wrong before, but that handles leak which the owner had closed (their holder
 * owes them again). A repair stays on its line, so violations are told apart by their lines.
 */
export function isBorneOut(before: readonly Counted[], after: readonly Counted[]): boolean {
  const known = new Set(before.map(identify));
  const runsLeft = countRuns(after);
  return (
    [...countRuns(before.filter(({ kind }) => kind === 'leakedDuplicate'))].some(
      ([violation, runs]) => (runsLeft.get(violation) ?? 0) < runs,
    ) && after.every((violation) => isLeak(violation) || known.has(identify(violation)))
  );
}

/** How many runs show what, all ways to each place taken together. */
function countRuns(violations: readonly Counted[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const violation of violations) {
    const key = identify(violation);
    counts.set(key, (counts.get(key) ?? 0) + violation.runs);
  }
  return counts;
}

function isLeak({ kind }: Pick<Judged, 'kind'>): boolean {
  return kind === 'leakedHandle' || kind === 'leakedDuplicate';
}

function identify({ kind, lines }: Pick<Judged, 'kind' | 'lines'>): string {
  return `${kind} ${lines.join()}`;
}
