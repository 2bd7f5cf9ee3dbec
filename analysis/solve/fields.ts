/** Reading and writing the fields of objects, accessors included. */
import { memberOf } from '../ir/external-ref.ts';
import { accessorName } from '../ir/accessor-name.ts';
import type { Call, GetField, Key, SetField } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { callBody } from './calls.ts';
import { readElement, readMember, writeBehind, writeElement } from './collections/elements.ts';
import { lookUp } from './collections/look-up.ts';
import { escape, touchValue } from './events.ts';
import { tellState } from './guards.ts';
import { describedProperty, readProperty } from './properties.ts';
import type { State } from './state.ts';
import { constant, functionValue, isConst, UNDEFINED } from './value.ts';
import type { FunctionValue, ObjectId, Value } from './value.ts';

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
  if (object.kind === 'object') {
    if (name === null) return readUnknown(activation, state, instr, object.id);
    const getter = accessorOf(activation, state, object.id, 'get', name);
    if (getter !== null) return runAccessor(activation, state, instr, getter, object, []);
    const described = describedProperty(activation, state, object, name);
    if (described !== null && 'field' in described) {
      state.temps.set(instr.dst, readField(activation, state, object.id, described.field));
      return [state];
    }
    const isWritten = instr.key.kind === 'static';
    const element = readMember(activation, state, instr.node, object.id, name, isWritten);
    state.temps.set(instr.dst, element ?? readField(activation, state, object.id, name));
    return [state];
  }
  const property = name === null ? null : describedProperty(activation, state, object, name);
  if (property !== null && 'tells' in property) return tellState(activation, state, instr, property);
  if (name !== null && (object.kind === 'symbol' || object.kind === 'resource' || object.kind === 'lent')) {
    state.temps.set(instr.dst, readProperty(activation, state, object, name, property));
    return [state];
  }
  state.temps.set(instr.dst, activation.unknown());
  return [state];
}

/** A field of which the name is not known, but perhaps what it is made of. */
function readUnknown(activation: Activation, state: State, instr: GetField, id: ObjectId): State[] {
  const { shape, isOpen, fields } = state.getObject(id);
  const key = instr.key.kind === 'dynamic' ? activation.read(state, instr.key.temp) : UNDEFINED;
  const put = (each: State, value: Value): State => {
    each.temps.set(instr.dst, value);
    return each;
  };
  if (shape.kind === 'array') {
    return readElement(activation, state, id, key).map((found) => put(found.state, found.result));
  }
  if (shape.kind === 'plain' && !isOpen) {
    const places = [...fields.keys()].map((field) => ({ key: constant(field), field }));
    return lookUp(activation, state, id, places, key).map((found) => put(found.state, found.value));
  }
  escape(activation, state, { kind: 'object', id });
  return [put(state, activation.unknown())];
}

function readField(activation: Activation, state: State, id: ObjectId, name: string): Value {
  const object = state.getObject(id);
  const known = object.fields.get(name);
  if (known !== undefined) return known;
  const method = activation.findMember(state, id, name, 'methods');
  if (method !== null) return functionValue(method.id);
  if (!object.isOpen) return UNDEFINED;
  // Where a described call gave it, what it may hold and was not given is not there.
  if (describedProperty(activation, state, { kind: 'object', id }, name) !== null) return UNDEFINED;
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
  const key = instr.key.kind === 'dynamic' ? activation.read(state, instr.key.temp) : UNDEFINED;
  if (object.kind === 'object' && writeBehind(activation, state, object.id, key, value)) return [state];
  if (object.kind !== 'object' || name === null) {
    escape(activation, state, value);
    if (object.kind === 'object') escape(activation, state, object);
    return [state];
  }
  const setter = accessorOf(activation, state, object.id, 'set', name);
  if (setter !== null) return runAccessor(activation, state, instr, setter, object, [value]);
  if (writeElement(activation, state, object.id, name, value)) return [state];
  state.setField(object.id, name, value);
  if (state.getObject(object.id).isEscaped) escape(activation, state, value);
  return [state];
}

/** The accessor of a class, or of an object literal, that stands for a property. */
function accessorOf(
  activation: Activation,
  state: State,
  id: ObjectId,
  kind: 'get' | 'set',
  name: string,
): FunctionValue | null {
  const member = activation.findMember(state, id, name, kind === 'get' ? 'getters' : 'setters');
  if (member !== null) return functionValue(member.id);
  const own = state.getObject(id).fields.get(accessorName(kind, name));
  return own?.kind === 'function' ? own : null;
}

function runAccessor(
  activation: Activation,
  state: State,
  instr: GetField | SetField,
  accessor: FunctionValue,
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
