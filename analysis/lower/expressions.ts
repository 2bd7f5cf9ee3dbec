/**
 * Expressions: each is lowered to the temporary that holds its value, its operands in the order in which
 * ECMA-262 evaluates them. This file only tells the kinds apart.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Temp } from '../ir/ir.ts';
import { lowerAssignment, lowerDelete, lowerUpdate } from './assignments.ts';
import type { Builder } from './builder.ts';
import { lowerCall, lowerChain, lowerNew, lowerTaggedTemplate } from './calls.ts';
import { lowerClassExpression } from './classes.ts';
import { lowerCondition } from './conditions.ts';
import { lowerClosure } from './functions.ts';
import { lowerJsx } from './jsx.ts';
import { lowerArray, lowerObject } from './literals.ts';
import { lowerIdentifier, lowerMember } from './members.ts';
import { unwrapTypes } from './names.ts';
import { lowerBinary, lowerConditional, lowerLogical, lowerLogicalEffect } from './operators.ts';
import { lowerUnsupported } from './unsupported.ts';

/** `name` is what a function or class written here is called: the variable or property it is assigned to. */
export function lowerExpression(b: Builder, node: TSESTree.Node, name = ''): Temp {
  switch (node.type) {
    case 'Identifier':
      return lowerIdentifier(b, node);
    case 'Literal':
      return lowerLiteral(b, node);
    case 'ThisExpression':
      return b.this(node);
    case 'MemberExpression':
      return lowerMember(b, node);
    case 'CallExpression':
      return lowerCall(b, node);
    case 'ChainExpression':
      return lowerChain(b, node);
    case 'NewExpression':
      return lowerNew(b, node);
    case 'AssignmentExpression':
      return lowerAssignment(b, node);
    case 'UpdateExpression':
      return lowerUpdate(b, node);
    case 'BinaryExpression':
      return lowerBinary(b, node);
    case 'LogicalExpression':
      return lowerLogical(b, node, name);
    case 'ConditionalExpression':
      return lowerConditional(b, node, name);
    case 'UnaryExpression':
      return lowerUnary(b, node);
    case 'SequenceExpression':
      return lowerSequence(b, node);
    case 'ObjectExpression':
      return lowerObject(b, node, name);
    case 'ArrayExpression':
      return lowerArray(b, node);
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return lowerClosure(b, node, name);
    case 'ClassExpression':
      return lowerClassExpression(b, node, name);
    case 'TemplateLiteral':
      return lowerTemplate(b, node);
    case 'TaggedTemplateExpression':
      return lowerTaggedTemplate(b, node);
    case 'AwaitExpression':
      return lowerAwait(b, node);
    case 'YieldExpression':
      return b.yield(
        node,
        node.argument === null ? b.constant(node, undefined) : lowerExpression(b, node.argument),
        node.delegate,
      );
    case 'ImportExpression':
      return lowerImport(b, node);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
      return lowerExpression(b, node.expression, name);
    case 'JSXElement':
    case 'JSXFragment':
      return lowerJsx(b, node);
    case 'MetaProperty':
      return b.unknown(node);
    default:
      return lowerUnsupported(b, node);
  }
}

/** An expression whose value nobody reads. */
export function lowerEffect(b: Builder, node: TSESTree.Node): void {
  const inner = unwrapTypes(node);
  switch (inner.type) {
    case 'ChainExpression':
      b.block(inner, (target) =>
        lowerInChain(
          b,
          () => b.jump(inner, target),
          () => lowerEffect(b, inner.expression),
        ),
      );
      break;
    case 'LogicalExpression':
      lowerLogicalEffect(b, inner);
      break;
    case 'ConditionalExpression':
      lowerCondition(b, inner.test, {
        whenTrue: { fill: () => lowerEffect(b, inner.consequent) },
        whenFalse: { fill: () => lowerEffect(b, inner.alternate) },
      });
      break;
    case 'SequenceExpression':
      for (const expression of inner.expressions) lowerEffect(b, expression);
      break;
    case 'UpdateExpression':
      lowerUpdate(b, inner, true);
      break;
    case 'Literal':
      break;
    default:
      lowerExpression(b, inner);
  }
}

/** Lowers the inside of a `?.` chain: `shortCircuit` is where its optional links go on null. */
export function lowerInChain<T>(b: Builder, shortCircuit: (() => void) | null, lower: () => T): T {
  const outer = b.chain;
  b.chain = shortCircuit;
  const result = lower();
  b.chain = outer;
  return result;
}

function lowerLiteral(b: Builder, node: TSESTree.Literal): Temp {
  if ('regex' in node) return b.unknown(node);
  if ('bigint' in node) return b.constant(node, BigInt(node.bigint));
  return b.constant(node, node.value);
}

function lowerSequence(b: Builder, node: TSESTree.SequenceExpression): Temp {
  const last = node.expressions.length - 1;
  let value: Temp | null = null;
  for (const [index, expression] of node.expressions.entries()) {
    if (index < last) lowerEffect(b, expression);
    else value = lowerExpression(b, expression);
  }
  return value ?? b.constant(node, undefined);
}

/** A string is made of the values and none of them is kept, so nothing escapes. */
function lowerTemplate(b: Builder, node: TSESTree.TemplateLiteral): Temp {
  for (const expression of node.expressions) lowerExpression(b, expression);
  const [only] = node.quasis;
  if (node.expressions.length === 0 && only !== undefined) return b.constant(node, only.value.cooked);
  return b.unknown(node);
}

function lowerUnary(b: Builder, node: TSESTree.UnaryExpression): Temp {
  if (node.operator === 'delete') return lowerDelete(b, node);
  const value = lowerExpression(b, node.argument);
  switch (node.operator) {
    case '!':
      return b.not(node, value);
    case 'typeof':
      return b.typeof(node, value);
    case 'void':
      return b.constant(node, undefined);
    case '-':
      return b.arithmetic(node, 'neg', value, null);
    case '~':
      return b.arithmetic(node, '~', value, null);
    case '+':
      return b.arithmetic(node, '-', value, b.constant(node, 0));
  }
}

/** `await import('m')` is the module; any other use of the promise stays out of sight. */
function lowerAwait(b: Builder, node: TSESTree.AwaitExpression): Temp {
  const awaited = b.await(node, lowerExpression(b, node.argument));
  const operand = unwrapTypes(node.argument);
  if (operand.type !== 'ImportExpression') return awaited;
  const source = operand.source;
  if (source.type !== 'Literal' || typeof source.value !== 'string') return awaited;
  return b.external(node, { module: b.file.nameModule(source.value), path: [] });
}

function lowerImport(b: Builder, node: TSESTree.ImportExpression): Temp {
  const srcs = [lowerExpression(b, node.source)];
  if (node.options != null) srcs.push(lowerExpression(b, node.options));
  return b.escape(node, srcs, 'import');
}
