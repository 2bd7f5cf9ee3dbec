/**
 * Properties of values that are not seen whole. Reading one twice gives the same, as long as nothing can have
 * changed it: that is remembered as a term, from what was read to what it was read from.
 */
import { nativeRef } from '../effects/api-table.ts';
import type { Guard, Property } from '../effects/api-table.ts';
import type { Call, New } from '../ir/ir.ts';
import { receiverTemp } from '../ir/operands.ts';
import type { Activation } from './activation.ts';
import { MAX_PROPERTY_DEPTH } from './bounds.ts';
import { reach } from './reach.ts';
import { PROPERTY } from './state.ts';
import type { State, Term } from './state.ts';
import { constant, isSame } from './value.ts';
import type { Value } from './value.ts';

/** What an API says of a property; null where it says nothing. */
export function describedProperty(
  activation: Activation,
  state: State,
  object: Value,
  name: string,
): Property | null {
  const type = activation.typeOf(state, object);
  return type === null ? null : activation.engine.apis.findProperty(type, name);
}

export function readProperty(
  activation: Activation,
  state: State,
  object: Value,
  name: string,
  described: Exclude<Property, Guard> | null,
): Value {
  const known = state.findTerm(PROPERTY, object, constant(name));
  if (known !== null) {
    // Where the file writes properties of that name it may be another one by now: this stands for either.
    return activation.engine.isWrittenProperty(name) ? mergedValue(activation, state) : known;
  }
  const value = firstReading(activation, state, object, name, described);
  // What a handle tells of itself changes as it is used.
  if (object.kind !== 'symbol') return value;
  if (state.factsOf(object.id).isMerged && value.kind === 'symbol') state.learn(value.id, { isMerged: true });
  if (depthOf(state, object) < MAX_PROPERTY_DEPTH) {
    const term: Term = { operator: PROPERTY, left: object, right: constant(name), result: value };
    state.terms = [...state.terms, term];
  }
  return value;
}

function mergedValue(activation: Activation, state: State): Value {
  const value = activation.unknown();
  if (value.kind === 'symbol') state.learn(value.id, { isMerged: true });
  return value;
}

/** How many remembered properties led to a value, as far as it matters: a list that a loop walks along has no end, and a ring neither. */
function depthOf(state: State, value: Value, most = MAX_PROPERTY_DEPTH): number {
  if (most === 0) return 0;
  const read = state.terms.find(({ operator, result }) => operator === PROPERTY && isSame(result, value));
  return read === undefined ? 0 : 1 + depthOf(state, read.left, most - 1);
}

function firstReading(
  activation: Activation,
  state: State,
  object: Value,
  name: string,
  described: Exclude<Property, Guard> | null,
): Value {
  const { apis } = activation.engine;
  const type = activation.typeOf(state, object);
  if (type === null)
    return name === 'length' || name === 'size' ? activation.unknownCount(state, 0) : activation.unknown();
  if (described === null) {
    if (apis.hasNativeMembers(type)) return { kind: 'external', ref: nativeRef(name) };
    return apis.findMethod(type, name) === null ? activation.unknown() : activation.unknownFunction(state);
  }
  if ('type' in described) return activation.unknownOfType(state, described.type);
  if ('field' in described) return activation.unknown();
  return { kind: 'lent', name, type: described.lend.type };
}

/** A call out of sight may change what it is given, its receiver included. */
export function changeProperties(
  activation: Activation,
  state: State,
  instr: Call | New,
  args: readonly Value[],
): void {
  if (state.terms.length === 0) return;
  const receiver = instr.kind === 'call' ? receiverTemp(instr) : null;
  const given = receiver === null ? args : [...args, activation.read(state, receiver)];
  const { symbols } = reach(state, given, activation.engine.captures);
  state.forgetProperties((object) => object.kind === 'symbol' && symbols.has(object.id));
}
