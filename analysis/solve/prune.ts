/**
 * Takes out of a state what can no longer matter: variables and temporaries that nobody reads again, and
 * what only they led to. An open resource that nothing leads to any more is lost.
 */
import type { CapturedBy } from '../effects/captures.ts';
import type { Local, LocalId, Temp } from '../ir/ir.ts';
import { push } from '../push.ts';
import { forgetTargets } from './collections/iterate.ts';
import { holdersOf } from './holders.ts';
import { MAX_INSTANCES } from './bounds.ts';
import { TYPEOF } from './compare.ts';
import type { ForkMap } from './fork-map.ts';
import type { Fresh } from './fresh.ts';
import type { Lost } from './lost.ts';
import { uniteHistories } from './resource.ts';
import type { Resource } from './resource.ts';
import { reach } from './reach.ts';
import type { Reached } from './reach.ts';
import type { Site } from './site.ts';
import { PROPERTY } from './state.ts';
import type { HeapObject, State } from './state.ts';
import { shorterTrace } from './trace.ts';
import { carriedBy } from './value.ts';
import type { ObjectId, ResourceId, Value } from './value.ts';

/** What is still read at a point. */
export interface Live {
  hasTemp(temp: Temp): boolean;
  hasLocal(local: LocalId): boolean;
  /** Whether any property of this name is. */
  hasProperty(name: string): boolean;
}

export interface PruneContext {
  readonly fresh: Fresh;
  readonly captures: CapturedBy;
  localOf(id: LocalId): Local;
  /** Is told of each resource that leaves the states of a run: unreachable, or kept by what outlives it. */
  readonly onEnd: ((resource: Resource, isKept: boolean) => void) | null;
}

export function prune(state: State, live: Live, context: PruneContext): void {
  noteHolders(state, live, context);
  state.temps.keepOnly((temp) => live.hasTemp(temp));
  state.locals.keepOnly((local) => live.hasLocal(local));
  forgetTargets(
    state,
    [state.self, state.result, ...state.locals.values(), ...state.temps.values()],
    context.captures,
  );
  state.forgetProperties((_, name) => !live.hasProperty(String(name)));
  collect(state, context);
  if (boundInstances(state, context)) collect(state, context);
}

/** Keeps in mind what led to a duplicate, for the repair that passes it in its original's place. */
function noteHolders(state: State, live: Live, context: PruneContext): void {
  for (const [id, resource] of [...state.resources.entries()]) {
    if (!resource.isDuplicate || resource.source === null || resource.history.holder !== null) continue;
    const holder = holdersOf(state, id, context).find(({ local }) => !live.hasLocal(local));
    const isLasting = holder !== undefined && context.localOf(holder.local).isConstant;
    if (isLasting) state.updateResource(id, { history: { ...resource.history, holder } });
  }
}

/** Every value that a place of the state holds. */
export function rootsOf(state: State): Value[] {
  return [
    state.self,
    state.result,
    ...state.inputs,
    ...state.pending.map(({ value }) => value),
    ...state.locals.values(),
    ...state.temps.values(),
  ];
}

/** Drops what no root leads to. */
export function collect(state: State, { captures, onEnd }: Pick<PruneContext, 'captures' | 'onEnd'>): void {
  const reached = reach(state, rootsOf(state), captures);
  for (const [id, resource] of [...state.resources.entries()]) {
    if (reached.resources.has(id) || reached.tested.has(id)) continue;
    onEnd?.(resource, false);
    recordLoss(state, resource);
    recordIdle(state, resource);
    removeResource(state, id);
  }
  state.objects.keepOnly((id) => reached.objects.has(id));
  dropOperations(state);
  dropTerms(state, reached);
}

function removeResource(state: State, id: ResourceId): void {
  state.resources.delete(id);
  for (const [other, { source }] of [...state.resources.entries()]) {
    if (source === id) state.updateResource(other, { source: null });
  }
}

/** An operation whose promise nothing leads to ends when it ends. */
function dropOperations(state: State): void {
  for (const [id, { neededBy }] of [...state.resources.entries()]) {
    if (neededBy.size === 0) continue;
    const known = [...neededBy].filter((operation) => state.objects.has(operation));
    if (known.length < neededBy.size) state.updateResource(id, { neededBy: new Set(known) });
  }
}

/** A remembered test whose operands are gone can never be made again. */
function dropTerms(state: State, roots: Reached): void {
  if (state.terms.length === 0 && state.symbols.size === 0) return;
  const reached = withProperties(state, roots);
  if (state.terms.length > 0) {
    state.terms = state.terms.filter((term) => isKnown(term.left, reached) && isKnown(term.right, reached));
  }
  if (state.symbols.size === 0) return;
  const kept = new Set(reached.symbols);
  for (const { result } of state.terms) {
    if (result.kind === 'symbol') kept.add(result.id);
    if (result.kind === 'truth') kept.add(result.of);
  }
  state.symbols.keepOnly((id) => kept.has(id));
}

