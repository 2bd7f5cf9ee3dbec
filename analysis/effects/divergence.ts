/**
 * Which calls may do something else than return: leave by an explicit `throw` of a body in the file, end the
 * process, or go on for ever. (What an implicit throw does is the caller's to ask.)
 */
import type {
  Call,
  ClassId,
  FunctionId,
  FunctionIr,
  Instr,
  Label,
  Loop,
  New,
  Node,
  Program,
} from '../ir/ir.ts';
import { chainOf, constructorsOf } from '../ir/classes.ts';
import { childrenOf, instrsOf, isInstr } from '../ir/operands.ts';
import { push } from '../push.ts';
import { runsCallbacks } from './built-ins.ts';
import type { MemberNames } from './member-names.ts';
import { throwsByItself } from './operation-places.ts';
import { isPromiseName } from './promise-names.ts';
import type { Target } from './target.ts';

/** What is known of calls. */
export interface Calls {
  targetOf(fn: FunctionIr, instr: Call | New): Target;
  /** Whether a call makes a promise that may reject, so that whoever awaits it gets an exception. */
  mayReject(fn: FunctionIr, instr: Call | New): boolean;
}

/** The bodies that a call may enter; `any` where only solving can tell. */
type Bodies = readonly FunctionId[] | 'any';

const STACKS: ReadonlySet<string> = new Set(['DisposableStack', 'AsyncDisposableStack']);
const STACK_FILLERS: ReadonlySet<string> = new Set(['use', 'adopt', 'defer', 'move']);

const isStack = (instr: Instr): boolean =>
  instr.kind === 'external' && instr.ref.module === null && STACKS.has(instr.ref.path.join('.'));

export class Divergence {
  readonly #program: Program;
  readonly #names: MemberNames;
  readonly #calls: Calls;
  #diverging: ReadonlySet<FunctionId> | null = null;
  #makesStacks: boolean | null = null;

  constructor(program: Program, names: MemberNames, calls: Calls) {
    this.#program = program;
    this.#names = names;
    this.#calls = calls;
  }

  ofCall(fn: FunctionIr, instr: Call | New): boolean {
    if (this.#endsProcess(fn, instr)) return true;
    const bodies = this.#bodiesOf(fn, instr);
    return bodies === 'any' ? this.#bodies().size > 0 : bodies.some((id) => this.#bodies().has(id));
  }

  ofBody(fn: FunctionIr): boolean {
    return this.#bodies().has(fn.id);
  }

  #endsProcess(fn: FunctionIr, instr: Call | New): boolean {
    const target = this.#calls.targetOf(fn, instr);
    if (target.kind === 'dynamic') return this.#mayFillStack(instr);
    if (target.kind !== 'operation') return false;
    return target.operation.returns === 'never' || throwsByItself(target.operation.effects);
  }

  /** A stack that was disposed of throws at whoever puts something on it (ECMA-262 27.4.3). */
  #mayFillStack(instr: Call | New): boolean {
    if (instr.kind === 'new' || instr.callee.kind !== 'method' || instr.callee.key.kind !== 'static')
      return false;
    if (!STACK_FILLERS.has(instr.callee.key.name)) return false;
    this.#makesStacks ??= this.#program.functions.some(({ body }) => instrsOf(body).some(isStack));
    return this.#makesStacks;
  }

  #bodiesOf(fn: FunctionIr, instr: Call | New): Bodies {
    const target = this.#calls.targetOf(fn, instr);
    switch (target.kind) {
      case 'operation':
      case 'unseen':
        return [];
      case 'body':
        return [target.fn.id];
      case 'class':
        return this.#constructorsOf(target.class.id);
      case 'super':
      case 'dynamic':
        return this.#membersCalledBy(fn, instr);
    }
  }

  #membersCalledBy(fn: FunctionIr, instr: Call | New): Bodies {
    if (instr.kind === 'new' || instr.callee.kind === 'value') return 'any';
    if (instr.callee.kind === 'super') {
      const superclass = fn.class === null ? undefined : this.#program.classes[fn.class]?.superclass;
      return superclass?.kind === 'class' ? this.#constructorsOf(superclass.id) : 'any';
    }
    const { key } = instr.callee;
    // What promises and collections do runs callbacks.
    return key.kind === 'static' && !isPromiseName(key.name) && !runsCallbacks(key.name)
      ? this.#names.bodiesOf(key.name)
      : 'any';
  }

  /** All that making an instance runs. */
  #constructorsOf(id: ClassId): FunctionId[] {
    const cls = this.#program.classes[id];
    return cls === undefined ? [] : chainOf(this.#program, cls).flatMap(constructorsOf);
  }

  /** What diverges by itself, and what calls that. */
  #bodies(): ReadonlySet<FunctionId> {
    if (this.#diverging !== null) return this.#diverging;
    const callers = new Map<FunctionId | 'any', FunctionId[]>();
    const queue: FunctionId[] = [];
    for (const fn of this.#program.functions) {
      // Nothing calls the top level.
      if (fn.kind !== 'module' && this.#visit(fn, fn.body, callers)) queue.push(fn.id);
    }
    const diverging = new Set<FunctionId>();
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (diverging.has(id)) continue;
      if (diverging.size === 0) queue.push(...(callers.get('any') ?? []));
      diverging.add(id);
      queue.push(...(callers.get(id) ?? []));
    }
    this.#diverging = diverging;
    return diverging;
  }

  /** Whether a node diverges by itself; notes whom it calls. */
  #visit(fn: FunctionIr, node: Node, callers: Map<FunctionId | 'any', FunctionId[]>): boolean {
    if (node.kind === 'throw' || node.kind === 'unreachable') return true;
    if (node.kind === 'loop' && isEndless(node)) return true;
    if (!isInstr(node)) return childrenOf(node).some((child) => this.#visit(fn, child, callers));
    if (node.kind !== 'call' && node.kind !== 'new') return false;
    const bodies = this.#bodiesOf(fn, node);
    for (const callee of bodies === 'any' ? (['any'] as const) : bodies) {
      if (callers.get(callee)?.at(-1) !== fn.id) push(callers, callee, fn.id);
    }
    return this.#endsProcess(fn, node) || this.#calls.mayReject(fn, node);
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
