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

/** All that an instance runs of this class itself. */
export function membersOf(cls: ClassIr): FunctionId[] {
  const { methods, getters, setters } = cls;
  return [...constructorsOf(cls), ...methods.values(), ...getters.values(), ...setters.values()];
}
