/**
 * Conditions: expressions that only decide a way. `&&`, `||` and `!` become control flow and no value, so
 * that each branch learns from the very operand that decided it.
 *
 *     if (a && b) S           if a { if b { S } }
 *     if (a && b) S else T    block { if a { if b { S; break } } T }
 *     if (a || b) return;     if a { return }  if b { return }
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { BlockTarget, Builder } from './builder.ts';
import { lowerEffect, lowerExpression } from './expressions.ts';
import { unwrapTypes } from './names.ts';

export interface Way {
  readonly fill: () => void;
  /** It only jumps, so it may be written twice instead of being jumped to. */
  readonly isJump?: boolean;
}

export interface Ways {
  /** undefined where nothing is to be done. */
  readonly whenTrue?: Way | undefined;
  readonly whenFalse?: Way | undefined;
  readonly isLoopTest?: boolean;
}

export function lowerCondition(b: Builder, test: TSESTree.Node, ways: Ways): void {
  const node = unwrapTypes(test);
  const { whenTrue, whenFalse, isLoopTest = false } = ways;
  switch (node.type) {
    case 'UnaryExpression':
      if (node.operator !== '!') break;
      return lowerCondition(b, node.argument, { whenTrue: whenFalse, whenFalse: whenTrue, isLoopTest });
    case 'LogicalExpression':
      if (node.operator === '??') break;
      return lowerJunction(b, node, ways);
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      if (last === undefined) break;
      for (const expression of node.expressions.slice(0, -1)) lowerEffect(b, expression);
      return lowerCondition(b, last, ways);
    }
    default:
  }
  const value = lowerExpression(b, node);
  b.branch(node, value, whenTrue?.fill ?? nothing, whenFalse?.fill ?? nothing, isLoopTest);
}

/** Beyond this many operands they are tested one after the other instead of inside each other. */
const MAX_NESTED_OPERANDS = 8;

/**
 * `a && b && …` and `a || b || …` at once: an operand *decides* when it is false or true respectively.
 * `decided` is the way of that outcome, `agreed` the way where no operand decided.
 */
function lowerJunction(b: Builder, node: TSESTree.LogicalExpression, ways: Ways): void {
  const operands = operandsOf(node);
  const isAnd = node.operator === '&&';
  const decided = isAnd ? ways.whenFalse : ways.whenTrue;
  const agreed = isAnd ? ways.whenTrue : ways.whenFalse;
  const test = (operand: TSESTree.Node, onDecided: Way | undefined, onAgreed: Way | undefined): void =>
    lowerCondition(b, operand, {
      whenTrue: isAnd ? onAgreed : onDecided,
      whenFalse: isAnd ? onDecided : onAgreed,
      isLoopTest: ways.isLoopTest ?? false,
    });
  const nest = (index: number, last: Way | undefined): void => {
    const operand = operands[index];
    if (operand === undefined) return;
    const isLast = index === operands.length - 1;
    test(operand, undefined, isLast ? last : { fill: () => nest(index + 1, last) });
  };
  const testAll = (onDecided: Way, onAgreed: Way | undefined): void => {
    for (const [index, operand] of operands.entries()) {
      test(operand, onDecided, index === operands.length - 1 ? onAgreed : undefined);
    }
  };

  const isLong = operands.length > MAX_NESTED_OPERANDS;
  if (decided?.isJump === true) testAll(decided, agreed);
  else if (decided === undefined && !isLong) nest(0, agreed);
  else if (decided === undefined) b.block(node, (end) => testAll(jumpTo(b, node, end), agreed));
  else {
    b.block(node, (end) => {
      const leave: Way = {
        fill: () => {
          agreed?.fill();
          b.jump(node, end);
        },
        isJump: agreed === undefined || agreed.isJump === true,
      };
      if (isLong) b.block(node, (skip) => testAll(jumpTo(b, node, skip), leave));
      else nest(0, leave);
      decided.fill();
    });
  }
}

function operandsOf(node: TSESTree.LogicalExpression): TSESTree.Node[] {
  const operands: TSESTree.Node[] = [];
  let left: TSESTree.Node = node;
  while (left.type === 'LogicalExpression' && left.operator === node.operator) {
    operands.push(left.right);
    left = left.left;
  }
  operands.push(left);
  return operands.reverse();
}

function jumpTo(b: Builder, node: TSESTree.Node, target: BlockTarget): Way {
  return { fill: () => b.jump(node, target), isJump: true };
}

function nothing(): void {}
