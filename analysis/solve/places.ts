/**
 * The places of a described call, in a state: what they hold, and writing to them.
 *
 * Operands are read anew each time: an effect may have shown what an unknown one is, and a value that is
 * kept outside the state would not know.
 */
import { EACH } from '../effects/decode.ts';
import type { KnownCondition, Operation, Place } from '../effects/decode.ts';
import { receiverTemp } from '../ir/operands.ts';
import type { Call, New, Primitive } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { escape, handleIn } from './events.ts';
import type { State } from './state.ts';
import { isConst, isSame, constant, UNDEFINED } from './value.ts';
import type { ObjectId, ResourceId, Value } from './value.ts';

export interface OperationCall {
  readonly instr: Call | New;
  readonly operation: Operation;
}

export function valueAt(
  activation: Activation,
  state: State,
  { instr }: OperationCall,
  { root, fields }: Place,
): Value {
  let value = rootOf(state, instr, root);
  for (const field of fields) {
    if (value.kind === 'symbol' || value.kind === 'external') return activation.unknown();
    if (value.kind !== 'object') return UNDEFINED;
    value = fieldAt(activation, state, value.id, field);
  }
  return value;
}

function fieldAt(activation: Activation, state: State, id: ObjectId, field: string): Value {
  const { fields, shape, isOpen } = state.getObject(id);
  const known = fields.get(field);
  if (known !== undefined) return known;
  if (shape.kind !== 'described' || !isOpen) return UNDEFINED;
  const value = activation.unknown();
  state.setField(id, field, value);
  return value;
}

function rootOf(state: State, instr: Call | New, root: Place['root']): Value {
  if (root === 'result') return UNDEFINED;
  const temp = root === 'this' ? receiverTemp(instr) : instr.args.at(root)?.temp;
  return temp === undefined || temp === null ? UNDEFINED : (state.temps.get(temp) ?? UNDEFINED);
}

/** The place itself; where it speaks of each element of a list, those that the list is seen to have. */
export function placesAt(activation: Activation, state: State, call: OperationCall, place: Place): Place[] {
  const at = place.fields.indexOf(EACH);
  if (at < 0) return [place];
  const [before, after] = [place.fields.slice(0, at), place.fields.slice(at + 1)];
  const list = valueAt(activation, state, call, { ...place, fields: before });
  if (list.kind !== 'object') return [];
  return [...state.getObject(list.id).fields.keys()]
    .filter((field) => /^\d+$/.test(field))
    .flatMap((field) =>
      placesAt(activation, state, call, { ...place, fields: [...before, field, ...after] }),
    );
}

/** Writes to a place among the arguments; out of sight it escapes. */
export function writeAt(
  activation: Activation,
  state: State,
  call: OperationCall,
  place: Place,
  value: Value,
): void {
  const holder = valueAt(activation, state, call, { ...place, fields: place.fields.slice(0, -1) });
  const field = place.fields.at(-1);
  if (holder.kind === 'object' && field !== undefined) {
    state.setField(holder.id, field, value);
    if (state.getObject(holder.id).isEscaped) escape(activation, state, value);
  } else {
    escape(activation, state, value);
  }
}

/** The handle at a place. */
export function handleAt(
  activation: Activation,
  state: State,
  call: OperationCall,
  place: Place,
): ResourceId | null {
  return handleIn(activation, state, valueAt(activation, state, call, place));
}

/** Whether a condition on the arguments holds; null where that is open. */
export function decide(
  activation: Activation,
  state: State,
  call: OperationCall,
  condition: KnownCondition,
): boolean | null {
  if ('at' in condition) {
    const found = valueAt(activation, state, call, condition.at);
    return isConst(found) ? isSame(found, constant(condition.equals)) : null;
  }
  if ('kind' in condition) {
    const type = activation.typeOf(
      state,
      valueAt(activation, state, call, { root: condition.arg, fields: [] }),
    );
    const kind = type === null ? null : activation.engine.apis.kindOfType(type);
    return (kind?.id === condition.kind.id) !== condition.isNot;
  }
  const field = 'field' in condition ? condition.field : undefined;
  const fields = field === undefined ? [] : [field];
  const holder = valueAt(activation, state, call, { root: condition.arg, fields: [] });
  if (fields.length > 0 && holder.kind !== 'object' && !isConst(holder)) return null;
  const value = valueAt(activation, state, call, { root: condition.arg, fields });
  const has = (other: Primitive): boolean => isSame(value, constant(other));
  if ('is' in condition) {
    if (value.kind === 'symbol') return null;
    return value.kind === 'lent' || (condition.orOneOf ?? []).some(has);
  }
  if (!isConst(value)) return null;
  const hasBit = (bit: number): boolean => typeof value.value === 'number' && (value.value & bit) !== 0;
  if ('bit' in condition) return hasBit(condition.bit);
  if ('noBit' in condition) return !hasBit(condition.noBit);
  if ('oneOf' in condition) return condition.oneOf.some(has);
  return 'equals' in condition ? has(condition.equals) : !has(condition.differs);
}
