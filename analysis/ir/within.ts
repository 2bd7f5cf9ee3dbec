import type { TSESTree } from '@typescript-eslint/utils';

/** Whether a node is a part of another, or that node itself. */
export function isWithin(node: TSESTree.Node, whole: TSESTree.Node): boolean {
  return whole.range[0] <= node.range[0] && node.range[1] <= whole.range[1];
}
