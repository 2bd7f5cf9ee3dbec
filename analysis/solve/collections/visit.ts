/** Callbacks that are called for each element, in order (ECMA-262 23.1.3.15 and its kind). */
import { callGiven } from '../built-in-calls.ts';
import type { Temp } from '../../ir/ir.ts';
import type { Activation } from '../activation.ts';
import { MAX_ELEMENTS, MAX_FOLLOWED } from '../bounds.ts';
import { branch } from '../refine.ts';
import { StateSet } from '../state-set.ts';
import type { CollectionKind, State } from '../state.ts';
import { constant, FALSE, TRUE, UNDEFINED } from '../value.ts';
import type { Value } from '../value.ts';
import type { Returned } from '../calls.ts';

import type { Method, MethodCall } from './call.ts';
import { append, asElement, collectionKind, elementsOf, newCollection, valuesOf } from './contents.ts';
import type { Element } from './contents.ts';
import { drain } from './iterate.ts';

/** One turn: the states that it gives back go on with the next element. */
type Turn = (state: State, element: Given, index: number) => State[];

interface Given {
  readonly value: Value;
  readonly key: Value;
}

/** The states after all turns. Elements are read as they come; those that are not listed are any number. */
function visit({ activation, receiver }: MethodCall, state: State, turn: Turn): State[] {
  const ended: State[] = [];
  let live = [state];
  for (let index = 0; live.length > 0 && index < MAX_ELEMENTS + MAX_FOLLOWED; index++) {
    const turned = new StateSet(activation.engine.fresh);
    for (const each of live) {
      const object = each.getObject(receiver);
      const elements = elementsOf(object);
      const element = elements[index];
      if (element === undefined) {
        ended.push(object.isOpen ? each.fork() : each);
        if (!object.isOpen || index - elements.length >= MAX_FOLLOWED) continue;
      }
      activation.engine.countStep();
      const given = givenOf(activation, collectionKind(object), element, index);
      for (const next of turn(each, given, index)) turned.add(next);
    }
    live = turned.states();
  }
  return [...ended, ...live];
}

function givenOf(
  activation: Activation,
  kind: CollectionKind | null,
  element: Element | undefined,
  index: number,
): Given {
  const value = element?.value ?? activation.unknown();
  if (kind === 'set') return { value, key: value };
  return { value, key: element === undefined ? activation.unknown() : (element.key ?? constant(index)) };
}

/** A turn that calls the callback with the element and its key. */
function calling(
  { activation, instr, receiver, args }: MethodCall,
  after: (state: State, result: Value, index: number) => State[],
): Turn {
  return (state, { value, key }, index) => {
    const given = [value, key, { kind: 'object', id: receiver } as const];
    return callGiven(activation, state, instr, args[0] ?? UNDEFINED, given).flatMap((returned) =>
      after(returned.state, returned.result, index),
    );
  };
}

/** Goes over the elements until the callback says `wanted`, and what has been said then. */
function search(
  call: MethodCall,
  state: State,
  wanted: boolean,
  found: (state: State, index: number) => Value,
  missed: (state: State) => Value,
): Returned[] {
  const hits: Returned[] = [];
  const turn = calling(call, (after, result, index) => {
    const [whenTrue, whenFalse] = branch(after, result, call.activation.engine.fresh);
    for (const each of wanted ? whenTrue : whenFalse) hits.push({ state: each, result: found(each, index) });
    return wanted ? whenFalse : whenTrue;
  });
  const ends = visit(call, state, turn);
  return [...hits, ...ends.map((each) => ({ state: each, result: missed(each) }))];
}

const elementAt = (call: MethodCall, state: State, index: number): Value =>
  valuesOf(state.getObject(call.receiver))[index] ?? call.activation.unknown();

/** Collects what the turns give into an array, which stands in a temporary meanwhile. */
function collect(
  call: MethodCall,
  state: State,
  add: (state: State, array: Extract<Value, { kind: 'object' }>, result: Value, index: number) => State[],
): Returned[] {
  const { activation, instr } = call;
  return activation.withTemps(1, ([temp]) => {
    if (temp === undefined) return [];
    state.temps.set(temp, newCollection(activation, state, instr.node, 'array', []));
    const turn = calling(call, (each, result, index) => {
      const array = activation.read(each, temp);
      return array.kind === 'object' ? add(each, array, result, index) : [each];
    });
    return visit(call, state, turn).map((each) => takeTemp(activation, each, temp));
  });
}

function takeTemp(activation: Activation, state: State, temp: Temp): Returned {
  const result = activation.read(state, temp);
  state.temps.delete(temp);
  return { state, result };
}

const index = (_: State, at: number): Value => constant(at);

export const VISITING: Readonly<Record<string, Method>> = {
  forEach: (call, state) => {
    const turn = calling(call, (after) => [after]);
    return visit(call, state, turn).map((each) => ({ state: each, result: UNDEFINED }));
  },
  map: (call, state) =>
    collect(call, state, (after, array, result) => {
      append(call.activation, after, array.id, asElement(result));
      return [after];
    }),
  filter: (call, state) =>
    collect(call, state, (after, array, result, at) => {
      const [kept, left] = branch(after, result, call.activation.engine.fresh);
      for (const each of kept) append(call.activation, each, array.id, asElement(elementAt(call, each, at)));
      return [...kept, ...left];
    }),
  flatMap: (call, state) =>
    collect(call, state, (after, array, result) => {
      const isArray = result.kind === 'object' && after.getObject(result.id).shape.kind === 'array';
      const given = isArray ? drain(call.activation, after, call.instr.node, result).values : [result];
      for (const value of given) append(call.activation, after, array.id, asElement(value));
      return [after];
    }),
  find: (call, state) =>
    search(
      call,
      state,
      true,
      (after, at) => elementAt(call, after, at),
      () => UNDEFINED,
    ),
  findIndex: (call, state) => search(call, state, true, index, () => constant(-1)),
  some: (call, state) =>
    search(
      call,
      state,
      true,
      () => TRUE,
      () => FALSE,
    ),
  every: (call, state) =>
    search(
      call,
      state,
      false,
      () => FALSE,
      () => TRUE,
    ),
  reduce,
};

/** The accumulator stands in a temporary meanwhile. Without an initial value the first element is it. */
function reduce(call: MethodCall, state: State): Returned[] {
  const { activation, instr, receiver, args } = call;
  return activation.withTemps(1, ([temp]) => {
    if (temp === undefined) return [];
    const [callee, initial] = args;
    state.temps.set(temp, initial ?? valuesOf(state.getObject(receiver))[0] ?? activation.unknown());
    const turn: Turn = (each, { value, key }, at) => {
      if (at === 0 && initial === undefined) return [each];
      const given = [activation.read(each, temp), value, key];
      return callGiven(activation, each, instr, callee ?? UNDEFINED, given).map((returned) => {
        returned.state.temps.set(temp, returned.result);
        return returned.state;
      });
    };
    return visit(call, state, turn).map((each) => takeTemp(activation, each, temp));
  });
}
