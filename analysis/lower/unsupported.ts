/**
 * Syntax that lowering does not know: what a newer parser has added, or another dialect. Whatever is named in
 * it escapes, and functions in it are lowered all the same, since they have their ids.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { hoistFunction, lowerStatement } from './statements.ts';

/** No syntax of the program: back references, positions and types. */
const SKIPPED = new Set([
  'parent',
  'loc',
  'range',
  'tokens',
  'comments',
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
  'returnType',
]);

export function lowerUnsupported(b: Builder, node: TSESTree.Node): Temp {
  const srcs: Temp[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key)) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) lowerChild(b, child, srcs);
    }
  }
  return b.escape(node, srcs, 'unsupported');
}

function lowerChild(b: Builder, child: TSESTree.Node, srcs: Temp[]): void {
  if (/(Statement|Declaration)$/.test(child.type)) {
    hoistFunction(b, child);
    lowerStatement(b, child);
  } else {
    srcs.push(lowerExpression(b, child));
  }
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
