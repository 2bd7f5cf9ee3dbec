/**
 * Calls without summaries: a callee runs on the part of the caller's state that it can reach, and what it
 * did is mapped back (Reps, Horwitz, Sagiv, POPL 1995).
 *
 *     caller's state --enter--> entry state --run--> exit states --leave--> caller's states
 *
 * The entry's resources, objects and symbols are its *inputs*, numbered by first visit. They stay roots
 * during the run, in that order, so an exit says what each of them has become. Equal canonical forms of
 * two entries mean equal exits; a memoised run is used again by matching inputs by number.
 */
import { defined } from '../defined.ts';
import type { TSESTree } from '@typescript-eslint/utils';
import type { FunctionIr, LocalId } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { asElement, collectionKind, newCollection } from './collections/contents.ts';
import { canonicalNumbering } from './canonical.ts';
import type { Numbering } from './canonical.ts';
import { TYPEOF } from './compare.ts';
import { annotate, bindSymbol } from './events.ts';
import { variableHolding } from './holders.ts';
import { uniteLost } from './lost.ts';
import type { Lost } from './lost.ts';
import { learnTruth, settleExistence, settleTerms, substitute } from './refine.ts';
import { isKnown } from './prune.ts';
import { reach } from './reach.ts';
import { historyOf, unite } from './resource.ts';
import type { History, PassedOriginal, Resource } from './resource.ts';
import type { Site } from './site.ts';
import { isOwner, PROPERTY, sizeOf, State } from './state.ts';
import { carrying, functionValue, isSame } from './value.ts';
import type { ObjectId, ResourceId, SymbolId, Value } from './value.ts';

export interface Entry {
  readonly state: State;
  readonly numbering: Numbering;
  /** The canonical form: equal for two entries exactly when their runs are the same. */
  readonly key: string;
}

/** What a callee can reach of the caller's state, with the arguments where they arrive. */
export function enter(
  activation: Activation,
  state: State,
  fn: FunctionIr,
  self: Value,
  args: readonly Value[],
): Entry {
  const { engine } = activation;
  const rest = fn.rest === null ? [] : [restOf(activation, state, fn, args)];
  const entry = new State();
  entry.self = self;
  for (const [index, param] of fn.params.entries()) {
    entry.temps.set(param, args[index] ?? { kind: 'const', value: undefined });
  }
  for (const value of rest) if (fn.rest !== null) entry.temps.set(fn.rest, value);
  const known = reach(state, [self, ...args, ...rest, functionValue(fn.id)], engine.captures);
  const exposed = new Set<LocalId>();
  for (const local of known.captured) {
    const value = state.locals.get(local);
    if (value !== undefined) entry.locals.set(local, value);
    if (state.exposed.has(local)) exposed.add(local);
  }
  entry.exposed = exposed;
  copyHeap(state, entry, known);
  engine.countStep(1 + (sizeOf(entry) >> 2));
  const { key, ...numbering } = canonicalNumbering(entry);
  entry.inputs = [
    ...numbering.resources.map((id): Value => ({ kind: 'resource', id })),
    ...numbering.objects.map((id): Value => ({ kind: 'object', id })),
    ...numbering.symbols.map((id): Value => ({ kind: 'symbol', id })),
  ];
  return { state: entry, numbering, key };
}

/** The array that a rest parameter gets (ECMA-262 10.2.11). */
function restOf(activation: Activation, state: State, fn: FunctionIr, args: readonly Value[]): Value {
  const values = args.slice(fn.params.length).map(asElement);
  return newCollection(activation, state, fn.node, 'array', values);
}

