/**
 * The states that reach one point, merged by property simulation (Das, Lerner, Seigle: ESP, PLDI 2002):
 * equal canonical keys become one; states of equal shape but different facts stay apart up to a bound and
 * merge above it, keeping the facts that all share.
 *
 * Where a merge puts a fresh symbol in the place of differing facts, the symbol is marked, and a later
 * branch on it makes the path doubtful, so a merge costs reports and never makes a wrong one. A loop's
 * counters are merged after a few turns, which is how a counted loop ends.
 */
import { defined } from '../defined.ts';
import { push } from '../push.ts';
import { BoundReached, MAX_COUNTED_TURNS, MAX_FACTS, MAX_STATES } from './bounds.ts';
import { canonicalize, scalarSlots } from './canonical.ts';
import type { Canonical, IsCounter, Slot } from './canonical.ts';
import type { Fresh } from './fresh.ts';
import { uniteLost } from './lost.ts';
import { unite, uniteHistories } from './resource.ts';
import { PROPERTY } from './state.ts';
import type { State } from './state.ts';
import { shorterTrace } from './trace.ts';
import type { ObjectId, ResourceId, Value } from './value.ts';
import type { LocalId, Temp } from '../ir/ir.ts';

interface Entry {
  readonly state: State;
  readonly canonical: Canonical;
}

interface Bucket {
  readonly entries: Map<string, Entry>;
  /** Entries that differ in numbers only, by what they share. */
  readonly turns: Map<string, Entry[]>;
  /** What all states above the bound are merged into. */
  overflow: Entry | null;
}

export class StateSet {
  readonly #fresh: Fresh;
  readonly #isCounter: IsCounter | null;
  readonly #buckets = new Map<string, Bucket>();
  /** The only state so far: what it is compared by is found out when another one arrives. */
  #lone: State | null = null;
  #size = 0;

  /** At a loop's head, `isCounter` says which variables may count its turns. */
  constructor(fresh: Fresh, isCounter: IsCounter | null = null) {
    this.#fresh = fresh;
    this.#isCounter = isCounter;
  }

