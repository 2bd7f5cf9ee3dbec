/**
 * Promises whose value is known: objects with that value in a field. A rejected one holds the exception
 * instead. What a promise brings is there when it is awaited; when it rejects, an acquisition that was to
 * bring it acquired nothing.
 */
import type { Call, New } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { settleExistence } from './refine.ts';
import type { State } from './state.ts';
import { isConst } from './value.ts';
import type { ObjectId, ResourceId, Value } from './value.ts';

const VALUE = 'value';
const REASON = 'reason';

export function promiseOf(activation: Activation, state: State, instr: Call | New, value: Value): Value {
  return activation.newObject(state, instr.node, { kind: 'promise' }, new Map([[VALUE, value]]), false);
}

export function rejectedPromise(
  activation: Activation,
  state: State,
  instr: Call | New,
  reason: Value,
): Value {
  return activation.newObject(state, instr.node, { kind: 'promise' }, new Map([[REASON, reason]]), false);
}

/** The states after `await`, with what it gives. The throwing way goes to the handlers. */
export function awaitValue(
  activation: Activation,
  state: State,
  value: Value,
): { readonly state: State; readonly result: Value }[] {
  if (value.kind !== 'object' || state.getObject(value.id).shape.kind !== 'promise') {
    activation.throwImplicitly(state);
    return [{ state, result: value.kind === 'symbol' ? activation.unknown() : value }];
  }
  const { fields } = state.getObject(value.id);
  const reason = fields.get(REASON);
  if (reason !== undefined) {
    activation.throwFrom(state, reason, true);
    return [];
  }
  reject(activation, state, value.id);
  const result = fields.get(VALUE) ?? activation.unknown();
  for (const id of broughtBy(state, result)) settleExistence(state, id, true);
  return [{ state, result }];
}

function reject(activation: Activation, state: State, promise: ObjectId): void {
  const failed = state.fork();
  const brought = failed.getObject(promise).fields.get(VALUE);
  if (brought !== undefined && broughtBy(failed, brought).some((id) => !settleExistence(failed, id, false)))
    return;
  activation.throwImplicitly(failed);
}

/** What comes into being with a promise's value: acquisitions of which it is not known whether they succeeded. */
function broughtBy(state: State, value: Value): ResourceId[] {
  if (value.kind === 'object')
    return [...state.getObject(value.id).fields.values()].flatMap((each) => broughtBy(state, each));
  if (value.kind !== 'resource') return [];
  const { exists, failure } = state.getResource(value.id);
  return exists === 'maybe' && isConst(failure) && failure.value === undefined ? [value.id] : [];
}
