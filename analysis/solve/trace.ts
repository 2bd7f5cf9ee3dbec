/** The branches that a path took, last first. Told in a witness; never part of what tells states apart. */
import type { TSESTree } from '@typescript-eslint/utils';

export interface Trace {
  readonly node: TSESTree.Node;
  readonly isTaken: boolean;
  readonly before: Trace | null;
  readonly length: number;
}

export function extendTrace(before: Trace | null, node: TSESTree.Node, isTaken: boolean): Trace {
  return { node, isTaken, before, length: (before?.length ?? 0) + 1 };
}

export function shorterTrace(a: Trace | null, b: Trace | null): Trace | null {
  return (b?.length ?? 0) < (a?.length ?? 0) ? b : a;
}
