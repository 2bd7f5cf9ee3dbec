/** What a described call does to a state: its effects in order, and its result. */
import type { Condition } from '../../apis/schema.ts';
import type { Operation, OperationEffect, Place } from '../effects/api-table.ts';
import type { Call, New } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { annotate, close, escape, materialize, use } from './events.ts';
import { spellElement } from './holders.ts';
import { historyOf, NO_FINDINGS } from './resource.ts';
import type { Resource } from './resource.ts';
import { settleExistence } from './refine.ts';
import type { State } from './state.ts';
import { constant, FALSE, isConst, TRUE, UNDEFINED } from './value.ts';
import type { ResourceId, Value } from './value.ts';

export interface OperationCall {
  readonly instr: Call | New;
  readonly operation: Operation;
}

/** One way that a call goes: the state after it, and what is known of its result so far. */
interface Way {
  readonly state: State;
  /** What an effect put at `result`. */
  readonly result: Value | null;
  /** Whether the call did its work; null where that is open. */
  readonly success: Value | null;
  /** The call met a dead handle and failed: what comes later did not happen. */
  readonly isDead: boolean;
}

/** The states after the call, with the result in each. */
export function applyOperation(
  activation: Activation,
  state: State,
  call: OperationCall,
): { readonly state: State; readonly result: Value }[] {
  let ways: Way[] = [{ state, result: null, success: TRUE, isDead: false }];
  for (const effect of call.operation.effects) {
    ways = ways.flatMap((way) => applyEffect(activation, way, call, effect));
  }
  return ways.map((way) => ({ state: way.state, result: resultOf(activation, way, call.operation) }));
}

function resultOf(activation: Activation, way: Way, { returns }: Operation): Value {
  if (way.result !== null) return way.result;
  switch (returns) {
    case 'success':
      return way.success ?? activation.unknownBoolean(way.state);
    case 'boolean':
      return way.success === FALSE ? FALSE : activation.unknownBoolean(way.state);
    case 'never':
    case 'scalar':
    case null:
      return activation.unknown();
  }
}

function applyEffect(activation: Activation, way: Way, call: OperationCall, effect: OperationEffect): Way[] {
  if (way.isDead) return [way];
  switch (effect.do) {
    case 'use':
      return [applyUse(activation, way, call, effect.on)];
    case 'close':
      return applyWhen(activation, way, call, effect.when, (each) =>
        applyClose(activation, each, call, effect.on),
      );
    case 'acquire':
      return acquire(activation, way, call, effect);
    case 'duplicate':
      return duplicate(activation, way, call, effect);
    case 'lend':
      return [{ ...way, result: { kind: 'lent', name: call.operation.name } }];
  }
}

/* ------------------------------------------------------------------ use and close */

function applyUse(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  const id = handleAt(activation, way.state, call, place);
  if (id === null) return failedValue(way, call, place);
  const works = use(activation, way.state, id, activation.siteOf(call.instr));
  return works ? { ...way, success: successOf(way.state, id, way.success) } : failed(activation, way, call);
}

function applyClose(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  const id = handleAt(activation, way.state, call, place);
  if (id === null) return failedValue(way, call, place);
  const success = successOf(way.state, id, way.success);
  const isClosed = close(activation, way.state, id, call.operation.name, activation.siteOf(call.instr));
  return isClosed ? { ...way, success } : failed(activation, way, call);
}

/** A failure value is no handle: the call fails. Of an unknown value nothing can be said. */
function failedValue(way: Way, call: OperationCall, place: Place): Way {
  const value = valueAt(way.state, call, place);
  if (value.kind === 'lent') return way;
  return isConst(value) ? dead(way) : { ...way, success: null };
}

const dead = (way: Way): Way => ({ ...way, success: FALSE, isDead: true });

/** A closed handle made the call fail. Where the program looks at that, all that follows depends on it. */
function failed(activation: Activation, way: Way, { instr, operation }: OperationCall): Way {
  const isTold = operation.returns === 'success' || operation.returns === 'boolean';
  if (isTold && activation.engine.statics.isRead(activation.fn, instr.dst))
    activation.recorder.isCoupled = true;
  return dead(way);
}

/** A call works on a live handle; where the handle may be missing, it works exactly if that one exists. */
function successOf(state: State, id: ResourceId, before: Value | null): Value | null {
  const { exists, typestate, isOwed } = state.getResource(id);
  if (before !== TRUE || typestate === 'escaped' || !isOwed) return null;
  return exists === 'certainly' ? TRUE : { kind: 'exists', of: id, isNegated: false };
}

/* ------------------------------------------------------------------ acquire and duplicate */

function newResource(activation: Activation, call: OperationCall): Resource {
  const isForeign = !activation.isMember(call.instr);
  return {
    typestate: isForeign ? 'escaped' : 'open',
    exists: 'maybe',
    kind: null,
    failure: UNDEFINED,
    source: null,
    isDuplicate: false,
    isOwed: !isForeign,
    reported: NO_FINDINGS,
    isSilenced: isForeign,
    history: historyOf(activation.siteOf(call.instr)),
  };
}

function duplicate(
  activation: Activation,
  way: Way,
  call: OperationCall,
  effect: Extract<OperationEffect, { do: 'duplicate' }>,
): Way[] {
  const { state } = way;
  const value = valueAt(state, call, effect.of);
  const source = handleAt(activation, state, call, effect.of);
  if (source === null && value.kind !== 'lent') return [failedValue(way, call, effect.of)];
  if (source !== null && !use(activation, state, source, activation.siteOf(call.instr))) {
    return [failed(activation, way, call)];
  }
  if (effect.ownedWhen !== null && decide(state, call, effect.ownedWhen) !== true) {
    return [writeForeign(activation, way, call, effect.to)];
  }
  return acquire(activation, way, call, effect, source);
}

