/** What the lowerings of all functions of one file share. */
import type { ClassIr, FunctionId, FunctionIr, GiveUpReason } from '../ir/ir.ts';
import type { FileTags } from '../ir/tags.ts';
import type { Bindings } from './bindings.ts';
import { EnumValues } from './enum-values.ts';
import type { ModuleNames } from './scopes.ts';

export class FileLowering {
  readonly bindings: Bindings;
  readonly tags: FileTags;
  readonly nameModule: ModuleNames;
  readonly enumValues: EnumValues;
  /** By id; complete when lowering is. */
  readonly functions: FunctionIr[] = [];
  readonly classes: ClassIr[] = [];
  /** How many `with` statements stand around what is being lowered. */
  withDepth = 0;
  readonly #givenUp = new Map<FunctionId, GiveUpReason>();

  constructor(bindings: Bindings, tags: FileTags, nameModule: ModuleNames) {
    this.bindings = bindings;
    this.nameModule = nameModule;
    this.tags = tags;
    this.enumValues = new EnumValues(bindings);
  }

  /** Gives up the function `inside` and those around it, up to and with `outermost`. */
  giveUp(inside: FunctionId, outermost: FunctionId, reason: GiveUpReason): void {
    for (let id: FunctionId | null = inside; id !== null; id = this.bindings.outers[id] ?? null) {
      if (this.#givenUp.get(id) !== 'eval') this.#givenUp.set(id, reason);
      if (id === outermost) return;
    }
  }

  giveUpReason(id: FunctionId): GiveUpReason | null {
    return this.#givenUp.get(id) ?? (this.withDepth > 0 ? 'with' : null);
  }
}
