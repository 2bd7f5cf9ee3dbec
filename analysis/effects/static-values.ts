/**
 * What a temporary or a constant variable holds whichever way the program runs: a primitive, a function
 * or class of this file, or something from outside. This is how a callee is known before anything is solved.
 */
import { isBuiltInMethod } from './built-ins.ts';
import { memberOf } from '../ir/external-ref.ts';
import type {
  ClassId,
  ExternalRef,
  FunctionId,
  FunctionIr,
  Instr,
  LocalId,
  Node,
  Primitive,
  Program,
  Temp,
} from '../ir/ir.ts';
import { childrenOf, isInstr, readsOf, writesOf } from '../ir/operands.ts';

export type StaticValue =
  | { readonly kind: 'const'; readonly value: Primitive }
  | { readonly kind: 'function'; readonly id: FunctionId }
  | { readonly kind: 'class'; readonly id: ClassId }
  | { readonly kind: 'external'; readonly ref: ExternalRef };

interface Definition {
  readonly fn: FunctionIr;
  readonly instr: Instr;
}

export class StaticValues {
  /** The one instruction that writes a temporary; null where there are several. */
  readonly #temps = new Map<FunctionId, (Instr | null | undefined)[]>();
  readonly #reads = new Map<FunctionId, Set<Temp>>();
  readonly #stores = new Map<LocalId, Definition>();
  readonly #known = new Map<LocalId, StaticValue | null>();
  readonly #program: Program;
  readonly #ofModule: (id: LocalId) => StaticValue | null;

  /** `ofModule` says what running the top level of the module shows of its constants. */
  constructor(program: Program, ofModule: (id: LocalId) => StaticValue | null = () => null) {
    this.#program = program;
    this.#ofModule = ofModule;
    for (const fn of program.functions) this.#index(fn);
  }

  ofTemp(fn: FunctionIr, temp: Temp): StaticValue | null {
    const instr = this.#temps.get(fn.id)?.[temp] ?? null;
    if (instr === null) return null;
    switch (instr.kind) {
      case 'const':
        return { kind: 'const', value: instr.value };
      case 'closure':
        return { kind: 'function', id: instr.function };
      case 'class':
        return { kind: 'class', id: instr.class };
      case 'external':
        return { kind: 'external', ref: instr.ref };
      case 'copy':
        return this.ofTemp(fn, instr.src);
      case 'load':
        return this.ofLocal(instr.local);
      case 'getField': {
        const object = instr.key.kind === 'static' ? this.ofTemp(fn, instr.object) : null;
        if (object?.kind !== 'external' || instr.key.kind !== 'static') return null;
        return { kind: 'external', ref: memberOf(object.ref, instr.key.name) };
      }
      default:
        return null;
    }
  }

  /** Whether a temporary holds `this`, whichever way the program runs. */
  isThis(fn: FunctionIr, temp: Temp): boolean {
    const instr = this.#temps.get(fn.id)?.[temp] ?? null;
    return instr?.kind === 'this' || (instr?.kind === 'copy' && this.isThis(fn, instr.src));
  }

  /** Whether anything looks at a temporary. */
  isRead(fn: FunctionIr, temp: Temp): boolean {
    return this.#reads.get(fn.id)?.has(temp) === true;
  }

  /** Whether a temporary holds what a call gave, or a variable that is written once: nothing that came before. */
  isFixed(fn: FunctionIr, temp: Temp): boolean {
    const instr = this.#temps.get(fn.id)?.[temp] ?? null;
    switch (instr?.kind) {
      case 'const':
      case 'external':
      case 'call':
      case 'new':
      case 'await':
        return true;
      case 'load':
        return this.#program.locals[instr.local]?.isConstant === true;
      case 'copy':
        return this.isFixed(fn, instr.src);
      default:
        return false;
    }
  }

  /** Whether a temporary, or the variable that it was read from, got what an object or a collection holds. */
  isElement(fn: FunctionIr, temp: Temp, isRead: ReadonlySet<LocalId> = new Set()): boolean {
    const instr = this.#temps.get(fn.id)?.[temp] ?? null;
    const store = instr?.kind === 'load' ? this.#stores.get(instr.local) : undefined;
    if (store?.instr.kind === 'store') {
      // Two variables may be written from each other.
      const { local, src } = store.instr;
      return !isRead.has(local) && this.isElement(store.fn, src, new Set(isRead).add(local));
    }
    return instr !== null && isElement(instr);
  }

  ofLocal(id: LocalId): StaticValue | null {
    return this.ofDefinition(id) ?? this.#ofModule(id);
  }

  /** What the variable's own definition says, whatever the module does when it runs. */
  ofDefinition(id: LocalId): StaticValue | null {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    // Read while it is being worked out, a variable is defined by itself: nothing is known.
    this.#known.set(id, null);
    const store = this.#program.locals[id]?.isConstant === true ? this.#stores.get(id) : undefined;
    const value = store?.instr.kind === 'store' ? this.ofTemp(store.fn, store.instr.src) : null;
    this.#known.set(id, value);
    return value;
  }

  #index(fn: FunctionIr): void {
    const temps: (Instr | null | undefined)[] = [];
    this.#temps.set(fn.id, temps);
    for (const param of fn.params) temps[param] = null;
    if (fn.rest !== null) temps[fn.rest] = null;
    const reads = new Set<Temp>();
    this.#reads.set(fn.id, reads);
    const visit = (node: Node): void => {
      if (node.kind === 'if') reads.add(node.test);
      if (node.kind === 'return' && node.value !== null) reads.add(node.value);
      if (!isInstr(node)) {
        for (const child of childrenOf(node)) visit(child);
        return;
      }
      for (const temp of readsOf(node)) reads.add(temp);
      if (node.kind === 'store') this.#stores.set(node.local, { fn, instr: node });
      for (const temp of writesOf(node)) temps[temp] = temps[temp] === undefined ? node : null;
    };
    visit(fn.body);
  }
}

/** Whether an instruction gives what an object or a collection has: that may be missing, whatever is known of it. */
function isElement(instr: Instr): boolean {
  if (instr.kind !== 'call') return instr.kind === 'getField' || instr.kind === 'step';
  const { callee } = instr;
  return callee.kind === 'method' && callee.key.kind === 'static' && isBuiltInMethod(callee.key.name);
}
