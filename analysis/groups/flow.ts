/**
 * Which places of a function can hold one and the same handle, found before anything is solved, without
 * regard to order: a unification (Steensgaard, POPL 1996) over the places that may hold handles at all.
 *
 * What only ever holds booleans, numbers and the like joins nothing, so that handles which share a flag
 * stay apart.
 */
import { defined } from '../defined.ts';
import type { Place } from '../effects/decode.ts';
import { filledPlaces, placesOf, resultMayHold } from '../effects/operation-places.ts';
import type { Callees } from '../effects/callees.ts';
import type { Captures } from '../effects/captures.ts';
import type { Relevance } from '../effects/relevance.ts';
import type { StaticValues } from '../effects/static-values.ts';
import type { Call, FunctionId, FunctionIr, Instr, LocalId, New, Node } from '../ir/ir.ts';
import { childrenOf, isInstr } from '../ir/operands.ts';
import { push } from '../push.ts';
import { EXCEPTION, nameOfLocal, nameOfTemp, RESULT, THIS } from './names.ts';
import type { Name } from './names.ts';
import { UnionFind } from './union-find.ts';

/** What of a function's places its callers need to know. */
export interface Links {
  /** Places that belong together. */
  readonly sets: readonly (readonly Port[])[];
  /** Places that a call may fill with handles that it makes. */
  readonly filled: readonly Port[];
  /** Places where a call may do something to a handle, or make one. */
  readonly acted: readonly Port[];
  /** Whether a call makes handles at all: one that it keeps to itself may be lost by an exception that is handled outside. */
  readonly makesHandles: boolean;
}

/** Where a value gets into a function or out of it. */
export type Port =
  | { readonly kind: 'param'; readonly index: number }
  /** The arguments from this one on. */
  | { readonly kind: 'rest'; readonly from: number }
  | { readonly kind: 'this' }
  | { readonly kind: 'result' }
  | { readonly kind: 'local'; readonly id: LocalId };

export class FlowAnalysis {
  readonly #callees: Callees;
  readonly #statics: StaticValues;
  readonly #captures: Captures;
  readonly #relevance: Relevance | null;
  readonly #flows = new Map<FunctionId, Flow>();
  readonly #underWay = new Set<FunctionId>();

  constructor(
    callees: Callees,
    statics: StaticValues,
    captures: Captures,
    relevance: Relevance | null = null,
  ) {
    this.#callees = callees;
    this.#relevance = relevance;
    this.#statics = statics;
    this.#captures = captures;
  }

  flowOf(fn: FunctionIr): Flow {
    let flow = this.#flows.get(fn.id);
    if (flow === undefined) {
      this.#underWay.add(fn.id);
      flow = new Flow(fn, this.#callees, this);
      flow.links();
      this.#underWay.delete(fn.id);
      this.#flows.set(fn.id, flow);
    }
    return flow;
  }

  /** null in a recursion: everything may belong together. */
  linksOf(fn: FunctionIr): Links | null {
    return this.#underWay.has(fn.id) ? null : this.flowOf(fn).links();
  }

  /** Whether a call can do something to a handle, or make one. */
  mayTouch(fn: FunctionIr, instr: Call | New): boolean {
    return this.#relevance?.mayTouch(fn, instr) !== false;
  }

  /** The captured variables that can hold a handle: not those that are functions, classes or constants. */
  variablesOf(id: FunctionId): readonly LocalId[] {
    return this.#captures.ofFunction(id).filter((local) => this.#statics.ofLocal(local) === null);
  }
}

export class Flow {
  readonly #fn: FunctionIr;
  readonly #callees: Callees;
  readonly #analysis: FlowAnalysis;
  readonly #sets = new UnionFind();
  readonly #holders = new Set<Name>();
  readonly #copies = new Map<Name, Name[]>();
  readonly instrs: Instr[] = [];
  #links: Links | null = null;

  constructor(fn: FunctionIr, callees: Callees, analysis: FlowAnalysis) {
    this.#fn = fn;
    this.#callees = callees;
    this.#analysis = analysis;
    this.#collect(fn.body);
    this.#findHolders();
    for (const [from, targets] of this.#copies) for (const to of targets) this.#join([from, to]);
    for (const instr of this.instrs) this.#unify(instr);
  }

  /** Whether a place can hold a handle, or something that holds one. */
  mayHold(name: Name): boolean {
    return this.#holders.has(name);
  }

  /** The set that a place belongs to. */
  setOf(name: Name): Name {
    return this.#sets.find(name);
  }

  variablesOf(id: FunctionId): readonly LocalId[] {
    return this.#analysis.variablesOf(id);
  }

  links(): Links {
    this.#links ??= this.#computeLinks();
    return this.#links;
  }

  #collect(node: Node): void {
    if (isInstr(node)) this.instrs.push(node);
    else if (node.kind === 'return' && node.value !== null) this.#copy(nameOfTemp(node.value), RESULT);
    else if (node.kind === 'throw') this.#copy(nameOfTemp(node.value), EXCEPTION);
    else if (node.kind === 'tryCatch') this.#copy(EXCEPTION, nameOfTemp(node.param));
    if (!isInstr(node)) for (const child of childrenOf(node)) this.#collect(child);
  }

