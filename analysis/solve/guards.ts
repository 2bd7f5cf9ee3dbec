/** Properties of a handle that tell whether it is open. */
import type { Guard } from '../effects/api-table.ts';
import type { GetField } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { handleIn } from './events.ts';
import type { State } from './state.ts';
import { constant, FALSE } from './value.ts';
import type { Value } from './value.ts';

/**
 * Reads the property. Of a handle that code out of sight may have closed it is asked whether it did: that is
 * two states, and on what was closed there nothing is said.
 */
export function tellState(activation: Activation, state: State, instr: GetField, guard: Guard): State[] {
  const object = activation.read(state, instr.object);
  const id = handleIn(activation, state, object);
  const put = (each: State, isOpen: boolean): State => {
    each.temps.set(instr.dst, tellingValue(activation, each, guard, isOpen));
    return each;
  };
  if (id === null) {
    if (object.kind === 'lent') return [put(state, true)];
    state.temps.set(instr.dst, activation.unknown());
    return [state];
  }
  const { typestate, isOwed, isSilenced } = state.getResource(id);
  if (typestate === 'closed' || typestate === 'gone') return [put(state, false)];
  if (typestate === 'open' && isOwed) return [put(state, true)];
  const closed = state.fork();
  // Of another group's handle it is not known that it is open, but that is what it most likely is.
  if (isSilenced) closed.isDoubtful = true;
  closed.updateResource(id, { typestate: 'closed', isSilenced: true });
  return [put(state, true), put(closed, false)];
}

/** What the property holds: the described value, or another one. */
function tellingValue(
  activation: Activation,
  state: State,
  { tells, equals }: Guard,
  isOpen: boolean,
): Value {
  if ((tells === 'open') === isOpen) return constant(equals);
  if (typeof equals === 'boolean') return constant(!equals);
  const other = activation.unknown();
  for (const operator of ['===', '=='] as const) {
    state.terms = [...state.terms, { operator, left: other, right: constant(equals), result: FALSE }];
  }
  return other;
}
