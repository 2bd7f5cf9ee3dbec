/** Calls that a built-in function makes: their operands stand in temporaries that no instruction names. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Argument, Call, Key, New, Temp } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { callValue } from './calls.ts';
import type { Returned } from './calls.ts';
import { callMethod } from './methods.ts';
import type { State } from './state.ts';
import { UNDEFINED } from './value.ts';
import type { Value } from './value.ts';

/** Calls a value that the built-in function which `instr` calls was given. */
export function callGiven(
  activation: Activation,
  state: State,
  instr: Call | New,
  callee: Value,
  args: readonly Value[],
): Returned[] {
  const given = trimmed(activation, callee, args);
  return activation.withTemps(given.length + 1, (temps) => {
    for (const [index, value] of [callee, ...given].entries()) state.temps.set(temps[index] as Temp, value);
    const call = callOf(instr, temps, instr.node);
    return callValue(activation, state, call, callee, UNDEFINED, given).map((returned) => {
      for (const temp of temps) returned.state.temps.delete(temp);
      return returned;
    });
  });
}

/** Calls a method, by its name and without arguments, of a value that the built-in function has. */
export function callMethodOf(
  activation: Activation,
  state: State,
  instr: Call | New,
  receiver: Value,
  name: string,
): Returned[] {
  return activation.withTemps(1, ([temp]) => {
    const held = temp as Temp;
    state.temps.set(held, receiver);
    const key: Key = { kind: 'static', name };
    const call = {
      ...callOf(instr, [held], instr.node),
      callee: { kind: 'method', receiver: held, key },
    } as const;
    return callMethod(activation, state, call, receiver, key, []).map((returned) => {
      returned.state.temps.delete(held);
      return returned;
    });
  });
}

/** What a body does not take it cannot reach either. */
function trimmed({ engine }: Activation, callee: Value, args: readonly Value[]): readonly Value[] {
  if (callee.kind !== 'function') return args;
  const { params, rest } = engine.functionOf(callee.id);
  return rest === null ? args.slice(0, params.length) : args;
}

function callOf(instr: Call | New, [callee, ...temps]: readonly Temp[], node: TSESTree.Node): Call {
  const args = temps.map((temp): Argument => ({ temp, isSpread: false, node }));
  const { dst, index, parent } = instr;
  return {
    kind: 'call',
    dst,
    callee: { kind: 'value', temp: callee as Temp },
    args,
    isImplicit: false,
    node,
    index,
    parent,
  };
}
