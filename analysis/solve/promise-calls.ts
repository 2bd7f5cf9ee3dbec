/**
 * The functions and methods of promises (ECMA-262 27.2). Handlers are entered where they are given, on each way
 * that the promise can settle; what they return or throw makes the next promise of the chain.
 */
import { followUpOf } from '../effects/follow-up.ts';
import type { PromiseFunction, PromiseMethod } from '../effects/promise-names.ts';
import type { Call, New, Temp } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { MAX_COMBINED } from './bounds.ts';
import { callGiven } from './built-in-calls.ts';
import { callUnseen } from './calls.ts';
import type { Returned } from './calls.ts';
import { escape } from './events.ts';
import { forgetUses, forgetVariables, letGoOfChanges, recallUses } from './later.ts';
import {
  endOperations,
  isPromise,
  needUntilSettled,
  outcomesOf,
  pendingPromise,
  promiseFrom,
  promiseOf,
  rejectedPromise,
  settle,
} from './promises.ts';
import type { Outcome } from './promises.ts';
import type { State } from './state.ts';
import { constant, UNDEFINED } from './value.ts';
import type { ObjectId, Value } from './value.ts';

/* ------------------------------------------------------------------ functions */

export function callPromiseFunction(
  activation: Activation,
  state: State,
  instr: Call | New,
  name: PromiseFunction,
  args: readonly Value[],
): Returned[] {
  const [first = UNDEFINED] = args;
  const { node } = instr;
  switch (name) {
    case 'constructor':
      return construct(activation, state, instr, first);
    case 'resolve':
      return [{ state, result: promiseOf(activation, state, node, first) }];
    case 'reject':
      return [{ state, result: rejectedPromise(activation, state, node, first) }];
    case 'try':
      return calling(activation, instr, state, first, args.slice(1)).map((outcome) =>
        asPromise(activation, instr, outcome),
      );
    case 'withResolvers':
      return [withResolvers(activation, state, instr)];
    case 'all':
    case 'allSettled':
    case 'race':
    case 'any':
      return combine(activation, state, instr, name, first);
  }
}

function construct(activation: Activation, state: State, instr: Call | New, executor: Value): Returned[] {
  const promise = pendingPromise(activation, state, instr.node);
  if (promise.kind !== 'object') return [];
  const [resolve, reject] = resolversOf(activation, state, instr, promise.id);
  return calling(activation, instr, state, executor, [resolve, reject]).map((outcome) => {
    if (outcome.kind !== 'fulfilled') settle(activation, outcome.state, promise.id, outcome.value, true);
    return { state: outcome.state, result: promise };
  });
}

function withResolvers(activation: Activation, state: State, instr: Call | New): Returned {
  const promise = pendingPromise(activation, state, instr.node);
  if (promise.kind !== 'object') return { state, result: promise };
  const [resolve, reject] = resolversOf(activation, state, instr, promise.id);
  const fields = new Map<string, Value>([
    ['promise', promise],
    ['resolve', resolve],
    ['reject', reject],
  ]);
  return { state, result: activation.newObject(state, instr.node, { kind: 'plain' }, fields, false) };
}

const PROMISE = 'promise';

function resolversOf(
  activation: Activation,
  state: State,
  { node }: Call | New,
  promise: ObjectId,
): [resolve: Value, reject: Value] {
  const fields = new Map([[PROMISE, { kind: 'object', id: promise } as const]]);
  return [
    activation.newObject(state, node, { kind: 'resolve' }, fields, false),
    activation.newObject(state, node, { kind: 'reject' }, fields, false),
  ];
}

/** The call of a function that settles a promise; null where the object is none. */
export function callResolver(
  activation: Activation,
  state: State,
  callee: ObjectId,
  args: readonly Value[],
): Returned[] | null {
  const { shape, fields } = state.getObject(callee);
  if (shape.kind !== 'resolve' && shape.kind !== 'reject') return null;
  const [value = UNDEFINED] = args;
  const promise = fields.get(PROMISE);
  if (promise?.kind === 'object') settle(activation, state, promise.id, value, shape.kind === 'reject');
  else escape(activation, state, value);
  return [{ state, result: UNDEFINED }];
}

