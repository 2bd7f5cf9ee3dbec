/**
 * Judges one program: what the rules say about it against what its runs do on the model.
 *
 *     text --analyze--> reports ----.
 *       '---explore--> violations --+--> misses, false alarms
 *       '---repairs--> violations --'    (passed originals)
 *
 * Invariant: a violation that some run showed counts. A report counts as a false alarm only after random runs
 * were searched for one that bears it out, where not all runs could be made.
 */
import { analyze } from '../../analysis/analyze.ts';
import type { Analysis } from '../../analysis/analyze.ts';
import type { Finding, FindingKind } from '../../analysis/finding.ts';
import type { ViolationKind } from '../../model/index.ts';
import { builtinApis } from '../../apis/index.ts';
import { parse } from '../analysis/lower/parse.ts';
import { agree, isBorneOut } from '../harness/agreement.ts';
import type { Exceptions, Report } from '../harness/agreement.ts';
import { loadProgram } from '../harness/run.ts';
import type { ProgramExploration, ProgramViolation } from '../harness/run.ts';

const RULES: Readonly<Record<FindingKind, string>> = {
  borrowedClose: 'no-borrowed-close',
  doubleClose: 'no-double-close',
  leakedDuplicate: 'no-leaked-duplicate',
  leakedHandle: 'no-leaked-handle',
  mismatchedClose: 'no-mismatched-close',
  handleComparison: 'no-handle-comparison',
  deadFailureTest: 'no-dead-failure-check',
  passedOriginal: 'no-passed-original',
  useAfterClose: 'no-use-after-close',
};

export interface JudgedReport extends Report {
  readonly kind: FindingKind;
}

export interface Verdict {
  readonly violations: readonly ProgramViolation[];
  readonly reports: readonly JudgedReport[];
  /** What runs showed and no report says. */
  readonly misses: readonly ProgramViolation[];
  /** What a report says and no run showed; also passed originals whose repair repairs nothing. */
  readonly falseAlarms: readonly JudgedReport[];
  /** What the repairs of passed originals did. */
  readonly repairs: readonly Repair[];
  /** An exception of the engine. */
  readonly crash: string | null;
  /** Why the engine said nothing about a function, or not all. */
  readonly givenUp: readonly string[];
  /** Not all runs could be made. */
  readonly isBounded: boolean;
  readonly runs: number;
  /** How long `analyze` took, in milliseconds. */
  readonly analysisTime: number;
}

/** Whether the duplicate's leak is gone, or is still there, or something else went wrong. */
export type Repair = 'helps' | 'shows nothing' | 'harms';

/** How far runs are made and searched. */
const EXPLORATION = { maxRuns: 300, maxChoices: 24, maxFinds: 3 } as const;
const SAMPLED_RUNS = 300;

/** In milliseconds. */
const SLOW = 10;
const MAX_ROUNDS = 3;

const SEARCHES = [1000, 3000, 6000] as const;
const DEEP_EXPLORATION = { maxRuns: 4000, maxChoices: 40, maxFinds: 3 } as const;
/** Random runs leave loops soon, but loops that count choose again in each turn. */
const SAMPLING = { maxChoices: 400, maxFinds: 3 } as const;

