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
import type { FunctionIr, Instr, Node } from './ir/ir.ts';
import { BoundReached, MAX_FUNCTION_STEPS } from './solve/bounds.ts';
import type { Engine } from './solve/engine.ts';
import { ScopeWatch } from './solve/scope-exits.ts';
import type { Recorder } from './solve/recorder.ts';
import type { Subject } from './solve/activation.ts';

/** A run that counts, and how to run it again. */
export interface SolvedRun {
  readonly fn: FunctionIr;
  readonly body: Node;
  readonly subject: Subject;
  readonly recorder: Recorder;
}

export interface Solved {
  readonly runs: readonly SolvedRun[];
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
    return { runs: this.#solve(), reached: this.#reached };
  }

  #solve(): SolvedRun[] {
    const groups = groupsOf(this.#flow, this.#engine.laterCalls.ownedBy(this.#fn));
    if (groups.length === 0) return [];
    const runs = this.#solveGroups(groups);
    const isCoupled = groups.length > 1 && runs.some(({ recorder }) => recorder.isCoupled);
    return (isCoupled ? this.#solveWhole() : null) ?? runs;
  }

  /** null where a bound is met. */
  #solveWhole(): SolvedRun[] | null {
    const run = this.#attempt(this.#fn.body, { isMember: () => true, hasParam: () => true });
    return run === null ? null : [run];
  }

  #solveGroups(groups: readonly Name[]): SolvedRun[] {
    const { callees, settings } = this.#engine;
    const slicer = new Slicer(this.#fn, this.#flow, callees, settings.exceptions === 'all');
    // The small ones first: one that takes all the steps there are keeps no other from being looked at.
    const slices = groups.map((group) => slicer.slice(group)).sort((a, b) => a.members.size - b.members.size);
    return slices.flatMap((slice) => {
      if (this.#isOutOfSteps()) return [];
      const run = this.#attempt(slice.body, slice);
      return run === null ? this.#solveSources(slice) : [run];
    });
  }

  /** One resource at a time: the others of the group are there, and nothing is said of them. */
  #solveSources(slice: Slice): SolvedRun[] {
    const { callees } = this.#engine;
    const sources = [...slice.members].filter((instr) => isSource(this.#fn, instr, callees));
    return sources.flatMap((source) => {
      if (this.#isOutOfSteps()) return [];
      const isMember = (instr: Instr): boolean =>
        slice.isMember(instr) &&
        (instr.index === source.index || !sources.some(({ index }) => index === instr.index));
      const run = this.#attempt(slice.body, { isMember, hasParam: () => false });
      return run === null ? [] : [run];
    });
  }

  /** What comes next would end before it has begun. */
  #isOutOfSteps(): boolean {
    return this.#reached.has('MAX_FUNCTION_STEPS') || this.#reached.has('MAX_FILE_STEPS');
  }

  #attempt(body: Node, subject: Subject): SolvedRun | null {
    try {
      const fn = this.#fn;
      return { fn, body, subject, recorder: this.#engine.runOwn(fn, body, subject) };
    } catch (error) {
      if (!(error instanceof BoundReached)) throw error;
      this.#reached.add(error.bound);
      return null;
    }
  }
}

/** Looks at the variable of each handle that leaks: how its block is left, and what the handle is by then. */
export function noteScopes(engine: Engine, { fn, body, subject, recorder }: SolvedRun): void {
  for (const finding of recorder.leaks()) {
    const { variable } = finding.history;
    const local = variable === null ? null : engine.localOf(variable);
    const watch = local === null || local.owner !== fn.id ? null : ScopeWatch.of(local, body);
    if (watch === null) continue;
    engine.startFunction(MAX_FUNCTION_STEPS);
    const scope = engine.scopeOf(fn, watch, subject);
    if (scope !== null) recorder.scopes.set(finding, scope);
  }
}
