/**
 * Loops. `break` leaves the block around the loop, `continue` a block around the body:
 *
 *     while (a) S         block L0 { loop { if a else { break L0 }  block L1 { S } } }
 *     for (i; a; u) S     i  block L0 { loop { if a else { break L0 }  block L1 { S }  u } }
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Temp } from '../ir/ir.ts';
import { END_OF_ITERATION } from '../ir/iteration.ts';
import type { BlockTarget, Builder } from './builder.ts';
import { lowerCondition } from './conditions.ts';
import { lowerEffect, lowerExpression } from './expressions.ts';
import { staticKey, unwrapTypes } from './names.ts';
import { bindPattern } from './patterns.ts';
import { namesIn } from './scopes.ts';
import { lowerStatement } from './statements.ts';
import { isUsing, lowerDisposal, lowerUsing } from './using.ts';

type Labels = readonly string[];

export function lowerWhile(b: Builder, node: TSESTree.WhileStatement, labels: Labels): void {
  lowerLoop(b, node, (end) => {
    lowerLoopTest(b, node.test, end);
    lowerBody(b, node.body, labels, end);
  });
}

export function lowerDoWhile(b: Builder, node: TSESTree.DoWhileStatement, labels: Labels): void {
  lowerLoop(b, node, (end) => {
    lowerBody(b, node.body, labels, end);
    lowerLoopTest(b, node.test, end);
  });
}

export function lowerFor(b: Builder, node: TSESTree.ForStatement, labels: Labels): void {
  const init = node.init;
  const loop = (): void => lowerForLoop(b, node, labels);
  if (init !== null && isUsing(init)) {
    lowerUsing(b, init, loop);
    return;
  }
  if (init?.type === 'VariableDeclaration') lowerStatement(b, init);
  else if (init !== null) lowerEffect(b, init);
  loop();
}

function lowerForLoop(b: Builder, node: TSESTree.ForStatement, labels: Labels): void {
  lowerLoop(b, node, (end) => {
    if (node.test !== null) lowerLoopTest(b, node.test, end);
    lowerBody(b, node.body, labels, end);
    renewVariables(b, node.init);
    if (node.update !== null) lowerEffect(b, node.update);
  });
}

/**
 * Each turn has its own copy of the variables of `for (let …)` (ECMA-262 14.7.4.4). Only a closure can tell,
 * so only captured ones begin again.
 */
function renewVariables(b: Builder, init: TSESTree.ForStatement['init']): void {
  if (init?.type !== 'VariableDeclaration' || init.kind !== 'let') return;
  for (const id of init.declarations.flatMap((declarator) => namesIn(declarator.id))) {
    const binding = b.file.bindings.resolve(id);
    if (binding?.kind !== 'local' || !binding.local.isCaptured) continue;
    b.store(id, binding.local, b.load(id, binding.local), true);
  }
}

export function lowerForOf(b: Builder, node: TSESTree.ForOfStatement, labels: Labels): void {
  lowerForEach(b, node, node.await ? 'asyncValues' : 'values', labels);
}

export function lowerForIn(b: Builder, node: TSESTree.ForInStatement, labels: Labels): void {
  const left = node.left;
  if (left.type === 'VariableDeclaration') {
    // Sloppy `for (var x = 1 in o)` (ECMA-262 B.3.5).
    for (const { id, init } of left.declarations) {
      if (init !== null) bindPattern(b, id, lowerExpression(b, init), 'assign');
    }
  }
  lowerForEach(b, node, 'keys', labels);
}

function lowerForEach(
  b: Builder,
  node: TSESTree.ForOfStatement | TSESTree.ForInStatement,
  of: 'values' | 'asyncValues' | 'keys',
  labels: Labels,
): void {
  const source = lowerExpression(b, node.right);
  const loop = (): void => lowerTurns(b, node, b.iterate(node.right, source, of), labels);
  if (of === 'asyncValues') lowerClosing(b, node, source, loop);
  else loop();
}

/** What is iterated asynchronously may end with that, whether it is gone over to its end or left early (7.4.11). */
function lowerClosing(b: Builder, node: TSESTree.Node, source: Temp, loop: () => void): void {
  const key = staticKey(END_OF_ITERATION);
  const end = (): void => void b.call(node, { kind: 'method', receiver: source, key }, [], true);
  b.finally(node, loop, end, false);
}

function lowerTurns(
  b: Builder,
  node: TSESTree.ForOfStatement | TSESTree.ForInStatement,
  iterator: Temp,
  labels: Labels,
): void {
  lowerLoop(b, node, (end) => {
    const { hasMore, value } = b.step(node.left, iterator);
    b.branch(
      node.left,
      hasMore,
      () => {},
      () => b.jump(node, end),
      true,
    );
    lowerBody(b, node.body, labels, end, (body) => bindElement(b, node.left, value, body));
  });
}

/** Binds the element of this turn and runs the body, inside of its scope where the head says `using`. */
function bindElement(b: Builder, left: TSESTree.Node, value: Temp, body: () => void): void {
  if (left.type !== 'VariableDeclaration') {
    bindPattern(b, unwrapTypes(left), value, 'assign');
    body();
    return;
  }
  for (const { id } of left.declarations)
    bindPattern(b, id, value, left.kind === 'var' ? 'assign' : 'declare');
  if (isUsing(left)) lowerDisposal(b, left, left.declarations[0], body);
  else body();
}

function lowerLoop(b: Builder, node: TSESTree.Node, fill: (end: BlockTarget) => void): void {
  b.block(node, (end) => b.loop(node, () => fill(end)));
}

function lowerLoopTest(b: Builder, test: TSESTree.Node, end: BlockTarget): void {
  if (isAlwaysTrue(test)) return;
  lowerCondition(b, test, { whenFalse: { fill: () => b.jump(test, end), isJump: true }, isLoopTest: true });
}

/** `while (true)`, `while (1)` and the `while (!0)` of minifiers. */
function isAlwaysTrue(test: TSESTree.Node): boolean {
  const node = unwrapTypes(test);
  if (node.type === 'Literal') return !('regex' in node) && Boolean(node.value);
  return node.type === 'UnaryExpression' && node.operator === '!' && isZero(node.argument);
}

function isZero(node: TSESTree.Node): boolean {
  return node.type === 'Literal' && (node.value === 0 || node.value === false);
}

/** `wrap` puts what begins each turn around the body, inside of what `continue` leaves. */
function lowerBody(
  b: Builder,
  body: TSESTree.Statement,
  labels: Labels,
  end: BlockTarget,
  wrap = (fill: () => void): void => fill(),
): void {
  b.block(body, (next) => {
    b.targets.push({ labels, breaks: end, continues: next, needsLabel: false });
    wrap(() => lowerStatement(b, body));
    b.targets.pop();
  });
}
