/** TypeScript's enums: an object with the members and, for numbers, the names by value. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Key, Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { memberName } from './enum-values.ts';
import { lowerExpression } from './expressions.ts';
import { lowerIdentifier } from './members.ts';
import { staticKey } from './names.ts';
import { lowerTarget, writeTarget } from './targets.ts';

export function lowerEnum(b: Builder, node: TSESTree.TSEnumDeclaration): void {
  if (node.declare) return;
  const binding = b.file.bindings.resolve(node.id);
  const declarations = binding?.kind === 'local' ? binding.enum : undefined;
  if (declarations === undefined || declarations[0] !== node) {
    extendEnum(b, node, lowerIdentifier(b, node.id));
    return;
  }
  const values = b.file.enumValues.of(node);
  const properties: { key: Key; value: Temp }[] = [];
  const computed: TSESTree.TSEnumMember[] = [];
  for (const member of node.body.members) {
    const name = memberName(member);
    const value = values.get(name) ?? null;
    if (value === null) computed.push(member);
    else properties.push({ key: staticKey(name), value: b.constant(member, value) });
    if (typeof value === 'number') {
      properties.push({ key: staticKey(String(value)), value: b.constant(member, name) });
    }
  }
  const object = b.object(node, properties, []);
  writeTarget(b, lowerTarget(b, node.id, 'declare'), object);
  for (const member of computed) lowerComputed(b, member, object);
}

/** A second declaration of the same enum, or one that merges with something else, adds to the object. */
function extendEnum(b: Builder, node: TSESTree.TSEnumDeclaration, object: Temp): void {
  const values = b.file.enumValues.of(node);
  for (const member of node.body.members) {
    const name = memberName(member);
    const value = values.get(name) ?? null;
    if (value === null) lowerComputed(b, member, object);
    else b.setField(member, object, staticKey(name), b.constant(member, value));
    if (typeof value === 'number')
      b.setField(member, object, staticKey(String(value)), b.constant(member, name));
  }
}

/** `E[E.C = f()] = 'C'`, as TypeScript compiles it. */
function lowerComputed(b: Builder, member: TSESTree.TSEnumMember, object: Temp): void {
  const name = memberName(member);
  const value = member.initializer == null ? b.unknown(member) : lowerExpression(b, member.initializer);
  b.setField(member, object, staticKey(name), value);
  b.setField(member, object, { kind: 'dynamic', temp: value }, b.constant(member, name));
}
