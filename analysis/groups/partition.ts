/** Which resources of a function interact: the groups that are solved one at a time. */
import type { Callees } from '../effects/callees.ts';
import { makesHandles } from '../effects/operation-places.ts';
import type { FunctionIr, Instr, Temp } from '../ir/ir.ts';
import type { Flow } from './flow.ts';
import { nameOfTemp } from './names.ts';
import type { Name } from './names.ts';

/** The groups of a function, in the order in which they first come up; `owned` are parameters that hold handles. */
export function groupsOf(flow: Flow, owned: readonly Temp[]): Name[] {
  const groups = new Set(owned.map((param) => flow.setOf(nameOfTemp(param))));
  for (const instr of flow.instrs) {
    for (const name of flow.actedOnBy(instr)) {
      if (flow.mayHold(name)) groups.add(flow.setOf(name));
    }
  }
  return [...groups];
}

/** Whether an instruction makes resources. */
export function isSource(fn: FunctionIr, instr: Instr, callees: Callees): boolean {
  if (instr.kind !== 'call' && instr.kind !== 'new') return false;
  const target = callees.targetOf(fn, instr);
  if (target.kind !== 'operation') return target.kind !== 'unseen';
  return makesHandles(target.operation.effects);
}
