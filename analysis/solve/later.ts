/**
 * Code that runs later than where its call stands: callbacks of promises, and asynchronous functions after
 * their first `await`. It is entered where the call stands. Where the caller waits for it that is exact. Where
 * it does not, it is open how far that code has come at any later point: what it closes or writes is let go of,
 * and what it only uses is needed until its promise settles.
 */
import type { Activation } from './activation.ts';
import { annotate, escape } from './events.ts';
import { needUntilSettled } from './promises.ts';
import { reach } from './reach.ts';
import { historyOf } from './resource.ts';
import type { HeapObject, State } from './state.ts';
import { isSame } from './value.ts';
import type { ResourceId, Value } from './value.ts';

/** Variables that may be assigned before the code runs: what they hold then is not known now. */
export function forgetVariables(activation: Activation, state: State, callee: Value): void {
  if (callee.kind !== 'function') return;
  const { captured, objects } = reach(state, [callee], activation.engine.captures);
  for (const id of captured) {
    const value = state.locals.get(id);
    if (value === undefined || value.kind === 'function' || activation.localOf(id).isConstant) continue;
    escape(activation, state, value);
    state.locals.set(id, activation.unknown());
  }
  for (const id of objects) {
    const object = state.getObject(id);
    if (object.shape.kind !== 'cell' || object.shape.isConstant) continue;
    for (const value of object.fields.values()) escape(activation, state, value);
    state.objects.set(id, { ...object, fields: new Map() });
  }
}

/** So that a call shows what it does to each resource, and when, whatever was done before. */
export function forgetUses(state: State): void {
  state.isSuspended = false;
  for (const [id, { history }] of [...state.resources.entries()]) {
    if (history.isUsed) annotate(state, id, { isUsed: false, isUsedLater: false, isClosedLater: false });
  }
}

/** What the code does later to what was there `before`, its promise being left alone. */
export function letGoOfChanges(activation: Activation, before: State, after: State, promise: Value): void {
  for (const [id, { history, typestate }] of [...after.resources.entries()]) {
    if (history.isClosedLater) letGoOfClosed(after, id);
    else if (history.isUsedLater && typestate === 'open') needUntilSettled(activation, after, promise, id);
  }
  for (const [id, value] of before.locals.entries()) {
    const now = after.locals.get(id);
    const { isConstant, isCaptured } = activation.localOf(id);
    if (now === undefined || isConstant || !isCaptured || isStill(after, now, value)) continue;
    escape(activation, after, now);
    after.locals.set(id, activation.unknown());
  }
  for (const [id, object] of before.objects.entries()) {
    const now = after.objects.get(id);
    if (now === undefined || now.shape.kind === 'promise' || holdsSame(after, now, object)) continue;
    escape(activation, after, { kind: 'object', id });
    after.objects.set(id, { ...after.getObject(id), fields: new Map() });
  }
}

/** The call is over: what it did is what the function around it did, and when that did it. */
export function recallUses(before: State, after: State): void {
  after.isSuspended = before.isSuspended;
  for (const [id, { history, typestate }] of [...after.resources.entries()]) {
    const known = before.resources.get(id);
    const earlier = known?.history ?? NEVER_USED;
    const isClosed = typestate === 'closed' && known?.typestate !== 'closed';
    annotate(after, id, {
      isUsed: earlier.isUsed || history.isUsed,
      isUsedLater: earlier.isUsedLater || history.isUsedLater || (before.isSuspended && history.isUsed),
      isClosedLater: earlier.isClosedLater || history.isClosedLater || (before.isSuspended && isClosed),
    });
  }
}

const NEVER_USED = historyOf(null);

function letGoOfClosed(state: State, id: ResourceId): void {
  const { typestate } = state.getResource(id);
  if (typestate === 'closed') state.updateResource(id, { typestate: 'escaped' });
}

function holdsSame(state: State, now: HeapObject, before: HeapObject): boolean {
  if (now.fields.size !== before.fields.size) return false;
  return [...before.fields].every(([name, value]) => {
    const other = now.fields.get(name);
    return other !== undefined && isStill(state, other, value);
  });
}

/** An unknown value may have turned out to be a handle. */
function isStill(state: State, now: Value, before: Value): boolean {
  if (isSame(now, before)) return true;
  return now.kind === 'resource' && isSame(state.getResource(now.id).failure, before);
}
