/**
 * What the constants of a module hold once its top level has run: functions out of sight that are looked
 * up once (`const close = lib.func('close')`), objects of a described type. Functions of the module start from these.
 */
import type { LocalId } from '../ir/ir.ts';
import { Activation } from './activation.ts';
import { BoundReached } from './bounds.ts';
import type { Engine } from './engine.ts';
import { Recorder } from './recorder.ts';
import { runBody } from './run.ts';
import { State } from './state.ts';
import { isSame } from './value.ts';
import type { Value } from './value.ts';

export interface ModuleValue {
  readonly value: Value | null;
  /** The described type of a value of which nothing else is known. */
  readonly type?: string;
}

export function moduleValues(engine: Engine): ReadonlyMap<LocalId, ModuleValue> {
  const [module] = engine.program.functions;
  if (module === undefined || module.givenUp !== null) return new Map();
  const options = { countsImplicitThrows: false, isMember: () => false, depth: 1 };
  const activation = new Activation(engine, module, new Recorder(), options);
  try {
    const ends = runBody(activation, module.body, new State()).filter(
      ({ completion }) => completion === 'return',
    );
    return common(
      activation,
      ends.map(({ state }) => state),
    );
  } catch (error) {
    if (error instanceof BoundReached) return new Map();
    throw error;
  }
}

/** What all ways through the module agree on. */
function common(activation: Activation, [first, ...others]: readonly State[]): Map<LocalId, ModuleValue> {
  const values = new Map<LocalId, ModuleValue>();
  if (first === undefined) return values;
  for (const [local, value] of first.locals.entries()) {
    const type = activation.typeOf(first, value);
    const isAgreed = others.every((other) => {
      const there = other.locals.get(local);
      return (
        there !== undefined &&
        (isSame(there, value) || (type !== null && activation.typeOf(other, there) === type))
      );
    });
    if (!isAgreed) continue;
    if (value.kind === 'external' || value.kind === 'lent' || value.kind === 'const')
      values.set(local, { value });
    else if ((value.kind === 'symbol' || value.kind === 'resource') && type !== null)
      values.set(local, { value: null, type });
  }
  return values;
}