/* ------------------------------------------------------------------ methods */

export function callPromiseMethod(
  activation: Activation,
  state: State,
  instr: Call | New,
  method: PromiseMethod,
  promise: Value,
  args: readonly Value[],
): Returned[] {
  const { isAwaited, isCaught } = followUpOf(instr.node);
  const [first = UNDEFINED, second = UNDEFINED] = args;
  const onFulfilled = method === 'catch' ? UNDEFINED : first;
  const onRejected = method === 'then' ? second : first;
  const countsFailures = isHandler(onRejected) || isCaught || (isAwaited && activation.handlesThrows);
  const needed = endOperations(activation, state, promise, activation.siteOf(instr));
  const returned = outcomesOf(activation, state, promise, countsFailures).flatMap((outcome) => {
    const handler = outcome.kind === 'fulfilled' ? onFulfilled : onRejected;
    if (!isHandler(handler)) return [asPromise(activation, instr, outcome)];
    return enterLater(activation, instr, outcome.state, (state) =>
      method === 'finally'
        ? callFinally(activation, instr, { ...outcome, state }, handler)
        : calling(activation, instr, state, handler, [outcome.value], isCaught),
    );
  });
  for (const { state: after, result } of returned) {
    for (const id of needed)
      if (after.resources.get(id)?.typestate === 'open') needUntilSettled(activation, after, result, id);
  }
  return returned;
}

/** Only a function is called; anything else lets the promise pass. */
const isHandler = (value: Value): boolean => value.kind !== 'const';

/** What the handler returns is waited for; then the promise settles as it was to. */
function callFinally(activation: Activation, instr: Call | New, before: Outcome, handler: Value): Outcome[] {
  return activation.withTemps(1, ([held]) => {
    const temp = held as Temp;
    before.state.temps.set(temp, before.value);
    return calling(activation, instr, before.state, handler, []).flatMap((called) => {
      const outcomes =
        called.kind === 'fulfilled' ? outcomesOf(activation, called.state, called.value, false) : [called];
      return outcomes.map((each) => {
        const value = activation.read(each.state, temp);
        each.state.temps.delete(temp);
        return each.kind === 'fulfilled' ? { ...before, state: each.state, value } : each;
      });
    });
  });
}

/** Runs a handler, and lets go of what it changes unless the promise of the chain is awaited. */
function enterLater(
  activation: Activation,
  instr: Call | New,
  state: State,
  call: (state: State) => Outcome[],
): Returned[] {
  const { isAwaited } = followUpOf(instr.node);
  if (!isAwaited)
    for (const { temp } of instr.args) forgetVariables(activation, state, activation.read(state, temp));
  const before = state.fork();
  forgetUses(state);
  state.isSuspended = true;
  return call(state).map((outcome) => {
    const returned = asPromise(activation, instr, outcome);
    if (!isAwaited) letGoOfChanges(activation, before, returned.state, returned.result);
    recallUses(before, returned.state);
    return returned;
  });
}

/** How a call of a function value ends: an exception is kept for the promise. */
function calling(
  activation: Activation,
  instr: Call | New,
  state: State,
  callee: Value,
  args: readonly Value[],
  isCaught = false,
): Outcome[] {
  const outer = activation.throwTarget;
  const thrown: Outcome[] = [];
  activation.throwTarget = {
    isHandled: isCaught || outer?.isHandled === true,
    throw: (after, completion) => {
      const value = after.result;
      after.result = UNDEFINED;
      thrown.push({ state: after, kind: completion === 'throw' ? 'rejected' : 'failed', value });
    },
  };
  const returned = callGiven(activation, state, instr, callee, args);
  activation.throwTarget = outer;
  return [
    ...returned.map(({ state: after, result }): Outcome => ({
      state: after,
      kind: 'fulfilled',
      value: result,
    })),
    ...thrown,
  ];
}

function asPromise(activation: Activation, { node }: Call | New, outcome: Outcome): Returned {
  return { state: outcome.state, result: promiseFrom(activation, outcome, node) };
}

