/** Which variables of enclosing functions a function can get at. */
import { defined } from '../defined.ts';
import type { ClassId, FunctionId, LocalId, Program } from '../ir/ir.ts';
import { chainOf, membersOf } from '../ir/classes.ts';
import { push } from '../push.ts';
import type { StaticValues } from './static-values.ts';

const NO_LOCALS: readonly LocalId[] = [];

/** The part of it that states are looked at with. */
export type CapturedBy = Pick<Captures, 'ofFunction' | 'ofClass'>;

export class Captures {
  readonly #program: Program;
  readonly #statics: StaticValues;
  readonly #functions = new Map<FunctionId, readonly LocalId[]>();
  #own: ReadonlyMap<FunctionId, readonly LocalId[]> | null = null;
  readonly #classes = new Map<ClassId, readonly LocalId[]>();

  constructor(program: Program, statics: StaticValues) {
    this.#program = program;
    this.#statics = statics;
  }

  /**
   * Of a function, by itself or by functions that it names: a constant that is a function is no variable to
   * keep, but what that function captures is. (What the module's own functions capture lives as long as they.)
   * In ascending order.
   */
  ofFunction(id: FunctionId): readonly LocalId[] {
    let captured = this.#functions.get(id);
    if (captured === undefined) this.#functions.set(id, (captured = this.#collect([id])));
    return captured;
  }

  /** The variables of a function that functions inside of it capture. */
  ownOf(id: FunctionId): readonly LocalId[] {
    this.#own ??= ownLocals(this.#program);
    return this.#own.get(id) ?? NO_LOCALS;
  }

  /** Of the members of a class, leaving out what lives as long as the module. */
  ofClass(id: ClassId): readonly LocalId[] {
    let captured = this.#classes.get(id);
    if (captured === undefined) {
      captured = this.#collect(this.#membersOf(id)).filter((local) => !this.#isModuleLevel(local));
      this.#classes.set(id, captured);
    }
    return captured;
  }

  #collect(functions: readonly FunctionId[]): readonly LocalId[] {
    const captured = new Set<LocalId>();
    const seen = new Set(functions);
    for (const id of seen) {
      for (const local of defined(this.#program.functions[id]).captures) {
        const known = this.#statics.ofDefinition(local);
        if (known === null) captured.add(local);
        else if (this.#isModuleLevel(local)) continue;
        else if (known.kind === 'function') seen.add(known.id);
        else if (known.kind === 'class') for (const member of this.#membersOf(known.id)) seen.add(member);
      }
    }
    return captured.size === 0 ? NO_LOCALS : [...captured].sort((a, b) => a - b);
  }

  #membersOf(id: ClassId): FunctionId[] {
    const chain = chainOf(this.#program, defined(this.#program.classes[id]));
    return chain.flatMap((cls) => [...membersOf(cls), ...cls.staticMethods.values()]);
  }

  #isModuleLevel(local: LocalId): boolean {
    return defined(this.#program.locals[local]).isModuleLevel;
  }
}

function ownLocals({ locals }: Program): Map<FunctionId, LocalId[]> {
  const own = new Map<FunctionId, LocalId[]>();
  for (const { id, owner, isCaptured, isModuleLevel } of locals) {
    if (!isCaptured || isModuleLevel) continue;
    push(own, owner, id);
  }
  return own;
}
