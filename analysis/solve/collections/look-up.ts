/**
 * Which element an index, a key or a name means.
 *
 * Where that is open, each of them is tried: in the state that assumes it, the key *is* the one of that element,
 * so the same key again finds the same element. But who goes through a collection by keys of which nothing is
 * known here has an order in mind that cannot be seen. So the others get out of sight, a guess never comes
 * upon a handle that is closed, and nothing is reported where none of them was meant.
 */
import type { Activation } from '../activation.ts';
import { MAX_CHOICES } from '../bounds.ts';
import { compare } from '../compare.ts';
import { escape } from '../events.ts';
import { settleTerms, substitute } from '../refine.ts';
import type { State } from '../state.ts';
import { isConst, isSame, UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';
import { holdsOpenOnly, letGo } from './contents.ts';

export interface Place {
  readonly key: Value;
  /** The field with the value. */
  readonly field: string;
}

export interface Found {
  readonly state: State;
  /** The field that was meant; null for none. */
  readonly field: string | null;
  /** What it holds: `undefined` where there is none. */
  readonly value: Value;
}

/** The states in which the key is found, or found missing. */
export function lookUp(
  activation: Activation,
  state: State,
  id: ObjectId,
  places: readonly Place[],
  key: Value,
): Found[] {
  const same = places.find((place) => isSame(place.key, key));
  if (same !== undefined) return [found(activation, state, id, same.field)];
  const possible = places.filter((place) => canBeSame(state, place.key, key));
  const { isOpen } = state.getObject(id);
  if (possible.length === 0) {
    return [{ state, field: null, value: isOpen ? activation.unknown() : UNDEFINED }];
  }
  if (isOpen || isMerged(state, key) || possible.length > MAX_CHOICES) {
    letGo(activation, state, id);
    return [{ state, field: null, value: activation.unknown() }];
  }
  return [
    ...possible.flatMap((place) => assume(activation, state.fork(), id, places, place, key)),
    none(state),
  ];
}

function found(activation: Activation, state: State, id: ObjectId, field: string): Found {
  return { state, field, value: state.getObject(id).fields.get(field) ?? activation.unknown() };
}

/** Nothing shows that a run gets here. */
function none(state: State): Found {
  state.isDoubtful = true;
  return { state, field: null, value: UNDEFINED };
}

function assume(
  activation: Activation,
  state: State,
  id: ObjectId,
  places: readonly Place[],
  { key, field }: Place,
  sought: Value,
): Found[] {
  for (const other of places) {
    if (
      other.field !== field ||
      !holdsOpenOnly(activation, state, found(activation, state, id, field).value)
    ) {
      hide(activation, state, id, other.field);
    }
  }
  if (sought.kind === 'symbol') {
    if (!substitute(state, sought.id, key)) return [];
  } else if (key.kind === 'symbol' && !substitute(state, key.id, sought)) return [];
  return settleTerms(state) ? [found(activation, state, id, field)] : [];
}

function hide(activation: Activation, state: State, id: ObjectId, field: string): void {
  const value = state.getObject(id).fields.get(field);
  if (value === undefined || isConst(value)) return;
  escape(activation, state, value);
  state.setField(id, field, activation.unknown());
}

function canBeSame(state: State, a: Value, b: Value): boolean {
  const verdict = compare(state, { operator: '===', left: a, right: b });
  return verdict.kind !== 'decided' || !isConst(verdict.value) || verdict.value.value === true;
}

const isMerged = (state: State, value: Value): boolean =>
  value.kind === 'symbol' && state.factsOf(value.id).isMerged;
