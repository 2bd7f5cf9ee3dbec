/**
 * What a collection holds, kept in the fields of its object:
 *
 *     array, set   0: value, 1: value, …
 *     map          0: value, 'key 0': key, …             in the order of insertion
 *     stack        0: value, 'key 0': how to dispose of it
 *
 * The listed elements are its first ones. A collection that is *open* may have more behind them, of which
 * nothing is known. What is added to one that is open, or has enough of its like, gets out of sight and leaves
 * the collection open. So a loop that fills it comes to an end, and the handles that are listed stand for the
 * rest: whatever a program does with all elements it does with these.
 */
import type { Activation } from '../activation.ts';
import { MAX_ALIKE, MAX_ELEMENTS } from '../bounds.ts';
import { escape, touchValue } from '../events.ts';
import { reach } from '../reach.ts';
import { isGoneThrough } from './iterate.ts';
import type { CollectionKind, HeapObject, State } from '../state.ts';
import { constant, isConst, isSame, UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';

export interface Element {
  readonly value: Value;
  /** The key of a map's entry, or how a stack disposes of the value; null in arrays and sets. */
  readonly key: Value | null;
}

const LENGTH = 'length';
/** The last element, where that is behind the listed ones: `undefined` once it was taken out and is not known. */
const TAIL = 'tail';
const keyField = (index: number): string => `key ${index}`;
const OWN_FIELD = /^(?:\d+|key \d+|length)$/;

export function collectionKind({ shape }: HeapObject): CollectionKind | null {
  switch (shape.kind) {
    case 'array':
    case 'map':
    case 'set':
    case 'stack':
      return shape.kind;
    default:
      return null;
  }
}

export function elementsOf({ fields }: HeapObject): Element[] {
  const elements: Element[] = [];
  for (let index = 0; ; index++) {
    const value = fields.get(String(index));
    if (value === undefined) return elements;
    elements.push({ value, key: fields.get(keyField(index)) ?? null });
  }
}

export const valuesOf = (object: HeapObject): Value[] => elementsOf(object).map(({ value }) => value);

/** The fields of a collection of these elements. */
export function fieldsOf(elements: readonly Element[]): Map<string, Value> {
  const fields = new Map<string, Value>();
  for (const [index, { value, key }] of elements.entries()) {
    fields.set(String(index), value);
    if (key !== null) fields.set(keyField(index), key);
  }
  return fields;
}

export const asElement = (value: Value): Element => ({ value, key: null });

/** Gives a collection other elements. One that code out of sight can reach stays open. */
export function setElements(
  state: State,
  id: ObjectId,
  elements: readonly Element[],
  isOpen = state.getObject(id).isOpen,
): void {
  const object = state.getObject(id);
  const fields = fieldsOf(elements);
  for (const [name, value] of object.fields) if (!OWN_FIELD.test(name)) fields.set(name, value);
  const staysOpen = isOpen || object.isEscaped;
  if (!staysOpen) fields.delete(TAIL);
  state.objects.set(id, { ...object, fields, isOpen: staysOpen });
}

/**
 * Takes out the last element of a collection of which it is certain that it is not among the listed ones; null where
 * that is not so, or where it is not known which one it is.
 */
export function takeTail(state: State, id: ObjectId): Value | null {
  const { fields, isEscaped } = state.getObject(id);
  const tail = fields.get(TAIL);
  if (tail === undefined || isEscaped || isSame(tail, UNDEFINED)) return null;
  state.setField(id, TAIL, UNDEFINED);
  return tail;
}

/** Whether the last listed element may well not be the last one. */
export const hasTail = ({ fields }: HeapObject): boolean => fields.has(TAIL);

/** Puts an element behind the others. */
export function append(activation: Activation, state: State, id: ObjectId, element: Element): void {
  const object = state.getObject(id);
  const elements = elementsOf(object);
  touchValue(activation, state, element.value);
  if (!object.isOpen && hasRoomFor(activation, state, elements, element.value)) {
    setElements(state, id, [...elements, element]);
    return;
  }
  hide(activation, state, element);
  setElements(state, id, elements, true);
  state.setField(id, TAIL, element.value);
  // A loop over what it adds to itself may never end.
  if (isGoneThrough(state, id)) state.isDoubtful = true;
}

/** Gives a collection these elements; those that are too many get out of sight. */
export function replaceElements(
  activation: Activation,
  state: State,
  id: ObjectId,
  elements: readonly Element[],
  isOpen = state.getObject(id).isOpen,
): void {
  for (const element of elements.slice(MAX_ELEMENTS)) hide(activation, state, element);
  setElements(state, id, elements.slice(0, MAX_ELEMENTS), isOpen || elements.length > MAX_ELEMENTS);
}

/** Gets out of sight. Whoever goes through the collection may be the first to do something wrong with what is closed. */
function hide(activation: Activation, state: State, { value, key }: Element): void {
  const hidden = key === null ? [value] : [value, key];
  for (const each of hidden) escape(activation, state, each);
  for (const id of reach(state, hidden, activation.engine.captures).resources) {
    if (state.getResource(id).typestate === 'closed') state.updateResource(id, { isSilenced: true });
  }
}

/** Whether a collection of these elements takes up one more. */
export function hasRoomFor(
  activation: Activation,
  state: State,
  elements: readonly Element[],
  value: Value,
): boolean {
  if (elements.length >= MAX_ELEMENTS) return false;
  // One and the same handle may be there again and again.
  const others = elements.filter(
    (each, at) => each.value.kind !== 'resource' || isNew(elements, each, at, value),
  );
  const alike = others.filter((each) => isAlike(activation, state, each.value, value));
  return alike.length < MAX_ALIKE;
}

/** Whether an element is another one than what is added, and than those before it. */
const isNew = (elements: readonly Element[], { value }: Element, at: number, added: Value): boolean =>
  !isSame(value, added) && elements.findIndex((each) => isSame(each.value, value)) === at;

/** Whether two values are made at one place, as far as that is known; of objects without handles one is like another. */
function isAlike(activation: Activation, state: State, a: Value, b: Value): boolean {
  if (a.kind === 'resource' && b.kind === 'resource') {
    const [one, two] = [a, b].map(({ id }) => state.getResource(id).history.acquired);
    if (one === undefined || two === undefined) return true;
    return (one.size === 0 && two.size === 0) || [...one].some((site) => two.has(site));
  }
  if (a.kind === 'object' && b.kind === 'object') {
    if (state.getObject(a.id).node === state.getObject(b.id).node) return true;
    return reach(state, [a, b], activation.engine.captures).resources.size === 0;
  }
  return isConst(a) && isConst(b) ? a.value === b.value : a.kind === b.kind;
}

/** A new collection of at most so many elements as are followed; the rest gets out of sight. */
export function newCollection(
  activation: Activation,
  state: State,
  node: NonNullable<HeapObject['node']>,
  kind: CollectionKind,
  elements: readonly Element[],
  isOpen = false,
): Value {
  const made = activation.newObject(state, node, { kind }, new Map(), isOpen);
  if (made.kind === 'object') replaceElements(activation, state, made.id, elements);
  return made;
}

/** How many elements there are: `length` and `size`. */
export function countOf(activation: Activation, state: State, id: ObjectId): Value {
  const object = state.getObject(id);
  const listed = elementsOf(object).length;
  if (!object.isOpen) return constant(listed);
  const known = object.fields.get(LENGTH);
  if (known !== undefined) return known;
  const count = activation.unknownCount(state, listed);
  state.setField(id, LENGTH, count);
  return count;
}

/** All elements get out of sight, and nothing is known of the collection any more. */
export function letGo(activation: Activation, state: State, id: ObjectId): void {
  escape(activation, state, { kind: 'object', id });
  setElements(state, id, [], true);
}

/** Whether all handles that a value leads to are open. */
export function holdsOpenOnly(activation: Activation, state: State, value: Value): boolean {
  const { resources } = reach(state, [value], activation.engine.captures);
  return [...resources].every((id) => state.getResource(id).typestate === 'open');
}
