/**
 * Choice points: where a run of a program may go one way or the other.
 *
 *     decisions given     o---o---o                    replayed
 *     decisions beyond             \---o---o---...     by a rule: the ordinary outcome, or a random one
 *     a bound                                  x       the run is cut
 *
 * Invariant: a program that depends on nothing but its choice points runs the same way whenever it is given
 * the same decisions. Whoever replays finds out if it does not (`isStray`).
 */

/** Where a decision was made: `choose`, `mayThrow`, `FindNextFile`, or the acquisition that could fail. */
export type ChoicePoint =
  | 'choose'
  | 'mayThrow'
  | 'CreateFile'
  | 'CreateEvent'
  | 'CreateThread'
  | 'DuplicateHandle'
  | 'FindFirstFile'
  | 'FindNextFile';

/** How one choice point went. */
export interface Decision {
  readonly at: ChoicePoint;
  /** What `choose` and `FindNextFile` returned, whether an acquisition succeeded, whether `mayThrow` threw. */
  readonly outcome: boolean;
}

/** What `mayThrow` throws, so that it can be told from an exception that the program throws itself. */
export class ModelException extends Error {
  override readonly name = 'ModelException';

  constructor() {
    super('mayThrow() threw.');
  }
}

/** What cuts a run that meets a bound. It passes through the program like any exception. */
export class RunCut extends Error {
  override readonly name = 'RunCut';

  constructor() {
    super('This run met a bound of the exploration and was cut.');
  }
}

/** Says how a choice point goes that no given decision covers. */
export type Chooser = (at: ChoicePoint) => boolean;

/** The outcome that is tried first: acquisitions succeed, nothing throws. */
export const ordinaryOutcome: Chooser = (at) => at !== 'mayThrow';

/** The bounds of one run. */
export interface RunBounds {
  /** How many choice points a run may pass. */
  readonly maxChoices: number;
  /** How many calls of the model a run may make. */
  readonly maxCalls: number;
}

/**
 * How often a run that was cut is cut again when it goes on calling the model. A program that catches
 * everything in a loop (`for (;;) { try { if (choose()) break; } catch {} }`) would never end if it were
 * cut each time; after this many, calls work again and choices are random, so that such a loop finds its exit.
 */
const MAX_CUTS = 100;

/** The course that one run takes. */
export class Course {
  /** All decisions of the run so far. */
  readonly decisions: Decision[] = [];
  /** The run has met a bound. What it does from there on counts for nothing. */
  isCut = false;
  /** The program came to another choice point than the given decisions say. */
  isStray = false;

  readonly #given: readonly Decision[];
  readonly #beyond: Chooser;
  readonly #bounds: RunBounds;
  #calls = 0;
  #cuts = 0;
  #afterCut: Chooser | null = null;

  constructor(given: readonly Decision[], beyond: Chooser, bounds: RunBounds) {
    this.#given = given;
    this.#beyond = beyond;
    this.#bounds = bounds;
  }

  /** How many calls have been counted. */
  get calls(): number {
    return this.#calls;
  }

  /** True if the run ended before all given decisions were made, or made others. */
  get hasStrayed(): boolean {
    return this.isStray || (!this.isCut && this.decisions.length < this.#given.length);
  }

  /** Counts a call of the model. Throws `RunCut` when a bound is met, and again when the run goes on. */
  step(): void {
    if (this.isCut) {
      if (++this.#cuts <= MAX_CUTS) throw new RunCut();
      return;
    }
    if (++this.#calls > this.#bounds.maxCalls) this.cut();
  }

  /** Makes the next decision. Throws `RunCut` when there have been too many. */
  decide(at: ChoicePoint): boolean {
    if (this.isCut) return (this.#afterCut ??= randomChooser(1))(at);
    const { decisions } = this;
    if (decisions.length >= this.#bounds.maxChoices) this.cut();
    const given = this.#given[decisions.length];
    if (given !== undefined && given.at !== at) this.isStray = true;
    const outcome = given === undefined || this.isStray ? this.#beyond(at) : given.outcome;
    decisions.push(decision(at, outcome));
    return outcome;
  }

  /** Cuts the run here. */
  cut(): never {
    this.isCut = true;
    throw new RunCut();
  }
}

/** The decision with the other outcome. */
export function flip(taken: Decision): Decision {
  return decision(taken.at, !taken.outcome);
}

/** Decisions are many and there are few different ones: each is made once. */
const known = new Map<ChoicePoint, readonly [no: Decision, yes: Decision]>();

function decision(at: ChoicePoint, outcome: boolean): Decision {
  let both = known.get(at);
  if (both === undefined) {
    both = [Object.freeze({ at, outcome: false }), Object.freeze({ at, outcome: true })];
    known.set(at, both);
  }
  return both[outcome ? 1 : 0];
}

/**
 * Random outcomes that depend on the seed only. Each chooser draws a temper first: in half of them failures
 * and exceptions are rare, because a run in which everything fails half of the time does not get far.
 */
export function randomChooser(seed: number): Chooser {
  const next = randomNumbers(seed);
  const surprise = next() < 0.5 ? 0.5 : 0.125;
  return (at) =>
    at === 'choose' || at === 'FindNextFile' ? next() < 0.5 : next() < surprise !== ordinaryOutcome(at);
}

/** Mulberry32: numbers from 0 up to 1. */
function randomNumbers(seed: number): () => number {
  // Neighbouring seeds start far from one another.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
