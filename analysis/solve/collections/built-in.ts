/** Which method of ECMA-262 a call of a collection's member is: by the shape of the receiver and the name. */
import type { Call, New } from '../../ir/ir.ts';
import type { Activation } from '../activation.ts';
import type { Returned } from '../calls.ts';
import type { ObjectShape, State } from '../state.ts';
import { toBoolean } from '../refine.ts';
import type { ObjectId, Value } from '../value.ts';
import { ARRAY_METHODS } from './array.ts';
import { one } from './call.ts';
import type { Method } from './call.ts';
import { asElement, newCollection } from './contents.ts';
import { drain, step } from './iterate.ts';
import { MAP_METHODS, SET_METHODS } from './keyed.ts';
import { STACK_METHODS } from './stack.ts';

const ITERATOR_METHODS: Readonly<Record<string, Method>> = {
  next: ({ activation, instr, receiver }, state) => {
    const { hasMore, value } = step(activation, state, instr.node, { kind: 'object', id: receiver });
    const fields = new Map([
      ['value', value],
      ['done', toBoolean(state, hasMore, true)],
    ]);
    return one(state, activation.newObject(state, instr.node, { kind: 'plain' }, fields, false));
  },
  toArray: ({ activation, instr, receiver }, state) => {
    const { values, isOpen } = drain(activation, state, instr.node, { kind: 'object', id: receiver });
    return one(state, newCollection(activation, state, instr.node, 'array', values.map(asElement), isOpen));
  },
  '@@iterator': ({ receiver }, state) => one(state, { kind: 'object', id: receiver }),
};

const METHODS = new Map<ObjectShape['kind'], ReadonlyMap<string, Method>>([
  ['array', new Map(Object.entries(ARRAY_METHODS))],
  ['map', new Map(Object.entries(MAP_METHODS))],
  ['set', new Map(Object.entries(SET_METHODS))],
  ['stack', new Map(Object.entries(STACK_METHODS))],
  ['iterator', new Map(Object.entries(ITERATOR_METHODS))],
]);

/** What the call does; null where the receiver has no such method that is followed. */
export function callBuiltIn(
  activation: Activation,
  state: State,
  instr: Call | New,
  receiver: ObjectId,
  name: string,
  args: readonly Value[],
): Returned[] | null {
  const method = METHODS.get(state.getObject(receiver).shape.kind)?.get(name);
  return method?.({ activation, instr, receiver, args }, state) ?? null;
}
