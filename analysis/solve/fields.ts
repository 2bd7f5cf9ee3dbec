/** Reading and writing the fields of objects, accessors included. */
import { memberOf } from '../ir/external-ref.ts';
import type { Call, GetField, Key, SetField } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { callBody } from './calls.ts';
import { escape, touchValue } from './events.ts';
import { tellState } from './guards.ts';
import { describedProperty, readProperty } from './properties.ts';
import type { State } from './state.ts';
import { isConst, UNDEFINED } from './value.ts';
import type { ObjectId, Value } from './value.ts';

export function fieldName(activation: Activation, state: State, key: Key): string | null {
  if (key.kind === 'static') return key.name;
  const value = activation.read(state, key.temp);
  const isName = isConst(value) && (typeof value.value === 'string' || typeof value.value === 'number');
  return isName ? String(value.value) : null;
}

export function getField(activation: Activation, state: State, instr: GetField): State[] {
  const object = activation.read(state, instr.object);
  const name = fieldName(activation, state, instr.key);
  if (object.kind === 'external' && name !== null) {
    state.temps.set(instr.dst, activation.engine.externalValue(memberOf(object.ref, name)));
    return [state];
  }
  if (object.kind === 'object' && name !== null) {
    const getter = activation.findMember(state, object.id, name, 'getters');
    if (getter !== null) return runAccessor(activation, state, instr, getter, object, []);
    state.temps.set(instr.dst, readField(activation, state, object.id, name));
    return [state];
  }
  const property = name === null ? null : describedProperty(activation, state, object, name);
  if (property !== null && 'tells' in property) return tellState(activation, state, instr, property);
  if (name !== null && (object.kind === 'symbol' || object.kind === 'resource' || object.kind === 'lent')) {
    state.temps.set(instr.dst, readProperty(activation, state, object, name, property));
    return [state];
  }
  // Which element it is cannot be told, so the one that comes out may be any of them.
  if (object.kind === 'object') escape(activation, state, object);
  state.temps.set(instr.dst, activation.unknown());
  return [state];
}

function readField(activation: Activation, state: State, id: ObjectId, name: string): Value {
  const object = state.getObject(id);
  const known = object.fields.get(name);
  if (known !== undefined) return known;
  if (!object.isOpen) return name === 'length' ? activation.unknown() : UNDEFINED;
  const declared =
    object.shape.kind === 'instance' ? activation.engine.fieldType(object.shape.class, name) : null;
  const value = declared === null ? activation.unknown() : activation.unknownOfType(state, declared);
  state.setField(id, name, value);
  return value;
}

export function setField(activation: Activation, state: State, instr: SetField): State[] {
  const object = activation.read(state, instr.object);
  const value = activation.read(state, instr.src);
  const name = fieldName(activation, state, instr.key);
  touchValue(activation, state, value);
  if (object.kind !== 'object' || state.getObject(object.id).isEscaped) {
    state.forgetProperties((_, each) => name === null || each === name);
  }
  if (object.kind !== 'object' || name === null) {
    escape(activation, state, value);
    if (object.kind === 'object') escape(activation, state, object);
    return [state];
  }
  const setter = activation.findMember(state, object.id, name, 'setters');
  if (setter !== null) return runAccessor(activation, state, instr, setter, object, [value]);
  state.setField(object.id, name, value);
  if (state.getObject(object.id).isEscaped) escape(activation, state, value);
  return [state];
}

function runAccessor(
  activation: Activation,
  state: State,
  instr: GetField | SetField,
  accessor: NonNullable<ReturnType<Activation['findMember']>>,
  self: Value,
  values: readonly Value[],
): State[] {
  const args = instr.kind === 'setField' ? [{ temp: instr.src, isSpread: false, node: instr.node }] : [];
  const asCall: Call = {
    kind: 'call',
    dst: instr.kind === 'getField' ? instr.dst : instr.src,
    callee: { kind: 'value', temp: instr.object },
    args,
    isImplicit: false,
    node: instr.node,
    index: instr.index,
    parent: instr.parent,
  };
  return callBody(activation, state, asCall, accessor, self, values).map((each) => {
    if (instr.kind === 'getField') each.state.temps.set(instr.dst, each.result);
    return each.state;
  });
}
