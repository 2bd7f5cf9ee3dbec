/**
 * Exploration: all runs of a program, or many random ones.
 *
 * A run is the path that its decisions take through the tree of choices. Each run that has been made gives
 * those that leave its path at one decision, beyond the ones it was given:
 *
 *     given  beyond            leaves it at
 *     a      b c d    ----->   a !b     a b !c     a b c !d
 *
 * so every path is taken exactly once. The runs wait in a queue, and a run has one departure from the
 * ordinary course more than the run that it was made from: those with the fewest departures come first.
 * Where a bound ends the exploration early, what was left out is what takes most of them to reach.
 */
import { flip, ordinaryOutcome, randomChooser, type Decision } from './choices.ts';
import { captureStack, type CapturedStack, type Frame, type StackTop } from './frames.ts';
import { runRaw, type Ending, type RawRun, type RunOptions, type RunPlan } from './run.ts';
import { readViolation, type Violation } from './violations.ts';

/** A violation that some run of an exploration showed. */
export interface ExploredViolation extends Violation {
  /** The decisions of the run that showed it first: `run(program, { decisions })` shows it again. */
  readonly decisions: readonly Decision[];
  /** All the ways in which runs ended that showed it. */
  readonly endings: ReadonlySet<Ending>;
  /** How many runs showed it. */
  readonly runs: number;
}

/** A violation while runs are still being made. */
interface Found extends Violation {
  readonly decisions: readonly Decision[];
  readonly endings: Set<Ending>;
  runs: number;
}

/** What the runs of a program showed. */
export interface Exploration {
  /** Every distinct violation, by its kind and the places of its stacks, in the order in which they were found. */
  readonly violations: readonly ExploredViolation[];
  /** How many runs were made. */
  readonly runs: number;
  /** How many of them ended in which way. */
  readonly endings: Readonly<Record<Ending, number>>;
  /** What left the program by its own `throw`, one of each text and at most eight: a way to find mistakes of the program itself. */
  readonly thrown: readonly unknown[];
  /** True if there may be more to see: runs were cut or left out by a bound, or chosen at random. */
  readonly isBounded: boolean;
}

/** What an exploration can be told. */
export interface ExploreOptions extends RunOptions {
  /** How many runs to make at most. Default: 10,000. */
  readonly maxRuns?: number;
  /**
   * Capture no stacks at first, and run the program once more for each run that showed a violation, to learn
   * its lines. Much faster for programs with many runs; the program sees more calls than `runs` tells.
   */
  readonly replays?: boolean;
}

/** What a sampling can be told. */
export interface SampleOptions extends RunOptions {
  /** How many runs to make. */
  readonly runs: number;
  /** Where random numbers begin: the same seed makes the same runs. */
  readonly seed: number;
  /** As in `ExploreOptions`. */
  readonly replays?: boolean;
}

/**
 * Runs a program once for each combination of outcomes of its choice points (`choose`, `mayThrow`,
 * `FindNextFile`, and every acquisition, which may fail) and returns each distinct violation. Bounds keep it
 * finite: `maxChoices` and `maxCalls` cut a run that goes on for too long, so that a loop turns only so often,
 * and `maxRuns` ends the exploration. `isBounded` says whether any of them did.
 *
 * The program must be synchronous, and all that it depends on beside its choice points must be made anew
 * by each run. Throws as `run` does: a `TypeError` for a promise, an `Error` for a program that strays.
 */
export function explore(program: () => unknown, options: ExploreOptions = {}): Exploration {
  const { maxRuns = 10_000 } = options;
  const findings = new Findings(program, options);
  const queue: (readonly Decision[])[] = [[]];
  let isComplete = true;
  for (let next = 0; next < queue.length; next++) {
    const given = queue[next] ?? [];
    const { decisions } = findings.add(given, ordinaryOutcome);
    for (let i = given.length; i < decisions.length; i++) {
      const taken = decisions[i];
      if (taken === undefined) continue;
      if (queue.length < maxRuns) queue.push([...decisions.slice(0, i), flip(taken)]);
      else isComplete = false;
    }
  }
  return findings.result(!isComplete);
}

