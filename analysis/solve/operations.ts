/** What a described call does to a state: its effects in order. */
import type { KnownCondition, MakingEffect, OperationEffect, Place } from '../effects/decode.ts';
import { acquire, duplicate, newResource, writeUnknown } from './acquire.ts';
import type { Activation } from './activation.ts';
import { callBack } from './callback.ts';
import { annotate, close, end, escape, noteHandOver, use } from './events.ts';
import { decide, handleAt, placesAt, valueAt, writeAt } from './places.ts';
import type { OperationCall } from './places.ts';
import { splitExistence } from './refine.ts';
import { failedResult, promised, resultOf, writeResult } from './results.ts';
import type { State } from './state.ts';
import { constant, existence, FALSE, isConst, TRUE } from './value.ts';
import type { ResourceId, Value } from './value.ts';
import { dead } from './way.ts';
import type { Way } from './way.ts';

/** The states after the call, with the result in each. */
export function applyOperation(
  activation: Activation,
  state: State,
  call: OperationCall,
): { readonly state: State; readonly result: Value }[] {
  const start: Way = { state, result: null, success: TRUE, isMade: false, isDead: false };
  return applyEffects(activation, [start], call, call.operation.effects).map((way) => {
    const result = resultOf(activation, way, call);
    return {
      state: way.state,
      result: call.operation.isAsync ? promised(activation, way.state, call, result) : result,
    };
  });
}

function applyEffects(
  activation: Activation,
  ways: Way[],
  call: OperationCall,
  effects: readonly OperationEffect[],
): Way[] {
  return effects.reduce(
    (all, effect) => all.flatMap((way) => applyEffect(activation, way, call, effect)),
    ways,
  );
}

function applyEffect(activation: Activation, way: Way, call: OperationCall, effect: OperationEffect): Way[] {
  if (way.isDead) return [way];
  switch (effect.do) {
    case 'use':
      return [atEach(activation, way, call, effect.on, applyUse)];
    case 'close':
      return applyWhen(activation, way, call, effect.when, effect.on, (each) =>
        atEach(activation, each, call, effect.on, closing(effect.by)),
      );
    case 'take':
      // Where it cannot be told whether it is taken, nobody here owes it.
      if (effect.when !== null && decide(activation, way.state, call, effect.when) === null) {
        return [atEach(activation, way, call, effect.on, applyKeep)];
      }
      return applyWhen(activation, way, call, effect.when, effect.on, (each) =>
        atEach(activation, each, call, effect.on, effect.leavesOpen ? applyEntrust : applyTake),
      );
    case 'keep':
      return applyWhen(activation, way, call, effect.when, effect.on, (each) =>
        atEach(activation, each, call, effect.on, applyKeep),
      );
    case 'acquire':
    case 'duplicate':
    case 'lend':
    case 'pass':
      return applyMaking(activation, way, call, effect);
    case 'call':
      return callBack(activation, way, call, effect);
    case 'set':
      return applyWhen(activation, way, call, effect.when, effect.to, (each) =>
        write(activation, each, call, effect.to, constant(effect.value)),
      );
    case 'throw':
      activation.throwFrom(way.state, activation.unknown(), true);
      return [];
    case 'throwIf':
      return throwIf(activation, way, call, effect.on);
    case 'own':
    case 'borrow':
      return [claim(activation, way, call, effect.on, effect.do === 'own')];
    case 'either':
      return effect.ways.flatMap((effects, index) => {
        const each = index === effect.ways.length - 1 ? way : { ...way, state: way.state.fork() };
        return applyEffects(activation, [each], call, effects);
      });
  }
}

function applyMaking(activation: Activation, way: Way, call: OperationCall, effect: MakingEffect): Way[] {
  const holds = effect.when === null ? true : decide(activation, way.state, call, effect.when);
  if (holds === false) return [way];
  if (holds === null) return [writeUnknown(activation, way, call, effect.to)];
  switch (effect.do) {
    case 'acquire':
      return acquire(activation, way, call, effect);
    case 'duplicate':
      return duplicate(activation, way, call, effect);
    case 'lend':
      return [writeResult(activation, way, call, effect.to, lend(activation, way.state, call, effect))];
    case 'pass':
      return [applyPass(activation, way, call, effect)];
  }
}