/* ------------------------------------------------------------------ several promises */

type Combinator = 'all' | 'allSettled' | 'race' | 'any';

/** A way in which the promises so far have settled. */
interface Partial {
  readonly state: State;
  readonly values: readonly Value[];
}

function combine(
  activation: Activation,
  state: State,
  instr: Call | New,
  name: Combinator,
  list: Value,
): Returned[] {
  const length = lengthOf(state, list);
  if (length === null || list.kind !== 'object') return callUnseen(activation, state, instr, [list]);
  const element = (at: State, index: number): Value =>
    at.getObject(list.id).fields.get(String(index)) ?? UNDEFINED;
  const indices = [...Array(length).keys()];
  const needed = indices.flatMap((index) =>
    endOperations(activation, state, element(state, index), activation.siteOf(instr)),
  );
  const returned =
    name === 'race' || name === 'any'
      ? firstOf(activation, state, instr, indices, element)
      : allOf(activation, state, instr, name, indices, element);
  if (returned === null) return callUnseen(activation, state, instr, [list]);
  for (const { state: after, result } of returned) {
    for (const id of needed)
      if (after.resources.get(id)?.typestate === 'open') needUntilSettled(activation, after, result, id);
  }
  return returned;
}

/** null where it is not known what the list holds. */
function lengthOf(state: State, list: Value): number | null {
  if (list.kind !== 'object') return null;
  const { shape, fields, isOpen } = state.getObject(list.id);
  return shape.kind === 'array' && !isOpen && fields.size <= MAX_COMBINED ? fields.size : null;
}

type ElementOf = (state: State, index: number) => Value;

/** Where one rejects, the handles of the others are there all the same, and nobody gets them. */
function allOf(
  activation: Activation,
  state: State,
  instr: Call | New,
  name: 'all' | 'allSettled',
  indices: readonly number[],
  element: ElementOf,
): Returned[] | null {
  const { isAwaited, isCaught } = followUpOf(instr.node);
  const isSettled = name === 'allSettled';
  const countsFailures = isSettled || isCaught || (isAwaited && activation.handlesThrows);
  const rejected: Returned[] = [];
  let ways: Partial[] = [{ state, values: [] }];
  for (const index of indices) {
    ways = ways.flatMap(({ state: before, values }) =>
      outcomesOf(activation, before, element(before, index), countsFailures).flatMap((outcome) => {
        if (isSettled)
          return [{ state: outcome.state, values: [...values, settledOf(activation, instr, outcome)] }];
        if (outcome.kind === 'fulfilled')
          return [{ state: outcome.state, values: [...values, outcome.value] }];
        rejected.push(asPromise(activation, instr, outcome));
        return [];
      }),
    );
    if (ways.length > MAX_COMBINED) return null;
  }
  const fulfilled = ways.map(({ state: after, values }): Returned => {
    const fields = new Map(values.map((value, index) => [String(index), value]));
    const list = activation.newObject(after, instr.node, { kind: 'array' }, fields, false);
    return { state: after, result: promiseOf(activation, after, instr.node, list) };
  });
  return [...fulfilled, ...rejected];
}

function settledOf(activation: Activation, { node }: Call | New, { state, kind, value }: Outcome): Value {
  const isFulfilled = kind === 'fulfilled';
  const fields = new Map([
    ['status', constant(isFulfilled ? 'fulfilled' : 'rejected')],
    [isFulfilled ? 'value' : 'reason', value],
  ]);
  return activation.newObject(state, node, { kind: 'plain' }, fields, false);
}

/** One comes first; what the others bring nobody gets. */
function firstOf(
  activation: Activation,
  state: State,
  instr: Call | New,
  indices: readonly number[],
  element: ElementOf,
): Returned[] | null {
  if (!indices.every((index) => isPromise(state, element(state, index)))) return null;
  return indices.flatMap((index) => {
    const way = state.fork();
    return outcomesOf(activation, way, element(way, index), false).map((outcome) =>
      asPromise(activation, instr, outcome),
    );
  });
}
