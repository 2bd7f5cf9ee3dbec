/** Calls: described ones, ones whose body is in the file, and ones out of sight. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Operation } from '../effects/decode.ts';
import { endedPlaces } from '../effects/operation-places.ts';
import { followUpOf } from '../effects/follow-up.ts';
import { promiseFunctionOf } from '../effects/promise-names.ts';
import type { Argument, Call, ClassIr, FunctionIr, New } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { tellFindings } from './callee-findings.ts';
import { switchFrames } from './closures.ts';
import { callLibrary } from './collections/library.ts';
import { annotate, disturb, escape, noteHandOver, passOut, use } from './events.ts';
import { placesAt, valueAt } from './places.ts';
import type { OperationCall } from './places.ts';
import { hasIdleDuplicate, heldByFrame, ownersOf } from './holders.ts';
import { acquireInstance } from './instances.ts';
import { applyOperation } from './operations.ts';
import { enter, leave } from './project.ts';
import type { Exit } from './project.ts';
import { forgetUses, letGoOfChanges, recallUses } from './later.ts';
import { callPromiseFunction, callResolver } from './promise-calls.ts';
import { isPromise, promiseOf, rejectedPromise } from './promises.ts';
import { changeProperties } from './properties.ts';
import { reach } from './reach.ts';
import { isConstantCell, isOwner } from './state.ts';
import type { State } from './state.ts';
import { functionValue, UNDEFINED } from './value.ts';
import type { FunctionValue, ResourceId, Value } from './value.ts';

/** A state after a call with the value of the call. */
export interface Returned {
  readonly state: State;
  readonly result: Value;
}

export function callValue(
  activation: Activation,
  state: State,
  instr: Call | New,
  callee: Value,
  self: Value,
  args: readonly Value[],
): Returned[] {
  switch (callee.kind) {
    case 'function':
      return callBody(activation, state, instr, callee, self, args);
    case 'external': {
      const promised = promiseFunctionOf(callee.ref);
      if (promised !== null && promised !== 'constructor')
        return callPromiseFunction(activation, state, instr, promised, args);
      const operation = activation.engine.apis.findOperation(callee.ref);
      if (operation !== null) return callOperation(activation, state, instr, operation);
      const builtIn = callLibrary({ activation, instr, args }, state, callee.ref);
      if (builtIn !== null) return builtIn;
      break;
    }
    case 'object': {
      const settled = callResolver(activation, state, callee.id, args);
      if (settled !== null) return settled;
      break;
    }
    default:
      break;
  }
  return callUnseen(activation, state, instr, args);
}

export function callOperation(
  activation: Activation,
  state: State,
  instr: Call | New,
  operation: Operation,
): Returned[] {
  if (operation.returns === 'never') return [];
  askArguments(activation, state, instr);
  // A promise tells of a failure when it is awaited.
  if (operation.canThrow && (!operation.isAsync || failsAtOnce(activation, instr)))
    throwFromOperation(activation, state, { instr, operation });
  return applyOperation(activation, state, { instr, operation });
}

/** What is done to an argument may depend on what it is. */
function askArguments(activation: Activation, state: State, { args, node }: Call | New): void {
  if (activation.engine.declarations === null) return;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
  for (const [index, { temp }] of args.entries())
    activation.askType(state, activation.read(state, temp), node.arguments[index] ?? null);
}

/** A described call that fails has done nothing, but a handle that it was to end may be gone. */
function throwFromOperation(activation: Activation, state: State, call: OperationCall): void {
  if (!activation.handlesThrows) return;
  const thrown = state.fork();
  for (const ended of endedPlaces(call.operation.effects)) {
    for (const place of placesAt(activation, thrown, call, ended))
      escape(activation, thrown, valueAt(activation, thrown, call, place));
  }
  activation.throwImplicitly(thrown);
}

/** Whether a promise that rejects is as good as a call that throws. */
export function failsAtOnce({ fn }: Activation, { node }: Call | New): boolean {
  const { isAwaited, isCaught } = followUpOf(node);
  return fn.isAsync && isAwaited && !isCaught;
}

/** A call of something that is nowhere in this file: tags of its own file may speak of it. */
export function callUnseen(
  activation: Activation,
  state: State,
  instr: Call | New,
  args: readonly Value[],
): Returned[] {
  const tagged = activation.engine.callees.taggedBy(instr);
  if (tagged !== null) return callOperation(activation, state, instr, tagged);
  return callUnknown(activation, state, instr, args);
}

