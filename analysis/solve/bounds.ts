/**
 * Every bound of the engine. Where one is met the engine falls silent about what it concerns; it never
 * guesses. A bound is no tuning knob: nearly all functions that people write stay far below all of them.
 */

/** States of one shape that are kept apart by their facts before they merge. */
export const MAX_FACTS = 48;
/** Turns of a loop for which counters are followed exactly. */
export const MAX_COUNTED_TURNS = 6;
/** Shapes and facts together at one point of a function. */
export const MAX_STATES = 600;
/** Resources or objects of one site that are told apart; the oldest escapes. */
export const MAX_INSTANCES = 4;
/** Properties of properties that are remembered. */
export const MAX_PROPERTY_DEPTH = 3;
/** Promises that `Promise.all` and its like wait for together, and the ways in which they settle that are told apart. */
export const MAX_COMBINED = 8;
/** Elements of one collection that are known; what comes after them is not. */
export const MAX_ELEMENTS = 16;
/** Elements of one origin that a collection takes up one by one; any further one gets out of sight. */
export const MAX_ALIKE = 3;
/** Elements of an unknown collection that are told apart, and turns of a callback over unknown elements. */
export const MAX_FOLLOWED = 3;
/** Elements that an unknown index or key is tried on. */
export const MAX_CHOICES = 4;
/** Rounds of one loop until its states no longer change. */
export const MAX_LOOP_ROUNDS = 200;
/** Nesting of calls whose bodies are entered. */
export const MAX_CALL_DEPTH = 24;
/** Steps of one run of a function, the functions that it calls included: instructions, and places that states are compared by. */
export const MAX_STEPS = 30_000;
/** Steps of one run of a body that is called, so that no caller is given up because of it. */
export const MAX_CALLEE_STEPS = 3_000;
/** Steps of all runs of one function by itself, so that none uses up what the others of the file need: at first … */
export const FIRST_FUNCTION_STEPS = 4_000;
/** … and, where these do not suffice, once all have had their turn. */
export const MAX_FUNCTION_STEPS = 45_000;
/** Steps of all runs of a file: so many for each character, since a long file may take longer, and at least … */
export const FILE_STEPS_PER_CHARACTER = 1;
export const MIN_FILE_STEPS = 30_000;
/** … and at most so many. */
export const MAX_FILE_STEPS = 1_000_000;

/** States of an instance that a class is looked at in. */
export const MAX_INSTANCE_STATES = 40;

/** Thrown where a bound is met; the run that meets it says nothing. */
export class BoundReached extends Error {
  readonly bound: string;
  /** Whether it is about one run, rather than about all that are made for a function or a file. */
  readonly isOfRun: boolean;

  constructor(bound: string, isOfRun = true) {
    super(`${bound} reached`);
    this.bound = bound;
    this.isOfRun = isOfRun;
  }
}
