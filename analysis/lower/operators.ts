/** Operators that yield a value: binary ones, and those that evaluate only some of their operands. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ArithmeticOperator, CompareOperator, Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerCondition } from './conditions.ts';
import { lowerEffect, lowerExpression } from './expressions.ts';

const COMPARISONS: ReadonlySet<string> = new Set<CompareOperator>([
  '===',
  '!==',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'instanceof',
  'in',
]);

/** Left-deep chains (`a + b + … + z`) are unrolled: generated files have some that are thousands long. */
export function lowerBinary(b: Builder, node: TSESTree.BinaryExpression): Temp {
  const spine: TSESTree.BinaryExpression[] = [node];
  let innermost: TSESTree.Node = node.left;
  while (innermost.type === 'BinaryExpression') {
    spine.push(innermost);
    innermost = innermost.left;
  }
  let left =
    innermost.type === 'PrivateIdentifier'
      ? b.constant(innermost, `#${innermost.name}`)
      : lowerExpression(b, innermost);
  for (const operation of spine.reverse()) left = lowerOperation(b, operation, left);
  return left;
}

function lowerOperation(b: Builder, node: TSESTree.BinaryExpression, left: Temp): Temp {
  const right = lowerExpression(b, node.right);
  const operator = node.operator;
  return COMPARISONS.has(operator)
    ? b.compare(node, operator as CompareOperator, left, right)
    : b.arithmetic(node, operator as ArithmeticOperator, left, right);
}

export function lowerLogical(b: Builder, node: TSESTree.LogicalExpression, name: string): Temp {
  const left = lowerExpression(b, node.left, name);
  const value = b.temp();
  const keep = (): void => b.copy(node.left, value, left);
  const evaluate = (): void => b.copy(node.right, value, lowerExpression(b, node.right, name));
  branchOnLeft(b, node.operator, node.left, left, evaluate, keep);
  return value;
}

/** Branches as `&&`, `||`, `??` and their assignments do on the value of their left operand. */
export function branchOnLeft(
  b: Builder,
  operator: string,
  node: TSESTree.Node,
  left: Temp,
  evaluateRight: () => void,
  keepLeft: () => void,
): void {
  if (operator.startsWith('??')) b.branch(node, b.isNullish(node, left), evaluateRight, keepLeft);
  else if (operator.startsWith('&&')) b.branch(node, left, evaluateRight, keepLeft);
  else b.branch(node, left, keepLeft, evaluateRight);
}

/** `ready && start();` */
export function lowerLogicalEffect(b: Builder, node: TSESTree.LogicalExpression): void {
  const right = { fill: () => lowerEffect(b, node.right) };
  switch (node.operator) {
    case '&&':
      return lowerCondition(b, node.left, { whenTrue: right });
    case '||':
      return lowerCondition(b, node.left, { whenFalse: right });
    case '??':
      return branchOnLeft(b, '??', node.left, lowerExpression(b, node.left), right.fill, () => {});
  }
}

export function lowerConditional(b: Builder, node: TSESTree.ConditionalExpression, name: string): Temp {
  const value = b.temp();
  const take = (branch: TSESTree.Expression) => ({
    fill: () => b.copy(branch, value, lowerExpression(b, branch, name)),
  });
  lowerCondition(b, node.test, { whenTrue: take(node.consequent), whenFalse: take(node.alternate) });
  return value;
}
