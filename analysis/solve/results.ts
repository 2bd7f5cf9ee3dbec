/** What described calls give: their results, the objects that these are put into, and the promises of them. */
import { nativeRef } from '../effects/api-table.ts';
import { typeOfResult } from '../effects/decode.ts';
import type { OperationResult, Place } from '../effects/decode.ts';
import { followUpOf } from '../effects/follow-up.ts';
import type { Primitive } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { failsAtOnce } from './calls.ts';
import { annotate } from './events.ts';
import { handleAt, valueAt } from './places.ts';
import type { OperationCall } from './places.ts';
import { needUntilSettled, promiseOf } from './promises.ts';
import type { ObjectShape, State } from './state.ts';
import { constant, existence, FALSE, isConst, isSame, settledExistence, TRUE } from './value.ts';
import type { Value } from './value.ts';
import type { Way } from './way.ts';

/** The promise of a result; what it needs until it is settled is needed by it. */
export function promised(activation: Activation, state: State, call: OperationCall, result: Value): Value {
  const { instr, operation } = call;
  const mayReject = operation.canThrow && !failsAtOnce(activation, instr);
  const promise = promiseOf(activation, state, instr.node, result, mayReject);
  for (const effect of operation.effects) {
    if (effect.do !== 'use' || !effect.isUntilSettled) continue;
    const value = valueAt(activation, state, call, effect.on);
    if (value.kind !== 'resource') continue;
    annotate(state, value.id, { isUsedLater: true });
    if (!followUpOf(instr.node).isAwaited) needUntilSettled(activation, state, promise, value.id);
  }
  return promise;
}

/** What a described call gives, when its effects are done. */
export function resultOf(
  activation: Activation,
  { result, state, success, isDead }: Way,
  call: OperationCall,
): Value {
  const { returns } = call.operation;
  if (result !== null) {
    if (result.kind === 'symbol') activation.learnType(state, result.id, typeOfResult(call.operation));
    return result;
  }
  const failed = isDead ? failedResult(call) : null;
  if (failed !== null) return constant(failed.value);
  switch (returns) {
    case 'success':
      return success ?? activation.unknownBoolean(state);
    case 'bool':
    case 'status':
      return nativeOutcome(activation, returns, success);
    case 'boolean':
      return success === FALSE ? FALSE : activation.unknownBoolean(state);
    case 'list':
      return activation.newObject(state, call.instr.node, { kind: 'array' }, new Map(), true);
    case 'never':
    case 'scalar':
    case null:
      return activation.unknown();
    default:
      if ('type' in returns) return activation.unknownOfType(state, returns.type);
      if ('presence' in returns) return presence(activation, state, call, returns);
      for (const place of returns.native) {
        const name = nameOfFunction(valueAt(activation, state, call, place));
        if (name !== null && activation.engine.apis.isNative(name))
          return { kind: 'external', ref: nativeRef(name) };
      }
      return activation.unknown();
  }
}

/** What a call that makes a handle gives where it makes none; null where no constant says so. */
export function failedResult({
  operation: { effects },
}: OperationCall): { readonly value: Primitive } | null {
  for (const effect of effects) {
    if ((effect.do !== 'acquire' && effect.do !== 'duplicate') || effect.to.root !== 'result') continue;
    if (effect.to.fields.length === 0 && typeof effect.failure === 'object') return effect.failure;
  }
  return null;
}

function presence(
  activation: Activation,
  state: State,
  call: OperationCall,
  { presence: place, isNegated }: Extract<OperationResult, { presence: Place }>,
): Value {
  const id = handleAt(activation, state, call, place);
  if (id === null) return isConst(valueAt(activation, state, call, place)) === isNegated ? TRUE : FALSE;
  if (state.getResource(id).exists === 'maybe') return existence(id, isNegated);
  return isNegated ? FALSE : TRUE;
}

/** The success of a call in the form in which native functions tell of it. */
function nativeOutcome(activation: Activation, as: 'bool' | 'status', success: Value | null): Value {
  if (success?.kind === 'exists') return { ...success, as };
  if (success === null || !isConst(success)) return activation.unknown();
  return settledExistence({ as, isNegated: false }, isSame(success, TRUE));
}

/** The name of a function, alone or in a C prototype. */
function nameOfFunction(value: Value): string | null {
  if (!isConst(value) || typeof value.value !== 'string') return null;
  const [, name] = /^\s*(\w+)\s*$/.exec(value.value) ?? /(\w+)\s*\(/.exec(value.value) ?? [];
  return name ?? null;
}

/** Puts a value at the result, or in a field of a result that is made for it. */
export function writeResult(
  activation: Activation,
  way: Way,
  call: OperationCall,
  to: Place,
  value: Value,
): Way {
  const field = to.fields.at(-1);
  if (field === undefined) return { ...way, result: value };
  const result = way.result?.kind === 'object' ? way.result : newResult(activation, way.state, call);
  const holder = to.fields
    .slice(0, -1)
    .reduce((object, name) => objectIn(activation, way.state, call, object, name), result);
  if (holder.kind === 'object') way.state.setField(holder.id, field, value);
  return { ...way, result };
}

/** The object in a field of another, which is made where there is none. */
function objectIn(
  activation: Activation,
  state: State,
  { instr }: OperationCall,
  object: Value,
  name: string,
): Value {
  if (object.kind !== 'object') return object;
  const known = state.getObject(object.id).fields.get(name);
  if (known?.kind === 'object') return known;
  const made = activation.newObject(state, instr.node, { kind: 'plain' }, new Map(), true);
  state.setField(object.id, name, made);
  return made;
}

/** What a call fills field by field: an owner, where its type is described as one. */
function newResult(activation: Activation, state: State, { instr, operation }: OperationCall): Value {
  const type = typeOfResult(operation);
  const isOwner = type !== null && activation.engine.apis.fieldsHeldBy(type) !== null;
  const plain: ObjectShape = type === null ? { kind: 'plain' } : { kind: 'plain', type };
  const shape: ObjectShape = isOwner ? { kind: 'described', type } : plain;
  return activation.newObject(state, instr.node, shape, new Map(), true);
}
