/** The names under which a file keeps functions in objects and classes. */
import type { FunctionId, Node, Program } from '../ir/ir.ts';
import { childrenOf, isInstr } from '../ir/operands.ts';
import { push } from '../push.ts';

export class MemberNames {
  readonly #methods = new Map<string, FunctionId[]>();
  /** Names of fields, and of accessors, which may hold or give any function. */
  readonly #fields = new Set<string>();

  constructor(program: Program) {
    for (const { methods, getters, setters } of program.classes) {
      for (const [name, id] of methods) push(this.#methods, name, id);
      for (const name of [...getters.keys(), ...setters.keys()]) this.#fields.add(name);
    }
    for (const { body } of program.functions) this.#visit(body);
  }

  has(name: string): boolean {
    return this.#methods.has(name) || this.#fields.has(name);
  }

  /** The bodies that a call by this name may enter. */
  bodiesOf(name: string): readonly FunctionId[] | 'any' {
    return this.#fields.has(name) ? 'any' : (this.#methods.get(name) ?? []);
  }

  #visit(node: Node): void {
    if (node.kind === 'object') {
      for (const { key } of node.properties) if (key.kind === 'static') this.#fields.add(key.name);
    } else if (node.kind === 'setField' && node.key.kind === 'static') {
      this.#fields.add(node.key.name);
    }
    if (!isInstr(node)) for (const child of childrenOf(node)) this.#visit(child);
  }
}