/** A duplicate that belongs to another process: only that one can close it. */
function writeForeign(activation: Activation, way: Way, call: OperationCall, to: Place): Way {
  const result = writeAt(activation, way.state, call, to, activation.unknown());
  return { ...way, success: null, result: result ?? way.result };
}

/** Puts a new resource in its place. Where the place held more than a constant, success and failure part. */
function acquire(
  activation: Activation,
  way: Way,
  call: OperationCall,
  effect: Extract<OperationEffect, { do: 'acquire' | 'duplicate' }>,
  source: ResourceId | null = null,
): Way[] {
  const { state } = way;
  const previous =
    effect.failure === 'unchanged' ? valueAt(state, call, effect.to) : constant(effect.failure.value);
  const isSimple = previous.kind === 'const' || previous.kind === 'symbol';
  const failed = isSimple ? null : state.fork();
  const id = activation.engine.fresh.resource();
  state.resources.set(id, {
    ...newResource(activation, call),
    ...(effect.do === 'acquire' ? { kind: effect.kind } : duplicateOf(activation, state, call, source)),
    failure: isSimple ? previous : UNDEFINED,
  });
  annotate(state, id, { cell: spellCell(call, effect.to) });
  const result = writeAt(activation, state, call, effect.to, { kind: 'resource', id }) ?? way.result;
  const exists: Value = { kind: 'exists', of: id, isNegated: false };
  if (failed === null) return [{ ...way, result, success: exists }];
  settleExistence(state, id, true);
  return [
    { ...way, result, success: TRUE },
    { ...way, state: failed, result: result === way.result ? result : previous, success: FALSE },
  ];
}

/** `out[0]`, where the argument is a variable. */
function spellCell({ instr }: OperationCall, { root, fields }: Place): string | null {
  const node = typeof root === 'number' ? instr.args[root]?.node : undefined;
  return node?.type === 'Identifier' ? spellElement(node.name, fields) : null;
}

function duplicateOf(
  activation: Activation,
  state: State,
  call: OperationCall,
  source: ResourceId | null,
): Partial<Resource> {
  const of = source === null ? null : state.getResource(source);
  const history = {
    ...historyOf(activation.siteOf(call.instr)),
    sourceName: of?.history.name ?? of?.history.cell ?? null,
  };
  return { kind: of?.kind ?? null, source, isDuplicate: true, history };
}

/* ------------------------------------------------------------------ places and conditions */

/**
 * Operands are read anew each time: an effect may have shown what an unknown one is, and a value that is
 * kept outside the state would not know.
 */
function rootOf(state: State, { instr }: OperationCall, { root }: Place): Value {
  if (root === 'result') return UNDEFINED;
  if (root !== 'this') return argument(state, instr, root);
  const receiver = instr.kind === 'call' && instr.callee.kind === 'method' ? instr.callee.receiver : null;
  return receiver === null ? UNDEFINED : (state.temps.get(receiver) ?? UNDEFINED);
}

function argument(state: State, instr: Call | New, index: number): Value {
  const temp = instr.args[index]?.temp;
  return temp === undefined ? UNDEFINED : (state.temps.get(temp) ?? UNDEFINED);
}

function valueAt(state: State, call: OperationCall, place: Place): Value {
  let value = rootOf(state, call, place);
  for (const field of place.fields) {
    if (value.kind !== 'object') return UNDEFINED;
    value = state.getObject(value.id).fields.get(field) ?? UNDEFINED;
  }
  return value;
}

/** Writes to a place. The value where the place is the result; null otherwise. Out of sight it escapes. */
function writeAt(
  activation: Activation,
  state: State,
  call: OperationCall,
  place: Place,
  value: Value,
): Value | null {
  if (place.root === 'result' && place.fields.length === 0) return value;
  const holder = valueAt(state, call, { ...place, fields: place.fields.slice(0, -1) });
  const field = place.fields.at(-1);
  if (holder.kind === 'object' && field !== undefined) {
    state.setField(holder.id, field, value);
    if (state.getObject(holder.id).isEscaped) escape(activation, state, value);
  } else {
    escape(activation, state, value);
  }
  return null;
}

/** The resource at a place; an unknown value there turns out to be a handle of the caller. */
function handleAt(
  activation: Activation,
  state: State,
  call: OperationCall,
  place: Place,
): ResourceId | null {
  const value = valueAt(state, call, place);
  if (value.kind === 'resource') return value.id;
  return value.kind === 'symbol' && activation.isMember(call.instr)
    ? materialize(activation, state, value.id)
    : null;
}

/** Whether a condition on the arguments holds; null where that is open. */
function decide(state: State, call: OperationCall, condition: Condition): boolean | null {
  const value = argument(state, call.instr, condition.arg);
  if ('is' in condition) return value.kind === 'lent' ? true : value.kind === 'symbol' ? null : false;
  if (!isConst(value)) return null;
  return typeof value.value === 'number' && (value.value & condition.bit) !== 0;
}

/** Applies an effect where its condition holds; an open condition goes both ways. */
function applyWhen(
  activation: Activation,
  way: Way,
  call: OperationCall,
  condition: Condition | null,
  apply: (way: Way) => Way,
): Way[] {
  const holds = condition === null ? true : decide(way.state, call, condition);
  if (holds === false) return [way];
  if (holds === true) return [keepSuccess(way, apply(way))];
  const other = { ...way, state: way.state.fork() };
  return [other, keepSuccess(way, apply(way))];
}

/** What a call reports is its first effect's success: closing the source as well does not change it. */
function keepSuccess(before: Way, after: Way): Way {
  return before.success === TRUE || after.success === FALSE ? after : { ...after, success: before.success };
}
