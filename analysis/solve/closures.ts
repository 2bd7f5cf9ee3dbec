/**
 * Function values whose variables outlive their frames.
 *
 * A function finds what it captures in `state.locals` as long as the frame runs. Where a frame ends, or a turn
 * of a loop, its variables move into *cells*, each an object with one variable, and every function that
 * captures them carries these. A call of such a function puts the variables back for as long as it runs:
 *
 *     frame ends    locals { h: #1 }   f                   ──►   @1 cell { #1 }   f(h: @1)
 *     f is called   @1 cell { #1 }     f(h: @1), g(h: @1)  ──►   locals { h: #1 }   f, g
 *     f returns                                            ──►   @1 cell { … }    f(h: @1), g(h: @1)
 *
 * So a state holds one variable of a name at a time, and functions that carry no cell for it mean that one.
 */
import type { Captures } from '../effects/captures.ts';
import type { LocalId } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { escape } from './events.ts';
import { reach } from './reach.ts';
import { unite } from './resource.ts';
import type { HeapObject, State, Substitute } from './state.ts';
import type { FunctionValue, ObjectId, Value } from './value.ts';

const VALUE = 'value';

/** The cell of a variable; undefined where the variable stays where it is. */
type CellOf = (local: LocalId) => ObjectId | null | undefined;

/** Moves variables out of their frame, as far as a function captures them. */
export function endVariables(activation: Activation, state: State, locals: ReadonlySet<LocalId>): void {
  const { captures, fresh } = activation.engine;
  const cells = new Map<LocalId, ObjectId | null>();
  const cellOf: CellOf = (local) => {
    if (!locals.has(local)) return undefined;
    if (!cells.has(local)) cells.set(local, state.locals.has(local) ? fresh.object() : null);
    return cells.get(local);
  };
  state.rewrite(closing(captures, cellOf));
  for (const [local, cell] of cells) if (cell !== null) fill(activation, state, local, cell);
  conceal(state, locals);
}

/** Variables that are gone from the frame are exposed no more; their cells are. */
export function conceal(state: State, locals: ReadonlySet<LocalId>): void {
  const exposed = new Set([...state.exposed].filter((local) => !locals.has(local)));
  if (exposed.size < state.exposed.size) state.exposed = exposed;
}

/** Each turn of a loop has variables of its own; functions of the last one keep theirs. */
export function endTurn(activation: Activation, state: State, born: ReadonlySet<LocalId>): void {
  const ended = new Set([...born].filter((local) => state.locals.has(local)));
  if (ended.size === 0) return;
  endVariables(activation, state, ended);
  for (const local of ended) state.locals.delete(local);
}

/** Makes functions carry the cells of what they captured openly. */
function closing(captures: Captures, cellOf: CellOf): Substitute {
  return (value) => {
    if (value.kind !== 'function') return null;
    let cells: Map<LocalId, ObjectId | null> | null = null;
    for (const local of captures.ofFunction(value.id)) {
      const cell = value.cells.has(local) ? undefined : cellOf(local);
      if (cell !== undefined) (cells ??= new Map(value.cells)).set(local, cell);
    }
    return cells === null ? null : { ...value, cells };
  };
}

/** Makes functions find in the running frame what they carried in these cells. */
function opening(cells: FunctionValue['cells']): Substitute {
  return (value) => {
    if (value.kind !== 'function') return null;
    const kept = [...value.cells].filter(([local, cell]) => cells.get(local) !== cell);
    return kept.length === value.cells.size ? null : { ...value, cells: new Map(kept) };
  };
}

function fill(activation: Activation, state: State, local: LocalId, cell: ObjectId): void {
  const value = state.locals.get(local);
  const { isConstant, node } = activation.localOf(local);
  state.objects.set(cell, {
    shape: { kind: 'cell', local, isConstant },
    fields: value === undefined ? new Map() : new Map([[VALUE, value]]),
    isOpen: true,
    isEscaped: state.exposed.has(local),
    node: node ?? activation.fn.node,
  });
}

/** Puts the variables of cells into the running frame; gives the cells as they were. */
function empty(state: State, cells: FunctionValue['cells']): Map<LocalId, HeapObject> {
  const emptied = new Map<LocalId, HeapObject>();
  for (const [local, cell] of cells) {
    const object = cell === null ? undefined : state.objects.get(cell);
    const value = object?.fields.get(VALUE);
    if (value === undefined) state.locals.delete(local);
    else state.locals.set(local, value);
    if (cell !== null) state.objects.delete(cell);
    if (object !== undefined) emptied.set(local, object);
    if (object?.isEscaped === true) state.exposed = unite(state.exposed, new Set([local]));
  }
  return emptied;
}

/** The frames as a call needs them. */
export interface Switched {
  /** What the call is given. */
  readonly given: readonly Value[];
  /** Makes the frames what they were before, and says what the call's result is there. */
  restore(after: State, result: Value): Value;
}

/**
 * Lets the variables that a function carries be those of the running frame, for a call of it. What other
 * frames have under the same names is put aside: those of the function's own frame too, since in a recursion
 * it may be given functions of an earlier one.
 */
export function switchFrames(
  activation: Activation,
  state: State,
  callee: FunctionValue,
  given: readonly Value[],
): Switched {
  const { captures, fresh } = activation.engine;
  const clashing = [...callee.cells.keys(), ...ownAmong(activation, state, callee, given)];
  if (clashing.length === 0) return { given, restore: (_, result) => result };
  const aside = new Map(clashing.map((local) => [local, fresh.object()]));
  const setAside = closing(captures, (local) => aside.get(local));
  const enter = opening(callee.cells);
  state.rewrite(setAside);
  for (const [local, cell] of aside) fill(activation, state, local, cell);
  for (const local of clashing) state.locals.delete(local);
  conceal(state, new Set(clashing));
  state.rewrite(enter);
  const cells = empty(state, callee.cells);
  return {
    given: given.map((value) => replace(enter, replace(setAside, value))),
    restore: (after, result) => {
      const leave = closing(captures, (local) => callee.cells.get(local));
      const takeUp = opening(aside);
      after.rewrite(leave);
      refill(activation, after, callee.cells, cells);
      after.rewrite(takeUp);
      empty(after, aside);
      return replace(takeUp, replace(leave, result));
    },
  };
}

const replace = (substitute: Substitute, value: Value): Value => substitute(value) ?? value;

/** The variables of the function to be called that what it is given captures in an earlier frame of it. */
function ownAmong(
  activation: Activation,
  state: State,
  callee: FunctionValue,
  given: readonly Value[],
): LocalId[] {
  const own = activation.engine.captures.ownOf(callee.id);
  if (own.length === 0) return [];
  const { captured } = reach(state, [callee, ...given], activation.engine.captures);
  return own.filter((local) => captured.has(local));
}

/** Moves what the call left in its variables back into their cells. */
function refill(
  activation: Activation,
  state: State,
  cells: FunctionValue['cells'],
  before: ReadonlyMap<LocalId, HeapObject>,
): void {
  for (const [local, cell] of cells) {
    const value = state.locals.get(local);
    state.locals.delete(local);
    const object = before.get(local);
    // Nothing is known of other functions with this variable, so one of them may have it.
    if (cell === null || object === undefined) {
      if (value !== undefined) escape(activation, state, value);
      continue;
    }
    const fields = value === undefined ? new Map<string, Value>() : new Map([[VALUE, value]]);
    state.objects.set(cell, { ...object, fields, isEscaped: state.exposed.has(local) });
  }
  conceal(state, new Set(cells.keys()));
}
