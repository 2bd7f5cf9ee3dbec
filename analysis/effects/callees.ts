/** What a call is known to call before anything is solved, and what control it may take. */
import { defined } from '../defined.ts';
import type {
  Call,
  ClassIr,
  FunctionId,
  FunctionIr,
  Instr,
  Label,
  Loop,
  New,
  Node,
  Program,
} from '../ir/ir.ts';
import { childrenOf, isInstr } from '../ir/operands.ts';
import type { ApiTable } from './api-table.ts';
import type { Operation } from './decode.ts';
import type { StaticValues } from './static-values.ts';

export type Target =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'body'; readonly fn: FunctionIr }
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** A method or function value of the file, perhaps: only solving can tell. */
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'super' }
  | { readonly kind: 'unseen' };

export class Callees {
  readonly #program: Program;
  readonly #apis: ApiTable;
  readonly #statics: StaticValues;
  readonly #targets = new Map<Instr, Target>();
  readonly #diverging = new Map<FunctionId, boolean>();
  /** The keys of all methods that classes and object literals of the file have. */
  readonly #memberNames: ReadonlySet<string>;

  constructor(program: Program, apis: ApiTable, statics: StaticValues) {
    this.#program = program;
    this.#apis = apis;
    this.#statics = statics;
    this.#memberNames = memberNames(program);
  }

  targetOf(fn: FunctionIr, instr: Call | New): Target {
    let target = this.#targets.get(instr);
    if (target === undefined) this.#targets.set(instr, (target = this.#find(fn, instr)));
    return target;
  }

  #find(fn: FunctionIr, instr: Call | New): Target {
    if (instr.kind === 'new') {
      const callee = this.#statics.ofTemp(fn, instr.callee);
      if (callee?.kind === 'class')
        return { kind: 'class', class: defined(this.#program.classes[callee.id]) };
      const described = callee?.kind === 'external' ? this.#apis.findConstructor(callee.ref) : null;
      return described === null ? { kind: 'unseen' } : { kind: 'operation', operation: described };
    }
    const { callee } = instr;
    switch (callee.kind) {
      case 'value': {
        const value = this.#statics.ofTemp(fn, callee.temp);
        if (value?.kind === 'function')
          return { kind: 'body', fn: defined(this.#program.functions[value.id]) };
        if (value?.kind === 'external') return this.#external(value.ref.module, value.ref.path);
        return { kind: value === null ? 'dynamic' : 'unseen' };
      }
      case 'method': {
        const receiver = this.#statics.ofTemp(fn, callee.receiver);
        if (receiver?.kind === 'external' && callee.key.kind === 'static') {
          return this.#external(receiver.ref.module, [...receiver.ref.path, callee.key.name]);
        }
        if (receiver?.kind === 'class' && callee.key.kind === 'static') {
          const method = this.#program.classes[receiver.id]?.staticMethods.get(callee.key.name);
          if (method !== undefined) return { kind: 'body', fn: defined(this.#program.functions[method]) };
        }
        const isOurs =
          callee.key.kind !== 'static' ||
          this.#memberNames.has(callee.key.name) ||
          this.#apis.hasMethod(callee.key.name);
        return { kind: isOurs ? 'dynamic' : 'unseen' };
      }
      case 'super':
      case 'superMethod':
        return { kind: 'super' };
    }
  }

  #external(module: string | null, path: readonly string[]): Target {
    const operation = this.#apis.findOperation({ module, path });
    return operation === null ? { kind: 'unseen' } : { kind: 'operation', operation };
  }

  /**
   * Whether a call may do something else than return: leave by an explicit `throw` of a body in the file,
   * end the process, or go on for ever. (What an implicit throw does is the caller's to ask.)
   */
  mayDiverge(fn: FunctionIr, instr: Call | New): boolean {
    const target = this.targetOf(fn, instr);
    switch (target.kind) {
      case 'operation':
        return target.operation.returns === 'never';
      case 'body':
        return this.bodyDiverges(target.fn);
      case 'class':
        return this.#anyMemberDiverges();
      case 'dynamic':
      case 'super':
        return this.#anyMemberDiverges();
      case 'unseen':
        return false;
    }
  }

  /** Whether a call can throw at all. */
  mayThrow(fn: FunctionIr, instr: Call | New): boolean {
    const target = this.targetOf(fn, instr);
    return target.kind !== 'operation' || target.operation.canThrow;
  }

  #anyMemberDiverges(): boolean {
    return this.#program.functions.some((fn) => fn.kind !== 'module' && this.bodyDiverges(fn));
  }

  /** Whether a body may do something else than return. */
  bodyDiverges(fn: FunctionIr): boolean {
    const known = this.#diverging.get(fn.id);
    if (known !== undefined) return known;
    this.#diverging.set(fn.id, false);
    const diverges = this.#nodeDiverges(fn, fn.body);
    this.#diverging.set(fn.id, diverges);
    return diverges;
  }

  #nodeDiverges(fn: FunctionIr, node: Node): boolean {
    if (node.kind === 'throw' || node.kind === 'unreachable') return true;
    if (node.kind === 'loop' && isEndless(node)) return true;
    if (isInstr(node)) return (node.kind === 'call' || node.kind === 'new') && this.mayDiverge(fn, node);
    return childrenOf(node).some((child) => this.#nodeDiverges(fn, child));
  }
}

/** A loop that nothing leaves. */
export function isEndless(loop: Loop): boolean {
  const inside = new Set<Label>();
  const leaves = (node: Node): boolean => {
    if (node.kind === 'block') inside.add(node.label);
    if (node.kind === 'break') return !inside.has(node.label);
    return node.kind === 'return' || node.kind === 'throw' || childrenOf(node).some(leaves);
  };
  return !leaves(loop.body);
}

function memberNames(program: Program): Set<string> {
  const names = new Set<string>();
  for (const { methods, getters, setters } of program.classes) {
    for (const name of [...methods.keys(), ...getters.keys(), ...setters.keys()]) names.add(name);
  }
  const visit = (node: Node): void => {
    if (node.kind === 'object') {
      for (const { key } of node.properties) if (key.kind === 'static') names.add(key.name);
    } else if (node.kind === 'setField' && node.key.kind === 'static') {
      names.add(node.key.name);
    }
    if (!isInstr(node)) for (const child of childrenOf(node)) visit(child);
  };
  for (const fn of program.functions) visit(fn.body);
  return names;
}
