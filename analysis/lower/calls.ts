/** Calls, `new`, tagged templates, and the optional chains that may skip them. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Argument, Callee, FunctionId, Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerExpression, lowerInChain } from './expressions.ts';
import { lowerKnownMember, lowerReference, shortCircuit } from './members.ts';
import { lowerKey, unwrapTypes } from './names.ts';

const MODULE = 0 as FunctionId;

export function lowerCall(b: Builder, node: TSESTree.CallExpression): Temp {
  const required = lowerRequire(b, node);
  if (required !== null) return required;
  noteDirectEval(b, node);
  const callee = lowerCallee(b, node.callee);
  if (node.optional) shortCircuit(b, node.callee, calleeValue(b, node.callee, callee));
  const result = b.call(node, callee, lowerArguments(b, node.arguments));
  if (callee.kind === 'super') b.afterSuper?.();
  return result;
}

/** `a.b?.()` tests the function and still calls it as a method of `a`. */
function calleeValue(b: Builder, node: TSESTree.Node, callee: Callee): Temp {
  switch (callee.kind) {
    case 'value':
      return callee.temp;
    case 'method':
      return b.getField(node, callee.receiver, callee.key);
    case 'super':
    case 'superMethod':
      return b.unknown(node);
  }
}

/**
 * A member keeps its object as the receiver, in parentheses and under type syntax too (ECMA-262 13.3.6.2).
 * Parentheses end an optional chain, but not the reference: `(a?.b)()` calls with `a` as `this`, and throws
 * where `a` is null, as any call may.
 */
function lowerCallee(b: Builder, expression: TSESTree.Node): Callee {
  const node = unwrapTypes(expression);
  if (node.type === 'Super') return { kind: 'super' };
  if (node.type === 'ChainExpression') {
    return lowerInChain(b, null, () => lowerCallee(b, node.expression));
  }
  if (node.type !== 'MemberExpression') return { kind: 'value', temp: lowerExpression(b, node) };
  if (node.object.type === 'Super') {
    const key = lowerKey(b, node.computed, node.property);
    // In an arrow function it is not known whose base class that is.
    if (b.file.bindings.capturedThis(b.id) !== null)
      b.escapeOnly(node.object, [b.this(node.object)], 'unsupported');
    return { kind: 'superMethod', key };
  }
  const known = lowerKnownMember(b, node);
  if (known !== null) return { kind: 'value', temp: known };
  const { object, key } = lowerReference(b, node);
  return { kind: 'method', receiver: object, key };
}

/** `require('m')` where nothing in the file is called `require`. */
function lowerRequire(b: Builder, node: TSESTree.CallExpression): Temp | null {
  const { callee, arguments: args } = node;
  if (callee.type !== 'Identifier' || callee.name !== 'require' || args.length !== 1) return null;
  const [argument] = args;
  if (argument?.type !== 'Literal' || typeof argument.value !== 'string') return null;
  if (b.file.bindings.resolve(callee) !== undefined) return null;
  return b.external(node, { module: b.file.nameModule(argument.value), path: [] });
}

/** A direct `eval` sees and may write every variable of every function around it (ECMA-262 19.2.1.1). */
function noteDirectEval(b: Builder, { callee }: TSESTree.CallExpression): void {
  if (callee.type !== 'Identifier' || callee.name !== 'eval') return;
  if (b.file.bindings.resolve(callee) === undefined) b.file.giveUp(b.id, MODULE, 'eval');
}

function lowerArguments(b: Builder, args: readonly TSESTree.CallExpressionArgument[]): Argument[] {
  return args.map((node) => lowerArgument(b, node));
}

export function lowerArgument(b: Builder, node: TSESTree.CallExpressionArgument): Argument {
  if (node.type !== 'SpreadElement') return { temp: lowerExpression(b, node), isSpread: false, node };
  return { temp: lowerExpression(b, node.argument), isSpread: true, node };
}

export function lowerNew(b: Builder, node: TSESTree.NewExpression): Temp {
  const callee = lowerExpression(b, node.callee);
  return b.new(node, callee, lowerArguments(b, node.arguments));
}

/** The tag gets the array of strings and then the values. */
export function lowerTaggedTemplate(b: Builder, node: TSESTree.TaggedTemplateExpression): Temp {
  const callee = lowerCallee(b, node.tag);
  const strings: Argument = { temp: b.unknown(node.quasi), isSpread: false, node: node.quasi };
  return b.call(node, callee, [strings, ...lowerArguments(b, node.quasi.expressions)]);
}

/** A chain is a block that its optional links leave with the value `undefined`. */
export function lowerChain(b: Builder, node: TSESTree.ChainExpression): Temp {
  const value = b.temp();
  b.block(node, (end) => {
    const leave = (): void => {
      b.copy(node, value, b.constant(node, undefined));
      b.jump(node, end);
    };
    lowerInChain(b, leave, () => b.copy(node, value, lowerExpression(b, node.expression)));
  });
  return value;
}
