/** What a class has and inherits, as far as its file shows. */
import type { ClassIr, FunctionId, Program } from './ir.ts';

/** The class and its bases in this file, nearest first. */
export function chainOf({ classes }: Pick<Program, 'classes'>, cls: ClassIr): ClassIr[] {
  const chain: ClassIr[] = [];
  for (let at: ClassIr | undefined = cls; at !== undefined;) {
    chain.push(at);
    at = at.superclass.kind === 'class' ? classes[at.superclass.id] : undefined;
  }
  return chain;
}

/** What making an instance runs of this class itself. */
export function constructorsOf({ constructorId, initializer }: ClassIr): FunctionId[] {
  return [constructorId, initializer].filter((id) => id !== null);
}

/**
 * What making an instance begins with, base class first (ECMA-262 10.2.2): a constructor that is written in a subclass
 * runs what is before it by `super(…)`.
 */
export function constructionOf({ classes }: Pick<Program, 'classes'>, cls: ClassIr): FunctionId[] {
  const { constructorId, initializer, superclass } = cls;
  if (constructorId !== null && superclass.kind !== 'none') return [constructorId];
  const base = superclass.kind === 'class' ? classes[superclass.id] : undefined;
  const bodies = base === undefined ? [] : constructionOf({ classes }, base);
  return [...bodies, ...[initializer, constructorId].filter((id) => id !== null)];
}

/** All that an instance runs of this class itself. */
export function membersOf(cls: ClassIr): FunctionId[] {
  const { methods, getters, setters } = cls;
  return [...constructorsOf(cls), ...methods.values(), ...getters.values(), ...setters.values()];
}
