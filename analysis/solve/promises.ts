/**
 * Promises that the file makes: objects that hold what they bring, or the exception.
 *
 *     value    what it is fulfilled with
 *     reason   what it is rejected with, by a `throw` that is written down or a call of `reject`
 *     failure  the same, by a call that may throw
 *     op…      operations under way until it settles; the handles that they need refer to them (`neededBy`)
 *
 * One with none of the first three is settled out of sight. A promise holds what it brings and not what its
 * operations need: a read that is under way must not hide that nobody closes the file.
 *
 * Where the promise of an acquisition rejects, nothing was acquired.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Activation } from './activation.ts';
import { annotate, DEAD_HANDLE, escape, report } from './events.ts';
import { settleExistence } from './refine.ts';
import { unite } from './resource.ts';
import type { Site } from './site.ts';
import type { State } from './state.ts';
import { isConst } from './value.ts';
import type { ObjectId, ResourceId, Value } from './value.ts';

const VALUE = 'value';
const REASON = 'reason';
const FAILURE = 'failure';
const OPERATION = 'op';

/** What awaiting a promise comes to: its value, or an exception; `failed` for one that no `throw` is written for. */
export interface Outcome {
  readonly state: State;
  readonly kind: 'fulfilled' | 'rejected' | 'failed';
  readonly value: Value;
}

/* ------------------------------------------------------------------ making */

/** A promise of a value; of another promise, that one. */
export function promiseOf(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  value: Value,
  mayReject = false,
): Value {
  if (isPromise(state, value)) return value;
  return makePromise(activation, state, node, new Map([[VALUE, value]]), mayReject);
}

export function rejectedPromise(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  reason: Value,
  isExplicit = true,
): Value {
  const fields = new Map([[isExplicit ? REASON : FAILURE, reason]]);
  return makePromise(activation, state, node, fields, false);
}

/** The promise that an outcome stands for. */
export function promiseFrom(
  activation: Activation,
  { state, kind, value }: Outcome,
  node: TSESTree.Node,
): Value {
  if (kind === 'fulfilled') return promiseOf(activation, state, node, value);
  return rejectedPromise(activation, state, node, value, kind === 'rejected');
}

/** A promise that something else settles. */
export function pendingPromise(activation: Activation, state: State, node: TSESTree.Node): Value {
  return makePromise(activation, state, node, new Map(), true);
}

function makePromise(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  fields: ReadonlyMap<string, Value>,
  mayReject: boolean,
): Value {
  return activation.newObject(state, node, { kind: 'promise', mayReject }, fields, false);
}

export function isPromise(state: State, value: Value): value is Extract<Value, { kind: 'object' }> {
  return value.kind === 'object' && state.getObject(value.id).shape.kind === 'promise';
}

/** Settles a pending promise, once; what comes later is dropped. (ECMA-262 27.2.1.3) */
export function settle(
  activation: Activation,
  state: State,
  promise: ObjectId,
  value: Value,
  isRejected: boolean,
): void {
  const object = state.getObject(promise);
  if ([VALUE, REASON, FAILURE].some((field) => object.fields.has(field))) return;
  const isAdopted = !isRejected && isPromise(state, value);
  const fields = isAdopted
    ? state.getObject(value.id).fields
    : new Map([[isRejected ? REASON : VALUE, value]]);
  const shape = isAdopted
    ? state.getObject(value.id).shape
    : ({ kind: 'promise', mayReject: false } as const);
  state.objects.set(promise, { ...object, shape, fields: new Map([...object.fields, ...fields]) });
  if (object.isEscaped) escape(activation, state, value);
}

/* ------------------------------------------------------------------ awaiting */

/** The states after `await`, with what it gives. The throwing way goes to the handlers. */
export function awaitValue(
  activation: Activation,
  state: State,
  value: Value,
  site: Site,
): { readonly state: State; readonly result: Value }[] {
  endOperations(activation, state, value, site);
  state.isSuspended = activation.fn.isAsync;
  return outcomesOf(activation, state, value, activation.handlesThrows).flatMap((outcome) => {
    if (outcome.kind === 'fulfilled') return [{ state: outcome.state, result: outcome.value }];
    activation.throwFrom(outcome.state, outcome.value, outcome.kind === 'rejected');
    return [];
  });
}