/** A call of which nothing is known: its arguments get out of sight, and what they lead to may change. */
function callUnknown(
  activation: Activation,
  state: State,
  instr: Call | New,
  args: readonly Value[],
): Returned[] {
  const isLending =
    activation.engine.settings.unknownCalls === 'borrow' && isOfFunction(activation, state, instr);
  const isKept = (value: Value): boolean => !isLending || !isOwnable(state, value);
  activation.throwUnseen(state, args.filter(isKept));
  for (const [index, value] of args.entries()) {
    const node = instr.args[index]?.node ?? instr.node;
    if (isKept(value)) passOut(activation, state, value, node, activation.siteOf(instr));
    else if (value.kind === 'resource') use(activation, state, value.id, activation.siteOf(instr));
  }
  activation.exposeModule(state);
  disturb(state);
  changeProperties(activation, state, instr, args);
  return [{ state, result: activation.unknown() }];
}

/**
 * A call of a function out of sight: not of a constructor, nor of a method of an object, which have where to keep
 * what they are given, nor of a body of this file that was too much to follow.
 */
function isOfFunction(activation: Activation, state: State, instr: Call | New): boolean {
  if (instr.kind === 'new') return false;
  const { callee } = instr;
  if (callee.kind === 'method') return activation.read(state, callee.receiver).kind === 'external';
  return callee.kind === 'value' && activation.read(state, callee.temp).kind !== 'function';
}

/** A handle, or an object of a class of the file that may own some. */
function isOwnable(state: State, value: Value): boolean {
  return value.kind === 'resource' || (value.kind === 'object' && isOwner(state.getObject(value.id)));
}

/** Makes an instance and runs its initializers and constructor, base class first. */
export function construct(
  activation: Activation,
  state: State,
  instr: New,
  cls: ClassIr,
  args: readonly Value[],
): Returned[] {
  const self = activation.newInstance(state, cls, instr.node);
  return runConstructor(activation, state, instr, cls, self, args).map(({ state: after, result }) => {
    if (result.kind === 'object') return { state: after, result };
    acquireInstance(activation, after, instr, cls, self);
    return { state: after, result: self };
  });
}

export function runConstructor(
  activation: Activation,
  state: State,
  instr: Call | New,
  cls: ClassIr,
  self: Value,
  args: readonly Value[],
): Returned[] {
  const { constructorId } = cls;
  if (constructorId !== null) {
    const ready = cls.superclass.kind === 'none' ? initialize(activation, state, instr, cls, self) : [state];
    return ready.flatMap((each) =>
      callBody(activation, each, instr, functionValue(constructorId), self, args),
    );
  }
  const based = runBase(activation, state, instr, cls, self, args);
  return based
    .flatMap((each) => initialize(activation, each, instr, cls, self))
    .map((each) => ({ state: each, result: UNDEFINED }));
}

/** What `super(...)` does, before the initializers of the class itself. */
export function runBase(
  activation: Activation,
  state: State,
  instr: Call | New,
  { superclass }: ClassIr,
  self: Value,
  args: readonly Value[],
): State[] {
  switch (superclass.kind) {
    case 'none':
      return [state];
    case 'class': {
      const base = activation.engine.classOf(superclass.id);
      return runConstructor(activation, state, instr, base, self, args).map((each) => each.state);
    }
    case 'unseen':
      return callUnseen(activation, state, instr, args).map((each) => each.state);
  }
}

export function initialize(
  activation: Activation,
  state: State,
  instr: Call | New,
  cls: ClassIr,
  self: Value,
): State[] {
  if (cls.initializer === null) return [state];
  return callBody(activation, state, instr, functionValue(cls.initializer), self, []).map(
    (each) => each.state,
  );
}

/** Runs a body of the file on what it can reach, or looks up how it ran before. */
export function callBody(
  activation: Activation,
  state: State,
  instr: Call | New,
  callee: FunctionValue,
  self: Value,
  args: readonly Value[],
): Returned[] {
  const fn = activation.engine.functionOf(callee.id);
  const receiver = receiverOf(fn, callee, self);
  if (!activation.canEnter(fn)) return callUnseen(activation, state, instr, args);
  if (!isWorthEntering(activation, state, fn, [callee, receiver, ...args]))
    return passBy(activation, state, callee, args);
  const frames = switchFrames(activation, state, callee, [receiver, ...args]);
  const [given = UNDEFINED, ...values] = frames.given;
  const entry = enter(activation, state, fn, given, values);
  const table = activation.engine.tabulate(fn, entry, activation, activation.isMember);
  if (table === null) {
    frames.restore(state, UNDEFINED);
    return stepOver(activation, state, callee, [receiver, ...args]);
  }
  tellFindings(activation, state, instr.node, table, entry.numbering);
  const watched = watchOriginals(activation, state, args);
  const returned: Returned[] = [];
  for (const exit of table.exits()) {
    const after = state.fork();
    forgetUses(after);
    const result = leave(activation, after, instr.node, entry.numbering, table.numbering, exit.state);
    if (result === null) continue;
    for (const each of watched) each(after, instr.args);
    handOver(activation, after, fn, args);
    const value = fn.isAsync ? settled(activation, after, instr, result, exit.completion) : result;
    if (isPromise(after, value) && !followUpOf(instr.node).isAwaited)
      letGoOfChanges(activation, state, after, value);
    recallUses(state, after);
    const restored = frames.restore(after, value);
    if (fn.isAsync || exit.completion === 'return') returned.push({ state: after, result: restored });
    else activation.throwFrom(after, restored, exit.completion === 'throw');
  }
  return returned;
}

