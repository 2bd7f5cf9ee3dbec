/**
 * Trials: programs by their number, judged and, where one fails, shrunk to a small one that fails the same way.
 *
 * Invariant: the same seed, number and features make the same program.
 */
import fc from 'fast-check';
import type { ViolationKind } from '../../model/index.ts';
import type { FindingKind } from '../../analysis/finding.ts';
import { judge } from './compare.ts';
import type { Repair, Verdict } from './compare.ts';
import type { Program } from './generator/ast.ts';
import { countStatements } from './generator/ast.ts';
import { featuresOf } from './generator/features.ts';
import type { Feature } from './generator/features.ts';
import { printProgram } from './generator/print.ts';
import { programs } from './generator/program.ts';
import type { GeneratorOptions } from './generator/program.ts';

/** One way in which the rules and the model disagree: `miss doubleClose`, `false alarm leakedHandle`, `crash`. */
export type FailureName = `miss ${ViolationKind}` | `false alarm ${FindingKind}` | 'crash';

export interface Trial {
  readonly number: number;
  readonly features: readonly Feature[];
  readonly size: number;
  readonly violations: readonly ViolationKind[];
  readonly failures: readonly FailureName[];
  /** Why the program could not be judged; null for all others. */
  readonly skipped: string | null;
  readonly givenUp: readonly string[];
  readonly repairs: readonly Repair[];
  readonly isBounded: boolean;
  readonly analysisTime: number;
}

export function makeProgram(seed: number, number: number, options: GeneratorOptions): Program {
  const [program] = fc.sample(programs(options), { seed: mix(seed, number), numRuns: 1 });
  return program!;
}

export function runTrial(seed: number, number: number, options: GeneratorOptions): Trial {
  const program = makeProgram(seed, number, options);
  const about = { number, features: [...featuresOf(program)], size: countStatements(program.main) };
  try {
    const verdict = judge(printProgram(program));
    return {
      ...about,
      violations: [...new Set(verdict.violations.map(({ kind }) => kind))],
      failures: failuresOf(verdict),
      skipped: null,
      givenUp: verdict.givenUp,
      repairs: verdict.repairs,
      isBounded: verdict.isBounded,
      analysisTime: verdict.analysisTime,
    };
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    const nothing = { violations: [], failures: [], givenUp: [], repairs: [], isBounded: false };
    return { ...about, ...nothing, skipped, analysisTime: 0 };
  }
}

export function failuresOf({ crash, misses, falseAlarms }: Verdict): FailureName[] {
  const names = new Set<FailureName>();
  if (crash !== null) names.add('crash');
  for (const { kind } of misses) names.add(`miss ${kind}`);
  for (const { kind } of falseAlarms) names.add(`false alarm ${kind}`);
  return [...names];
}

export interface Shrunk {
  readonly text: string;
  readonly size: number;
  readonly verdict: Verdict;
}

/** The smallest program found in the time given that fails as `program` does. */
export function shrinkFailure(program: Program, failure: FailureName, milliseconds: number): Shrunk {
  const end = performance.now() + milliseconds;
  const arbitrary = programs();
  let smallest = program;
  let next: Program | undefined = program;
  while (next !== undefined) {
    smallest = next;
    next = undefined;
    for (const { value_: smaller } of arbitrary.shrink(smallest, undefined)) {
      if (performance.now() > end) break;
      if (fails(smaller, failure)) {
        next = smaller;
        break;
      }
    }
  }
  const text = printProgram(smallest);
  return { text, size: countStatements(smallest.main), verdict: judge(text) };
}

function fails(program: Program, failure: FailureName): boolean {
  try {
    return failuresOf(judge(printProgram(program))).includes(failure);
  } catch {
    return false;
  }
}

/** Neighbouring numbers begin far from one another. */
function mix(seed: number, number: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