  #copy(from: Name, to: Name): void {
    push(this.#copies, from, to);
  }

  /* ---------------------------------------------------------------- what may hold a handle */

  #findHolders(): void {
    const queue: Name[] = [THIS];
    for (const [index, param] of this.#fn.params.entries()) {
      if (!isNoHandle(this.#fn.paramNodes[index])) queue.push(nameOfTemp(param));
    }
    if (this.#fn.rest !== null) queue.push(nameOfTemp(this.#fn.rest));
    for (const local of this.#analysis.variablesOf(this.#fn.id)) queue.push(nameOfLocal(local));
    for (const instr of this.instrs) {
      const copied = copyOf(instr);
      if (copied !== null) this.#copy(...copied);
      queue.push(...this.#origins(instr));
    }
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (this.#holders.has(name)) continue;
      this.#holders.add(name);
      queue.push(...(this.#copies.get(name) ?? []));
    }
  }

  /** The places that an instruction fills with something that may be or hold a handle. */
  #origins(instr: Instr): Name[] {
    switch (instr.kind) {
      case 'closure':
        // What it captures it may fill.
        return [nameOfTemp(instr.dst), ...this.variablesOf(instr.function).map(nameOfLocal)];
      case 'getField':
      case 'object':
      case 'array':
      case 'await':
      case 'yield':
      case 'iterate':
      case 'rest':
      case 'new':
      case 'this':
        return [nameOfTemp(instr.dst)];
      case 'step':
        return [nameOfTemp(instr.value)];
      case 'escape':
        return instr.dst === null ? [] : [nameOfTemp(instr.dst)];
      case 'call': {
        const target = this.#callees.targetOf(this.#fn, instr);
        if (target.kind !== 'operation') return [nameOfTemp(instr.dst)];
        return resultMayHold(target.operation.effects) ? [nameOfTemp(instr.dst)] : [];
      }
      default:
        return [];
    }
  }

  /* ---------------------------------------------------------------- what belongs together */

  #join(names: readonly Name[]): void {
    const holders = names.filter((name) => this.#holders.has(name));
    for (const name of holders.slice(1)) this.#sets.union(defined(holders[0]), name);
  }

  #unify(instr: Instr): void {
    switch (instr.kind) {
      case 'getField':
        return this.#join([instr.dst, instr.object]);
      case 'setField':
        return this.#join([instr.object, instr.src]);
      case 'object':
        return this.#join([instr.dst, ...instr.properties.map(({ value }) => value), ...instr.spreads]);
      case 'array':
        return this.#join([
          instr.dst,
          ...instr.elements.flatMap((element) => (element === null ? [] : [element.temp])),
        ]);
      case 'closure':
        return this.#join([instr.dst, ...this.#analysis.variablesOf(instr.function).map(nameOfLocal)]);
      case 'iterate':
      case 'rest':
        return this.#join([instr.dst, instr.src]);
      case 'step':
        return this.#join([instr.value, instr.iterator]);
      case 'this':
        return this.#join([instr.dst, THIS]);
      case 'call':
      case 'new':
        return this.#unifyCall(instr);
      default:
        return;
    }
  }

  #unifyCall(instr: Call | New): void {
    const target = this.#callees.targetOf(this.#fn, instr);
    const args = instr.args.map(({ temp }) => temp);
    switch (target.kind) {
      case 'operation':
        return this.#join(operandNames(instr, placesOf(target.operation.effects)));
      case 'body':
        return this.#unifyBody(instr, target.fn);
      case 'class':
        return this.#join([instr.dst, ...args]);
      case 'dynamic':
        return this.#join([...receiverOf(instr), instr.dst, ...args]);
      case 'super':
        return this.#join([THIS, instr.dst, ...args]);
      case 'unseen':
        return this.#join([...receiverOf(instr), instr.dst]);
    }
  }

  #unifyBody(instr: Call | New, fn: FunctionIr): void {
    const links = this.#analysis.linksOf(fn);
    // Which parameter gets what is spread cannot be told either.
    if (links === null || instr.args.some(({ isSpread }) => isSpread))
      return this.#join([
        instr.dst,
        ...instr.args.map(({ temp }) => temp),
        ...this.#analysis.variablesOf(fn.id).map(nameOfLocal),
      ]);
    for (const set of links.sets) this.#join(set.flatMap((port) => this.#atCall(instr, port)));
    // What one call makes is told apart by where it arrives only once the call is solved.
    if (links.filled.length === 0) return;
    const arrivals = links.filled.flatMap((port) => this.#atCall(instr, port));
    this.#join([instr.dst, ...arrivals, ...instr.args.map(({ temp }) => temp)]);
  }

