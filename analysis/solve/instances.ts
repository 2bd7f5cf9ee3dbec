/**
 * Instances that are handles themselves. Such an instance holds its resource in a field that no program can
 * name, so it leaks, escapes and is returned as any owner with what it holds.
 */
import type { Call, ClassIr, New } from '../ir/ir.ts';
import { newResource } from './acquire.ts';
import type { Activation } from './activation.ts';
import { close } from './events.ts';
import { reach } from './reach.ts';
import type { State } from './state.ts';
import type { ObjectId, Value } from './value.ts';

const INSTANCE = '[[instance]]';

/** Makes the handle of a new instance, unless the instance holds some other or is out of sight already. */
export function acquireInstance(
  activation: Activation,
  state: State,
  instr: Call | New,
  cls: ClassIr,
  self: Value,
): void {
  const { engine } = activation;
  const kind = engine.relevance?.disposables.kindOf(cls.id) ?? null;
  if (kind === null || self.kind !== 'object' || state.getObject(self.id).isEscaped) return;
  if (reach(state, [self], engine.captures).resources.size > 0) return;
  const id = engine.fresh.resource();
  state.resources.set(id, { ...newResource(activation, instr), kind, exists: 'certainly' });
  state.setField(self.id, INSTANCE, { kind: 'resource', id });
}

/** A disposer of the instance has run. */
export function closeInstance(
  activation: Activation,
  state: State,
  instr: Call | New,
  self: ObjectId,
  method: string,
): void {
  const handle = state.objects.get(self)?.fields.get(INSTANCE);
  if (handle?.kind !== 'resource') return;
  const { kind } = state.getResource(handle.id);
  if (kind?.closers.has(method) === true)
    close(activation, state, handle.id, method, activation.siteOf(instr));
}
