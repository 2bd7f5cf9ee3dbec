/** Which resources of a function interact: the groups that are solved one at a time. */
import type { Callees } from '../effects/callees.ts';
import type { Relevance } from '../effects/relevance.ts';
import { makesHandles, placesOf } from '../effects/operation-places.ts';
import type { FunctionIr, Instr } from '../ir/ir.ts';
import type { Flow } from './flow.ts';
import { operandNames, receiverOf } from './flow.ts';
import { nameOfLocal } from './names.ts';
import type { Name } from './names.ts';

/** The groups of a function, in the order in which they first come up. */
export function groupsOf(
  fn: FunctionIr,
  flow: Flow,
  callees: Callees,
  relevance: Relevance | null = null,
): Name[] {
  const groups = new Set<Name>();
  for (const instr of flow.instrs) {
    for (const name of eventNames(fn, instr, callees, relevance)) {
      if (flow.mayHold(name)) groups.add(flow.setOf(name));
    }
  }
  return [...groups];
}

/** The places at which an instruction may do something to a handle. */
function eventNames(fn: FunctionIr, instr: Instr, callees: Callees, relevance: Relevance | null): Name[] {
  if (instr.kind !== 'call' && instr.kind !== 'new') return [];
  const target = callees.targetOf(fn, instr);
  if (relevance !== null && !relevance.mayTouch(fn, instr)) return [];
  switch (target.kind) {
    case 'operation':
      return operandNames(instr, placesOf(target.operation.effects));
    case 'body':
      return [instr.dst, ...instr.args.map(({ temp }) => temp), ...target.fn.captures.map(nameOfLocal)];
    case 'class':
    case 'super':
      return [instr.dst, ...instr.args.map(({ temp }) => temp)];
    case 'dynamic':
      return [instr.dst, ...receiverOf(instr)];
    case 'unseen':
      return [];
  }
}

/** Whether an instruction makes resources. */
export function isSource(fn: FunctionIr, instr: Instr, callees: Callees): boolean {
  if (instr.kind !== 'call' && instr.kind !== 'new') return false;
  const target = callees.targetOf(fn, instr);
  if (target.kind !== 'operation') return target.kind !== 'unseen';
  return makesHandles(target.operation.effects);
}