/** What is lent is no resource, unless it is an error to close it. */
function lend(
  activation: Activation,
  state: State,
  { instr, operation }: OperationCall,
  { kind, isBorrowed }: Extract<MakingEffect, { do: 'lend' }>,
): Value {
  if (!isBorrowed) return { kind: 'lent', name: operation.name, type: kind?.type ?? '' };
  const id = activation.engine.fresh.resource();
  const lent = { kind, isBorrowed, isOwed: false, failure: activation.unknown() };
  state.resources.set(id, { ...newResource(activation, instr), ...lent });
  return { kind: 'resource', id };
}

/** What a tag says of a value: whose it is, whoever gave it. */
function claim(activation: Activation, way: Way, call: OperationCall, place: Place, isOwner: boolean): Way {
  const isNew = valueAt(activation, way.state, call, place).kind === 'symbol';
  const id = handleAt(activation, way.state, call, place);
  if (id === null || !activation.isMember) return way;
  way.state.updateResource(id, isOwner ? { isOwed: true, isBorrowed: false } : { isBorrowed: true });
  if (isNew) annotate(way.state, id, { acquired: new Set([activation.siteOf(call.instr)]) });
  return way;
}

/* ------------------------------------------------------------------ use, close, hand over */

type AtPlace = (activation: Activation, way: Way, call: OperationCall, place: Place) => Way;

/** What an effect does to each of the places that it speaks of. */
function atEach(activation: Activation, way: Way, call: OperationCall, place: Place, apply: AtPlace): Way {
  return placesAt(activation, way.state, call, place).reduce(
    (each, at) => apply(activation, each, call, at),
    way,
  );
}

function applyUse(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  const id = handleAt(activation, way.state, call, place);
  if (id === null) return failedValue(activation, way, call, place);
  const works = use(activation, way.state, id, activation.siteOf(call.instr));
  if (!works) return failedOnDead(activation, way, call);
  return way.isMade ? way : { ...way, success: successOf(way.state, id, way.success) };
}

function closing(by: string | null): AtPlace {
  return (activation, way, call, place) => {
    const id = handleAt(activation, way.state, call, place);
    if (id === null) return failedValue(activation, way, call, place);
    const success = successOf(way.state, id, way.success);
    const closer = by ?? call.operation.name;
    const isClosed = close(activation, way.state, id, closer, activation.siteOf(call.instr));
    return isClosed ? { ...way, success } : failedOnDead(activation, way, call);
  };
}

function applyTake(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  const id = handleAt(activation, way.state, call, place);
  if (id === null) return failedValue(activation, way, call, place);
  if (!use(activation, way.state, id, activation.siteOf(call.instr)))
    return failedOnDead(activation, way, call);
  const node = typeof place.root === 'number' ? call.instr.args.at(place.root)?.node : undefined;
  noteHandOver(activation, way.state, id, node ?? call.instr.node, 'owner');
  end(way.state, id, 'gone');
  return way;
}

function applyEntrust(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  const after = applyTake(activation, way, call, place);
  const id = handleAt(activation, after.state, call, place);
  if (id !== null && after.state.getResource(id).typestate === 'gone')
    after.state.updateResource(id, { typestate: 'entrusted' });
  return after;
}

function applyKeep(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  escape(activation, way.state, valueAt(activation, way.state, call, place));
  return way;
}

function applyPass(
  activation: Activation,
  way: Way,
  call: OperationCall,
  { of, to }: Extract<OperationEffect, { do: 'pass' }>,
): Way {
  const value = valueAt(activation, way.state, call, of);
  const written = write(activation, way, call, to, value);
  if (value.kind === 'resource') noteOwner(activation, written, call, of, to, value.id);
  return written;
}

