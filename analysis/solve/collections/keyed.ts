/** The methods of maps and sets (ECMA-262 24.1.3 and 24.2.4). */
import type { Activation } from '../activation.ts';
import type { Returned } from '../calls.ts';
import { escape, touchValue } from '../events.ts';
import type { State } from '../state.ts';
import { FALSE, isConst, isSame, TRUE, UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';
import { iterating, one } from './call.ts';
import type { Method, MethodCall } from './call.ts';
import { append, collectionKind, elementsOf, setElements } from './contents.ts';
import { moveUp } from './iterate.ts';
import { lookUp } from './look-up.ts';
import type { Found } from './look-up.ts';
import { VISITING } from './visit.ts';

/** The entry of a key; of a set, the element that is the key. */
function find({ activation, receiver, args }: MethodCall, state: State): Found[] {
  const places = elementsOf(state.getObject(receiver)).map(({ value, key }, index) => ({
    key: key ?? value,
    field: String(index),
  }));
  return lookUp(activation, state, receiver, places, args[0] ?? UNDEFINED);
}

const get: Method = (call, state) =>
  find(call, state).map((found) => ({ state: found.state, result: found.value }));

const has: Method = (call, state) =>
  find(call, state).map((found) => ({
    state: found.state,
    result: isFound(found) ?? call.activation.unknownBoolean(found.state),
  }));

function isFound({ field, value }: Found): Value | null {
  if (field !== null) return TRUE;
  return isConst(value) ? FALSE : null;
}

const remove: Method = (call, state) =>
  find(call, state).flatMap((found) => {
    const { receiver, activation } = call;
    if (found.field === null)
      return one(found.state, isFound(found) ?? activation.unknownBoolean(found.state));
    const index = Number(found.field);
    setElements(found.state, receiver, elementsOf(found.state.getObject(receiver)).toSpliced(index, 1));
    moveUp(found.state, receiver, index);
    return one(found.state, TRUE);
  });

/** Keys of which it is not known that they are one are two. */
function put(activation: Activation, state: State, id: ObjectId, key: Value, value: Value): void {
  const elements = elementsOf(state.getObject(id));
  const isMap = collectionKind(state.getObject(id)) === 'map';
  const index = elements.findIndex((each) => isSame(each.key ?? each.value, key));
  if (index === -1) {
    append(activation, state, id, { value, key: isMap ? key : null });
    if (isMap) touchValue(activation, state, key);
    return;
  }
  touchValue(activation, state, value);
  state.setField(id, String(index), value);
  if (state.getObject(id).isEscaped) escape(activation, state, value);
}

const set: Method = ({ activation, receiver, args }, state) => {
  put(activation, state, receiver, args[0] ?? UNDEFINED, args[1] ?? UNDEFINED);
  return one(state, { kind: 'object', id: receiver });
};

const add: Method = ({ activation, receiver, args }, state) => {
  put(activation, state, receiver, args[0] ?? UNDEFINED, args[0] ?? UNDEFINED);
  return one(state, { kind: 'object', id: receiver });
};

const clear: Method = ({ receiver }, state): Returned[] => {
  setElements(state, receiver, [], false);
  return one(state, UNDEFINED);
};

const COMMON: Readonly<Record<string, Method>> = {
  ...(VISITING['forEach'] === undefined ? {} : { forEach: VISITING['forEach'] }),
  has,
  delete: remove,
  clear,
  keys: iterating('keys'),
  values: iterating('values'),
  entries: iterating('entries'),
};

export const MAP_METHODS: Readonly<Record<string, Method>> = {
  ...COMMON,
  get,
  set,
  '@@iterator': iterating('entries'),
};

export const SET_METHODS: Readonly<Record<string, Method>> = {
  ...COMMON,
  keys: iterating('values'),
  add,
  '@@iterator': iterating('values'),
};

/** The collection that a constructor makes of what it is given (24.1.1.1, 24.2.2.1). */
export function fill(activation: Activation, state: State, id: ObjectId, values: readonly Value[]): void {
  const isMap = collectionKind(state.getObject(id)) === 'map';
  for (const value of values) {
    if (!isMap) {
      put(activation, state, id, value, value);
      continue;
    }
    const pair = value.kind === 'object' ? elementsOf(state.getObject(value.id)) : [];
    const [key, held] = pair;
    if (key !== undefined && held !== undefined) put(activation, state, id, key.value, held.value);
    else {
      escape(activation, state, value);
      setElements(state, id, elementsOf(state.getObject(id)), true);
    }
  }
}
