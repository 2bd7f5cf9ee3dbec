/** One run of a body from an entry state to its exits. */
import { escape, isImplicit, report, touch } from './events.ts';
import {
  excludesNull,
  isBooleanParameter,
  isMissingAsNull,
  isMissingAsUndefined,
  typeOfParameter,
} from '../effects/annotations.ts';
import type { TSESTree } from '@typescript-eslint/utils';
import type { LocalId, Node, Temp } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { conceal, endVariables } from './closures.ts';
import { Interpreter } from './interpret.ts';
import { newlyGiven } from './acquire.ts';
import { deadNeedsOf } from './promises.ts';
import { collect } from './prune.ts';
import { reach } from './reach.ts';
import type { Exit } from './project.ts';
import { State } from './state.ts';
import { StateSet } from './state-set.ts';
import { isConst, UNDEFINED } from './value.ts';
import type { ResourceId, Value } from './value.ts';

/** Runs a callee's body; its exits are mapped back into the states of its callers. */
export function runBody(activation: Activation, body: Node, entry: State): Exit[] {
  const exits = {
    return: new StateSet(activation.engine.fresh),
    throw: new StateSet(activation.engine.fresh),
    implicitThrow: new StateSet(activation.engine.fresh),
  };
  const finish = (state: State, completion: Exit['completion']): void => {
    // Where a constructor throws, nobody gets the instance.
    const isAbandoned =
      completion !== 'return' && activation.fn.kind === 'constructor' && activation.options.depth === 0;
    if (isAbandoned) state.self = UNDEFINED;
    leaveFrame(activation, state);
    exits[completion].add(state);
  };
  const interpreter = new Interpreter(activation, activation.engine.livenessOf(activation.fn, body));
  const fallen = interpreter.run(body, entry, {
    isHandled: false,
    return: (state) => {
      finish(state, 'return');
    },
    throw: finish,
    break: () => {
      throw new Error('A break outside its block');
    },
  });
  for (const state of fallen) {
    state.result = UNDEFINED;
    finish(state, 'return');
  }
  return (['return', 'throw', 'implicitThrow'] as const).flatMap((completion) =>
    exits[completion].states().map((state) => ({ completion, state })),
  );
}

/** Runs a function by itself, as a caller out of sight would, and records what it loses on its way out. */
export function runRoot(activation: Activation, body: Node): void {
  for (const state of rootStates(activation)) {
    for (const { state: after } of runBody(activation, body, state)) {
      for (const resource of after.resources.values()) activation.engine.onEnd?.(resource, true);
      for (const lost of after.lost.values()) {
        for (const site of lost.history.acquired) {
          activation.recorder.add({
            kind: lost.isDuplicate ? 'leakedDuplicate' : 'leakedHandle',
            site,
            handleKind: lost.kind,
            isDuplicate: lost.isDuplicate,
            history: lost.history,
            input: null,
            trace: lost.trace,
            ...(lost.exists === 'maybe' && isConst(lost.failure) ? { failure: lost.failure.value } : {}),
          });
        }
      }
    }
  }
}

function rootStates(activation: Activation): State[] {
  const { fn } = activation;
  const state = new State();
  bindParameters(activation, state);
  const cls = activation.ownClass();
  if (cls === null) return [state];
  if (fn.kind === 'staticBlock') state.self = { kind: 'class', id: cls.id };
  else if (fn.kind === 'constructor' || fn.kind === 'initializer') {
    state.self = activation.newInstance(state, cls, fn.node);
  } else {
    state.self = activation.instanceFromOutside(state, cls);
  }
  return [state];
}

/** Arguments of which nothing is known but what their annotations say. */
export function bindParameters(activation: Activation, state: State): void {
  const { fn } = activation;
  for (const [index, param] of fn.params.entries()) {
    const node = fn.paramNodes[index];
    const given = givenLater(activation, state, index, param, node);
    state.temps.set(param, given ?? argumentFor(activation, state, node));
  }
  if (fn.rest !== null) state.temps.set(fn.rest, activation.unknown());
}

