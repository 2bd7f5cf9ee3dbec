/**
 * Conditions: expressions that only decide a way. `&&`, `||` and `!` become control flow and no value, so
 * that each branch learns from the very operand that decided it.
 *
 *     if (a && b) S           if a { if b { S } }
 *     if (a && b) S else T    block { if a { if b { S; break } } T }
 *     if (a || b) return;     if a { return }  if b { return }
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Builder } from './builder.ts';
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

/**
 * `a && b` and `a || b` at once: `a` *decides* when it is false or true respectively, else `b` does.
 * `decided` is the way of that outcome, `other` the way where both operands agreed.
 */
function lowerJunction(b: Builder, node: TSESTree.LogicalExpression, ways: Ways): void {
  const isAnd = node.operator === '&&';
  const decided = isAnd ? ways.whenFalse : ways.whenTrue;
  const other = isAnd ? ways.whenTrue : ways.whenFalse;
  const test = (operand: TSESTree.Node, onDecided: Way | undefined, onOther: Way | undefined): void =>
    lowerCondition(b, operand, {
      whenTrue: isAnd ? onOther : onDecided,
      whenFalse: isAnd ? onDecided : onOther,
      isLoopTest: ways.isLoopTest ?? false,
    });
  if (decided === undefined) {
    test(node.left, undefined, { fill: () => test(node.right, undefined, other) });
  } else if (decided.isJump === true) {
    test(node.left, decided, undefined);
    test(node.right, decided, other);
  } else {
    b.block(node, (end) => {
      const both: Way = {
        fill: () => {
          other?.fill();
          b.jump(node, end);
        },
        isJump: other === undefined || other.isJump === true,
      };
      test(node.left, undefined, { fill: () => test(node.right, undefined, both) });
      decided.fill();
    });
  }
}

function nothing(): void {}
