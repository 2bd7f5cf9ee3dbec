/** JSX: whoever renders it gets the component, the attributes and the children. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { lowerIdentifier } from './members.ts';

export function lowerJsx(b: Builder, node: TSESTree.JSXElement | TSESTree.JSXFragment): Temp {
  const srcs: Temp[] = [];
  if (node.type === 'JSXElement') {
    lowerTag(b, node.openingElement.name, srcs);
    for (const attribute of node.openingElement.attributes) {
      if (attribute.type === 'JSXSpreadAttribute') srcs.push(lowerExpression(b, attribute.argument));
      else if (attribute.value !== null) lowerChild(b, attribute.value, srcs);
    }
  }
  for (const child of node.children) lowerChild(b, child, srcs);
  return b.escape(node, srcs, 'jsx');
}

/** `<Device>` and `<devices.Device>` name variables, `<div>` does not. */
function lowerTag(b: Builder, tag: TSESTree.JSXTagNameExpression, srcs: Temp[]): void {
  if (tag.type === 'JSXMemberExpression') lowerTag(b, tag.object, srcs);
  if (tag.type !== 'JSXIdentifier') return;
  const binding = b.file.bindings.resolve(tag);
  if (binding !== undefined) srcs.push(lowerIdentifier(b, tag));
}

function lowerChild(b: Builder, child: TSESTree.Node, srcs: Temp[]): void {
  switch (child.type) {
    case 'JSXElement':
    case 'JSXFragment':
      srcs.push(lowerJsx(b, child));
      break;
    case 'JSXExpressionContainer':
    case 'JSXSpreadChild':
      if (child.expression.type !== 'JSXEmptyExpression') srcs.push(lowerExpression(b, child.expression));
      break;
    default:
  }
}
