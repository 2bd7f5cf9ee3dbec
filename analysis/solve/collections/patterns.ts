/** Object literals, and what rest patterns take (ECMA-262 13.2.5 and 14.3.3). */
import { isAccessorName } from '../../ir/accessor-name.ts';
import type { ObjectLiteral, Rest } from '../../ir/ir.ts';
import type { Activation } from '../activation.ts';
import { escape, touchValue } from '../events.ts';
import { fieldName } from '../fields.ts';
import type { State } from '../state.ts';
import { isConst } from '../value.ts';
import type { Value } from '../value.ts';
import { asElement, newCollection } from './contents.ts';
import { openIterator, step } from './iterate.ts';

export function objectOf(activation: Activation, state: State, instr: ObjectLiteral): Value {
  const fields = new Map<string, Value>();
  let isOpen = false;
  for (const { key, value } of instr.properties) {
    const held = activation.read(state, value);
    touchValue(activation, state, held);
    const name = fieldName(activation, state, key);
    if (name !== null) {
      fields.set(name, held);
      isOpen ||= isAccessorName(name);
    } else {
      escape(activation, state, held);
      isOpen = true;
    }
  }
  for (const spread of instr.spreads) {
    if (!copyFields(state, activation.read(state, spread), fields)) {
      escape(activation, state, activation.read(state, spread));
      isOpen = true;
    }
  }
  return activation.newObject(state, instr.node, { kind: 'plain' }, fields, isOpen);
}

/** Copies all fields of a value; false where they are not all known, or one is there, and which is last is not said. */
function copyFields(state: State, source: Value, fields: Map<string, Value>): boolean {
  if (isConst(source)) return (source.value ?? null) === null;
  const object = source.kind === 'object' ? state.getObject(source.id) : null;
  if (object?.shape.kind !== 'plain' || object.isOpen) return false;
  if ([...object.fields.keys()].some((name) => fields.has(name))) return false;
  for (const [name, value] of object.fields) fields.set(name, value);
  return true;
}

export function restOf(activation: Activation, state: State, { after, node }: Rest, source: Value): Value {
  if (typeof after === 'number') {
    const iterator = openIterator(activation, state, node, source);
    const values: Value[] = [];
    for (let index = 0; ; index++) {
      const { hasMore, value } = step(activation, state, node, iterator);
      const isEnd = !isConst(hasMore) || hasMore.value !== true;
      if (!isEnd && index >= after) values.push(value);
      const isOpen = !isConst(hasMore);
      if (isEnd) return newCollection(activation, state, node, 'array', values.map(asElement), isOpen);
    }
  }
  const object = source.kind === 'object' ? state.getObject(source.id) : null;
  const names = after.map((key) => fieldName(activation, state, key));
  const isPlain = object?.shape.kind === 'plain' && ![...object.fields.keys()].some(isAccessorName);
  if (!isPlain || names.includes(null)) {
    escape(activation, state, source);
    return activation.unknown();
  }
  const fields = new Map([...object.fields].filter(([name]) => !names.includes(name)));
  return activation.newObject(state, node, { kind: 'plain' }, fields, object.isOpen);
}
