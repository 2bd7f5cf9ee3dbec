/**
 * The transfer functions of the typestate machine (drawn in resource.ts): what an event does to a
 * resource on one path, and what is found by it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FindingKind } from '../finding.ts';
import type { Activation } from './activation.ts';
import { heldByFrame, isVisible, nameHolding, variableHolding } from './holders.ts';
import { reach } from './reach.ts';
import { NO_HAND_OVERS, NO_OPERATIONS, unite } from './resource.ts';
import type { HandOver, History, PassedOriginal, Resource } from './resource.ts';
import type { Site } from './site.ts';
import { isConstantCell, PROPERTY } from './state.ts';
import type { State } from './state.ts';
import { existence, isSame, isScalar } from './value.ts';
import type { ResourceId, SymbolId, Value } from './value.ts';

/** After these the path says no more about the handle. */
const FINAL: ReadonlySet<FindingKind> = new Set(['doubleClose', 'mismatchedClose', 'borrowedClose']);

export function report(
  activation: Activation,
  state: State,
  id: ResourceId,
  kind: FindingKind,
  site: Site,
): void {
  const resource = state.getResource(id);
  if (resource.isSilenced || resource.reported.has(kind)) return;
  state.updateResource(id, {
    reported: new Set([...resource.reported, kind]),
    isSilenced: FINAL.has(kind),
  });
  if (state.isDoubtful) return;
  const input = state.inputs.findIndex((value) => value.kind === 'resource' && value.id === id);
  activation.recorder.add({
    kind,
    site,
    handleKind: resource.kind,
    isDuplicate: resource.isDuplicate,
    history: resource.history,
    input: input === -1 ? null : input,
    trace: state.trace,
  });
}

/** Changes what explains a resource, and nothing else. */
export function annotate(state: State, id: ResourceId, change: Partial<History>): void {
  const { history } = state.getResource(id);
  const isNew = (Object.keys(change) as (keyof History)[]).some((key) => change[key] !== history[key]);
  if (isNew) state.updateResource(id, { history: { ...history, ...change } });
}

/** The resource is of use after all: what was passed in its place was passed on purpose. */
export function touch(activation: Activation, state: State, id: ResourceId): void {
  const { history } = state.getResource(id);
  if (history.isTouched && history.passedInstead.size === 0) return;
  activation.recorder.refute(history.passedInstead);
  annotate(state, id, { isTouched: true, passedInstead: NO_HAND_OVERS });
}

/** Putting a duplicate away is a use that it has: whoever holds it now may need it. */
export function touchValue(activation: Activation, state: State, value: Value): void {
  if (value.kind === 'resource') touch(activation, state, value.id);
}

function need({ isSuspended }: State, isClose: boolean): Partial<History> {
  if (!isSuspended) return { isUsed: true };
  return isClose
    ? { isUsed: true, isUsedLater: true, isClosedLater: true }
    : { isUsed: true, isUsedLater: true };
}

/** Whether the handle works: a use of a dead one fails. */
export function use(activation: Activation, state: State, id: ResourceId, site: Site): boolean {
  touch(activation, state, id);
  annotate(state, id, need(state, false));
  const { typestate } = state.getResource(id);
  if (typestate !== 'closed' && typestate !== 'gone') return true;
  report(activation, state, id, 'useAfterClose', site);
  return false;
}

/** Whether the close closes. */
export function close(
  activation: Activation,
  state: State,
  id: ResourceId,
  closer: string,
  site: Site,
): boolean {
  touch(activation, state, id);
  annotate(state, id, need(state, true));
  const { recorder } = activation;
  const { typestate, kind, isBorrowed, history } = state.getResource(id);
  recorder.refute(history.passedOut);
  if (typestate !== 'open' && typestate !== 'escaped') {
    if (kind?.isHarmlessTwice === true) return true;
    recorder.addClose(site, 'doubleClose');
    for (const place of closingPlaces(history, site)) report(activation, state, id, 'doubleClose', place);
    return false;
  }
  if (isBorrowed) {
    recorder.addClose(site, 'borrowedClose');
    report(activation, state, id, 'borrowedClose', site);
    return false;
  }
  if (kind !== null && !kind.closers.has(closer)) {
    recorder.addClose(site, kind);
    report(activation, state, id, 'mismatchedClose', site);
    return false;
  }
  recorder.addClose(site, 'closed');
  end(state, id, 'closed');
  annotate(state, id, { closed: unite(history.closed, new Set([site])), closer, passedOut: NO_HAND_OVERS });
  return true;
}

/** What is under way and needs it is told: the operation leads to it from now on. */
export function end(state: State, id: ResourceId, typestate: 'closed' | 'gone'): void {
  for (const operation of state.getResource(id).neededBy) {
    if (state.objects.has(operation)) state.setField(operation, DEAD_HANDLE, { kind: 'resource', id });
  }
  state.updateResource(id, { typestate, neededBy: NO_OPERATIONS });
}

/** The field of an operation under way that holds a handle which ended before it. */
export const DEAD_HANDLE = 'handle';

/**
 * Of two closes the one with a line to read is reported: the later, unless it is the end of a `using` scope.
 * The earlier may be one of several; where that is such an end as well, the scope itself is reported.
 */
export function closingPlaces(history: History, site: Site): Site[] {
  if (!isImplicit(site)) return [site];
  const earlier = [...history.closed];
  const explicit = earlier.filter((each) => !isImplicit(each));
  return explicit.length === earlier.length && explicit.length > 0 ? explicit : [...explicit, site];
}

/** Only the end of a `using` scope closes at a declarator. */
export const isImplicit = (site: Site): boolean => site.node.type === 'VariableDeclarator';

