/**
 * What can be assigned to. A target is evaluated once, before the value (ECMA-262 13.15.2), and then read
 * and written through its temporaries: in `a[k()] += v` the key is called for once, and before `v`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { assertNever } from '../assert-never.ts';
import type { Key, Local, Temp } from '../ir/ir.ts';
import type { Binding } from './bindings.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { findBinding, isGlobalObject, lowerIdentifier, lowerMember, lowerReference } from './members.ts';
import { findStaticName, staticKey, unwrapTypes } from './names.ts';

export type Target =
  | {
      readonly kind: 'local';
      readonly node: TSESTree.Node;
      readonly local: Local;
      readonly isDeclaration: boolean;
    }
  | { readonly kind: 'field'; readonly node: TSESTree.Node; readonly object: Temp; readonly key: Key }
  | { readonly kind: 'global'; readonly node: TSESTree.Node; readonly name: string }
  | { readonly kind: 'unwritable'; readonly node: TSESTree.Node };

/** `var` only assigns where its variable began with its function, and declares where it is lowered like `const`. */
export type BindingMode = 'declare' | 'var' | 'assign';

export function lowerTarget(b: Builder, expression: TSESTree.Node, mode: BindingMode = 'assign'): Target {
  const node = unwrapTypes(expression);
  const binding = findBinding(b, node);
  if (binding !== undefined) return targetOf(node, binding, mode);
  if (node.type === 'Identifier') return { kind: 'global', node, name: node.name };
  if (node.type !== 'MemberExpression') {
    lowerExpression(b, node);
    return { kind: 'unwritable', node };
  }
  if (node.object.type === 'Identifier' && isGlobalObject(node.object.name) && !findBinding(b, node.object)) {
    const name = findStaticName(b, node.computed, node.property);
    if (name !== null) return { kind: 'global', node, name };
  }
  return { kind: 'field', node, ...lowerReference(b, node) };
}

function targetOf(node: TSESTree.Node, binding: Binding, mode: BindingMode): Target {
  if (binding.kind === 'local') {
    const isDeclaration = mode === 'declare' || (mode === 'var' && binding.local.isConstant);
    return { kind: 'local', node, local: binding.local, isDeclaration };
  }
  // An import or an enum member: the write throws, or does not compile.
  return { kind: 'unwritable', node };
}

export function readTarget(b: Builder, target: Target): Temp {
  switch (target.kind) {
    case 'local':
      return b.load(target.node, target.local);
    case 'field':
      return b.getField(target.node, target.object, target.key);
    case 'global':
      return b.external(target.node, { module: null, path: [target.name] });
    case 'unwritable':
      if (target.node.type === 'Identifier') return lowerIdentifier(b, target.node);
      if (target.node.type === 'MemberExpression') return lowerMember(b, target.node);
      return b.unknown(target.node);
  }
}

export function writeTarget(b: Builder, target: Target, value: Temp): void {
  switch (target.kind) {
    case 'local':
      b.store(target.node, target.local, value, target.isDeclaration);
      break;
    case 'field':
      b.setField(target.node, target.object, target.key, value);
      break;
    case 'global': {
      // What a global holds lives on, and is read by whoever likes.
      const object = b.external(target.node, { module: null, path: ['globalThis'] });
      b.setField(target.node, object, staticKey(target.name), value);
      break;
    }
    case 'unwritable':
      b.escapeOnly(target.node, [value], 'unsupported');
      break;
    default:
      assertNever(target);
  }
}

/** The name that a function gets from the target it is assigned to. */
export function targetName(expression: TSESTree.Node): string {
  const node = unwrapTypes(expression);
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed) return '';
  const owner = node.object.type === 'ThisExpression' ? 'this' : targetName(node.object);
  const property =
    node.property.type === 'PrivateIdentifier' ? `#${node.property.name}` : targetName(node.property);
  return owner === '' ? property : `${owner}.${property}`;
}