/** What a function gets that a described call was given to call; null where nothing is known of that. */
function givenLater(
  activation: Activation,
  state: State,
  index: number,
  param: Temp,
  node: TSESTree.Node | undefined,
): Value | null {
  const { engine, fn, options } = activation;
  const given = engine.laterCalls.of(fn.id)[index];
  if (given?.kind === 'lend') return activation.unknownOfType(state, given.handle.type);
  if (given?.kind !== 'acquire' || node === undefined || options.hasParam?.(param) === false) return null;
  const id = engine.fresh.resource();
  state.resources.set(id, newlyGiven(given.handle, engine.sites.at(node)));
  return { kind: 'resource', id };
}

function argumentFor(
  activation: Activation,
  state: State,
  node: Activation['fn']['paramNodes'][number] | undefined,
): Value {
  if (isBooleanParameter(node)) return activation.unknownBoolean(state);
  const type = activation.engine.types.of(typeOfParameter(node));
  const isDescribed = type !== null;
  const value = isDescribed ? activation.unknownOfType(state, type) : activation.unknown();
  const isNeverUndefined = isMissingAsNull(node);
  const excludes = isDescribed || isMissingAsUndefined(node) || excludesNull(typeOfParameter(node));
  const isNeverNull = !isNeverUndefined && excludes;
  if (value.kind === 'symbol') state.learn(value.id, { isNeverNull, isNeverUndefined });
  return value;
}

/** The frame ends: what only its variables led to is lost, and what is returned is in use. */
function leaveFrame(activation: Activation, state: State): void {
  const { engine, fn, options } = activation;
  if (options.depth === 0) checkReturned(activation, state);
  if (state.result.kind === 'resource') touch(activation, state, state.result.id);
  // That an acquisition succeeded is no handle: a caller out of sight can close nothing by it.
  if (options.depth === 0 && state.result.kind === 'exists') state.result = activation.unknownBoolean(state);
  for (const temp of [...state.temps.keys()]) state.temps.delete(temp);
  endCaptured(activation, state);
  for (const local of [...state.locals.keys()]) {
    const { owner, isModuleLevel } = activation.localOf(local);
    if (owner === fn.id && !isModuleLevel) state.locals.delete(local);
  }
  collect(state, engine);
}

/** Functions that outlive the frame take its variables with them. */
function endCaptured(activation: Activation, state: State): void {
  const { engine, fn } = activation;
  const own = engine.captures.ownOf(fn.id);
  if (own.length === 0) return;
  const outlived = (): Set<LocalId> => {
    const outer = [...state.locals.entries()].filter(([local]) => !own.includes(local));
    const roots: Value[] = [state.result, state.self, ...state.inputs, ...outer.map(([, value]) => value)];
    const { captured } = reach(state, roots, engine.captures);
    return new Set(own.filter((local) => captured.has(local)));
  };
  endVariables(activation, state, outlived());
  // What the methods of a class capture is not followed any further.
  for (const local of outlived()) escape(activation, state, activation.loadLocal(state, local));
  conceal(state, new Set(own));
}

/**
 * A caller out of sight will use what it is given: a handle that is closed, or an owner whose `using` scope
 * ends with the return.
 */
function checkReturned(activation: Activation, state: State): void {
  const { result, returning } = state;
  const returned =
    result.kind === 'resource'
      ? [result.id]
      : result.kind === 'object'
        ? [...state.getObject(result.id).fields.values()].flatMap((value) => endsWithScope(state, value))
        : [];
  for (const id of [...returned, ...deadNeedsOf(state, result)]) {
    const { typestate } = state.getResource(id);
    if (typestate !== 'closed' && typestate !== 'gone') continue;
    for (const site of returning) report(activation, state, id, 'useAfterClose', site);
  }
}

function endsWithScope(state: State, value: Value): ResourceId[] {
  if (value.kind !== 'resource') return [];
  return [...state.getResource(value.id).history.closed].some(isImplicit) ? [value.id] : [];
}
