/** The last pass over a lowered body: the preorder number and the parent of every node. */
import type { ControlNode, Node } from './ir.ts';

/** The nodes that stand inside a node, in the order in which they are numbered and printed. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'seq':
      return node.nodes;
    case 'if':
      return [node.then, node.else];
    case 'loop':
    case 'block':
      return [node.body];
    case 'tryCatch':
      return [node.body, node.handler];
    case 'finally':
      return [node.body, node.finalizer];
    default:
      return [];
  }
}

export function numberNodes(root: Node): void {
  let next = 0;
  const visit = (node: Node, parent: ControlNode | null): void => {
    node.index = next++;
    node.parent = parent;
    for (const child of childrenOf(node)) visit(child, node as ControlNode);
  };
  visit(root, null);
}
