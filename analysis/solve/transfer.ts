/** What one instruction does to one state: none, one or several states come out. */
import { assertNever } from '../assert-never.ts';
import { typeNameOf } from '../effects/annotations.ts';
import { promiseFunctionOf, promiseMethodOf } from '../effects/promise-names.ts';
import { memberOf } from '../ir/external-ref.ts';
import type { Call, ClassIr, Instr, Key, New } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { callBody, callOperation, callUnseen, callValue, construct, initialize, runBase } from './calls.ts';
import type { Returned } from './calls.ts';
import { compareTemps, compute, negate, typeofTemp } from './evaluate.ts';
import { annotate, disturb, escape, touch, touchValue, use } from './events.ts';
import { fieldName, getField, setField } from './fields.ts';
import { closeInstance } from './instances.ts';
import { callPromiseFunction, callPromiseMethod } from './promise-calls.ts';
import { awaitValue, isPromise } from './promises.ts';
import type { HeapObject, State } from './state.ts';
import { constant, UNDEFINED } from './value.ts';
import type { SymbolId, Value } from './value.ts';

export function transfer(activation: Activation, state: State, instr: Instr): State[] {
  const read = (temp: Parameters<Activation['read']>[1]): Value => activation.read(state, temp);
  switch (instr.kind) {
    case 'const':
      state.temps.set(instr.dst, constant(instr.value));
      return [state];
    case 'external':
      state.temps.set(instr.dst, activation.engine.externalValue(instr.ref));
      return [state];
    case 'unknown':
      state.temps.set(instr.dst, activation.unknown());
      return [state];
    case 'copy':
      state.temps.set(instr.dst, read(instr.src));
      return [state];
    case 'load':
      state.temps.set(instr.dst, activation.loadLocal(state, instr.local));
      return [state];
    case 'store':
      storeLocal(activation, state, instr.local, read(instr.src));
      return [state];
    case 'this':
      state.temps.set(instr.dst, state.self);
      return [state];
    case 'getField':
      return getField(activation, state, instr);
    case 'setField':
      return setField(activation, state, instr);
    case 'compare':
      return compareTemps(activation, state, instr);
    case 'not':
      state.temps.set(instr.dst, negate(activation, state, read(instr.src)));
      return [state];
    case 'typeof':
      return typeofTemp(activation, state, instr);
    case 'arithmetic': {
      const right = instr.right === null ? UNDEFINED : read(instr.right);
      state.temps.set(instr.dst, compute(activation, state, instr.operator, read(instr.left), right));
      return [state];
    }
    case 'call':
      return finishCall(instr, call(activation, state, instr));
    case 'new':
      return finishCall(instr, instantiate(activation, state, instr));
    case 'object': {
      const fields = new Map<string, Value>();
      for (const { key, value } of instr.properties) {
        if (key.kind === 'static') fields.set(key.name, read(value));
        else escape(activation, state, read(value));
        touchValue(activation, state, read(value));
      }
      for (const spread of instr.spreads) escape(activation, state, read(spread));
      const isOpen = instr.spreads.length > 0 || instr.properties.some(({ key }) => key.kind === 'dynamic');
      state.temps.set(instr.dst, activation.newObject(state, instr.node, { kind: 'plain' }, fields, isOpen));
      return [state];
    }
    case 'array': {
      const fields = new Map<string, Value>();
      const isSpread = instr.elements.some((element) => element?.isSpread === true);
      for (const [index, element] of instr.elements.entries()) {
        if (element === null) continue;
        const value = read(element.temp);
        touchValue(activation, state, value);
        if (isSpread) escape(activation, state, value);
        else fields.set(String(index), value);
      }
      state.temps.set(
        instr.dst,
        activation.newObject(state, instr.node, { kind: 'array' }, fields, isSpread),
      );
      return [state];
    }
    case 'closure':
      state.temps.set(instr.dst, { kind: 'function', id: instr.function });
      return [state];
    case 'class':
      if (instr.base !== null) escape(activation, state, read(instr.base));
      state.temps.set(instr.dst, { kind: 'class', id: instr.class });
      return [state];
    case 'await':
      return awaitValue(activation, state, read(instr.src), activation.siteOf(instr)).map((each) => {
        each.state.temps.set(instr.dst, each.result);
        return each.state;
      });
    case 'yield':
      escape(activation, state, read(instr.src));
      activation.throwImplicitly(state);
      disturb(state);
      state.temps.set(instr.dst, activation.unknown());
      return [state];
    case 'iterate':
      escape(activation, state, read(instr.src));
      state.temps.set(instr.dst, activation.unknown());
      return [state];
    case 'step':
      state.temps.set(instr.hasMore, activation.unknownBoolean(state));
      state.temps.set(instr.value, activation.unknown());
      return [state];
    case 'escape':
      for (const src of instr.srcs) escape(activation, state, read(src));
      if (instr.dst !== null) state.temps.set(instr.dst, activation.unknown());
      return [state];
    default:
      return assertNever(instr);
  }
}