function copyHeap(from: State, to: State, known: ReturnType<typeof reach>): void {
  const resources = new Set([...known.resources, ...known.tested]);
  for (const id of resources) {
    const resource = from.getResource(id);
    const source = resource.source !== null && resources.has(resource.source) ? resource.source : null;
    const neededBy = new Set([...resource.neededBy].filter((operation) => known.objects.has(operation)));
    to.resources.set(id, { ...resource, source, neededBy, history: historyOf(null) });
  }
  for (const id of known.objects) to.objects.set(id, from.getObject(id));
  for (const id of known.symbols) {
    const facts = from.symbols.get(id);
    if (facts !== undefined) to.symbols.set(id, facts);
  }
  // Properties are read anew inside: a body that may change them has no say on what its caller remembers.
  const carried = { ...known, symbols: new Set(known.symbols) };
  to.terms = from.terms.filter(({ operator, left, right, result }) => {
    if (operator === PROPERTY || !isKnown(left, carried) || !isKnown(right, carried)) return false;
    if (operator === TYPEOF && result.kind === 'symbol') carried.symbols.add(result.id);
    return true;
  });
  for (const { result } of to.terms) {
    const facts = result.kind === 'symbol' ? from.symbols.get(result.id) : undefined;
    if (result.kind === 'symbol' && facts !== undefined) to.symbols.set(result.id, facts);
  }
}
/** One way that a run of a callee ends. */
export interface Exit {
  readonly completion: 'return' | 'throw' | 'implicitThrow';
  readonly state: State;
}

/** The states of the ways that come back. */
export function returned(exits: readonly Exit[]): State[] {
  return exits.filter(({ completion }) => completion === 'return').map(({ state }) => state);
}

/**
 * Maps an exit back into the caller's state, which becomes the state after the call. The call's result
 * (or exception) is returned; null where the exit contradicts what the caller knows.
 */
export function leave(
  activation: Activation,
  caller: State,
  node: TSESTree.Node,
  actual: Numbering,
  formal: Numbering,
  exit: State,
): Value | null {
  const mapping = new Mapping(activation, caller, node, exit, actual, formal);
  if (!mapping.bindInputs(formal)) return null;
  mapping.updateResources(formal);
  mapping.updateObjects(formal);
  mapping.updateLocals();
  mapping.carryTerms();
  caller.lost = uniteLost(caller.lost, mapping.lost());
  if (exit.isDoubtful) caller.isDoubtful = true;
  caller.exposed = unite(caller.exposed, exit.exposed);
  const result = mapping.value(exit.result);
  return settleTerms(caller) ? result : null;
}

class Mapping {
  readonly #activation: Activation;
  readonly #caller: State;
  readonly #node: TSESTree.Node;
  readonly #exit: State;
  readonly #resources = new Map<ResourceId, ResourceId>();
  readonly #objects = new Map<ObjectId, ObjectId>();
  readonly #symbols = new Map<SymbolId, SymbolId>();

  constructor(
    activation: Activation,
    caller: State,
    node: TSESTree.Node,
    exit: State,
    actual: Numbering,
    formal: Numbering,
  ) {
    this.#activation = activation;
    this.#caller = caller;
    this.#node = node;
    this.#exit = exit;
    for (const [index, id] of formal.resources.entries())
      this.#resources.set(id, defined(actual.resources[index]));
    for (const [index, id] of formal.objects.entries()) this.#objects.set(id, defined(actual.objects[index]));
    for (const [index, id] of formal.symbols.entries()) this.#symbols.set(id, defined(actual.symbols[index]));
  }

