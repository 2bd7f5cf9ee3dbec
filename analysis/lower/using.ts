/**
 * `using` and `await using`: what follows in the list is the body of a `finally` that disposes.
 *
 *     using a = f();       a = f()
 *     S                    finally (using) { S } { if a != null { a[Symbol.dispose]() } }
 *
 * Several in one list nest, so that the last one is disposed of first (ECMA-262 9.5.4, DisposeResources).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { staticKey } from './names.ts';
import { bindPattern } from './patterns.ts';
import { targetName } from './targets.ts';

export function isUsing(node: TSESTree.Node): node is TSESTree.UsingDeclaration {
  return node.type === 'VariableDeclaration' && (node.kind === 'using' || node.kind === 'await using');
}

export function lowerUsing(b: Builder, node: TSESTree.UsingDeclaration, rest: () => void, index = 0): void {
  const declarator = node.declarations[index];
  if (declarator === undefined) {
    rest();
    return;
  }
  const { id, init } = declarator;
  const value = init === null ? b.constant(declarator, undefined) : lowerExpression(b, init, targetName(id));
  bindPattern(b, id, value, 'declare');
  lowerDisposal(b, node, declarator, () => lowerUsing(b, node, rest, index + 1));
}

/** Runs `body` and disposes of the declared variable on every way out of it. */
export function lowerDisposal(
  b: Builder,
  node: TSESTree.UsingDeclaration,
  declarator: TSESTree.UsingDeclarator,
  body: () => void,
): void {
  const isAsync = node.kind === 'await using';
  b.finally(
    declarator,
    body,
    () => {
      const value = lowerExpression(b, declarator.id);
      b.branch(
        declarator,
        b.compare(declarator, '!=', value, b.constant(declarator, null)),
        () => {
          const key = staticKey(isAsync ? '@@asyncDispose' : '@@dispose');
          const result = b.call(declarator, { kind: 'method', receiver: value, key }, [], true);
          if (isAsync) b.await(declarator, result);
        },
        () => {},
      );
    },
    true,
  );
}