export function judge(text: string): Verdict {
  const exceptions: Exceptions = /\bmayThrow\(\)/.test(text) ? 'all' : 'handled';
  const runs = new Runs(text);
  let analysis: Analysis = { findings: [], touching: [], givenUp: [], unmodelled: [], tagProblems: [] };
  let crash: string | null = null;
  let analysisTime = 0;
  try {
    const timed = analyzeText(text, exceptions);
    analysis = timed.analysis;
    analysisTime = timed.time;
  } catch (error) {
    crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const reports = analysis.findings.map(toReport);
  let { misses, falseAlarms } = agree(reports, runs.violations, exceptions);
  for (const wanted of SEARCHES) {
    if (falseAlarms.length === 0 || !runs.isBounded) break;
    runs.search(wanted);
    ({ misses, falseAlarms } = agree(reports, runs.violations, exceptions));
  }
  const repairs = analysis.findings
    .filter(({ kind, replacement }) => kind === 'passedOriginal' && replacement !== null)
    .map((finding) => ({ finding, result: repair(text, finding, runs) }));
  const useless = repairs.filter(({ result }) => result === 'harms').map(({ finding }) => finding);
  return {
    violations: runs.violations,
    reports,
    misses: crash === null ? misses : [],
    falseAlarms: [...falseAlarms, ...useless.map(toReport)],
    repairs: repairs.map(({ result }) => result),
    crash,
    givenUp: analysis.givenUp.map(({ fn, reason }) => `${fn.name}: ${reason}`),
    isBounded: runs.isBounded,
    runs: runs.count,
    analysisTime,
  };
}

export function analyzeText(text: string, exceptions: Exceptions): { analysis: Analysis; time: number } {
  const { ast, scopeManager } = parse(text);
  const settings = { exceptions, unknownCalls: 'escape', apis: builtinApis } as const;
  let time = Infinity;
  // What takes long is timed again: it may have been the machine, or code that was not compiled yet.
  for (let round = 1; ; round++) {
    const start = performance.now();
    const analysis = analyze(ast, scopeManager, settings);
    time = Math.min(time, performance.now() - start);
    if (time < SLOW || round === MAX_ROUNDS) return { analysis, time };
  }
}

function toReport({ kind, node }: Finding): JudgedReport {
  return { kind, rule: RULES[kind], line: node.loc.start.line };
}

/**
 * Passes the duplicate instead of the original. Where what takes it over never closes it, the duplicate leaks as
 * before, inside its owner now: such a repair shows nothing.
 */
function repair(text: string, { node, replacement }: Finding, before: Runs): Repair {
  const repaired = text.slice(0, node.range[0]) + replacement!.text + text.slice(node.range[1]);
  const after = new Runs(repaired);
  if (isBorneOut(before.violations, after.violations)) return 'helps';
  if (before.isBounded || after.isBounded) {
    before.search(SEARCHES[0]);
    after.search(SEARCHES[0]);
    if (isBorneOut(before.violations, after.violations)) return 'helps';
  }
  const known = new Set(before.violations.map(({ kind }) => kind));
  if (!known.has('leakedDuplicate')) return 'harms';
  // What was wrong with the original before may have hidden what is wrong with it later.
  const mayHide = (kind: ViolationKind): boolean =>
    known.has(kind) || known.has('doubleClose') || known.has('mismatchedClose');
  const isHarm = ({ kind }: ProgramViolation): boolean =>
    kind !== 'leakedHandle' && kind !== 'leakedDuplicate' && !mayHide(kind);
  return after.violations.some(isHarm) ? 'harms' : 'shows nothing';
}

/** The runs of a program, as many as were asked for so far. */
class Runs {
  violations: readonly ProgramViolation[];
  isBounded: boolean;
  count: number;
  readonly #program: ReturnType<typeof loadProgram>;
  #seed = 1;

  constructor(text: string) {
    this.#program = loadProgram(text, 'program.ts');
    const exploration = this.#program.explore(EXPLORATION);
    this.violations = exploration.violations;
    this.isBounded = exploration.isBounded;
    this.count = exploration.runs;
    if (this.isBounded) this.#add(this.#sample(SAMPLED_RUNS));
  }

  /** Makes more runs: random ones, and once those that depart further from the ordinary course. */
  search(runs: number): void {
    if (this.#seed <= SAMPLED_RUNS + 1) {
      const exploration = this.#program.explore(DEEP_EXPLORATION);
      this.isBounded = exploration.isBounded;
      this.#add(exploration);
    }
    if (this.isBounded) this.#add(this.#sample(runs));
  }

  #sample(runs: number): ProgramExploration {
    const exploration = this.#program.sample({ runs, seed: this.#seed, ...SAMPLING });
    this.#seed += runs;
    return exploration;
  }

  #add({ violations, runs }: ProgramExploration): void {
    this.count += runs;
    const key = ({ kind, lines }: ProgramViolation): string => `${kind} ${lines.join()}`;
    const all = new Map(this.violations.map((each) => [key(each), each]));
    for (const each of violations) {
      const known = all.get(key(each));
      all.set(key(each), known === undefined ? each : { ...known, runs: known.runs + each.runs });
    }
    this.violations = [...all.values()];
  }
}
