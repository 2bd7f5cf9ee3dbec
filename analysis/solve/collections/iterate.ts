/**
 * Iteration (ECMA-262 7.4). An iterator is an object that knows what it goes over and how far it has come, so
 * a collection that changes under way is seen as it is then (23.1.5.1, 24.1.5.1, 24.2.6.1).
 *
 * What is iterated may be unknown. How many elements that has, and which, is remembered like other properties, so
 * that going over it twice comes by the same elements.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { CapturedBy } from '../../effects/captures.ts';
import type { Activation } from '../activation.ts';
import { MAX_FOLLOWED } from '../bounds.ts';
import { testOf } from '../evaluate.ts';
import { escape } from '../events.ts';
import { readProperty } from '../properties.ts';
import { PROPERTY } from '../state.ts';
import type { Gives, ObjectShape, State } from '../state.ts';
import { constant, FALSE, isSame, TRUE, UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';
import { reach } from '../reach.ts';
import { asElement, collectionKind, elementsOf, newCollection } from './contents.ts';
import type { Element } from './contents.ts';

const TARGET = 'target';

type IteratorShape = Extract<ObjectShape, { kind: 'iterator' }>;

export interface Step {
  readonly state: State;
  readonly hasMore: Value;
  readonly value: Value;
}

/** An iterator over a value; of one that cannot be gone over nothing is known, and what it holds escapes. */
export function openIterator(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  target: Value,
  gives: Gives | null = null,
): Value {
  if (target.kind === 'object') {
    const object = state.getObject(target.id);
    if (object.shape.kind === 'iterator') return target;
    const kind = collectionKind(object);
    if (kind !== null && kind !== 'stack') {
      return newIterator(activation, state, node, target, gives ?? (kind === 'map' ? 'entries' : 'values'));
    }
  }
  if (target.kind === 'symbol' && gives === null)
    return newIterator(activation, state, node, target, 'values');
  escape(activation, state, target);
  return activation.unknown();
}

function newIterator(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  target: Value,
  gives: Gives,
): Value {
  const shape: ObjectShape = { kind: 'iterator', gives, next: 0 };
  return activation.newObject(state, node, shape, new Map([[TARGET, target]]), false);
}

/** An iterator over the names of an object's fields, as they are now (14.7.5.6). */
export function openKeys(activation: Activation, state: State, node: TSESTree.Node, target: Value): Value {
  const object = target.kind === 'object' ? state.getObject(target.id) : null;
  const isWhole = object !== null && !object.isOpen;
  if (!isWhole || (object.shape.kind !== 'plain' && object.shape.kind !== 'array')) {
    escape(activation, state, target);
    return activation.unknown();
  }
  const names = [...object.fields.keys()].map((name) => asElement(constant(name)));
  return openIterator(activation, state, node, newCollection(activation, state, node, 'array', names));
}

/** One step: whether there is another element, and the element. */
export function step(activation: Activation, state: State, node: TSESTree.Node, iterator: Value): Step {
  if (iterator.kind !== 'object') return unknownStep(activation, state);
  const { shape, fields } = state.getObject(iterator.id);
  const target = fields.get(TARGET);
  if (shape.kind !== 'iterator' || target === undefined) return unknownStep(activation, state);
  if (target.kind === 'symbol') return stepUnknown(activation, state, iterator.id, shape, target);
  if (target.kind !== 'object') return unknownStep(activation, state);
  const object = state.getObject(target.id);
  const element = elementsOf(object)[shape.next];
  const isSet = object.shape.kind === 'set';
  if (element === undefined) {
    return object.isOpen ? unknownStep(activation, state) : { state, hasMore: FALSE, value: UNDEFINED };
  }
  advance(state, iterator.id, shape);
  return {
    state,
    hasMore: TRUE,
    value: given(activation, state, node, shape, isSet ? { ...element, key: element.value } : element),
  };
}

function unknownStep(activation: Activation, state: State): Step {
  return { state, hasMore: activation.unknownBoolean(state), value: activation.unknown() };
}

function stepUnknown(
  activation: Activation,
  state: State,
  id: ObjectId,
  shape: IteratorShape,
  target: Value,
): Step {
  if (shape.next >= MAX_FOLLOWED) return unknownStep(activation, state);
  const index = constant(shape.next);
  const count = readProperty(activation, state, target, 'length', null);
  const hasMore = testOf(activation, state, { operator: '<', left: index, right: count, isNegated: false });
  advance(state, id, shape);
  return { state, hasMore, value: readProperty(activation, state, target, String(shape.next), null) };
}

/**
 * What nothing leads to but what goes over it will not be gone over again: nothing needs to be remembered of it,
 * and one turn is like another.
 */
export function forgetTargets(state: State, roots: readonly Value[], captures: CapturedBy): void {
  const iterators = [...state.objects.entries()].filter(([, { shape, fields }]) => {
    return shape.kind === 'iterator' && fields.get(TARGET)?.kind === 'symbol';
  });
  if (iterators.length === 0) return;
  const others = state.fork();
  for (const [id, object] of iterators) others.objects.set(id, { ...object, fields: new Map() });
  const { symbols } = reach(others, roots, captures);
  for (const [id, object] of iterators) {
    const target = object.fields.get(TARGET);
    if (target?.kind === 'symbol' && !symbols.has(target.id) && !isRemembered(state, target))
      state.objects.set(id, { ...object, fields: new Map() });
  }
}

const isRemembered = (state: State, target: Value): boolean =>
  state.terms.some(({ operator, left }) => operator === PROPERTY && isSame(left, target));

function advance(state: State, id: ObjectId, shape: IteratorShape): void {
  state.objects.set(id, { ...state.getObject(id), shape: { ...shape, next: shape.next + 1 } });
}

function given(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  { gives, next }: IteratorShape,
  { value, key }: Element,
): Value {
  switch (gives) {
    case 'values':
      return value;
    case 'keys':
      return keyOf(next, { value, key });
    case 'entries': {
      const pair = [keyOf(next, { value, key }), value].map(asElement);
      return newCollection(activation, state, node, 'array', pair);
    }
  }
}

/** The index is the key of an array's element. */
const keyOf = (index: number, { key }: Element): Value => key ?? constant(index);

/** All that an iteration gives at once, and whether there may be more: for spread, `Array.from` and the like. */
export function drain(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  source: Value,
): { readonly values: Value[]; readonly isOpen: boolean } {
  const iterator = openIterator(activation, state, node, source);
  const values: Value[] = [];
  for (;;) {
    const { hasMore, value } = step(activation, state, node, iterator);
    if (hasMore === FALSE) return { values, isOpen: false };
    if (hasMore !== TRUE) return { values, isOpen: true };
    values.push(value);
  }
}

/** Whether something is under way that goes over a collection. */
export function isGoneThrough(state: State, collection: ObjectId): boolean {
  return [...state.objects.values()].some(({ shape, fields }) => {
    const target = fields.get(TARGET);
    return shape.kind === 'iterator' && target?.kind === 'object' && target.id === collection;
  });
}

/** An element that leaves a collection moves those behind it up, and so what goes over them. */
export function moveUp(state: State, collection: ObjectId, index: number): void {
  for (const [id, object] of [...state.objects.entries()]) {
    const target = object.fields.get(TARGET);
    if (object.shape.kind !== 'iterator' || target?.kind !== 'object' || target.id !== collection) continue;
    if (object.shape.next <= index) continue;
    state.objects.set(id, { ...object, shape: { ...object.shape, next: object.shape.next - 1 } });
  }
}
