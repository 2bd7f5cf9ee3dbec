/** What a call is known to call before anything is solved, and what control it may take. */
import type { TSESTree } from '@typescript-eslint/utils';
import { defined } from '../defined.ts';
import type { Call, ExternalRef, FunctionId, FunctionIr, Instr, New, Program, Temp } from '../ir/ir.ts';
import type { Declarations } from '../settings.ts';
import { tagsIn } from '../ir/tag-text.ts';
import type { ApiTable } from './api-table.ts';
import { isBuiltInConstructor, isBuiltInFunction, isBuiltInMethod } from './built-ins.ts';
import type { Operation } from './decode.ts';
import { Divergence } from './divergence.ts';
import { MemberNames } from './member-names.ts';
import { throwsByItself } from './operation-places.ts';
import { promiseFunctionOf, promiseMethodOf } from './promise-names.ts';
import type { StaticValues } from './static-values.ts';
import { operationOf } from './tagged.ts';
import type { Target } from './target.ts';

/** Of `Function.prototype` (ECMA-262 20.2.3). */
const FUNCTION_METHODS: ReadonlySet<string> = new Set(['apply', 'bind', 'call']);

export class Callees {
  readonly #program: Program;
  readonly #apis: ApiTable;
  readonly #statics: StaticValues;
  readonly #targets = new Map<Instr, Target>();
  readonly #tagged = new Map<Instr, Operation | null>();
  readonly #memberNames: MemberNames;
  readonly #divergence: Divergence;

  readonly #declarations: Declarations | null;

  constructor(
    program: Program,
    apis: ApiTable,
    statics: StaticValues,
    declarations: Declarations | null = null,
  ) {
    this.#program = program;
    this.#apis = apis;
    this.#statics = statics;
    this.#declarations = declarations;
    this.#memberNames = new MemberNames(program);
    this.#divergence = new Divergence(program, this.#memberNames, {
      targetOf: (fn, instr) => this.targetOf(fn, instr),
      mayReject: (fn, instr) => this.#mayReject(fn, instr),
    });
  }

  targetOf(fn: FunctionIr, instr: Call | New): Target {
    let target = this.#targets.get(instr);
    if (target === undefined) {
      target = this.#find(fn, instr);
      if (target.kind === 'unseen' || target.kind === 'dynamic') {
        const operation = this.taggedBy(instr);
        if (operation !== null) target = { kind: 'operation', operation };
      }
      this.#targets.set(instr, target);
    }
    return target;
  }

  /** What the tags of another file say of what is called; null where they say nothing. */
  taggedBy(instr: Call | New): Operation | null {
    if (this.#declarations === null) return null;
    let operation = this.#tagged.get(instr);
    if (operation === undefined)
      this.#tagged.set(instr, (operation = readTagged(instr.node, this.#apis, this.#declarations)));
    return operation;
  }

  #find(fn: FunctionIr, instr: Call | New): Target {
    if (instr.kind === 'new') {
      const callee = this.#statics.ofTemp(fn, instr.callee);
      if (callee?.kind === 'class')
        return { kind: 'class', class: defined(this.#program.classes[callee.id]) };
      if (callee?.kind !== 'external') return { kind: 'unseen' };
      const described = this.#apis.findConstructor(callee.ref);
      if (described !== null) return { kind: 'operation', operation: described };
      const isKnown =
        promiseFunctionOf(callee.ref) === 'constructor' || isGlobal(callee.ref, isBuiltInConstructor);
      return { kind: isKnown ? 'dynamic' : 'unseen' };
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
          isBuiltInMethod(callee.key.name) ||
          FUNCTION_METHODS.has(callee.key.name) ||
          this.#apis.hasMethod(callee.key.name);
        return { kind: isOurs ? 'dynamic' : 'unseen' };
      }
      case 'super':
      case 'superMethod':
        return { kind: 'super' };
    }
  }

  /** The functions of this file that a call is given as arguments. */
  callbacksOf(fn: FunctionIr, instr: Call | New): FunctionId[] {
    return instr.args.flatMap(({ temp }) => {
      const value = this.#statics.ofTemp(fn, temp);
      return value?.kind === 'function' ? [value.id] : [];
    });
  }

  #external(module: string | null, path: readonly string[]): Target {
    const operation = this.#apis.findOperation({ module, path });
    if (operation !== null) return { kind: 'operation', operation };
    const isKnown =
      promiseFunctionOf({ module, path }) !== null || isGlobal({ module, path }, isBuiltInFunction);
    return { kind: isKnown ? 'dynamic' : 'unseen' };
  }

  /** What is described of the function that a temporary is known to hold. */
  describedBy(fn: FunctionIr, temp: Temp): Operation | null {
    const value = this.#statics.ofTemp(fn, temp);
    if (value?.kind !== 'external') return null;
    return this.#apis.findCallable(value.ref);
  }

  /** Whether a call may do something else than return. */
  mayDiverge(fn: FunctionIr, instr: Call | New): boolean {
    return this.#divergence.ofCall(fn, instr);
  }

  /** Whether a body may do something else than return. */
  bodyDiverges(fn: FunctionIr): boolean {
    return this.#divergence.ofBody(fn);
  }

  /** Whether a call can throw at all. */
  mayThrow(fn: FunctionIr, instr: Call | New): boolean {
    const target = this.targetOf(fn, instr);
    if (target.kind !== 'operation') return true;
    return target.operation.canThrow || throwsByItself(target.operation.effects);
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

function readTagged(node: TSESTree.Node, apis: ApiTable, declarations: Declarations): Operation | null {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const callee = declarations.documentedCallee(node);
  if (callee === null) return null;
  // Whoever lints that file is told of the problems of its tags.
  const tags = tagsIn(callee.comment, callee.parameters, () => {});
  if (tags.params.size === 0 && tags.returns === null) return null;
  const declared = declarations.typeOf(node);
  const type = declared === null ? null : apis.typeFrom(declared.module, declared.name);
  return operationOf({ name: callee.name, tags }, type === null ? null : apis.kindOfType(type));
}

const isGlobal = ({ module, path }: ExternalRef, isIt: (name: string) => boolean): boolean =>
  module === null && isIt(path.join('.'));