/**
 * Runs a program with random outcomes of its choice points: for programs whose exploration is bounded, or too
 * long. `isBounded` of the result is always true. Throws as `explore` does.
 */
export function sample(program: () => unknown, options: SampleOptions): Exploration {
  const findings = new Findings(program, options);
  for (let i = 0; i < options.runs; i++) {
    findings.add([], randomChooser(options.seed + i));
  }
  return findings.result(true);
}

const MAX_THROWN = 8;

/** Makes runs and gathers what they show. */
class Findings {
  readonly #program: () => unknown;
  readonly #options: ExploreOptions | SampleOptions;
  readonly #found = new Map<string, Found>();
  readonly #endings: Record<Ending, number> = { return: 0, throw: 0, mayThrow: 0, cut: 0 };
  readonly #thrown = new Map<string, unknown>();

  constructor(program: () => unknown, options: ExploreOptions | SampleOptions) {
    this.#program = program;
    this.#options = options;
  }

  /** Makes a run and adds what it shows. */
  add(given: readonly Decision[], beyond: RunPlan['beyond']): RawRun {
    const run = this.#run(given, beyond);
    this.#endings[run.endedBy]++;
    if (run.endedBy === 'throw' && this.#thrown.size < MAX_THROWN)
      this.#thrown.set(String(run.thrown), run.thrown);
    const shown = new Set<Found>();
    for (const record of run.records) {
      const violation = readViolation(record);
      const key = keyOf(violation);
      const found = this.#found.get(key) ?? {
        ...violation,
        decisions: run.decisions,
        endings: new Set(),
        runs: 0,
      };
      this.#found.set(key, found);
      found.endings.add(run.endedBy);
      shown.add(found);
    }
    for (const found of shown) found.runs++;
    return run;
  }

  result(isIncomplete: boolean): Exploration {
    const endings = this.#endings;
    return {
      violations: [...this.#found.values()],
      runs: endings.return + endings.throw + endings.mayThrow + endings.cut,
      endings,
      thrown: [...this.#thrown.values()],
      isBounded: isIncomplete || endings.cut > 0,
    };
  }

  #run(given: readonly Decision[], beyond: RunPlan['beyond']): RawRun {
    const capture = this.#options.captureStack ?? captureStack;
    if (this.#options.replays !== true)
      return runRaw(this.#program, { given, beyond, capture }, this.#options);
    const first = runRaw(this.#program, { given, beyond, capture: numberStack }, this.#options);
    if (first.records.length === 0) return first;
    const wanted = new Set<number>();
    for (const { at, acquired, closed } of first.records) {
      for (const stack of [at, acquired, closed]) {
        if (stack instanceof NumberedStack) wanted.add(stack.call);
      }
    }
    const captureWanted = (callee: StackTop, call: number): CapturedStack =>
      wanted.has(call) ? capture(callee) : NO_STACK;
    const plan = { given: first.decisions, beyond, capture: captureWanted };
    return runRaw(this.#program, plan, this.#options);
  }
}

const NO_STACK: CapturedStack = { frames: [] };

/** In place of a stack: the number of the call in its run, at which a second run finds it again. */
class NumberedStack implements CapturedStack {
  readonly call: number;
  readonly frames: readonly Frame[] = NO_STACK.frames;

  constructor(call: number) {
    this.call = call;
  }
}

function numberStack(_callee: StackTop, call: number): CapturedStack {
  return new NumberedStack(call);
}

function keyOf(violation: Violation): string {
  const { kind, frames, acquired, closedAt } = violation;
  return `${kind}|${placesOf(frames)}|${placesOf(acquired)}|${placesOf(closedAt ?? [])}`;
}

function placesOf(frames: readonly Frame[]): string {
  let places = '';
  for (const { file, line, column } of frames) places += `${file}:${line}:${column} `;
  return places;
}
