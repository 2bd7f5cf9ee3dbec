/** `try`: a `finally` around a `tryCatch`, each where it is written. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Builder } from './builder.ts';
import { bindPattern } from './patterns.ts';
import { lowerStatements } from './statements.ts';

export function lowerTry(b: Builder, node: TSESTree.TryStatement): void {
  const { block, handler, finalizer } = node;
  const body = (): void => lowerStatements(b, block.body);
  const guarded = handler === null ? body : (): void => lowerCatch(b, node, handler, body);
  if (finalizer === null) guarded();
  else b.finally(node, guarded, () => lowerStatements(b, finalizer.body), false);
}

function lowerCatch(
  b: Builder,
  node: TSESTree.TryStatement,
  handler: TSESTree.CatchClause,
  body: () => void,
): void {
  b.tryCatch(node, body, (param) => {
    if (handler.param !== null) bindPattern(b, handler.param, param, 'declare');
    lowerStatements(b, handler.body.body);
  });
}
