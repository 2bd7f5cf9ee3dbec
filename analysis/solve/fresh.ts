/** Identities, in the order in which they are made: of two resources, the one with the lower id is older. */
import type { ObjectId, ResourceId, SymbolId } from './value.ts';

export class Fresh {
  #next = 0;

  symbol(): SymbolId {
    return this.#next++ as SymbolId;
  }

  resource(): ResourceId {
    return this.#next++ as ResourceId;
  }

  object(): ObjectId {
    return this.#next++ as ObjectId;
  }
}
