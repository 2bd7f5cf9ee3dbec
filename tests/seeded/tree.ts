/** Syntax trees of the programs that get faults, as far as mutations need them. */
import * as parser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';

export type Tree = TSESTree.Node;

export function parseProgram(text: string): TSESTree.Program {
  const program = parser.parse(text, { loc: true, range: true });
  linkParents(program);
  return program;
}

function linkParents(node: Tree): void {
  for (const child of childrenOf(node)) {
    (child as { parent: Tree }).parent = node;
    linkParents(child);
  }
}

function childrenOf(node: Tree): Tree[] {
  return Object.entries(node)
    .filter(([key]) => key !== 'parent')
    .flatMap(([, value]: [string, unknown]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is Tree => typeof value === 'object' && value !== null && 'type' in value);
}

export type AnyCall = TSESTree.CallExpression | TSESTree.NewExpression;

export const isCall = (node: Tree): node is AnyCall =>
  node.type === 'CallExpression' || node.type === 'NewExpression';

/** All nodes of a kind, outer ones first. */
export function nodesOf<T extends Tree>(root: Tree, isWanted: (node: Tree) => node is T): T[] {
  const found: T[] = [];
  const visit = (node: Tree): void => {
    if (isWanted(node)) found.push(node);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return found;
}

/** The last name of what is called: `closeSync` of `fs.closeSync(fd)`; null where it has none. */
export function calleeName({ callee }: AnyCall): string | null {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression') return null;
  const { property } = callee;
  if (!callee.computed && property.type === 'Identifier') return property.name;
  // `x[Symbol.dispose]()`, written as descriptions write it.
  const isWellKnown =
    property.type === 'MemberExpression' &&
    property.object.type === 'Identifier' &&
    property.object.name === 'Symbol' &&
    property.property.type === 'Identifier';
  return isWellKnown ? `@@${(property.property as TSESTree.Identifier).name}` : null;
}

/** The statement that is nothing but this expression, awaited or behind a condition; null where there is none. */
export function statementOf(expression: Tree): TSESTree.ExpressionStatement | null {
  const { parent } = expression;
  switch (parent?.type) {
    case 'ExpressionStatement':
      return parent;
    case 'AwaitExpression':
    case 'ChainExpression':
      return statementOf(parent);
    case 'UnaryExpression':
      return parent.operator === 'void' ? statementOf(parent) : null;
    case 'LogicalExpression':
      return parent.right === expression ? statementOf(parent) : null;
    default:
      return null;
  }
}

export function enclosingFunction(node: Tree): Tree {
  let at: Tree = node;
  while (at.parent !== undefined && !/Function|^Program$/.test(at.type)) at = at.parent;
  return at;
}

/** Leaves the lines where they are. */
export function replaceText(text: string, { range }: Tree, replacement: string): string {
  const [start, end] = range;
  const breaks = text.slice(start, end).replace(/[^\n]/g, '');
  return text.slice(0, start) + replacement + breaks + text.slice(end);
}
