/** Functions that a described call is given and calls. */
import type { CallbackValue, OperationEffect } from '../effects/decode.ts';
import { newResource } from './acquire.ts';
import type { Activation } from './activation.ts';
import { callValue } from './calls.ts';
import { escape } from './events.ts';
import { valueAt } from './places.ts';
import type { OperationCall } from './places.ts';
import type { State } from './state.ts';
import { NULL, UNDEFINED } from './value.ts';
import type { Value } from './value.ts';
import type { Way } from './way.ts';

type CallEffect = Extract<OperationEffect, { do: 'call' }>;

/** Enters the function, once for an error and once without where it is told of errors. */
export function callBack(activation: Activation, way: Way, call: OperationCall, effect: CallEffect): Way[] {
  const callee = valueAt(activation, way.state, call, effect.on);
  if (effect.isLater) {
    if (callee.kind === 'function') activation.engine.laterCalls.note(callee.id, effect.with);
    return [way];
  }
  if (callee.kind !== 'function') {
    for (const value of effect.with) {
      if (value.kind === 'pass')
        escape(activation, way.state, valueAt(activation, way.state, call, value.place));
    }
    return [way];
  }
  const isToldOfErrors = effect.with.some(({ kind }) => kind === 'error');
  const failing = isToldOfErrors ? [{ ...way, state: way.state.fork() }] : [];
  return [
    ...failing.flatMap((each) => enterWith(activation, each, call, effect, callee, true)),
    ...enterWith(activation, way, call, effect, callee, false),
  ];
}

function enterWith(
  activation: Activation,
  way: Way,
  call: OperationCall,
  effect: CallEffect,
  callee: Value,
  isFailed: boolean,
): Way[] {
  const args = effect.with.map((value) => argumentFor(activation, way.state, call, value, isFailed));
  return callValue(activation, way.state, call.instr, callee, UNDEFINED, args).map(({ state, result }) => ({
    ...way,
    state,
    result: effect.givesResult ? result : way.result,
  }));
}

function argumentFor(
  activation: Activation,
  state: State,
  call: OperationCall,
  value: CallbackValue,
  isFailed: boolean,
): Value {
  switch (value.kind) {
    case 'unknown':
      return activation.unknown();
    case 'error':
      return isFailed ? truthy(activation, state) : NULL;
    case 'acquire': {
      if (isFailed) return UNDEFINED;
      const id = activation.engine.fresh.resource();
      const resource = newResource(activation, call.instr);
      state.resources.set(id, { ...resource, kind: value.handle, exists: 'certainly' });
      return { kind: 'resource', id };
    }
    case 'lend':
      return { kind: 'lent', name: call.operation.name, type: value.handle.type };
    case 'pass':
      return valueAt(activation, state, call, value.place);
  }
}

function truthy(activation: Activation, state: State): Value {
  const id = activation.engine.fresh.symbol();
  state.learn(id, { truthy: true });
  return { kind: 'symbol', id };
}