/** How a promise can settle; `countsFailures` asks for rejections that nothing written down explains as well. */
export function outcomesOf(
  activation: Activation,
  state: State,
  promise: Value,
  countsFailures: boolean,
): Outcome[] {
  if (!isPromise(state, promise)) return outcomesOfUnknown(activation, state, promise, countsFailures);
  const { shape, fields } = state.getObject(promise.id);
  const reason = fields.get(REASON);
  if (reason !== undefined) return [{ state, kind: 'rejected', value: reason }];
  const failure = fields.get(FAILURE);
  if (failure !== undefined) return countsFailures ? [{ state, kind: 'failed', value: failure }] : [];
  const value = fields.get(VALUE) ?? activation.unknown();
  const mayReject = shape.kind === 'promise' && shape.mayReject && countsFailures;
  const rejected = mayReject ? rejectionOf(activation, state.fork(), value) : [];
  for (const id of broughtBy(state, value)) settleExistence(state, id, true);
  return [{ state, kind: 'fulfilled', value }, ...rejected];
}

/** What is no promise is its own value; of an unknown value neither is known. */
function outcomesOfUnknown(
  activation: Activation,
  state: State,
  value: Value,
  countsFailures: boolean,
): Outcome[] {
  if (value.kind !== 'symbol') return [{ state, kind: 'fulfilled', value }];
  const fulfilled: Outcome = { state, kind: 'fulfilled', value: activation.unknown() };
  if (!countsFailures) return [fulfilled];
  return [fulfilled, { state: state.fork(), kind: 'failed', value: activation.unknown() }];
}

function rejectionOf(activation: Activation, state: State, value: Value): Outcome[] {
  const isPossible = broughtBy(state, value).every((id) => settleExistence(state, id, false));
  return isPossible ? [{ state, kind: 'failed', value: activation.unknown() }] : [];
}

/** What comes into being with a promise's value: acquisitions of which it is not known whether they succeeded. */
function broughtBy(state: State, value: Value): ResourceId[] {
  if (value.kind === 'object')
    return [...state.getObject(value.id).fields.values()].flatMap((each) => broughtBy(state, each));
  if (value.kind !== 'resource') return [];
  const { exists, failure } = state.getResource(value.id);
  return exists === 'maybe' && isConst(failure) && failure.value === undefined ? [value.id] : [];
}

/* ------------------------------------------------------------------ operations under way */

/** The handle is needed until the promise settles. */
export function needUntilSettled(activation: Activation, state: State, promise: Value, id: ResourceId): void {
  if (!isPromise(state, promise)) return;
  const operation = activation.engine.fresh.object();
  const shape = { kind: 'operation' } as const;
  state.objects.set(operation, { shape, fields: new Map(), isOpen: false, isEscaped: false, node: null });
  const { neededBy } = state.getResource(id);
  state.updateResource(id, { neededBy: unite(neededBy, new Set([operation])) });
  const count = operationsOf(state, promise).size;
  state.setField(promise.id, `${OPERATION}${count}`, { kind: 'object', id: operation });
}

/** Handles that ended although an operation of the promise still needs them. */
export function deadNeedsOf(state: State, promise: Value): ResourceId[] {
  return [...operationsOf(state, promise)].flatMap((operation) => {
    const handle = state.getObject(operation).fields.get(DEAD_HANDLE);
    if (handle?.kind !== 'resource') return [];
    const { typestate } = state.getResource(handle.id);
    return typestate === 'closed' || typestate === 'gone' ? [handle.id] : [];
  });
}

/** The promise is settled: the handles that its operations needed are free. Those that are still there. */
export function endOperations(
  activation: Activation,
  state: State,
  promise: Value,
  site: Site,
): ResourceId[] {
  const operations = operationsOf(state, promise);
  if (operations.size === 0) return [];
  for (const id of deadNeedsOf(state, promise)) report(activation, state, id, 'useAfterClose', site);
  const needed: ResourceId[] = [];
  for (const [id, { neededBy }] of [...state.resources.entries()]) {
    const others = [...neededBy].filter((each) => !operations.has(each));
    if (others.length === neededBy.size) continue;
    needed.push(id);
    state.updateResource(id, { neededBy: new Set(others) });
    annotate(state, id, { isUsed: true, isUsedLater: true });
  }
  return needed;
}

function operationsOf(state: State, promise: Value): ReadonlySet<ObjectId> {
  if (!isPromise(state, promise)) return new Set();
  const held = [...state.getObject(promise.id).fields.values()].flatMap((value) =>
    value.kind === 'object' && state.getObject(value.id).shape.kind === 'operation' ? [value.id] : [],
  );
  return new Set(held);
}
