/**
 * Functions of the file that described calls were given to call later, from outside of the program: what they are
 * given then. It is found out as the functions around them are run, which comes first.
 */
import type { CallbackValue } from '../effects/decode.ts';
import type { FunctionId, FunctionIr, Temp } from '../ir/ir.ts';

const NOTHING: readonly CallbackValue[] = [];

export class LaterCalls {
  readonly #given = new Map<FunctionId, readonly CallbackValue[]>();

  /** One that is given to several is called with either: nothing is known then. */
  note(id: FunctionId, given: readonly CallbackValue[]): void {
    const known = this.#given.get(id);
    this.#given.set(id, known === undefined || known === given ? given : NOTHING);
  }

  of(id: FunctionId): readonly CallbackValue[] {
    return this.#given.get(id) ?? NOTHING;
  }

  /** The parameters that hold handles which are the function's to close. */
  ownedBy({ id, params }: FunctionIr): Temp[] {
    const given = this.of(id);
    return params.filter((_, index) => given[index]?.kind === 'acquire');
  }

  has(id: FunctionId): boolean {
    return this.of(id).length > 0;
  }
}