/** What a body is tagged to own is its own from here on, even where it forgets it. */
function handOver(activation: Activation, state: State, fn: FunctionIr, args: readonly Value[]): void {
  for (const [index, tag] of fn.tags?.params ?? []) {
    const value = args[index];
    if (value?.kind !== 'resource' || (tag !== 'owns' && tag !== 'closes')) continue;
    const resource = state.resources.get(value.id);
    if (resource?.typestate === 'open' && heldByFrame(activation, state, value.id)) {
      state.updateResource(value.id, { typestate: 'gone' });
    }
  }
}

/** `this` of a call: an arrow function has it among its variables. */
function receiverOf({ node }: FunctionIr, callee: FunctionValue, self: Value): Value {
  if (node.type === 'ArrowFunctionExpression') return UNDEFINED;
  return callee.self === null ? self : { kind: 'object', id: callee.self };
}

/** A body that can touch no handle and is given none does nothing but take time, unless it is small. */
function isWorthEntering(
  activation: Activation,
  state: State,
  fn: FunctionIr,
  given: readonly Value[],
): boolean {
  const { relevance, captures } = activation.engine;
  if (relevance === null || relevance.isRelevant(fn) || relevance.isSmall(fn)) return true;
  const { resources, tested } = reach(state, given, captures);
  return resources.size > 0 || tested.size > 0;
}

/**
 * Steps over a call of a body that is too much to follow: all that it can reach gets out of sight. Where it may do
 * something else than return, it is open whether it comes back.
 */
function stepOver(
  activation: Activation,
  state: State,
  callee: FunctionValue,
  given: readonly Value[],
): Returned[] {
  const { engine } = activation;
  for (const value of [callee, ...given]) escape(activation, state, value);
  activation.exposeModule(state);
  disturb(state);
  state.forgetProperties(() => true);
  if (engine.callees.bodyDiverges(engine.functionOf(callee.id))) state.isDoubtful = true;
  return passBy(activation, state, callee, given);
}

/** Steps over a call: what it is given may have changed, and it may have thrown. */
function passBy(
  activation: Activation,
  state: State,
  callee: FunctionValue,
  args: readonly Value[],
): Returned[] {
  const { engine } = activation;
  const { objects } = reach(state, [...args, callee], engine.captures);
  for (const id of objects) {
    const object = state.getObject(id);
    if (!isConstantCell(object)) state.objects.set(id, { ...object, fields: new Map(), isOpen: true });
  }
  for (const local of engine.captures.ofFunction(callee.id)) {
    if (!activation.localOf(local).isConstant && !callee.cells.has(local))
      state.locals.set(local, activation.unknown());
  }
  if (engine.callees.bodyDiverges(engine.functionOf(callee.id)))
    activation.throwFrom(state.fork(), activation.unknown(), true);
  else activation.throwImplicitly(state);
  return [{ state, result: activation.unknown() }];
}

/** An async function gives back a promise at once, whatever becomes of it. */
function settled(
  activation: Activation,
  state: State,
  instr: Call | New,
  result: Value,
  completion: Exit['completion'],
): Value {
  return completion === 'return'
    ? promiseOf(activation, state, instr.node, result)
    : rejectedPromise(activation, state, instr.node, result, completion === 'throw');
}

type Watch = (after: State, args: readonly Argument[]) => void;

/** For each argument that is an original with an idle duplicate: whether the call hands it over. */
function watchOriginals(activation: Activation, state: State, args: readonly Value[]): Watch[] {
  return args.flatMap((value, index): Watch[] => {
    if (value.kind !== 'resource' || !hasIdleDuplicate(state, value.id)) return [];
    const owners = ownersOf(activation.engine, state, value.id);
    const { handedOver } = state.getResource(value.id).history;
    annotate(state, value.id, { handedOver: 'no' });
    return [
      (after, nodes) => {
        noteNewOwner(activation, after, value.id, owners, nodes[index]?.node);
        const now = after.resources.get(value.id)?.history.handedOver;
        if (now === 'no') annotate(after, value.id, { handedOver });
      },
    ];
  });
}

function noteNewOwner(
  activation: Activation,
  state: State,
  id: ResourceId,
  before: ReadonlySet<string>,
  node: TSESTree.Node | undefined,
): void {
  const resource = state.resources.get(id);
  if (resource === undefined || node === undefined) return;
  const { handedOver } = resource.history;
  const isOwned = [...ownersOf(activation.engine, state, id)].some((owner) => !before.has(owner));
  if (handedOver === 'unseen') noteHandOver(activation, state, id, node, 'unseen');
  else if (handedOver === 'owner' || isOwned) noteHandOver(activation, state, id, node, 'owner');
}