/** A remembered property leads on, and so does a type: what was read can be read again. */
function withProperties(state: State, reached: Reached): Reached {
  const left = state.terms.filter(
    ({ operator, result }) => (operator === PROPERTY || operator === TYPEOF) && result.kind === 'symbol',
  );
  if (left.length === 0) return reached;
  const symbols = new Set(reached.symbols);
  const grown = { ...reached, symbols };
  for (let size = -1; size !== symbols.size;) {
    size = symbols.size;
    for (const { left: object, result } of left) {
      if (result.kind === 'symbol' && isKnown(object, grown)) symbols.add(result.id);
    }
  }
  return grown;
}

export function isKnown(value: Value, reached: Reached): boolean {
  switch (value.kind) {
    case 'symbol':
      return reached.symbols.has(value.id);
    case 'truth':
      return reached.symbols.has(value.of);
    case 'resource':
      return reached.resources.has(value.id);
    case 'exists':
      return reached.resources.has(value.of) || reached.tested.has(value.of);
    case 'object':
      return reached.objects.has(value.id);
    case 'function':
      return carriedBy(value).every((id) => reached.objects.has(id));
    default:
      return true;
  }
}

export function isLeak(resource: Resource): boolean {
  const { typestate, isOwed, isSilenced, reported } = resource;
  const kind = resource.isDuplicate ? 'leakedDuplicate' : 'leakedHandle';
  return typestate === 'open' && isOwed && !isSilenced && !reported.has(kind);
}

function recordLoss(state: State, resource: Resource): void {
  if (!isLeak(resource) || state.isDoubtful) return;
  const lost = new Map(state.lost);
  for (const site of resource.history.acquired) {
    const key = `${site.id}${resource.isDuplicate ? 'd' : ''}`;
    const known = lost.get(key);
    const history = { ...resource.history, acquired: new Set([site]) };
    lost.set(key, {
      kind: resource.kind,
      isDuplicate: resource.isDuplicate,
      exists: resource.exists,
      failure: resource.failure,
      history: known === undefined ? history : uniteHistories(known.history, history),
      trace: known === undefined ? state.trace : shorterTrace(known.trace, state.trace),
    } satisfies Lost);
  }
  state.lost = lost;
}

/** What was duplicated remembers that its duplicate came to nothing. */
function recordIdle(state: State, { source, isDuplicate, kind, history, ...resource }: Resource): void {
  if (source === null || !isLeak({ ...resource, source, isDuplicate, kind, history })) return;
  const original = state.resources.get(source);
  if (original === undefined) return;
  const idle = new Map(original.history.idle);
  for (const site of history.acquired) idle.set(site, { kind, history, isCertain: true });
  state.updateResource(source, { history: { ...original.history, idle } });
}

/** Lets the oldest of too many instances of one site go out of sight; whether there were any. */
function boundInstances(state: State, { fresh, captures }: PruneContext): boolean {
  const resources = surplus(state.resources, ({ history }) => firstOf(history.acquired));
  const objects = surplus(state.objects, siteOfObject);
  if (resources.size === 0 && objects.size === 0) return false;
  const hidden: ReadonlySet<ObjectId> = objects;
  const roots = [...objects].map((id): Value => ({ kind: 'object', id }));
  for (const id of [...resources, ...reach(state, roots, captures).resources]) forget(state, id);
  state.rewrite((value) => {
    const isGone =
      (value.kind === 'resource' && resources.has(value.id)) ||
      (value.kind === 'exists' && resources.has(value.of)) ||
      (value.kind === 'object' && hidden.has(value.id)) ||
      (value.kind === 'function' && carriedBy(value).some((id) => hidden.has(id)));
    return isGone ? { kind: 'symbol', id: fresh.symbol() } : null;
  });
  return true;
}

function firstOf(sites: ReadonlySet<Site>): string | null {
  const [first] = sites;
  return first === undefined ? null : String(first.id);
}

/** One call may bring several variables; each of them is a site of its own. */
function siteOfObject({ node, shape }: HeapObject): string | null {
  if (node === null) return null;
  return `${node.range.join('-')} ${shape.kind === 'cell' ? shape.local : ''}`;
}

/** All but the youngest of each site. */
function surplus<Id extends number, T>(items: ForkMap<Id, T>, siteOf: (item: T) => string | null): Set<Id> {
  if (items.size <= MAX_INSTANCES) return new Set();
  const bySite = new Map<string, Id[]>();
  for (const [id, item] of items.entries()) {
    const site = siteOf(item);
    if (site !== null) push(bySite, site, id);
  }
  const old = new Set<Id>();
  for (const ids of bySite.values()) {
    if (ids.length <= MAX_INSTANCES) continue;
    for (const id of ids.sort((a, b) => a - b).slice(0, -MAX_INSTANCES)) old.add(id);
  }
  return old;
}

function forget(state: State, id: ResourceId): void {
  state.updateResource(id, { typestate: 'escaped', isSilenced: true });
}