/** An owner that closes the field in which it keeps a handle has taken it over. */
function noteOwner(
  activation: Activation,
  { state, result }: Way,
  call: OperationCall,
  of: Place,
  to: Place,
  id: ResourceId,
): void {
  const field = to.fields.at(-1);
  const place = { ...to, fields: to.fields.slice(0, -1) };
  const holder = to.root === 'result' ? result : valueAt(activation, state, call, place);
  if (field === undefined || holder?.kind !== 'object') return;
  if (!activation.engine.closesFieldOf(state.getObject(holder.id).shape, field)) return;
  const node = typeof of.root === 'number' ? call.instr.args.at(of.root)?.node : undefined;
  noteHandOver(activation, state, id, node ?? call.instr.node, 'owner');
}

function write(activation: Activation, way: Way, call: OperationCall, to: Place, value: Value): Way {
  if (to.root === 'result') return writeResult(activation, way, call, to, value);
  writeAt(activation, way.state, call, to, value);
  return way;
}

/** Leaves by an exception where the place holds a handle. */
function throwIf(activation: Activation, way: Way, call: OperationCall, place: Place): Way[] {
  const value = valueAt(activation, way.state, call, place);
  if (isConst(value)) return [way];
  if (value.kind === 'resource' && way.state.getResource(value.id).exists === 'maybe') {
    return splitExistence(way.state, value.id).flatMap((state) =>
      throwIf(activation, { ...way, state }, call, place),
    );
  }
  activation.throwImplicitly(way.state);
  return value.kind === 'resource' ? [] : [way];
}

/** A failure value is no handle: the call fails. Of an unknown value nothing can be said. */
export function failedValue(activation: Activation, way: Way, call: OperationCall, place: Place): Way {
  const value = valueAt(activation, way.state, call, place);
  if (value.kind === 'lent') return way;
  // Only a call that tells of its failure goes on after it. Native code takes other numbers for handles, too.
  if (isConst(value) && tellsOfFailure(call) && !isNative(call)) return dead(way);
  return way.isMade ? way : { ...way, success: null };
}

const tellsOfFailure = ({ operation: { returns } }: OperationCall): boolean =>
  returns === 'success' || returns === 'boolean' || returns === 'bool' || returns === 'status';

const isNative = ({ operation: { returns } }: OperationCall): boolean =>
  returns === 'bool' || returns === 'status';

/** A closed handle made the call fail. Where the program can see that, all that follows depends on it. */
export function failedOnDead(activation: Activation, way: Way, call: OperationCall): Way {
  const { engine, fn, recorder } = activation;
  const isTold =
    (tellsOfFailure(call) || failedResult(call) !== null) && engine.statics.isRead(fn, call.instr.dst);
  if (isTold || leavesCellUnwritten(call)) recorder.isCoupled = true;
  return dead(way);
}

/** An out-cell keeps what it held when the call that was to fill it fails. */
const leavesCellUnwritten = ({ operation: { effects } }: OperationCall): boolean =>
  effects.some((effect) => effect.do === 'duplicate' && effect.to.root !== 'result');

/** A call works on a live handle; where the handle may be missing, it works exactly if that one exists. */
function successOf(state: State, id: ResourceId, before: Value | null): Value | null {
  const { exists, typestate, isOwed } = state.getResource(id);
  if (before !== TRUE || typestate !== 'open' || !isOwed) return null;
  return exists === 'certainly' ? TRUE : existence(id);
}

/**
 * Applies an effect where its condition holds. An open condition goes both ways; but what an owner knows of itself is
 * no choice that the call makes, so where that is open its handle gets out of sight.
 */
function applyWhen(
  activation: Activation,
  way: Way,
  call: OperationCall,
  condition: KnownCondition | null,
  place: Place,
  apply: (way: Way) => Way,
): Way[] {
  const holds = condition === null ? true : decide(activation, way.state, call, condition);
  if (holds === false) return [way];
  if (holds === null && condition !== null && 'at' in condition)
    return [atEach(activation, way, call, place, applyKeep)];
  if (holds === true) return [keepSuccess(way, apply(way))];
  const other = { ...way, state: way.state.fork() };
  return [other, keepSuccess(way, apply(way))];
}

/** What a call reports is its first effect's success: closing the source as well does not change it. */
function keepSuccess(before: Way, after: Way): Way {
  return before.success === TRUE || after.success === FALSE ? after : { ...after, success: before.success };
}