  /** The states, in the order of their arrival by shape. The set gives them away. */
  states(): State[] {
    if (this.#lone !== null) return [this.#lone];
    return [...this.#buckets.values()].flatMap((bucket) =>
      [...bucket.entries.values()].map((entry) => entry.state),
    );
  }

  /** Takes a state in. The state of the set that grew by it; null where it says nothing new. */
  add(state: State): State | null {
    if (this.#lone === null && this.#size === 0) return (this.#lone = state);
    if (this.#lone !== null) {
      this.#compare(this.#lone);
      this.#lone = null;
    }
    return this.#compare(state);
  }

  #compare(state: State): State | null {
    const canonical = canonicalize(state, this.#isCounter);
    const bucket = this.#bucketOf(canonical);
    const known = bucket.entries.get(canonical.key);
    if (known !== undefined) return absorb(known, state, canonical) ? known.state : null;
    const turns = bucket.turns.get(canonical.uncounted) ?? [];
    if (this.#isCounter !== null && turns.length >= MAX_COUNTED_TURNS)
      return this.#mergeInto(defined(turns[0]), state);
    if (bucket.entries.size >= MAX_FACTS) return this.#overflow(bucket, state);
    return this.#insert(bucket, { state, canonical });
  }

  #bucketOf({ shape }: Canonical): Bucket {
    let bucket = this.#buckets.get(shape);
    if (bucket === undefined) {
      bucket = { entries: new Map(), turns: new Map(), overflow: null };
      this.#buckets.set(shape, bucket);
    }
    return bucket;
  }

  #insert(bucket: Bucket, entry: Entry): State {
    if (++this.#size > MAX_STATES) throw new BoundReached('MAX_STATES');
    bucket.entries.set(entry.canonical.key, entry);
    push(bucket.turns, entry.canonical.uncounted, entry);
    return entry.state;
  }

  /** Adds the generalisation of the two, which stands for the newcomer and its like. */
  #mergeInto(entry: Entry, state: State): State | null {
    if (!generalize(entry.state, state, this.#fresh)) return null;
    return this.#addMerged(state);
  }

  #overflow(bucket: Bucket, state: State): State | null {
    const partner = bucket.overflow ?? defined([...bucket.entries.values()].at(-1));
    generalize(partner.state, state, this.#fresh);
    const grown = this.#addMerged(state);
    bucket.overflow = bucket.entries.get(canonicalize(state, this.#isCounter).key) ?? bucket.overflow;
    return grown;
  }

  /** A generalisation enters whatever the bounds are: it can only be followed by more general ones. */
  #addMerged(state: State): State | null {
    const canonical = canonicalize(state, this.#isCounter);
    const bucket = this.#bucketOf(canonical);
    const known = bucket.entries.get(canonical.key);
    if (known !== undefined) return absorb(known, state, canonical) ? known.state : null;
    return this.#insert(bucket, { state, canonical });
  }
}

/** Unites what explains the two states; whether the known one grew. */
function absorb(known: Entry, state: State, canonical: Canonical): boolean {
  const target = known.state;
  if (state.isDoubtful && !target.isDoubtful) return false;
  let isGrown = target.isDoubtful && !state.isDoubtful;
  if (isGrown) target.isDoubtful = false;
  for (const [number, id] of known.canonical.resources.entries()) {
    if (uniteResource(target, id, state, defined(canonical.resources[number]))) isGrown = true;
  }
  const lost = uniteLost(target.lost, state.lost);
  if (lost !== target.lost) {
    target.lost = lost;
    isGrown = true;
  }
  const returning = unite(target.returning, state.returning);
  if (returning !== target.returning) {
    target.returning = returning;
    isGrown = true;
  }
  target.trace = shorterTrace(target.trace, state.trace);
  return isGrown;
}

function uniteResource(target: State, id: ResourceId, state: State, other: ResourceId): boolean {
  const { history } = target.getResource(id);
  const united = uniteHistories(history, state.getResource(other).history);
  if (united === history) return false;
  target.updateResource(id, { history: united });
  return true;
}

/** Puts a marked symbol wherever the facts of `state` differ from those of `like`, a state of its shape; what a property held, too. */
function generalize(like: State, state: State, fresh: Fresh): boolean {
  const ours = scalarSlots(state);
  const theirs = scalarSlots(like);
  if (ours.slots.length !== theirs.slots.length) return false;
  for (const [index, slot] of ours.slots.entries()) {
    const other = defined(theirs.slots[index]);
    if (slot.code === other.code) continue;
    const bounds = [lowerBound(state, slot.value), lowerBound(like, other.value)];
    const atLeast = bounds.includes(null) ? null : Math.min(...bounds.map(Number));
    writeSlot(state, slot, mergedSymbol(state, fresh, atLeast));
  }
  state.terms = [...ours.terms].flatMap(([code, term]) => {
    if (theirs.terms.has(code)) return [term];
    return term.operator === PROPERTY ? [{ ...term, result: mergedSymbol(state, fresh, null) }] : [];
  });
  return true;
}

/** An integer that the value is not less than. */
function lowerBound(state: State, value: Value): number | null {
  if (value.kind === 'symbol') return state.factsOf(value.id).atLeast;
  return value.kind === 'const' && Number.isInteger(value.value) ? Number(value.value) : null;
}

function mergedSymbol(state: State, fresh: Fresh, atLeast: number | null): Value {
  const id = fresh.symbol();
  state.learn(id, { isMerged: true, atLeast });
  return { kind: 'symbol', id };
}

function writeSlot(state: State, slot: Slot, value: Value): void {
  switch (slot.holder) {
    case 'self':
      state.self = value;
      return;
    case 'result':
      state.result = value;
      return;
    case 'input':
      state.inputs = state.inputs.with(slot.id, value);
      return;
    case 'pending':
      state.pending = state.pending.with(slot.id, { ...defined(state.pending[slot.id]), value });
      return;
    case 'local':
      state.locals.set(slot.id as LocalId, value);
      return;
    case 'temp':
      state.temps.set(slot.id as Temp, value);
      return;
    case 'field':
      state.setField(slot.id as ObjectId, slot.field, value);
      return;
    case 'failure':
      state.updateResource(slot.id as ResourceId, { failure: value });
      return;
  }
}
