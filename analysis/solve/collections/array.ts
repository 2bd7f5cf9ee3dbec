/** The methods of arrays (ECMA-262 23.1.3). */
import type { Returned } from '../calls.ts';
import { compare } from '../compare.ts';
import type { State } from '../state.ts';
import { touchValue } from '../events.ts';
import { constant, isConst, TRUE, UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';
import { iterating, one } from './call.ts';
import type { Method, MethodCall } from './call.ts';
import {
  append,
  asElement,
  countOf,
  elementsOf,
  hasTail,
  letGo,
  newCollection,
  replaceElements,
  setElements,
  takeTail,
  valuesOf,
} from './contents.ts';
import { readElement } from './elements.ts';
import { drain } from './iterate.ts';
import { VISITING } from './visit.ts';

const isExact = (state: State, id: ObjectId): boolean => !state.getObject(id).isOpen;

/** The result of a method that is not followed: all elements get out of sight. */
function unknownResult({ activation, receiver }: MethodCall, state: State): Returned[] {
  letGo(activation, state, receiver);
  return one(state, activation.unknown());
}

function integer(value: Value | undefined): number | null {
  return value !== undefined && isConst(value) && Number.isInteger(value.value) ? Number(value.value) : null;
}

/** A new array with these values. */
function arrayOf(
  { activation, instr }: MethodCall,
  state: State,
  values: readonly Value[],
  isOpen = false,
): Returned[] {
  return one(state, newCollection(activation, state, instr.node, 'array', values.map(asElement), isOpen));
}

function push({ activation, receiver, args }: MethodCall, state: State): Returned[] {
  for (const value of args) append(activation, state, receiver, asElement(value));
  return one(state, countOf(activation, state, receiver));
}

/**
 * Of an open array either the last listed element is the last one, or there are more behind it. Of those that were
 * added there only the last one is known, so after that one all get out of sight.
 */
function pop(call: MethodCall, state: State): Returned[] {
  const { activation, receiver } = call;
  const tail = takeTail(state, receiver);
  if (tail !== null) return one(state, tail);
  const array = state.getObject(receiver);
  if (hasTail(array)) return unknownResult(call, state);
  const { isOpen, isEscaped } = array;
  const elements = elementsOf(array);
  const last = elements.pop();
  if (last === undefined) return one(state, isOpen ? activation.unknown() : UNDEFINED);
  const others: Returned[] = [];
  if (isOpen) {
    const more = state.fork();
    setElements(more, receiver, elementsOf(more.getObject(receiver)), true);
    others.push({ state: more, result: unknownElement(activation, more) });
    if (isEscaped) return others;
  }
  setElements(state, receiver, elements, false);
  return [...others, { state, result: last.value }];
}

/** One of those that are like the listed ones, so no `undefined`. */
function unknownElement(activation: MethodCall['activation'], state: State): Value {
  const id = activation.engine.fresh.symbol();
  state.learn(id, { truthy: true });
  return { kind: 'symbol', id };
}

function shift({ activation, receiver }: MethodCall, state: State): Returned[] {
  const object = state.getObject(receiver);
  const [first, ...others] = elementsOf(object);
  if (first === undefined) return one(state, object.isOpen ? activation.unknown() : UNDEFINED);
  setElements(state, receiver, others);
  return one(state, first.value);
}

function unshift(call: MethodCall, state: State): Returned[] {
  const { activation, receiver, args } = call;
  for (const value of args) touchValue(activation, state, value);
  const elements = [...args.map(asElement), ...elementsOf(state.getObject(receiver))];
  replaceElements(activation, state, receiver, elements);
  return one(state, countOf(activation, state, receiver));
}

/** Takes out a run of elements, and puts others there. What is not listed stays where it is. */
function splice(call: MethodCall, state: State): Returned[] {
  const { activation, receiver, args } = call;
  const object = state.getObject(receiver);
  const elements = elementsOf(object);
  const [start, count, ...added] = args;
  const takesAll = count === undefined || isLength(call, state, count);
  const from = integer(start);
  const taken = takesAll ? elements.length : integer(count);
  const isBeyond = object.isOpen && !takesAll && (from ?? 0) + (taken ?? 0) > elements.length;
  if (from === null || taken === null || (object.isOpen && from < 0) || isBeyond) {
    return unknownResult(call, state);
  }
  const removed = elements.splice(from, taken, ...added.map(asElement));
  for (const value of added) touchValue(activation, state, value);
  replaceElements(activation, state, receiver, elements, object.isOpen && !takesAll);
  return arrayOf(
    call,
    state,
    removed.map(({ value }) => value),
    object.isOpen && takesAll,
  );
}

const isLength = ({ activation, receiver }: MethodCall, state: State, value: Value): boolean => {
  const count = countOf(activation, state, receiver);
  return count.kind === 'symbol' && value.kind === 'symbol' && count.id === value.id;
};

function slice(call: MethodCall, state: State): Returned[] {
  const { isOpen } = state.getObject(call.receiver);
  const [start, end] = call.args;
  const from = start === undefined ? 0 : integer(start);
  const to = end === undefined ? Infinity : integer(end);
  const values = valuesOf(state.getObject(call.receiver));
  if (from === null || to === null || (isOpen && (from < 0 || to < 0))) return unknownResult(call, state);
  const end_ = to === Infinity ? undefined : to;
  return arrayOf(call, state, values.slice(from, end_), isOpen && to > values.length);
}

function concat(call: MethodCall, state: State): Returned[] {
  const { activation, instr, receiver, args } = call;
  const parts = [{ kind: 'object', id: receiver } as const, ...args].map((part) => {
    const isArray = part.kind === 'object' && state.getObject(part.id).shape.kind === 'array';
    // Whether a value of which nothing is known is spread depends on what it is.
    if (part.kind === 'symbol') return { values: [], isOpen: true };
    return isArray ? drain(activation, state, instr.node, part) : { values: [part], isOpen: false };
  });
  const open = parts.findIndex((part) => part.isOpen);
  const known = open === -1 ? parts : parts.slice(0, open + 1);
  for (const value of parts.slice(known.length).flatMap(({ values }) => values)) {
    append(activation, state, receiver, asElement(value));
  }
  return arrayOf(
    call,
    state,
    known.flatMap(({ values }) => values),
    open !== -1,
  );
}

/** The index of the first element that is this one, where that can be told. */
function indexOf(call: MethodCall, state: State): number | null {
  const { receiver, args } = call;
  const sought = args[0] ?? UNDEFINED;
  const { isOpen } = state.getObject(receiver);
  for (const [index, value] of valuesOf(state.getObject(receiver)).entries()) {
    const verdict = compare(state, { operator: '===', left: value, right: sought });
    if (verdict.kind !== 'decided' || !isConst(verdict.value)) return null;
    if (verdict.value === TRUE) return index;
  }
  return isOpen ? null : -1;
}

/** Puts the elements in another order, in a new array or in place. */
function reorder(inPlace: boolean, order: (call: MethodCall, values: Value[]) => Value[]): Method {
  return (call, state) => {
    const { receiver } = call;
    if (!isExact(state, receiver)) {
      letGo(call.activation, state, receiver);
      return one(state, inPlace ? { kind: 'object', id: receiver } : call.activation.unknown());
    }
    const values = order(call, valuesOf(state.getObject(receiver)));
    if (!inPlace) return arrayOf(call, state, values);
    setElements(state, receiver, values.map(asElement));
    return one(state, { kind: 'object', id: receiver });
  };
}

const reversed = (_: MethodCall, values: Value[]): Value[] => values.reverse();
/** By an order that is not known: of constants that would decide what comes first. */
const sorted = ({ activation }: MethodCall, values: Value[]): Value[] =>
  values.map((value) => (isConst(value) ? activation.unknown() : value));

export const ARRAY_METHODS: Readonly<Record<string, Method>> = {
  ...VISITING,
  push,
  pop,
  shift,
  unshift,
  splice,
  slice,
  concat,
  at: (call, state) => {
    const { activation, receiver, args } = call;
    const index = integer(args[0]);
    const listed = valuesOf(state.getObject(receiver));
    if (index === null || (index < 0 && isExact(state, receiver))) {
      const at = index === null ? (args[0] ?? constant(0)) : constant(listed.length + index);
      return readElement(activation, state, receiver, at);
    }
    return index < 0 ? unknownResult(call, state) : readElement(activation, state, receiver, constant(index));
  },
  indexOf: (call, state) => {
    const index = indexOf(call, state);
    return one(state, index === null ? call.activation.unknown() : constant(index));
  },
  includes: (call, state) => {
    const index = indexOf(call, state);
    return one(state, index === null ? call.activation.unknownBoolean(state) : constant(index !== -1));
  },
  reverse: reorder(true, reversed),
  toReversed: reorder(false, reversed),
  sort: reorder(true, sorted),
  toSorted: reorder(false, sorted),
  fill: (call, state) => {
    const { receiver, args } = call;
    const [value = UNDEFINED] = args;
    if (args.length > 1 || !isExact(state, receiver)) return unknownResult(call, state);
    const filled = valuesOf(state.getObject(receiver)).map(() => asElement(value));
    setElements(state, receiver, filled);
    return one(state, { kind: 'object', id: receiver });
  },
  with: (call, state) => {
    const index = integer(call.args[0]);
    const values = valuesOf(state.getObject(call.receiver));
    if (index === null || index < 0 || index >= values.length) return unknownResult(call, state);
    return arrayOf(
      call,
      state,
      values.with(index, call.args[1] ?? UNDEFINED),
      !isExact(state, call.receiver),
    );
  },
  join: ({ activation }, state) => one(state, activation.unknown()),
  keys: iterating('keys'),
  values: iterating('values'),
  entries: iterating('entries'),
  '@@iterator': iterating('values'),
};
