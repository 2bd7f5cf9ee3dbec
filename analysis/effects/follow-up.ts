/**
 * What becomes of the promise that an expression gives, as far as the syntax around it says.
 *
 * A promise that is awaited where it is made is as good as a plain call: nothing else of the function happens
 * before it is settled. Of any other promise it is open when that is.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { promiseMethodOf } from './promise-names.ts';

export interface FollowUp {
  /** The function goes on only when the promise is settled, or ends with it. */
  readonly isAwaited: boolean;
  /** A handler is told of its rejection. */
  readonly isCaught: boolean;
}

const known = new WeakMap<TSESTree.Node, FollowUp>();

export function followUpOf(node: TSESTree.Node): FollowUp {
  let found = known.get(node);
  if (found === undefined) known.set(node, (found = find(node)));
  return found;
}

const LEFT: FollowUp = { isAwaited: false, isCaught: false };

function find(node: TSESTree.Node): FollowUp {
  const { parent } = node;
  // The end of a `using` scope.
  if (node.type === 'VariableDeclarator')
    return { isAwaited: node.parent.kind === 'await using', isCaught: false };
  switch (parent?.type) {
    case 'AwaitExpression':
      return { isAwaited: true, isCaught: false };
    case 'ReturnStatement':
      return { isAwaited: isLastOf(parent), isCaught: false };
    case 'ArrowFunctionExpression':
      return { isAwaited: parent.body === node, isCaught: false };
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'ChainExpression':
      return followUpOf(parent);
    case 'ConditionalExpression':
      return parent.test === node ? LEFT : followUpOf(parent);
    case 'LogicalExpression':
      return parent.right === node ? followUpOf(parent) : LEFT;
    case 'SequenceExpression':
      return parent.expressions.at(-1) === node ? followUpOf(parent) : LEFT;
    case 'MemberExpression':
      return ofMethod(parent, node);
    case 'ArrayExpression':
      return isGivenToPromise(parent) ? followUpOf(parent.parent) : LEFT;
    case 'CallExpression':
      return isGivenToPromise(node) ? followUpOf(parent) : LEFT;
    default:
      return LEFT;
  }
}

/** `node.then(…)` and its like settle after it. */
function ofMethod(member: TSESTree.MemberExpression, node: TSESTree.Node): FollowUp {
  const { parent, property } = member;
  if (member.object !== node || parent.type !== 'CallExpression' || parent.callee !== member) return LEFT;
  const method = property.type === 'Identifier' && !member.computed ? promiseMethodOf(property.name) : null;
  if (method === null) return LEFT;
  const next = followUpOf(parent);
  const isHandler = method === 'catch' || (method === 'then' && parent.arguments.length > 1);
  return isHandler ? { ...next, isCaught: true } : next;
}

/** `Promise.all([…])`, `Promise.resolve(…)`. */
function isGivenToPromise(node: TSESTree.Node): node is TSESTree.Node & { parent: TSESTree.CallExpression } {
  const { parent } = node;
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return false;
  const { object } = parent.callee;
  return object.type === 'Identifier' && object.name === 'Promise' && parent.arguments[0] === node;
}

/** Whether a `return` leaves the function at once: no `finally` and no end of a `using` scope comes after it. */
function isLastOf(statement: TSESTree.ReturnStatement): boolean {
  let inside: TSESTree.Node = statement;
  for (let at: TSESTree.Node = statement.parent; ; at = at.parent) {
    if (at.type === 'TryStatement' && at.finalizer !== null && at.finalizer !== inside) return false;
    if (at.type === 'BlockStatement' && at.body.some(isUsing)) return false;
    if (at.parent === undefined || at.type.includes('Function')) return true;
    inside = at;
  }
}

function isUsing(node: TSESTree.Statement): boolean {
  return node.type === 'VariableDeclaration' && (node.kind === 'using' || node.kind === 'await using');
}
