/**
 * The part of a function that can matter to one group of resources.
 *
 * Kept are: the *members*, which mention a place of the group; what decides whether control gets to or
 * past them (returns, throws, breaks out of what is kept, calls that may not return, calls whose exception
 * counts); and, transitively, what the tests that guard any of these read. A member is analysed for what
 * it does; the rest only for where it leads.
 */
import type { Callees } from '../effects/callees.ts';
import type { Call, ControlNode, FunctionIr, If, Instr, Label, LocalId, New, Node, Temp } from '../ir/ir.ts';
import { childrenOf, isInstr, readsOf, receiverTemp, writesOf } from '../ir/operands.ts';
import { isEndless } from '../effects/divergence.ts';
import { push } from '../push.ts';
import { operandNames } from './flow.ts';
import type { Flow } from './flow.ts';
import { placesOf, testedArguments } from '../effects/operation-places.ts';
import { nameOfLocal, nameOfTemp } from './names.ts';
import type { Name } from './names.ts';

export interface Slice {
  readonly body: Node;
  readonly members: ReadonlySet<Instr>;
  /** Whether an instruction is a member, or is run in the place of one. */
  isMember(instr: Instr): boolean;
  /** Whether what a parameter holds is of the group. */
  hasParam(param: Temp): boolean;
}

/** What a function's slices share: found once, used for each group. */
export class Slicer {
  readonly #fn: FunctionIr;
  readonly #flow: Flow;
  readonly #callees: Callees;
  readonly #writers = new Map<Temp, Instr[]>();
  readonly #stores = new Map<LocalId, Instr[]>();
  readonly #mentions = new Map<Name, Instr[]>();
  /** Sets of places that hold objects with fields. */
  readonly #objects = new Set<Name>();
  readonly #breaks = new Map<Label, Node[]>();
  /** Nodes of every slice: ways out, and calls that may not come back. */
  readonly #exits: Node[] = [];
  readonly #callsByCapture = new Map<LocalId, Instr[]>();
  readonly #countsAllThrows: boolean;

  constructor(fn: FunctionIr, flow: Flow, callees: Callees, countsAllThrows: boolean) {
    this.#fn = fn;
    this.#flow = flow;
    this.#callees = callees;
    this.#countsAllThrows = countsAllThrows;
    this.#index(fn.body, false);
  }

