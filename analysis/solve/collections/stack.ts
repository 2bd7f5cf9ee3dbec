/**
 * `DisposableStack` and `AsyncDisposableStack` (ECMA-262 27.4): what is put on it waits there with the way to
 * dispose of it, and is disposed of in the opposite order. An exception does not keep it from disposing of the rest.
 */
import { callGiven, callMethodOf } from '../built-in-calls.ts';
import type { Returned } from '../calls.ts';
import { awaitValue, promiseOf } from '../promises.ts';
import type { State } from '../state.ts';
import { constant, isConst, TRUE, UNDEFINED } from '../value.ts';
import type { Value } from '../value.ts';
import { one } from './call.ts';
import type { Method, MethodCall } from './call.ts';
import { append, elementsOf, newCollection, setElements } from './contents.ts';
import type { Element } from './contents.ts';
import { DISPOSED } from './elements.ts';

/** By which method of its own the stack disposes of a value. */
type Hint = '@@dispose' | '@@asyncDispose';

/** Dispose of the value by its own method. */
const BY_METHOD: Value = constant('use');

/** A state in which the stack is being disposed of, and the exception under way, if any. */
interface Disposal {
  readonly state: State;
  readonly thrown: 'throw' | 'implicitThrow' | null;
}

const use: Method = ({ activation, receiver, args }, state) => {
  const [value = UNDEFINED] = args;
  const isMissing = isConst(value) && (value.value ?? null) === null;
  if (!isMissing) append(activation, state, receiver, { value, key: BY_METHOD });
  return one(state, value);
};

const adopt: Method = ({ activation, receiver, args }, state) => {
  const [value = UNDEFINED, key = UNDEFINED] = args;
  append(activation, state, receiver, { value, key });
  return one(state, value);
};

const defer: Method = ({ activation, receiver, args }, state) => {
  append(activation, state, receiver, { value: UNDEFINED, key: args[0] ?? UNDEFINED });
  return one(state, UNDEFINED);
};

const move: Method = ({ activation, instr, receiver }, state) => {
  const { isOpen } = state.getObject(receiver);
  const elements = elementsOf(state.getObject(receiver));
  const moved = newCollection(activation, state, instr.node, 'stack', elements, isOpen);
  markDisposed(state, receiver);
  return one(state, moved);
};

function markDisposed(state: State, id: MethodCall['receiver']): void {
  setElements(state, id, [], false);
  state.setField(id, DISPOSED, TRUE);
}

/** Takes the last element off and disposes of it, until none is left. */
function disposeAll(call: MethodCall, state: State, hint: Hint): Returned[] {
  const done: Returned[] = [];
  let live: Disposal[] = [{ state, thrown: null }];
  while (live.length > 0) {
    live = live.flatMap((disposal) => {
      const elements = elementsOf(disposal.state.getObject(call.receiver));
      const last = elements.pop();
      if (last !== undefined) {
        setElements(disposal.state, call.receiver, elements);
        return disposeOf(call, disposal, last, hint);
      }
      markDisposed(disposal.state, call.receiver);
      if (disposal.thrown === null) done.push({ state: disposal.state, result: UNDEFINED });
      else call.activation.throwTarget?.throw(disposal.state, disposal.thrown);
      return [];
    });
  }
  return done;
}

function disposeOf(call: MethodCall, { state, thrown }: Disposal, element: Element, hint: Hint): Disposal[] {
  const { activation } = call;
  const outer = activation.throwTarget;
  const failed: Disposal[] = [];
  const exception = state.result;
  activation.throwTarget = {
    isHandled: outer?.isHandled === true,
    throw: (each, completion) => void failed.push({ state: each, thrown: completion }),
  };
  const called = callDisposer(call, state, element, hint);
  const after = hint === '@@dispose' ? called : called.flatMap((each) => awaited(call, each));
  activation.throwTarget = outer;
  for (const each of after) each.state.result = exception;
  return [...failed, ...after.map((each) => ({ state: each.state, thrown }))];
}

/** One after the other: the next is disposed of when the promise of the last one is settled. */
function awaited({ activation, instr }: MethodCall, { state, result }: Returned): Returned[] {
  return awaitValue(activation, state, result, activation.siteOf(instr));
}

function callDisposer(
  { activation, instr }: MethodCall,
  state: State,
  { value, key }: Element,
  hint: Hint,
): Returned[] {
  if (key !== BY_METHOD) {
    const isDeferred = value === UNDEFINED;
    return callGiven(activation, state, instr, key ?? UNDEFINED, isDeferred ? [] : [value]);
  }
  return callMethodOf(activation, state, instr, value, hint);
}

const dispose: Method = (call, state) => disposeAll(call, state, '@@dispose');

const disposeAsync: Method = (call, state) =>
  disposeAll(call, state, '@@asyncDispose').map((each) => ({
    state: each.state,
    result: promiseOf(call.activation, each.state, call.instr.node, UNDEFINED),
  }));

/** What a stack that was disposed of answers with a `ReferenceError`. */
const whilePending =
  (method: Method): Method =>
  (call, state) => {
    if (state.getObject(call.receiver).fields.get(DISPOSED) !== TRUE) return method(call, state);
    call.activation.throwFrom(state, call.activation.unknown(), true);
    return [];
  };

export const STACK_METHODS: Readonly<Record<string, Method>> = {
  use: whilePending(use),
  adopt: whilePending(adopt),
  defer: whilePending(defer),
  move: whilePending(move),
  dispose,
  disposeAsync,
  '@@dispose': dispose,
  '@@asyncDispose': disposeAsync,
};
