/** What the lowerings of all functions of one file share. */
import type { ClassIr, FunctionId, FunctionIr } from '../ir/ir.ts';
import type { Bindings } from './bindings.ts';
import { EnumValues } from './enum-values.ts';

export class FileLowering {
  readonly bindings: Bindings;
  readonly enumValues: EnumValues;
  /** By id; complete when lowering is. */
  readonly functions: FunctionIr[] = [];
  readonly classes: ClassIr[] = [];
  /** How many `with` statements stand around what is being lowered. */
  withDepth = 0;
  readonly #seenByEval = new Set<FunctionId>();

  constructor(bindings: Bindings) {
    this.bindings = bindings;
    this.enumValues = new EnumValues(bindings);
  }

  /** A direct `eval` in a function may touch the variables of all functions around it. */
  noteEval(inside: FunctionId): void {
    for (let id: FunctionId | null = inside; id !== null; id = this.bindings.outers[id] ?? null) {
      this.#seenByEval.add(id);
    }
  }

  isSeenByEval(id: FunctionId): boolean {
    return this.#seenByEval.has(id);
  }
}
