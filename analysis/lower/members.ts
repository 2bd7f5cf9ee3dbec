/** Reading names: variables, imports, globals, and properties of what they hold. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Key, Temp } from '../ir/ir.ts';
import type { Binding } from './bindings.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { findStaticName, lowerKey, staticKey, unwrapTypes } from './names.ts';

export function lowerIdentifier(b: Builder, node: TSESTree.Identifier | TSESTree.JSXIdentifier): Temp {
  const binding = b.file.bindings.resolve(node);
  if (binding === undefined) return lowerGlobal(b, node, node.name);
  return lowerBinding(b, node, binding);
}

export function lowerBinding(b: Builder, node: TSESTree.Node, binding: Binding): Temp {
  switch (binding.kind) {
    case 'local':
      return b.load(node, binding.local);
    case 'external':
      return b.external(node, binding.ref);
    case 'arguments':
      b.file.giveUp(b.id, binding.function, 'arguments');
      return b.unknown(node);
    case 'enumMember':
      return lowerEnumMember(b, node, binding.declaration, binding.name);
  }
}

/** A member named without its enum, which only the enum's own initializers can do. */
function lowerEnumMember(
  b: Builder,
  node: TSESTree.Node,
  declaration: TSESTree.TSEnumDeclaration,
  name: string,
): Temp {
  const value = b.file.enumValues.find([declaration], name);
  if (value !== null) return b.constant(node, value);
  return b.getField(node, lowerIdentifier(b, declaration.id), staticKey(name));
}

function lowerGlobal(b: Builder, node: TSESTree.Node, name: string): Temp {
  switch (name) {
    case 'undefined':
      return b.constant(node, undefined);
    case 'NaN':
      return b.constant(node, NaN);
    case 'Infinity':
      return b.constant(node, Infinity);
    default:
      return b.external(node, { module: null, path: [name] });
  }
}

export function lowerMember(b: Builder, node: TSESTree.MemberExpression): Temp {
  const known = lowerKnownMember(b, node);
  if (known !== null) return known;
  if (node.object.type === 'Super') {
    lowerKey(b, node.computed, node.property);
    // A getter of the base class may do anything with `this`.
    return b.escape(node, [b.this(node.object)], 'unsupported');
  }
  const { object, key } = lowerReference(b, node);
  return b.getField(node, object, key);
}

/** The object and the key of `a.b`, both evaluated, nothing read yet. */
export function lowerReference(b: Builder, node: TSESTree.MemberExpression): { object: Temp; key: Key } {
  const object = node.object.type === 'Super' ? b.this(node.object) : lowerExpression(b, node.object);
  if (node.optional) shortCircuit(b, node.object, object);
  return { object, key: lowerKey(b, node.computed, node.property) };
}

/** `?.`: leaves the whole chain where the value is null or undefined (ECMA-262 13.3.9.1). */
export function shortCircuit(b: Builder, node: TSESTree.Node, value: Temp): void {
  const leave = b.chain;
  if (leave !== null) b.branch(node, b.isNullish(node, value), leave, () => {});
}

/**
 * Properties that are known without reading an object: a constant member of an enum, an export of a
 * namespace, a property of the global object.
 */
export function lowerKnownMember(b: Builder, node: TSESTree.MemberExpression): Temp | null {
  const name = findStaticName(b, node.computed, node.property);
  if (name === null) return null;
  const object = unwrapTypes(node.object);
  const binding = findBinding(b, object);
  if (binding === undefined) {
    return object.type === 'Identifier' && isGlobalObject(object.name) ? lowerGlobal(b, node, name) : null;
  }
  if ('enum' in binding) {
    const value = b.file.enumValues.find(binding.enum, name);
    return value === null ? null : b.constant(node, value);
  }
  const exported = findExport(b, binding, name);
  return exported === undefined ? null : lowerBinding(b, node, exported);
}

/** What a name or a path of namespaces (`N.M.x`) stands for; undefined for globals and for all else. */
export function findBinding(b: Builder, expression: TSESTree.Node): Binding | undefined {
  const node = unwrapTypes(expression);
  if (node.type === 'Identifier') return b.file.bindings.resolve(node);
  if (node.type === 'TSQualifiedName') {
    const left = findBinding(b, node.left);
    return left && findExport(b, left, node.right.name);
  }
  if (node.type !== 'MemberExpression') return undefined;
  const namespace = findBinding(b, node.object);
  if (namespace === undefined) return undefined;
  const name = findStaticName(b, node.computed, node.property);
  return name === null ? undefined : findExport(b, namespace, name);
}

/** The variable that `N.x` is, for a namespace `N` of this file. */
function findExport(b: Builder, namespace: Binding, name: string): Binding | undefined {
  const identifier = namespace.kind === 'local' ? namespace.exports?.get(name) : undefined;
  return identifier && b.file.bindings.resolve(identifier);
}

export function isGlobalObject(name: string): boolean {
  return name === 'globalThis' || name === 'window' || name === 'self';
}
