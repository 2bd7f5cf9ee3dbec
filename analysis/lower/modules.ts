/** TypeScript's namespaces, and imports that only give a second name. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Key, Temp } from '../ir/ir.ts';
import { isWithin } from '../ir/within.ts';
import type { Builder } from './builder.ts';
import { lowerHoisted } from './functions.ts';
import { findBinding, lowerBinding, lowerIdentifier } from './members.ts';
import { staticKey } from './names.ts';
import { lowerStatements } from './statements.ts';
import { lowerTarget, writeTarget } from './targets.ts';

/**
 * The body runs once, where it stands, and its variables are variables of the function around it: `N.x` in
 * this file is lowered to the variable `x`. The object `N` is for whoever passes the namespace on.
 */
export function lowerNamespace(b: Builder, node: TSESTree.TSModuleDeclaration): void {
  const body = node.body;
  if (node.declare || body === undefined) return;
  lowerHoisted(b, node);
  lowerStatements(b, body.body);
  if (node.id.type === 'Identifier' && node.kind !== 'global') lowerNamespaceObject(b, node, node.id);
}

function lowerNamespaceObject(b: Builder, node: TSESTree.TSModuleDeclaration, id: TSESTree.Identifier): void {
  const binding = b.file.bindings.resolve(id);
  if (binding?.kind !== 'local' || binding.exports === undefined) return;
  const properties: { key: Key; value: Temp }[] = [];
  for (const [name, identifier] of binding.exports) {
    if (!isWithin(identifier, node)) continue;
    const exported = b.file.bindings.resolve(identifier);
    if (exported?.kind !== 'local') continue;
    // The property of a variable that changes would have to change with it.
    const value = exported.local.isConstant ? lowerIdentifier(b, identifier) : b.unknown(identifier);
    properties.push({ key: staticKey(name), value });
  }
  if (binding.local.node === id) {
    writeTarget(b, lowerTarget(b, id, 'declare'), b.object(node, properties, []));
    return;
  }
  // It merges with a function, a class or an earlier part of itself.
  const object = lowerIdentifier(b, id);
  for (const { key, value } of properties) b.setField(node, object, key, value);
}

/** `import A = N.B;` `import a = require('m')` declares nothing that has to be stored. */
export function lowerImportEquals(b: Builder, node: TSESTree.TSImportEqualsDeclaration): void {
  if (node.moduleReference.type === 'TSExternalModuleReference') return;
  const binding = b.file.bindings.resolve(node.id);
  if (binding?.kind === 'local') b.store(node, binding.local, lowerEntity(b, node.moduleReference), true);
}

function lowerEntity(b: Builder, node: TSESTree.EntityName): Temp {
  const binding = findBinding(b, node);
  if (binding !== undefined) return lowerBinding(b, node, binding);
  switch (node.type) {
    case 'Identifier':
      return lowerIdentifier(b, node);
    case 'ThisExpression':
      return b.this(node);
    default:
      return b.getField(node, lowerEntity(b, node.left), staticKey(node.right.name));
  }
}