/** The handle is given to code that is not seen: nobody here knows who closes it. */
export function escape(activation: Activation, state: State, value: Value): void {
  if (isScalar(value) && value.kind !== 'function' && value.kind !== 'class') return;
  const { resources, objects, captured } = reach(state, [value], activation.engine.captures);
  if (captured.size > 0) state.exposed = unite(state.exposed, captured);
  for (const id of resources) {
    touch(activation, state, id);
    letGo(activation, state, id);
  }
  for (const id of objects) state.objects.set(id, { ...state.getObject(id), isEscaped: true, isOpen: true });
}

function letGo(activation: Activation, state: State, id: ResourceId): void {
  const { typestate, history } = state.getResource(id);
  if (typestate !== 'open') return;
  state.updateResource(id, { typestate: 'escaped' });
  const at = activation.current === null ? [] : [activation.siteOf(activation.current)];
  annotate(state, id, { escaped: unite(history.escaped, new Set(at)) });
}

/** Code out of sight ran: it may have changed whatever it can reach. */
export function disturb(state: State): void {
  for (const [id, object] of [...state.objects.entries()]) {
    if (object.isEscaped && object.fields.size > 0 && !isConstantCell(object))
      state.objects.set(id, { ...object, fields: new Map() });
  }
}

/** An argument of a call whose body is not seen: a hand-over, and a use where the handle is dead. */
export function passOut(
  activation: Activation,
  state: State,
  value: Value,
  node: TSESTree.Node,
  site: Site,
): void {
  if (value.kind === 'resource') {
    if (!use(activation, state, value.id, site)) return;
    noteHandOver(activation, state, value.id, node, 'unseen');
  }
  letGoOfOutcome(activation, state, value);
  escape(activation, state, value);
}

/** What code out of sight makes of a BOOL or a status is not known, and neither is then on which path the handle is. */
export function letGoOfOutcome(activation: Activation, state: State, value: Value): void {
  if (value.kind !== 'exists' || value.as === 'boolean') return;
  escape(activation, state, { kind: 'resource', id: value.of });
}

/** Looks for duplicates that the hand-over of their original leaves idle. */
export function noteHandOver(
  activation: Activation,
  state: State,
  id: ResourceId,
  node: TSESTree.Node,
  how: Exclude<HandOver, 'no'>,
): void {
  annotate(state, id, { handedOver: how });
  const { typestate, isSilenced, history } = state.getResource(id);
  if (typestate !== 'open' || isSilenced || state.isDoubtful) return;
  const site = activation.engine.sites.at(node);
  const passed = new Set<PassedOriginal>();
  for (const [made, { kind, history: lost, isCertain }] of history.idle) {
    const { holder } = lost;
    const isNamed = isCertain && holder !== null && isVisible(activation.localOf(holder.local), node);
    const replacement = isNamed ? holder.replacement : null;
    const each = activation.recorder.passedAt(site, made);
    activation.recorder.addCandidate({
      passed: each,
      history: lost,
      handleKind: kind,
      replacement,
      trace: state.trace,
    });
    passed.add(each);
  }
  for (const [other, duplicate] of [...state.resources.entries()]) {
    if (duplicate.source !== id || !isIdle(duplicate) || !heldByFrame(activation, state, other)) continue;
    for (const made of duplicate.history.acquired) {
      const each = activation.recorder.passedAt(site, made);
      addCandidate(activation, state, other, each, node);
      passed.add(each);
    }
  }
  if (how === 'unseen') {
    annotate(state, id, { passedOut: unite(state.getResource(id).history.passedOut, passed) });
  }
}

function isIdle(duplicate: Resource): boolean {
  const { isDuplicate, typestate, isOwed, isSilenced } = duplicate;
  return isDuplicate && typestate === 'open' && isOwed && !isSilenced;
}

function addCandidate(
  activation: Activation,
  state: State,
  id: ResourceId,
  passed: PassedOriginal,
  node: TSESTree.Node,
): void {
  const { history, kind } = state.getResource(id);
  activation.recorder.addCandidate({
    passed,
    history,
    handleKind: kind,
    replacement: nameHolding(activation, state, id, node),
    trace: state.trace,
  });
  annotate(state, id, { passedInstead: unite(history.passedInstead, new Set([passed])) });
}

/** The handle that a value is; an unknown value that is asked for one turns out to be a handle of the caller. */
export function handleIn(activation: Activation, state: State, value: Value): ResourceId | null {
  if (value.kind === 'resource') return value.id;
  return value.kind === 'symbol' && activation.isMember ? materialize(activation, state, value.id) : null;
}

function materialize(activation: Activation, state: State, symbol: SymbolId): ResourceId {
  const id = activation.engine.fresh.resource();
  const { type } = state.factsOf(symbol);
  const kind = type === null ? null : activation.engine.apis.kindOfType(type);
  bindSymbol(state, symbol, id, activation.borrowed({ kind: 'symbol', id: symbol }, kind));
  annotate(state, id, { name: variableHolding(activation, state, id) });
  return id;
}

/** Puts a resource in the place of a symbol; the symbol goes on to stand for the value if it is no handle. */
export function bindSymbol(state: State, symbol: SymbolId, id: ResourceId, resource: Resource): void {
  // What a property holds may be another handle by the time that it is read again.
  const tested = state.terms.filter(
    ({ operator, result }) => operator !== PROPERTY || !isSame(result, { kind: 'symbol', id: symbol }),
  );
  state.rewrite((value) => {
    if (value.kind === 'symbol' && value.id === symbol) return { kind: 'resource', id };
    return value.kind === 'truth' && value.of === symbol ? existence(id, value.isNegated) : null;
  });
  state.terms = tested;
  state.resources.set(id, { ...resource, failure: { kind: 'symbol', id: symbol } });
}
