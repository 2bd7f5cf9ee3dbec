/** What one instruction does to one state: none, one or several states come out. */
import { assertNever } from '../assert-never.ts';
import { promiseFunctionOf } from '../effects/promise-names.ts';
import type { Call, ClassIr, Instr, Iterate, New, Store } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { callBody, callOperation, callUnseen, callValue, construct, initialize, runBase } from './calls.ts';
import type { Returned } from './calls.ts';
import { callSpread, spread } from './collections/call.ts';
import { asElement, newCollection } from './collections/contents.ts';
import { openIterator, openKeys, step } from './collections/iterate.ts';
import { objectOf, restOf } from './collections/patterns.ts';
import { endVariables } from './closures.ts';
import { callLibrary } from './collections/library.ts';
import { compareTemps, compute, negate, typeofTemp } from './evaluate.ts';
import { annotate, disturb, escape, touch, touchValue } from './events.ts';
import { fieldName, getField, setField } from './fields.ts';
import { callMethod, endsWithIteration } from './methods.ts';
import { callPromiseFunction } from './promise-calls.ts';
import { awaitValue } from './promises.ts';
import type { State } from './state.ts';
import { constant, functionValue, isConst, UNDEFINED } from './value.ts';
import type { Value } from './value.ts';

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
      beginVariable(activation, state, instr);
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
    case 'object':
      state.temps.set(instr.dst, objectOf(activation, state, instr));
      return [state];
    case 'array': {
      for (const element of instr.elements)
        if (element !== null) touchValue(activation, state, read(element.temp));
      const { values, isOpen } = spread(activation, state, instr.elements);
      const elements = values.map(asElement);
      state.temps.set(instr.dst, newCollection(activation, state, instr.node, 'array', elements, isOpen));
      return [state];
    }
    case 'closure':
      state.temps.set(instr.dst, functionValue(instr.function));
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
      state.temps.set(instr.dst, iterate(activation, state, instr, read(instr.src)));
      return [state];
    case 'step': {
      const next = step(activation, state, instr.node, read(instr.iterator));
      state.temps.set(instr.hasMore, next.hasMore);
      state.temps.set(instr.value, next.value);
      return [state];
    }
    case 'rest':
      state.temps.set(instr.dst, restOf(activation, state, instr, read(instr.src)));
      return [state];
    case 'escape':
      for (const src of instr.srcs) escape(activation, state, read(src));
      if (instr.dst !== null) state.temps.set(instr.dst, activation.unknown());
      return [state];
    default:
      return assertNever(instr);
  }
}

/** Where a variable begins anew, functions of the last turn of a loop keep the one that they captured. */
function beginVariable(activation: Activation, state: State, { local, isDeclaration }: Store): void {
  const { isCaptured, isModuleLevel } = activation.localOf(local);
  if (isDeclaration && isCaptured && !isModuleLevel && state.locals.has(local))
    endVariables(activation, state, new Set([local]));
}

function storeLocal(activation: Activation, state: State, id: Store['local'], value: Value): void {
  const local = activation.localOf(id);
  if (value.kind === 'resource') {
    const { history } = state.getResource(value.id);
    if (history.name === null) annotate(state, value.id, { name: local.name });
    if (!isOwn(activation, history.variable) && isOwn(activation, id))
      annotate(state, value.id, { variable: id });
    if (local.owner !== activation.fn.id) touch(activation, state, value.id);
  }
  if (value.kind === 'symbol')
    activation.learnType(
      state,
      value.id,
      activation.engine.types.of(local.node?.typeAnnotation?.typeAnnotation),
    );
  if (local.isConstant && local.isCaptured && activation.isMember && !isConst(value))
    activation.engine.noteConstant(id, activation.typeOf(state, value));
  state.locals.set(id, value);
  if (state.exposed.has(id)) escape(activation, state, value);
}

function isOwn(activation: Activation, id: Store['local'] | null): boolean {
  return id !== null && activation.localOf(id).owner === activation.fn.id;
}

function iterate(activation: Activation, state: State, { node, of }: Iterate, source: Value): Value {
  switch (of) {
    case 'values':
      return openIterator(activation, state, node, source);
    case 'keys':
      return openKeys(activation, state, node, source);
    case 'asyncValues':
      if (!endsWithIteration(activation, state, source)) escape(activation, state, source);
      return activation.unknown();
  }
}

/* ------------------------------------------------------------------ calls */

function finishCall(instr: Call | New, returned: readonly Returned[]): State[] {
  return returned.map(({ state, result }) => {
    state.temps.set(instr.dst, result);
    return state;
  });
}

function call(activation: Activation, state: State, instr: Call): Returned[] {
  if (instr.args.some(({ isSpread }) => isSpread)) return callSpread(activation, state, instr, call);
  const args = instr.args.map(({ temp }) => activation.read(state, temp));
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
      return callBody(activation, state, instr, functionValue(method.id), state.self, args);
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

function instantiate(activation: Activation, state: State, instr: New): Returned[] {
  if (instr.args.some(({ isSpread }) => isSpread)) return callSpread(activation, state, instr, instantiate);
  const args = instr.args.map(({ temp }) => activation.read(state, temp));
  const callee = activation.read(state, instr.callee);
  const operation = callee.kind === 'external' ? activation.engine.apis.findConstructor(callee.ref) : null;
  if (operation !== null) return callOperation(activation, state, instr, operation);
  if (callee.kind === 'external' && promiseFunctionOf(callee.ref) === 'constructor')
    return callPromiseFunction(activation, state, instr, 'constructor', args);
  const builtIn =
    callee.kind === 'external' ? callLibrary({ activation, instr, args }, state, callee.ref) : null;
  if (builtIn !== null) return builtIn;
  if (callee.kind !== 'class') return callUnseen(activation, state, instr, args);
  return construct(activation, state, instr, activation.engine.classOf(callee.id), args);
}