  slice(set: Name): Slice {
    const members = new Set(this.#mentions.get(set) ?? []);
    const cut = new Cut(this);
    for (const instr of members) cut.keep(instr);
    for (const node of this.#exits) cut.keep(node);
    cut.close();
    const indexes = new Set([...members].map(({ index }) => index));
    return {
      body: cut.build(this.#fn.body),
      members,
      isMember: ({ index }) => indexes.has(index),
      hasParam: (param) => this.#flow.setOf(nameOfTemp(param)) === set,
    };
  }

  #index(node: Node, isHandled: boolean): void {
    switch (node.kind) {
      case 'return':
      case 'throw':
      case 'unreachable':
        this.#exits.push(node);
        return;
      case 'break':
        push(this.#breaks, node.label, node);
        return;
      case 'tryCatch':
        this.#index(node.body, true);
        this.#index(node.handler, isHandled);
        return;
      default:
        break;
    }
    if (isInstr(node)) {
      this.#indexInstr(node, isHandled);
      return;
    }
    if (node.kind === 'loop' && (isEndless(node) || !hasLoopTest(node.body))) this.#exits.push(node);
    for (const child of childrenOf(node)) this.#index(child, isHandled);
  }

  #indexInstr(instr: Instr, isHandled: boolean): void {
    for (const temp of writesOf(instr)) push(this.#writers, temp, instr);
    if (instr.kind === 'store') push(this.#stores, instr.local, instr);
    const object = objectOf(instr);
    if (object !== null) this.#objects.add(this.#flow.setOf(object));
    for (const set of this.#setsOf(instr)) push(this.#mentions, set, instr);
    if (instr.kind === 'call' || instr.kind === 'new') {
      const isCounted = (isHandled || this.#countsAllThrows) && this.#callees.mayThrow(this.#fn, instr);
      if (isCounted || this.#callees.mayDiverge(this.#fn, instr)) this.#exits.push(instr);
      const target = this.#callees.targetOf(this.#fn, instr);
      if (target.kind === 'body')
        for (const local of this.#flow.variablesOf(target.fn.id)) push(this.#callsByCapture, local, instr);
    } else if (instr.kind === 'await' || instr.kind === 'yield') {
      if (isHandled || this.#countsAllThrows || this.#mayReject(instr.src)) this.#exits.push(instr);
    }
  }

  /** Whether a body of the file may reject a promise by a `throw` that is written down. */
  #mayReject(promise: Temp): boolean {
    return this.writersOf(promise).some(
      (writer) =>
        (writer.kind === 'call' || writer.kind === 'new') && this.#callees.mayDiverge(this.#fn, writer),
    );
  }

  #setsOf(instr: Instr): Set<Name> {
    const names: Name[] = [...this.#involved(instr), ...writesOf(instr)];
    if (instr.kind === 'store' || instr.kind === 'load') names.push(nameOfLocal(instr.local));
    if (instr.kind === 'call' || instr.kind === 'new') {
      const target = this.#callees.targetOf(this.#fn, instr);
      if (target.kind === 'body') names.push(...this.#flow.variablesOf(target.fn.id).map(nameOfLocal));
    }
    return new Set(names.filter((name) => this.#flow.mayHold(name)).map((name) => this.#flow.setOf(name)));
  }

  /** The operands that an instruction does something with: what a described call only looks at does not count. */
  #involved(instr: Instr): readonly Name[] {
    if (instr.kind !== 'call' && instr.kind !== 'new') return readsOf(instr);
    const target = this.#callees.targetOf(this.#fn, instr);
    return target.kind === 'operation'
      ? operandNames(instr, placesOf(target.operation.effects))
      : readsOf(instr);
  }

  /* ---------------------------------------------------------------- for the cut */

  breaksTo(label: Label): readonly Node[] {
    return this.#breaks.get(label) ?? [];
  }

  /** Whether a value can only be a number that the function itself has counted. */
  isNumber(temp: Temp, isAsked: ReadonlySet<LocalId> = new Set()): boolean {
    const writers = this.writersOf(temp);
    return writers.length > 0 && writers.every((writer) => this.#givesNumber(writer, isAsked));
  }

  #givesNumber(writer: Instr, isAsked: ReadonlySet<LocalId>): boolean {
    switch (writer.kind) {
      case 'const':
        return typeof writer.value === 'number';
      case 'arithmetic':
        return [writer.left, ...(writer.right === null ? [] : [writer.right])].every((temp) =>
          this.isNumber(temp, isAsked),
        );
      case 'load': {
        if (isAsked.has(writer.local)) return true;
        const within = new Set(isAsked).add(writer.local);
        const stores = this.writersOfLocal(writer.local);
        return (
          stores.length > 0 &&
          stores.every((each) => each.kind === 'store' && this.isNumber(each.src, within))
        );
      }
      default:
        return false;
    }
  }

  writersOf(temp: Temp): readonly Instr[] {
    return this.#writers.get(temp) ?? [];
  }

  /** What may write a variable: its assignments, and calls of functions that capture it. */
  writersOfLocal(local: LocalId): readonly Instr[] {
    return [...(this.#stores.get(local) ?? []), ...(this.#callsByCapture.get(local) ?? [])];
  }

  /** The operands that decide what an instruction does. */
  operandsOf(instr: Instr): readonly Temp[] {
    if (instr.kind !== 'call' && instr.kind !== 'new') return readsOf(instr);
    const target = this.#callees.targetOf(this.#fn, instr);
    if (target.kind !== 'operation') return readsOf(instr);
    const callee =
      instr.kind === 'call' && instr.callee.kind === 'value' ? [instr.callee.temp] : readsOfCallee(instr);
    const { effects } = target.operation;
    const tested = testedArguments(effects).flatMap((index) => instr.args[index]?.temp ?? []);
    return [...callee, ...tested, ...(operandNames(instr, placesOf(effects)) as Temp[])];
  }

  /** The variables that an instruction reads, in the bodies that it enters or makes included. */
  variablesOf(instr: Instr): readonly LocalId[] {
    if (instr.kind === 'load') return [instr.local];
    if (instr.kind === 'closure') return this.#flow.variablesOf(instr.function);
    if (instr.kind !== 'call' && instr.kind !== 'new') return [];
    const target = this.#callees.targetOf(this.#fn, instr);
    return target.kind === 'body' ? this.#flow.variablesOf(target.fn.id) : [];
  }

  /** Objects on whose fields it depends what an instruction does: those that a body is given, too. */
  objectsReadBy(instr: Instr): readonly Temp[] {
    if (instr.kind === 'getField') return [instr.object];
    if (instr.kind === 'iterate' || instr.kind === 'rest') return [instr.src];
    if (instr.kind === 'step') return [instr.iterator];
    if (instr.kind !== 'call' && instr.kind !== 'new') return [];
    const { kind } = this.#callees.targetOf(this.#fn, instr);
    if (kind === 'operation' || kind === 'unseen') return [];
    return readsOf(instr).filter(
      (temp) => this.#flow.mayHold(temp) && this.#objects.has(this.#flow.setOf(temp)),
    );
  }

  /** What may change the fields of what a temporary refers to. */
  changesOf(temp: Temp): readonly Instr[] {
    if (!this.#flow.mayHold(temp)) return [];
    return this.#mentions.get(this.#flow.setOf(temp)) ?? [];
  }
}

function readsOfCallee(instr: Call | New): Temp[] {
  if (instr.kind === 'new') return [instr.callee];
  return instr.callee.kind === 'method' ? [instr.callee.receiver] : [];
}

/** A loop without a test of its own may go on for ever, whatever jumps out of it. */
function hasLoopTest(node: Node): boolean {
  if (node.kind === 'loop') return false;
  return (node.kind === 'if' && node.isLoopTest) || childrenOf(node).some(hasLoopTest);
}

/** The object that an instruction makes, or whose field it reads or writes. */
function objectOf(instr: Instr): Temp | null {
  switch (instr.kind) {
    case 'getField':
    case 'setField':
      return instr.object;
    case 'object':
    case 'array':
    case 'rest':
    case 'new':
    case 'this':
      return instr.dst;
    case 'call':
      return receiverTemp(instr);
    default:
      return null;
  }
}

/** The closure of what is kept. Its cost is that of the slice, not of the function. */
class Cut {
  readonly #slicer: Slicer;
  readonly #kept = new Set<Node>();
  readonly #children = new Map<ControlNode, Node[]>();
  readonly #locals = new Set<LocalId>();
  readonly #temps = new Set<Temp>();
  readonly #queue: Node[] = [];

  constructor(slicer: Slicer) {
    this.#slicer = slicer;
  }

  keep(node: Node): void {
    if (this.#kept.has(node)) return;
    this.#kept.add(node);
    this.#queue.push(node);
    if (node.parent === null) return;
    push(this.#children, node.parent, node);
    this.keep(node.parent);
  }

  close(): void {
    for (let node = this.#queue.pop(); node !== undefined; node = this.#queue.pop()) this.#require(node);
  }

  /** What a kept node needs to mean the same as in the whole function. */
  #require(node: Node): void {
    switch (node.kind) {
      case 'if':
        return this.#needTemp(node.test);
      case 'block':
        for (const each of this.#slicer.breaksTo(node.label)) this.keep(each);
        return;
      case 'return':
        if (node.value !== null && !this.#slicer.isNumber(node.value)) this.#needTemp(node.value);
        return;
      case 'throw':
        return this.#needTemp(node.value);
      default:
        if (isInstr(node)) this.#requireInstr(node);
    }
  }

  #requireInstr(instr: Instr): void {
    for (const temp of this.#slicer.operandsOf(instr)) this.#needTemp(temp);
    for (const local of this.#slicer.variablesOf(instr)) this.#needLocal(local);
    for (const temp of this.#slicer.objectsReadBy(instr)) {
      for (const each of this.#slicer.changesOf(temp)) this.keep(each);
    }
  }

  #needTemp(temp: Temp): void {
    if (this.#temps.has(temp)) return;
    this.#temps.add(temp);
    for (const instr of this.#slicer.writersOf(temp)) this.keep(instr);
  }

  #needLocal(local: LocalId): void {
    if (this.#locals.has(local)) return;
    this.#locals.add(local);
    for (const instr of this.#slicer.writersOfLocal(local)) this.keep(instr);
  }

  build(node: Node): Node {
    switch (node.kind) {
      case 'seq': {
        const nodes = this.#keptIn(node).sort((a, b) => a.index - b.index);
        return { ...node, nodes: nodes.map((child) => this.build(child)) };
      }
      case 'if':
        return this.#buildIf(node);
      case 'loop':
      case 'block':
        return { ...node, body: this.#buildOr(node.body, node) };
      case 'tryCatch':
        return { ...node, body: this.#buildOr(node.body, node), handler: this.#buildOr(node.handler, node) };
      case 'finally':
        return {
          ...node,
          body: this.#buildOr(node.body, node),
          finalizer: this.#buildOr(node.finalizer, node),
        };
      case 'return':
        return node.value === null || this.#temps.has(node.value) ? node : { ...node, value: null };
      default:
        return node;
    }
  }

  #buildIf(node: If): Node {
    return { ...node, then: this.#buildOr(node.then, node), else: this.#buildOr(node.else, node) };
  }

  #keptIn(node: ControlNode): Node[] {
    return this.#children.get(node) ?? [];
  }

  #buildOr(child: Node, parent: ControlNode): Node {
    if (this.#kept.has(child)) return this.build(child);
    return { kind: 'seq', nodes: [], node: child.node, index: child.index, parent };
  }
}
