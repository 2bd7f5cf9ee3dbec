/** What of a file the engine did not follow: the places where values get out of its sight, by reason. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { EscapeReason, FunctionIr, GiveUpReason, Node, Program } from './ir/ir.ts';
import { childrenOf, isInstr } from './ir/operands.ts';

export interface Unmodelled {
  readonly reason: EscapeReason | GiveUpReason;
  readonly fn: FunctionIr;
  readonly node: TSESTree.Node;
}

export function findUnmodelled({ functions }: Program): Unmodelled[] {
  const found: Unmodelled[] = [];
  for (const fn of functions) {
    if (fn.givenUp !== null) found.push({ reason: fn.givenUp, fn, node: fn.node });
    const visit = (node: Node): void => {
      if (node.kind === 'escape') found.push({ reason: node.reason, fn, node: node.node });
      if (!isInstr(node)) for (const child of childrenOf(node)) visit(child);
    };
    visit(fn.body);
  }
  return found;
}
