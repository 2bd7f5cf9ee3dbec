/**
 * Solves one function group by group.
 *
 * Groups are independent but for one thing: a call that fails because its handle is closed, where the
 * program looks at that failure, decides for all groups where the path goes. Then the function is solved
 * again as one. A group that outgrows its bound is solved one resource at a time, and what outgrows that
 * falls silent.
 */
import type { Flow } from './groups/flow.ts';
import type { Name } from './groups/names.ts';
import { groupsOf, isSource } from './groups/partition.ts';
import { Slicer } from './groups/slice.ts';
import type { Slice } from './groups/slice.ts';
import type { FunctionIr, Instr, Node, Temp } from './ir/ir.ts';
import { BoundReached } from './solve/bounds.ts';
import type { Engine } from './solve/engine.ts';
import type { Recorder } from './solve/recorder.ts';

export interface Solved {
  readonly recorders: readonly Recorder[];
  /** The bounds that were met. */
  readonly reached: ReadonlySet<string>;
}

export class FunctionSolver {
  readonly #engine: Engine;
  readonly #fn: FunctionIr;
  readonly #flow: Flow;
  readonly #reached = new Set<string>();

  constructor(engine: Engine, fn: FunctionIr, flow: Flow) {
    this.#engine = engine;
    this.#fn = fn;
    this.#flow = flow;
  }

  solve(maxSteps: number): Solved {
    this.#engine.startFunction(maxSteps);
    return { recorders: this.#solve(), reached: this.#reached };
  }

  #solve(): Recorder[] {
    const groups = groupsOf(this.#flow, this.#engine.laterCalls.ownedBy(this.#fn));
    if (groups.length === 0) return [];
    const recorders = this.#solveGroups(groups);
    const isCoupled = groups.length > 1 && recorders.some((recorder) => recorder.isCoupled);
    return (isCoupled ? this.#solveWhole() : null) ?? recorders;
  }

  /** null where a bound is met. */
  #solveWhole(): Recorder[] | null {
    const recorder = this.#attempt(
      this.#fn.body,
      () => true,
      () => true,
    );
    return recorder === null ? null : [recorder];
  }

  #solveGroups(groups: readonly Name[]): Recorder[] {
    const { callees, settings } = this.#engine;
    const slicer = new Slicer(this.#fn, this.#flow, callees, settings.exceptions === 'all');
    return groups.flatMap((group) => {
      if (this.#isOutOfSteps()) return [];
      const slice = slicer.slice(group);
      const recorder = this.#attempt(
        slice.body,
        (instr) => slice.isMember(instr),
        (param) => slice.hasParam(param),
      );
      return recorder === null ? this.#solveSources(slice) : [recorder];
    });
  }

  /** One resource at a time: the others of the group are there, and nothing is said of them. */
  #solveSources(slice: Slice): Recorder[] {
    const { callees } = this.#engine;
    const sources = [...slice.members].filter((instr) => isSource(this.#fn, instr, callees));
    return sources.flatMap((source) => {
      if (this.#isOutOfSteps()) return [];
      const isMember = (instr: Instr): boolean =>
        slice.isMember(instr) &&
        (instr.index === source.index || !sources.some(({ index }) => index === instr.index));
      const recorder = this.#attempt(slice.body, isMember, () => false);
      return recorder === null ? [] : [recorder];
    });
  }

  /** What comes next would end before it has begun. */
  #isOutOfSteps(): boolean {
    return this.#reached.has('MAX_FUNCTION_STEPS') || this.#reached.has('MAX_FILE_STEPS');
  }

  #attempt(
    body: Node,
    isMember: (instr: Instr) => boolean,
    hasParam: (param: Temp) => boolean,
  ): Recorder | null {
    try {
      return this.#engine.runOwn(this.#fn, body, isMember, hasParam);
    } catch (error) {
      if (!(error instanceof BoundReached)) throw error;
      this.#reached.add(error.bound);
      return null;
    }
  }
}
