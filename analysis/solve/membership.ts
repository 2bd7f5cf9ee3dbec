/** Tests of what an object has (`in`), and of what made it (`instanceof`), as far as its file shows. */
import { chainOf } from '../ir/classes.ts';
import type { Activation } from './activation.ts';
import type { BaseTest } from './compare.ts';
import { describedProperty } from './properties.ts';
import type { State } from './state.ts';
import { FALSE, isConst, TRUE, UNDEFINED } from './value.ts';
import type { Value } from './value.ts';

/** null where it is neither of these tests, or cannot be told. */
export function testMembership(
  activation: Activation,
  state: State,
  { operator, left, right }: BaseTest,
): Value | null {
  if (operator === 'in') return hasProperty(activation, state, left, right);
  return operator === 'instanceof' ? isInstance(activation, state, left, right) : null;
}

/**
 * A field that was deleted holds `undefined`, as one may that is there. An object that a described call gave has what
 * the call filled, and no other property that is described.
 */
function hasProperty(activation: Activation, state: State, key: Value, value: Value): Value | null {
  if (value.kind !== 'object' || !isConst(key)) return null;
  const { fields, shape, isOpen } = state.getObject(value.id);
  const name = String(key.value);
  const held = fields.get(name);
  if (held !== undefined) return held === UNDEFINED ? null : TRUE;
  const isDescribed = describedProperty(activation, state, value, name) !== null;
  const isWhole = shape.kind === 'plain' && !isOpen && !(name in Object.prototype);
  return isDescribed || isWhole ? FALSE : null;
}

function isInstance(activation: Activation, state: State, value: Value, cls: Value): Value | null {
  if (cls.kind !== 'class' || value.kind !== 'object') return null;
  const { shape } = state.getObject(value.id);
  if (shape.kind !== 'instance') return null;
  const { engine } = activation;
  const own = engine.classOf(shape.class);
  if (chainOf(engine.program, own).some(({ id }) => id === cls.id)) return TRUE;
  return engine.hasUnseenBase(own) ? null : FALSE;
}
