/** `=` and its compound and logical forms, `++`, `--` and `delete`. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ArithmeticOperator, Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { lowerReference } from './members.ts';
import { unwrapTypes } from './names.ts';
import { branchOnLeft } from './operators.ts';
import { bindPattern, isPattern } from './patterns.ts';
import { lowerTarget, readTarget, targetName, writeTarget } from './targets.ts';

export function lowerAssignment(b: Builder, node: TSESTree.AssignmentExpression): Temp {
  const name = targetName(node.left);
  switch (node.operator) {
    case '=': {
      const left = unwrapTypes(node.left);
      if (isPattern(left)) {
        const value = lowerExpression(b, node.right);
        bindPattern(b, left, value, 'assign');
        return value;
      }
      const target = lowerTarget(b, left);
      const value = lowerExpression(b, node.right, name);
      writeTarget(b, { ...target, node }, value);
      return value;
    }
    case '&&=':
    case '||=':
    case '??=':
      return lowerLogicalAssignment(b, node, name);
    default: {
      const target = lowerTarget(b, node.left);
      const old = readTarget(b, target);
      const operator = node.operator.slice(0, -1) as ArithmeticOperator;
      const value = b.arithmetic(node, operator, old, lowerExpression(b, node.right));
      writeTarget(b, { ...target, node }, value);
      return value;
    }
  }
}

/** Evaluates and writes the right side only where the left one asks for it (ECMA-262 13.15.2). */
function lowerLogicalAssignment(b: Builder, node: TSESTree.AssignmentExpression, name: string): Temp {
  const target = lowerTarget(b, node.left);
  const old = readTarget(b, target);
  const value = b.temp();
  const assign = (): void => {
    const right = lowerExpression(b, node.right, name);
    writeTarget(b, { ...target, node }, right);
    b.copy(node.right, value, right);
  };
  branchOnLeft(b, node.operator, node.left, old, assign, () => b.copy(node.left, value, old));
  return value;
}

/** The value of `a++` is the old one as a number (ECMA-262 13.4.2.1), where anybody wants it. */
export function lowerUpdate(b: Builder, node: TSESTree.UpdateExpression, isEffect = false): Temp {
  const target = lowerTarget(b, node.argument);
  const read = readTarget(b, target);
  const old = node.prefix || isEffect ? read : b.arithmetic(node, '-', read, b.constant(node, 0));
  const value = b.arithmetic(node, node.operator === '++' ? '+' : '-', old, b.constant(node, 1));
  writeTarget(b, { ...target, node }, value);
  return node.prefix ? value : old;
}

/** A deleted property reads as `undefined` afterwards, so it is written as that. */
export function lowerDelete(b: Builder, node: TSESTree.UnaryExpression): Temp {
  const operand = unwrapTypes(node.argument);
  if (operand.type === 'MemberExpression') return deleteMember(b, node, operand);
  if (operand.type === 'ChainExpression' && operand.expression.type === 'MemberExpression') {
    const member = operand.expression;
    const outer = b.chain;
    b.block(node, (end) => {
      b.chain = () => b.jump(node, end);
      deleteMember(b, node, member);
      b.chain = outer;
    });
  } else {
    lowerExpression(b, operand);
  }
  return b.constant(node, true);
}

function deleteMember(b: Builder, node: TSESTree.UnaryExpression, member: TSESTree.MemberExpression): Temp {
  const { object, key } = lowerReference(b, member);
  b.setField(node, object, key, b.constant(node, undefined));
  return b.constant(node, true);
}