  /** What the callee learned of its inputs, as facts of the caller. */
  bindInputs({ resources, objects, symbols }: Numbering): boolean {
    const { inputs } = this.#exit;
    for (const [index, id] of resources.entries()) {
      const became = defined(inputs[index]);
      const mapped = defined(this.#resources.get(id));
      const isLive = became.kind === 'resource' && became.id === id;
      if (isLive && this.#exit.getResource(id).exists === 'maybe') continue;
      if (!settleExistence(this.#caller, mapped, isLive)) return false;
    }
    const offset = resources.length + objects.length;
    return symbols.every((id, index) => this.#bindSymbol(id, defined(inputs[offset + index])));
  }

  #bindSymbol(id: SymbolId, became: Value): boolean {
    const mapped = defined(this.#symbols.get(id));
    const caller = this.#caller;
    if (became.kind === 'symbol' && became.id === id) {
      const { truthy } = this.#exit.factsOf(id);
      return truthy === null || learnTruth(caller, mapped, truthy);
    }
    if (became.kind === 'resource' && !this.#resources.has(became.id)) {
      const resource = this.#exit.getResource(became.id);
      const fresh = this.#activation.engine.fresh.resource();
      this.#resources.set(became.id, fresh);
      bindSymbol(caller, mapped, fresh, this.#newResource(resource));
      annotate(caller, fresh, { name: variableHolding(this.#activation, caller, fresh) });
      return true;
    }
    return substitute(caller, mapped, this.value(became));
  }

  updateResources({ resources }: Numbering): void {
    for (const id of resources) {
      const mapped = defined(this.#resources.get(id));
      const after = this.#exit.resources.get(id);
      if (after === undefined || !this.#caller.resources.has(mapped)) continue;
      const before = this.#caller.getResource(mapped);
      const { typestate, isSilenced, reported, kind, isOwed } = after;
      const neededBy = this.#neededBy(before, after);
      this.#caller.updateResource(mapped, { typestate, isSilenced, reported, kind, isOwed, neededBy });
      this.#updateHistory(mapped, before, after);
    }
  }

  /** What happened inside counts for what the caller had pending. */
  #updateHistory(id: ResourceId, before: Resource, after: Resource): void {
    const { recorder } = this.#activation;
    const { history } = before;
    if (after.history.isTouched) recorder.refute(history.passedInstead);
    const isClosed = before.typestate !== 'closed' && after.typestate === 'closed';
    if (isClosed) recorder.refute(history.passedOut);
    annotate(this.#caller, id, {
      closed: unite(history.closed, this.#sites(after.history.closed)),
      closer: after.history.closer ?? history.closer,
      escaped: unite(history.escaped, this.#sites(after.history.escaped)),
      isTouched: history.isTouched || after.history.isTouched,
      isUsed: history.isUsed || after.history.isUsed,
      isUsedLater: history.isUsedLater || after.history.isUsedLater,
      isClosedLater: history.isClosedLater || after.history.isClosedLater,
      handedOver: after.history.handedOver === 'no' ? history.handedOver : after.history.handedOver,
      passedInstead: this.#passed(
        after.history.isTouched ? new Set() : history.passedInstead,
        after.history.passedInstead,
      ),
      passedOut: isClosed ? new Set() : this.#passed(history.passedOut, after.history.passedOut),
    });
  }

  #passed(
    ours: ReadonlySet<PassedOriginal>,
    theirs: ReadonlySet<PassedOriginal>,
  ): ReadonlySet<PassedOriginal> {
    return unite(ours, new Set([...theirs].map((passed) => this.passed(passed))));
  }

  passed({ site, duplicate }: PassedOriginal): PassedOriginal {
    const { recorder, engine } = this.#activation;
    return recorder.passedAt(engine.sites.at(this.#node, site), engine.sites.at(this.#node, duplicate));
  }

  updateObjects({ objects }: Numbering): void {
    for (const id of objects) this.#writeObject(defined(this.#objects.get(id)), id);
  }

  #writeObject(mapped: ObjectId, id: ObjectId, isInOwner = false): void {
    const object = this.#exit.objects.get(id);
    if (object === undefined) return;
    const owns = isInOwner || isOwner(object) || object.shape.kind === 'cell';
    const fields = new Map([...object.fields].map(([name, value]) => [name, this.value(value, owns)]));
    this.#caller.objects.set(mapped, { ...object, fields, node: object.node === null ? null : this.#node });
  }

  updateLocals(): void {
    for (const [local, value] of this.#exit.locals.entries())
      this.#caller.locals.set(local, this.value(value));
  }

  carryTerms(): void {
    for (const { operator, left, right, result } of this.#exit.terms) {
      if (operator === PROPERTY || !this.#isKnown(left) || !this.#isKnown(right)) continue;
      const term = { operator, left: this.value(left), right: this.value(right), result: this.value(result) };
      const known = this.#caller.findTerm(operator, term.left, term.right);
      if (known === null) this.#caller.terms = [...this.#caller.terms, term];
      else if (known.kind === 'symbol' && !isSame(known, term.result)) {
        substitute(this.#caller, known.id, term.result);
      }
    }
  }

  #isKnown(value: Value): boolean {
    switch (value.kind) {
      case 'symbol':
        return this.#symbols.has(value.id);
      case 'truth':
        return this.#symbols.has(value.of);
      case 'const':
      case 'external':
        return true;
      default:
        return false;
    }
  }

  lost(): ReadonlyMap<string, Lost> {
    const lost = new Map<string, Lost>();
    for (const each of this.#exit.lost.values()) {
      for (const site of each.history.acquired) {
        const outer = this.#activation.engine.sites.at(this.#node, site);
        const history = { ...this.#history(each.history), acquired: new Set([outer]) };
        lost.set(`${outer.id}${each.isDuplicate ? 'd' : ''}`, {
          ...each,
          history,
          trace: this.#caller.trace,
        });
      }
    }
    return lost;
  }

  /** The caller's value for one of the exit's; what the callee made gets an identity here. */
  value(value: Value, isInOwner = false): Value {
    switch (value.kind) {
      case 'resource':
        return { kind: 'resource', id: this.#resource(value.id, isInOwner) };
      case 'exists':
        return { ...value, of: this.#resource(value.of) };
      case 'object':
        return { kind: 'object', id: this.#object(value.id, isInOwner) };
      case 'symbol':
        return { kind: 'symbol', id: this.#symbol(value.id) };
      case 'truth':
        return { ...value, of: this.#symbol(value.of) };
      case 'function':
        return carrying(value, (id) => this.#object(id, isInOwner));
      default:
        return value;
    }
  }

  #symbol(id: SymbolId): SymbolId {
    const known = this.#symbols.get(id);
    if (known !== undefined) return known;
    const mapped = this.#activation.engine.fresh.symbol();
    this.#symbols.set(id, mapped);
    const facts = this.#exit.symbols.get(id);
    if (facts !== undefined) this.#caller.symbols.set(mapped, facts);
    return mapped;
  }

  /** A collection belongs to the owner that holds it. */
  #object(id: ObjectId, isInOwner: boolean): ObjectId {
    const known = this.#objects.get(id);
    if (known !== undefined) return known;
    const mapped = this.#activation.engine.fresh.object();
    this.#objects.set(id, mapped);
    const isCollection = collectionKind(this.#exit.getObject(id)) !== null;
    this.#writeObject(mapped, id, isInOwner && isCollection);
    return mapped;
  }

  /** A duplicate that arrives inside an owner is the owner's matter: what the caller holds is the owner. */
  #resource(id: ResourceId, isInOwner = false): ResourceId {
    const known = this.#resources.get(id);
    if (known !== undefined) return known;
    const mapped = this.#activation.engine.fresh.resource();
    this.#resources.set(id, mapped);
    const resource = this.#newResource(this.#exit.getResource(id));
    const standing = isInOwner ? { isDuplicate: false } : {};
    this.#caller.resources.set(mapped, { ...resource, ...standing, failure: this.value(resource.failure) });
    return mapped;
  }

  #newResource(resource: Resource): Resource {
    const source = resource.source === null ? null : (this.#resources.get(resource.source) ?? null);
    const neededBy = this.#operations(resource.neededBy);
    const history = this.#history(resource.history);
    const original = source === null ? undefined : this.#caller.resources.get(source)?.history;
    const sourceName = original?.name ?? original?.cell ?? history.sourceName;
    return { ...resource, source, neededBy, history: { ...history, sourceName } };
  }

  /** The callee may have ended an operation that it can reach. */
  #neededBy(before: Resource, after: Resource): ReadonlySet<ObjectId> {
    const reached = new Set(this.#objects.values());
    const untouched = [...before.neededBy].filter((operation) => !reached.has(operation));
    return new Set([...untouched, ...this.#operations(after.neededBy)]);
  }

  #operations(operations: ReadonlySet<ObjectId>): ReadonlySet<ObjectId> {
    return new Set([...operations].map((operation) => this.#object(operation, false)));
  }

  #sites(sites: ReadonlySet<Site>): ReadonlySet<Site> {
    return new Set([...sites].map((site) => this.#activation.engine.sites.at(this.#node, site)));
  }

  #history(history: History): History {
    return {
      ...history,
      acquired: this.#sites(history.acquired),
      closed: this.#sites(history.closed),
      escaped: this.#sites(history.escaped),
      name: null,
      cell: null,
      holder: null,
      idle: new Map(),
      passedInstead: this.#passed(new Set(), history.passedInstead),
      passedOut: this.#passed(new Set(), history.passedOut),
    };
  }
}
