/** Calls of methods: whose they are shows only in the state. */
import { receiverOf } from '../effects/annotations.ts';
import type { Operation } from '../effects/decode.ts';
import { promiseMethodOf } from '../effects/promise-names.ts';
import { memberOf } from '../ir/external-ref.ts';
import type { Call, Key, New } from '../ir/ir.ts';
import { END_OF_ITERATION } from '../ir/iteration.ts';
import type { Activation } from './activation.ts';
import { callBody, callOperation, callUnseen, callValue } from './calls.ts';
import type { Returned } from './calls.ts';
import { callBuiltIn } from './collections/built-in.ts';
import { escape, use } from './events.ts';
import { fieldName } from './fields.ts';
import { closeInstance } from './instances.ts';
import { callPromiseMethod } from './promise-calls.ts';
import { isPromise } from './promises.ts';
import type { HeapObject, State } from './state.ts';
import { functionValue, UNDEFINED } from './value.ts';
import type { FunctionValue, Value } from './value.ts';

export function callMethod(
  activation: Activation,
  state: State,
  instr: Call | New,
  receiver: Value,
  key: Key,
  args: readonly Value[],
): Returned[] {
  const asked = fieldName(activation, state, key);
  const name = asked === ASYNC_DISPOSE ? disposerOf(activation, state, receiver) : asked;
  if (name === END_OF_ITERATION && instr.kind === 'call' && instr.isImplicit)
    return endIteration(activation, state, instr, receiver);
  if (name === null) return callUnseen(activation, state, instr, args);
  if (receiver.kind === 'external') {
    const callee: Value = { kind: 'external', ref: memberOf(receiver.ref, name) };
    return callValue(activation, state, instr, callee, receiver, args);
  }
  const promised = promiseMethodOf(name);
  if (promised !== null && (isPromise(state, receiver) || receiver.kind === 'symbol'))
    return callPromiseMethod(activation, state, instr, promised, receiver, args);
  if (receiver.kind === 'class') {
    const method = activation.engine.findMember(receiver.id, name, 'staticMethods');
    if (method !== null) return callBody(activation, state, instr, functionValue(method.id), receiver, args);
  }
  if (receiver.kind === 'function') {
    const returned = callFunctionMethod(activation, state, instr, receiver, name, args);
    if (returned !== null) return returned;
  }
  if (receiver.kind === 'object') {
    const method = activation.findMember(state, receiver.id, name, 'methods');
    if (method !== null) {
      return callBody(activation, state, instr, functionValue(method.id), receiver, args).map((each) => {
        closeInstance(activation, each.state, instr, receiver.id, name);
        return each;
      });
    }
    const builtIn = callBuiltIn(activation, state, instr, receiver.id, name, args);
    if (builtIn !== null) return builtIn;
    const field = state.getObject(receiver.id).fields.get(name);
    if (field?.kind === 'function' || field?.kind === 'external') {
      return callValue(activation, state, instr, field, receiver, args);
    }
  }
  if (activation.engine.apis.hasMethod(name)) activation.askType(state, receiver, receiverOf(instr.node));
  const type = activation.typeOf(state, receiver);
  const operation = type === null ? null : activation.engine.apis.findMethod(type, name);
  if (operation !== null) return callOperation(activation, state, instr, operation);
  // An unknown method of a handle needs it; what it does with its arguments nobody knows.
  if (receiver.kind === 'resource') use(activation, state, receiver.id, activation.siteOf(instr));
  // A method of a collection, or of an object that is not seen whole, may do anything with what it holds.
  if (receiver.kind === 'object' && isOpaque(state.getObject(receiver.id)))
    escape(activation, state, receiver);
  return callUnseen(activation, state, instr, args);
}

/** Whether a value is described as one that ends when it has been iterated. */
export function endsWithIteration(activation: Activation, state: State, value: Value): boolean {
  return iterationOf(activation, state, value) !== null;
}

function endIteration(activation: Activation, state: State, instr: Call, value: Value): Returned[] {
  const operation = iterationOf(activation, state, value);
  if (operation === null) return [{ state, result: UNDEFINED }];
  return callOperation(activation, state, instr, operation);
}

function iterationOf(activation: Activation, state: State, value: Value): Operation | null {
  const type = activation.typeOf(state, value);
  return type === null ? null : activation.engine.apis.findMethod(type, END_OF_ITERATION);
}

const ASYNC_DISPOSE = '@@asyncDispose';

/** What has no asynchronous way to dispose of it is disposed of synchronously (GetDisposeMethod, ECMA-262 7.5.6). */
function disposerOf(activation: Activation, state: State, receiver: Value): string {
  const type = activation.typeOf(state, receiver);
  const has = (name: string): boolean => {
    if (type !== null && activation.engine.apis.findMethod(type, name) !== null) return true;
    if (receiver.kind !== 'object') return false;
    const isMember = activation.findMember(state, receiver.id, name, 'methods') !== null;
    return isMember || state.getObject(receiver.id).fields.has(name);
  };
  return !has(ASYNC_DISPOSE) && has('@@dispose') ? '@@dispose' : ASYNC_DISPOSE;
}

/** What `Function.prototype` has (ECMA-262 20.2.3); null for what is not followed. */
function callFunctionMethod(
  activation: Activation,
  state: State,
  instr: Call | New,
  callee: FunctionValue,
  name: string,
  [self = UNDEFINED, ...args]: readonly Value[],
): Returned[] | null {
  if (name === 'call') {
    return callBody(activation, state, { ...instr, args: instr.args.slice(1) }, callee, self, args);
  }
  if (name === 'bind' && args.length === 0) {
    const bound = self.kind === 'object' && callee.self === null ? self.id : callee.self;
    return [{ state, result: { ...callee, self: bound } }];
  }
  return null;
}

const isOpaque = ({ shape, isOpen }: HeapObject): boolean => shape.kind !== 'instance' || isOpen;
