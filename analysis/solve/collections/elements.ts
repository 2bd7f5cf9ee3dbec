/** Reading and writing the elements of arrays by index, and what can be read of the other collections. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Activation } from '../activation.ts';
import type { Returned } from '../calls.ts';
import { escape } from '../events.ts';
import type { State } from '../state.ts';
import { constant, FALSE, isConst, isSame, UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';
import {
  append,
  asElement,
  collectionKind,
  countOf,
  elementsOf,
  hasRoomFor,
  setElements,
} from './contents.ts';
import { openIterator, step } from './iterate.ts';
import { lookUp } from './look-up.ts';

/** What a stack tells of itself. */
export const DISPOSED = 'disposed';

const INDEX = /^(?:0|[1-9]\d*)$/;

/** The element of an array at an index. */
export function readElement(activation: Activation, state: State, id: ObjectId, index: Value): Returned[] {
  const places = elementsOf(state.getObject(id)).map((_, at) => ({ key: constant(at), field: String(at) }));
  return lookUp(activation, state, id, places, index).map((found) => ({
    state: found.state,
    result: found.value,
  }));
}

/** A member of a collection by its name; null where the object is none, or holds it like any other field. */
export function readMember(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  id: ObjectId,
  name: string,
  isWritten: boolean,
): Value | null {
  const object = state.getObject(id);
  switch (object.shape.kind) {
    case 'array':
      if (name === 'length') return countOf(activation, state, id);
      return INDEX.test(name) ? elementAt(activation, state, id, name, isWritten) : null;
    case 'map':
    case 'set':
    case 'iterator':
      if (name === 'size') return countOf(activation, state, id);
      // An array pattern reads by index what it iterates.
      return INDEX.test(name) ? nthOf(activation, state, node, id, Number(name)) : activation.unknown();
    case 'stack':
      return name === DISPOSED ? (object.fields.get(DISPOSED) ?? FALSE) : null;
    default:
      return null;
  }
}

function elementAt(
  activation: Activation,
  state: State,
  id: ObjectId,
  name: string,
  isWritten: boolean,
): Value {
  const object = state.getObject(id);
  const known = object.fields.get(name);
  if (known !== undefined) return known;
  if (!object.isOpen) return UNDEFINED;
  const value = activation.unknown();
  // An index that is written down is read for what is there, and one that is computed goes through all of them.
  const elements = elementsOf(object);
  if (isWritten && Number(name) === elements.length) setElements(state, id, [...elements, asElement(value)]);
  return value;
}

function nthOf(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  id: ObjectId,
  index: number,
): Value {
  const source = state.getObject(id);
  const iterator =
    source.shape.kind === 'iterator'
      ? activation.newObject(state, node, source.shape, source.fields, false)
      : openIterator(activation, state, node, { kind: 'object', id });
  for (let at = 0; at < index; at++) step(activation, state, node, iterator);
  return step(activation, state, node, iterator).value;
}

/** Writes an element or the length of an array; false where it is another property. */
export function writeElement(
  activation: Activation,
  state: State,
  id: ObjectId,
  name: string,
  value: Value,
): boolean {
  const object = state.getObject(id);
  if (collectionKind(object) !== 'array') return false;
  const elements = elementsOf(object);
  if (name === 'length') {
    writeLength(activation, state, id, value);
    return true;
  }
  if (!INDEX.test(name)) return false;
  const index = Number(name);
  if (index < elements.length) {
    state.setField(id, name, value);
    if (object.isEscaped) escape(activation, state, value);
  } else if (index === elements.length && !object.isOpen) {
    append(activation, state, id, asElement(value));
  } else if (index === elements.length && hasRoomFor(activation, state, elements, value)) {
    setElements(state, id, [...elements, asElement(value)]);
    if (object.isEscaped) escape(activation, state, value);
  } else {
    // What lies between holds `undefined`, or is not known.
    escape(activation, state, value);
    setElements(state, id, elements, true);
  }
  return true;
}

/** Writes behind the last element of an array: `list[list.length] = value`; false where the key is something else. */
export function writeBehind(
  activation: Activation,
  state: State,
  id: ObjectId,
  key: Value,
  value: Value,
): boolean {
  if (key.kind !== 'symbol' || collectionKind(state.getObject(id)) !== 'array') return false;
  if (!isSame(key, countOf(activation, state, id))) return false;
  append(activation, state, id, asElement(value));
  return true;
}

function writeLength(activation: Activation, state: State, id: ObjectId, value: Value): void {
  const object = state.getObject(id);
  const elements = elementsOf(object);
  const length = isConst(value) && typeof value.value === 'number' ? value.value : null;
  if (length !== null && length <= elements.length) {
    setElements(state, id, elements.slice(0, length), false);
    return;
  }
  if (length === null) escape(activation, state, { kind: 'object', id });
  setElements(state, id, length === null ? [] : elements, true);
}