  #atCall(instr: Call | New, port: Port): Name[] {
    switch (port.kind) {
      case 'param': {
        const arg = instr.args[port.index];
        return arg === undefined ? [] : [arg.temp];
      }
      case 'rest':
        return instr.args.slice(port.from).map(({ temp }) => temp);
      case 'this':
        return [THIS];
      case 'result':
        return [instr.dst];
      case 'local':
        return [nameOfLocal(port.id)];
    }
  }

  #computeLinks(): Links {
    const bySet = new Map<Name, Port[]>();
    const add = (name: Name, port: Port): void => {
      if (!this.#holders.has(name)) return;
      push(bySet, this.#sets.find(name), port);
    };
    for (const [index, param] of this.#fn.params.entries()) add(param, { kind: 'param', index });
    if (this.#fn.rest !== null) add(this.#fn.rest, { kind: 'rest', from: this.#fn.params.length });
    add(THIS, { kind: 'this' });
    add(RESULT, { kind: 'result' });
    for (const id of this.#analysis.variablesOf(this.#fn.id)) add(nameOfLocal(id), { kind: 'local', id });
    const made = this.#setsOf((instr) => this.#madeBy(instr));
    const acted = this.#setsOf((instr) => this.actedOnBy(instr));
    const portsIn = (sets: ReadonlySet<Name>): Port[] =>
      [...bySet].filter(([set]) => sets.has(set)).flatMap(([, ports]) => ports);
    return {
      sets: [...bySet.values()].filter((ports) => ports.length > 1),
      filled: portsIn(made),
      acted: portsIn(acted),
      makesHandles: made.size > 0 || this.instrs.some((instr) => this.#callsMaker(instr)),
    };
  }

  #callsMaker(instr: Instr): boolean {
    if (instr.kind !== 'call') return false;
    const target = this.#callees.targetOf(this.#fn, instr);
    return target.kind === 'body' && this.#analysis.linksOf(target.fn)?.makesHandles !== false;
  }

  #setsOf(namesOf: (instr: Instr) => readonly Name[]): Set<Name> {
    return new Set(this.instrs.flatMap(namesOf).map((name) => this.#sets.find(name)));
  }

  /** The places at which an instruction may do something to a handle, or make one. */
  actedOnBy(instr: Instr): Name[] {
    if (instr.kind !== 'call' && instr.kind !== 'new') return [];
    if (!this.#analysis.mayTouch(this.#fn, instr)) return [];
    const target = this.#callees.targetOf(this.#fn, instr);
    const args = instr.args.map(({ temp }) => temp);
    switch (target.kind) {
      case 'operation':
        return operandNames(instr, placesOf(target.operation.effects));
      case 'body': {
        const links = this.#analysis.linksOf(target.fn);
        if (links !== null) {
          const acted = links.acted.flatMap((port) => this.#atCall(instr, port));
          return links.makesHandles ? [instr.dst, ...acted] : acted;
        }
        return [instr.dst, ...args, ...this.variablesOf(target.fn.id).map(nameOfLocal)];
      }
      case 'class':
      case 'super':
        return [instr.dst, ...args];
      case 'dynamic':
        return [instr.dst, ...receiverOf(instr)];
      case 'unseen':
        return [];
    }
  }

  /** The places that an instruction may fill with a handle that it makes. */
  #madeBy(instr: Instr): Name[] {
    if (instr.kind !== 'call' && instr.kind !== 'new') return [];
    const target = this.#callees.targetOf(this.#fn, instr);
    if (target.kind === 'operation') {
      return operandNames(instr, filledPlaces(target.operation.effects));
    }
    if (target.kind === 'unseen') return [];
    const args = instr.args.map(({ temp }) => temp);
    if (target.kind !== 'body') return [instr.dst, ...receiverOf(instr), ...args];
    const links = this.#analysis.linksOf(target.fn);
    return links === null ? [instr.dst, ...args] : links.filled.flatMap((port) => this.#atCall(instr, port));
  }
}

/** A parameter whose annotation rules a handle out. (A number may be one.) */
function isNoHandle(node: FunctionIr['paramNodes'][number] | undefined): boolean {
  const type = node?.type === 'Identifier' ? node.typeAnnotation?.typeAnnotation.type : undefined;
  return type === 'TSBooleanKeyword' || type === 'TSStringKeyword';
}

function copyOf(instr: Instr): [from: Name, to: Name] | null {
  switch (instr.kind) {
    case 'copy':
    case 'await':
      return [instr.src, instr.dst];
    case 'load':
      return [nameOfLocal(instr.local), instr.dst];
    case 'store':
      return [instr.src, nameOfLocal(instr.local)];
    default:
      return null;
  }
}

/** What a call is made on: the receiver of a method, or the function value itself. */
export function receiverOf(instr: Call | New): Name[] {
  if (instr.kind === 'new') return [];
  if (instr.callee.kind === 'value') return [instr.callee.temp];
  return instr.callee.kind === 'method' ? [instr.callee.receiver] : [];
}

/** The operands and the result at some places of a described call. */
export function operandNames(instr: Call | New, places: readonly Place[]): Name[] {
  return places.flatMap(({ root }): Name[] => {
    if (root === 'result') return [instr.dst];
    if (root === 'this') return receiverOf(instr);
    const arg = instr.args.at(root);
    return arg === undefined ? [] : [arg.temp];
  });
}
