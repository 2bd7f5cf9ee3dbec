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
import { promiseFunctionOf, promiseMethodOf } from './promise-names.ts';
import type { StaticValues } from './static-values.ts';

export type Target =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'body'; readonly fn: FunctionIr }
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** A method or function value of the file, perhaps, or one that calls what it is given: only solving can tell. */
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'super' }
  | { readonly kind: 'unseen' };

export class Callees {
  readonly #program: Program;
  readonly #apis: ApiTable;
  readonly #statics: StaticValues;
  readonly #targets = new Map<Instr, Target>();
  #diverging: ReadonlySet<FunctionId> | null = null;
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
      if (callee?.kind !== 'external') return { kind: 'unseen' };
      const described = this.#apis.findConstructor(callee.ref);
      if (described !== null) return { kind: 'operation', operation: described };
      return { kind: promiseFunctionOf(callee.ref) === 'constructor' ? 'dynamic' : 'unseen' };
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
          promiseMethodOf(callee.key.name) !== null ||
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
    if (operation !== null) return { kind: 'operation', operation };
    return { kind: promiseFunctionOf({ module, path }) === null ? 'unseen' : 'dynamic' };
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
      case 'dynamic':
      case 'super':
        return this.#program.functions.some((each) => each.kind !== 'module' && this.bodyDiverges(each));
      case 'unseen':
        return false;
    }
  }

  /** Whether a call can throw at all. */
  mayThrow(fn: FunctionIr, instr: Call | New): boolean {
    const target = this.targetOf(fn, instr);
    return target.kind !== 'operation' || target.operation.canThrow;
  }

  /** Whether a body may do something else than return. */
  bodyDiverges(fn: FunctionIr): boolean {
    this.#diverging ??= this.#findDiverging();
    return this.#diverging.has(fn.id);
  }

  /** The least fixpoint: bodies that diverge by themselves, and those that may call one that does. */
  #findDiverging(): ReadonlySet<FunctionId> {
    const callers = new Map<FunctionId, FunctionId[]>();
    const callersOfAny: FunctionId[] = [];
    const queue: FunctionId[] = [];
    for (const fn of this.#program.functions) {
      const visit = (node: Node): void => {
        if (node.kind === 'throw' || node.kind === 'unreachable') queue.push(fn.id);
        else if (node.kind === 'loop' && isEndless(node)) queue.push(fn.id);
        if (!isInstr(node)) for (const child of childrenOf(node)) visit(child);
        else if (node.kind === 'call' || node.kind === 'new') {
          const target = this.targetOf(fn, node);
          if (target.kind === 'operation' && target.operation.returns === 'never') queue.push(fn.id);
          else if (this.#mayReject(fn, node)) queue.push(fn.id);
          else if (target.kind === 'body') append(callers, target.fn.id, fn.id);
          else if (target.kind !== 'operation' && target.kind !== 'unseen') callersOfAny.push(fn.id);
        }
      };
      visit(fn.body);
    }
    const diverging = new Set<FunctionId>();
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (diverging.has(id)) continue;
      diverging.add(id);
      queue.push(...(callers.get(id) ?? []));
      if (this.#program.functions[id]?.kind !== 'module') queue.push(...callersOfAny.splice(0));
    }
    return diverging;
  }

  /** Whether a promise is made with a function that can reject it: whoever awaits it gets an exception. */
  #mayReject(fn: FunctionIr, instr: Call | New): boolean {
    const executor = instr.args[0];
    const made = instr.kind === 'new' ? this.#statics.ofTemp(fn, instr.callee) : null;
    if (made?.kind !== 'external' || promiseFunctionOf(made.ref) !== 'constructor' || executor === undefined)
      return false;
    const value = this.#statics.ofTemp(fn, executor.temp);
    return value?.kind === 'function' && defined(this.#program.functions[value.id]).params.length > 1;
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
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
