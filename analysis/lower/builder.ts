/**
 * Writes the IR of one function: a list of nodes that grows, temporaries and labels by number, and what the
 * statement being lowered stands in (jump targets, an optional chain, what `this` means).
 *
 * Nothing is written after an abrupt completion: `emit` drops what no path reaches. A label gets its number
 * from the first `break` to it, and a block without one vanishes, so that the tree holds only what matters.
 */
import { tagRef } from '../ir/external-ref.ts';
import type { Tags } from '../ir/tags.ts';
import type { TSESTree } from '@typescript-eslint/utils';
import type {
  Argument,
  ArithmeticOperator,
  Callee,
  ClassId,
  CompareOperator,
  EscapeReason,
  ExternalRef,
  FunctionId,
  Key,
  Label,
  Local,
  Node,
  Primitive,
  Temp,
} from '../ir/ir.ts';
import type { FileLowering } from './file.ts';

/** What a `break` leaves; numbered when the first one is written. */
export interface BlockTarget {
  label: Label | null;
}

/** A statement that `break` or `continue` may name. */
export interface JumpTarget {
  readonly labels: readonly string[];
  readonly breaks: BlockTarget;
  /** null where it is no loop. */
  readonly continues: BlockTarget | null;
  /** Only a labelled statement, which a plain `break` does not leave. */
  readonly needsLabel: boolean;
}

/** The class whose static parts are being lowered. */
export interface Statics {
  /** Its value, where they stand in the function that defines it; null in an arrow function inside. */
  readonly temp: Temp | null;
  /** The name by which it can be read there. */
  readonly self: Local | null;
}

interface Region {
  readonly node: Node;
  /** Whether its end can be reached. */
  readonly completes: boolean;
}

export class Builder {
  readonly file: FileLowering;
  readonly id: FunctionId;
  /** Innermost last. */
  readonly targets: JumpTarget[] = [];
  /** The labels that stand directly before the statement to come. */
  pendingLabels: readonly string[] = [];
  /** Where a short-circuiting `?.` goes; null outside of a chain. */
  chain: (() => void) | null = null;
  /** Set inside of static fields and blocks, and arrow functions there: `this` is the class. */
  statics: Statics | null = null;
  /** Of the function itself. */
  tags: Tags | null = null;
  /** The parameter properties still to be stored, behind `super()`. */
  afterSuper: (() => void) | null = null;
  tempCount = 0;

  #labelCount = 0;
  #nodes: Node[] = [];
  #isDead = false;

  constructor(file: FileLowering, id: FunctionId) {
    this.file = file;
    this.id = id;
  }

  temp(): Temp {
    return this.tempCount++ as Temp;
  }

  /* ---------------------------------------------------------------- control */

  #emit(node: Node): void {
    if (!this.#isDead) this.#nodes.push(node);
  }

  /** What `fill` writes, as one node. */
  region(source: TSESTree.Node, fill: () => void): Node {
    return this.#region(source, fill).node;
  }

  #region(source: TSESTree.Node, fill: () => void): Region {
    const nodes = this.#nodes;
    const isDead = this.#isDead;
    this.#nodes = [];
    fill();
    const [first] = this.#nodes;
    const isSingle = first !== undefined && this.#nodes.length === 1;
    const node: Node = isSingle
      ? first
      : { kind: 'seq', node: source, nodes: this.#nodes, index: 0, parent: null };
    const completes = !this.#isDead;
    this.#nodes = nodes;
    this.#isDead = isDead;
    return { node, completes };
  }

  /** Writes something in front of what is written already. */
  before(body: Node, fill: () => void): Node {
    return this.region(body.node, () => {
      fill();
      this.#splice({ node: body, completes: true });
    });
  }

  branch(node: TSESTree.Node, test: Temp, then: () => void, otherwise: () => void, isLoopTest = false): void {
    const yes = this.#region(node, then);
    const no = this.#region(node, otherwise);
    this.#emit({ kind: 'if', node, test, then: yes.node, else: no.node, isLoopTest, index: 0, parent: null });
    if (!yes.completes && !no.completes) this.#isDead = true;
  }

