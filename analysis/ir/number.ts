/** The last pass over a lowered body: the preorder number and the parent of every node. */
import type { ControlNode, Node } from './ir.ts';
import { childrenOf } from './operands.ts';

export function numberNodes(root: Node): void {
  let next = 0;
  const visit = (node: Node, parent: ControlNode | null): void => {
    node.index = next++;
    node.parent = parent;
    for (const child of childrenOf(node)) visit(child, node as ControlNode);
  };
  visit(root, null);
}