function storeLocal(
  activation: Activation,
  state: State,
  id: Parameters<Activation['localOf']>[0],
  value: Value,
): void {
  const local = activation.localOf(id);
  if (value.kind === 'resource') {
    const { history } = state.getResource(value.id);
    if (history.name === null) annotate(state, value.id, { name: local.name });
    if (local.owner !== activation.fn.id) touch(activation, state, value.id);
  }
  if (value.kind === 'symbol')
    learnType(activation, state, value.id, typeNameOf(local.node?.typeAnnotation?.typeAnnotation));
  state.locals.set(id, value);
  if (state.exposed.has(id)) escape(activation, state, value);
}

/** What an annotation says of a value, where an API describes the type. */
function learnType(activation: Activation, state: State, id: SymbolId, type: string | null): void {
  if (type === null || !activation.engine.apis.hasType(type) || state.factsOf(id).type !== null) return;
  state.learn(id, { type });
}

/* ------------------------------------------------------------------ calls */

function finishCall(instr: Call | New, returned: readonly Returned[]): State[] {
  return returned.map(({ state, result }) => {
    state.temps.set(instr.dst, result);
    return state;
  });
}

function call(activation: Activation, state: State, instr: Call): Returned[] {
  const args = instr.args.map(({ temp }) => activation.read(state, temp));
  if (instr.args.some(({ isSpread }) => isSpread)) return callUnseen(activation, state, instr, args);
  const { callee } = instr;
  switch (callee.kind) {
    case 'value':
      return callValue(activation, state, instr, activation.read(state, callee.temp), UNDEFINED, args);
    case 'method':
      return callMethod(activation, state, instr, activation.read(state, callee.receiver), callee.key, args);
    case 'super': {
      const cls = activation.ownClass();
      if (cls === null) return callUnseen(activation, state, instr, args);
      return callBase(activation, state, instr, cls, args);
    }
    case 'superMethod': {
      const base = activation.ownClass()?.superclass;
      const name = fieldName(activation, state, callee.key);
      const method =
        base?.kind === 'class' && name !== null
          ? activation.engine.findMember(base.id, name, 'methods')
          : null;
      if (method === null) return callUnseen(activation, state, instr, args);
      return callBody(activation, state, instr, method, state.self, args);
    }
  }
}

function callBase(
  activation: Activation,
  state: State,
  instr: Call,
  cls: ClassIr,
  args: readonly Value[],
): Returned[] {
  return runBase(activation, state, instr, cls, state.self, args)
    .flatMap((each) => initialize(activation, each, instr, cls, each.self))
    .map((each) => ({ state: each, result: UNDEFINED }));
}

function callMethod(
  activation: Activation,
  state: State,
  instr: Call,
  receiver: Value,
  key: Key,
  args: readonly Value[],
): Returned[] {
  const name = fieldName(activation, state, key);
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
    if (method !== null) return callBody(activation, state, instr, method, receiver, args);
  }
  if (receiver.kind === 'object') {
    const method = activation.findMember(state, receiver.id, name, 'methods');
    if (method !== null) {
      return callBody(activation, state, instr, method, receiver, args).map((each) => {
        closeInstance(activation, each.state, instr, receiver.id, name);
        return each;
      });
    }
    const field = state.getObject(receiver.id).fields.get(name);
    if (field?.kind === 'function' || field?.kind === 'external') {
      return callValue(activation, state, instr, field, receiver, args);
    }
  }
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

const isOpaque = ({ shape, isOpen }: HeapObject): boolean => shape.kind !== 'instance' || isOpen;

function instantiate(activation: Activation, state: State, instr: New): Returned[] {
  const args = instr.args.map(({ temp }) => activation.read(state, temp));
  const callee = activation.read(state, instr.callee);
  const operation = callee.kind === 'external' ? activation.engine.apis.findConstructor(callee.ref) : null;
  if (operation !== null) return callOperation(activation, state, instr, operation);
  if (callee.kind === 'external' && promiseFunctionOf(callee.ref) === 'constructor')
    return callPromiseFunction(activation, state, instr, 'constructor', args);
  if (callee.kind !== 'class' || instr.args.some(({ isSpread }) => isSpread)) {
    return callUnseen(activation, state, instr, args);
  }
  return construct(activation, state, instr, activation.engine.classOf(callee.id), args);
}
