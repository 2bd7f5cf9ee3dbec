/** Calls of the methods of collections, and calls with arguments that are spread. */
import type { Argument, Call, New, Temp } from '../../ir/ir.ts';
import type { Activation } from '../activation.ts';
import { callUnseen } from '../calls.ts';
import type { Returned } from '../calls.ts';
import { escape } from '../events.ts';
import type { Gives, State } from '../state.ts';
import { UNDEFINED } from '../value.ts';
import type { ObjectId, Value } from '../value.ts';
import { drain, openIterator } from './iterate.ts';

/** A call of a built-in method. The arguments hold as long as no other call is made. */
export interface MethodCall {
  readonly activation: Activation;
  readonly instr: Call | New;
  readonly receiver: ObjectId;
  readonly args: readonly Value[];
}

export type Method = (call: MethodCall, state: State) => Returned[];

export const one = (state: State, result: Value): Returned[] => [{ state, result }];

/** A method that gives an iterator. */
export const iterating =
  (gives: Gives): Method =>
  ({ activation, instr, receiver }, state) =>
    one(state, openIterator(activation, state, instr.node, { kind: 'object', id: receiver }, gives));

/** The values of a list of which some are spread; those behind one that is not known to its end are let go. */
export function spread(
  activation: Activation,
  state: State,
  list: readonly (Argument | null)[],
): { readonly values: Value[]; readonly isOpen: boolean } {
  const values: Value[] = [];
  let isOpen = false;
  for (const element of list) {
    const value = element === null ? UNDEFINED : activation.read(state, element.temp);
    if (isOpen) escape(activation, state, value);
    else if (element?.isSpread === true) {
      const given = drain(activation, state, element.node, value);
      values.push(...given.values);
      isOpen = given.isOpen;
    } else values.push(value);
  }
  return { values, isOpen };
}

/** A call with arguments that are spread, as one where they are written one by one, if it is known how many. */
export function callSpread<I extends Call | New>(
  activation: Activation,
  state: State,
  instr: I,
  call: (activation: Activation, state: State, instr: I) => Returned[],
): Returned[] {
  const { values, isOpen } = spread(activation, state, instr.args);
  if (isOpen) {
    const args = instr.args.map(({ temp }) => activation.read(state, temp));
    return callUnseen(activation, state, instr, args);
  }
  return activation.withTemps(values.length, (temps) => {
    const args = values.map((value, index): Argument => {
      const temp = temps[index] as Temp;
      state.temps.set(temp, value);
      return { temp, isSpread: false, node: instr.node };
    });
    return call(activation, state, { ...instr, args });
  });
}