  /** A loop is left by breaks only; what follows is reached through the block around it. */
  loop(node: TSESTree.Node, fill: () => void): void {
    this.#emit({ kind: 'loop', node, body: this.region(node, fill), index: 0, parent: null });
    this.#isDead = true;
  }

  block(node: TSESTree.Node, fill: (target: BlockTarget) => void): void {
    const target: BlockTarget = { label: null };
    const body = this.#region(node, () => fill(target));
    if (target.label !== null) {
      this.#emit({ kind: 'block', node, label: target.label, body: body.node, index: 0, parent: null });
      return;
    }
    this.#splice(body);
  }

  #splice({ node, completes }: Region): void {
    if (this.#isDead) return;
    if (node.kind === 'seq') for (const inner of node.nodes) this.#nodes.push(inner);
    else this.#nodes.push(node);
    if (!completes) this.#isDead = true;
  }

  tryCatch(node: TSESTree.Node, fill: () => void, handle: (param: Temp) => void): void {
    const body = this.#region(node, fill);
    const param = this.temp();
    const handler = this.#region(node, () => handle(param));
    this.#emit({
      kind: 'tryCatch',
      node,
      body: body.node,
      param,
      handler: handler.node,
      index: 0,
      parent: null,
    });
    if (!body.completes && !handler.completes) this.#isDead = true;
  }

  finally(node: TSESTree.Node, fill: () => void, finalize: () => void, isUsing: boolean): void {
    const body = this.#region(node, fill);
    const finalizer = this.#region(node, finalize);
    this.#emit({
      kind: 'finally',
      node,
      body: body.node,
      finalizer: finalizer.node,
      isUsing,
      index: 0,
      parent: null,
    });
    if (!body.completes || !finalizer.completes) this.#isDead = true;
  }

  jump(node: TSESTree.Node, target: BlockTarget): void {
    if (this.#isDead) return;
    target.label ??= this.#labelCount++ as Label;
    this.#emit({ kind: 'break', node, label: target.label, index: 0, parent: null });
    this.#isDead = true;
  }

  return(node: TSESTree.Node, value: Temp | null): void {
    const tag = this.tags?.returns ?? null;
    if (value !== null && tag !== null) this.claim(node, tag === 'borrowed' ? 'borrow' : 'own', value);
    this.#emit({ kind: 'return', node, value, index: 0, parent: null });
    this.#isDead = true;
  }

  throw(node: TSESTree.Node, value: Temp): void {
    this.#emit({ kind: 'throw', node, value, index: 0, parent: null });
    this.#isDead = true;
  }

  /* ---------------------------------------------------------------- values */

  constant(node: TSESTree.Node, value: Primitive): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'const', node, dst, value, index: 0, parent: null });
    return dst;
  }

  external(node: TSESTree.Node, ref: ExternalRef): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'external', node, dst, ref, index: 0, parent: null });
    return dst;
  }

  unknown(node: TSESTree.Node): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'unknown', node, dst, index: 0, parent: null });
    return dst;
  }

  copy(node: TSESTree.Node, dst: Temp, src: Temp): void {
    this.#emit({ kind: 'copy', node, dst, src, index: 0, parent: null });
  }

  load(node: TSESTree.Node, local: Local): Temp {
    this.file.bindings.capture(local, this.id);
    const dst = this.temp();
    this.#emit({ kind: 'load', node, dst, local: local.id, index: 0, parent: null });
    return dst;
  }

  store(node: TSESTree.Node, local: Local, src: Temp, isDeclaration: boolean): void {
    this.file.bindings.capture(local, this.id);
    this.#emit({ kind: 'store', node, local: local.id, src, isDeclaration, index: 0, parent: null });
  }

  this(node: TSESTree.Node): Temp {
    if (this.statics !== null) return this.#classAsThis(node, this.statics);
    const captured = this.file.bindings.capturedThis(this.id);
    if (captured !== null) return this.load(node, captured);
    const dst = this.temp();
    this.#emit({ kind: 'this', node, dst, index: 0, parent: null });
    return dst;
  }

  #classAsThis(node: TSESTree.Node, { temp, self }: Statics): Temp {
    if (temp !== null) return temp;
    if (self === null) return this.unknown(node);
    return this.load(node, self);
  }

  getField(node: TSESTree.Node, object: Temp, key: Key): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'getField', node, dst, object, key, index: 0, parent: null });
    return dst;
  }

  setField(node: TSESTree.Node, object: Temp, key: Key, src: Temp): void {
    this.#emit({ kind: 'setField', node, object, key, src, index: 0, parent: null });
  }

  compare(node: TSESTree.Node, operator: CompareOperator, left: Temp, right: Temp): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'compare', node, dst, operator, left, right, index: 0, parent: null });
    return dst;
  }

  /** `== null`: the test of `?.`, `??` and of a `using` scope's end. */
  isNullish(node: TSESTree.Node, value: Temp): Temp {
    return this.compare(node, '==', value, this.constant(node, null));
  }

  not(node: TSESTree.Node, src: Temp): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'not', node, dst, src, index: 0, parent: null });
    return dst;
  }

  typeof(node: TSESTree.Node, src: Temp): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'typeof', node, dst, src, index: 0, parent: null });
    return dst;
  }

  arithmetic(node: TSESTree.Node, operator: ArithmeticOperator, left: Temp, right: Temp | null): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'arithmetic', node, dst, operator, left, right, index: 0, parent: null });
    return dst;
  }

  call(node: TSESTree.Node, callee: Callee, args: readonly Argument[], isImplicit = false): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'call', node, dst, callee, args, isImplicit, index: 0, parent: null });
    return dst;
  }

  /** Says of a value that this function owns it, or only borrows it. */
  claim(node: TSESTree.Node, what: 'own' | 'borrow', value: Temp): void {
    const callee = { kind: 'value', temp: this.external(node, tagRef(what)) } as const;
    this.call(node, callee, [{ temp: value, isSpread: false, node }], true);
  }

  new(node: TSESTree.Node, callee: Temp, args: readonly Argument[]): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'new', node, dst, callee, args, index: 0, parent: null });
    return dst;
  }

  object(
    node: TSESTree.Node,
    properties: readonly { readonly key: Key; readonly value: Temp }[],
    spreads: readonly Temp[],
  ): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'object', node, dst, properties, spreads, index: 0, parent: null });
    return dst;
  }

  array(node: TSESTree.Node, elements: readonly (Argument | null)[]): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'array', node, dst, elements, index: 0, parent: null });
    return dst;
  }

  closure(node: TSESTree.Node, id: FunctionId): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'closure', node, dst, function: id, index: 0, parent: null });
    return dst;
  }

  class(node: TSESTree.Node, id: ClassId, base: Temp | null): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'class', node, dst, class: id, base, index: 0, parent: null });
    return dst;
  }

  await(node: TSESTree.Node, src: Temp): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'await', node, dst, src, index: 0, parent: null });
    return dst;
  }

  yield(node: TSESTree.Node, src: Temp, isDelegate: boolean): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'yield', node, dst, src, isDelegate, index: 0, parent: null });
    return dst;
  }

  iterate(node: TSESTree.Node, src: Temp, of: 'values' | 'asyncValues' | 'keys'): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'iterate', node, dst, src, of, index: 0, parent: null });
    return dst;
  }

  step(node: TSESTree.Node, iterator: Temp): { readonly hasMore: Temp; readonly value: Temp } {
    const hasMore = this.temp();
    const value = this.temp();
    this.#emit({ kind: 'step', node, hasMore, value, iterator, index: 0, parent: null });
    return { hasMore, value };
  }

  rest(node: TSESTree.Node, src: Temp, after: number | readonly Key[]): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'rest', node, dst, src, after, index: 0, parent: null });
    return dst;
  }

  /** Values get out of sight; the result is a value of which nothing is known. */
  escape(node: TSESTree.Node, srcs: readonly Temp[], reason: EscapeReason): Temp {
    const dst = this.temp();
    this.#emit({ kind: 'escape', node, dst, srcs, reason, index: 0, parent: null });
    return dst;
  }

  escapeOnly(node: TSESTree.Node, srcs: readonly Temp[], reason: EscapeReason): void {
    if (srcs.length > 0)
      this.#emit({ kind: 'escape', node, dst: null, srcs, reason, index: 0, parent: null });
  }
}
