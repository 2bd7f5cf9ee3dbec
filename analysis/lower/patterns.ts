/**
 * Destructuring, in declarations, parameters and assignments. Elements of an array pattern are read by index:
 * that is what the iterator of an array does, and any other iterable is opaque to what comes after lowering.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Key, Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { lowerKey, staticKey, unwrapTypes } from './names.ts';
import { lowerTarget, targetName, writeTarget, type BindingMode, type Target } from './targets.ts';

type Pattern = TSESTree.ArrayPattern | TSESTree.ObjectPattern | TSESTree.AssignmentPattern;

export function isPattern(node: TSESTree.Node): node is Pattern {
  return node.type === 'ArrayPattern' || node.type === 'ObjectPattern' || node.type === 'AssignmentPattern';
}

/** Gives the value to each target of the pattern. */
export function bindPattern(b: Builder, pattern: TSESTree.Node, value: Temp, mode: BindingMode): void {
  switch (pattern.type) {
    case 'ObjectPattern':
      bindObject(b, pattern, value, mode);
      break;
    case 'ArrayPattern':
      bindArray(b, pattern, value, mode);
      break;
    case 'AssignmentPattern':
      bindElement(b, pattern, mode, () => value);
      break;
    case 'TSParameterProperty':
      bindPattern(b, pattern.parameter, value, mode);
      break;
    default:
      writeTarget(b, lowerTarget(b, pattern, mode), value);
  }
}

function bindObject(b: Builder, pattern: TSESTree.ObjectPattern, value: Temp, mode: BindingMode): void {
  const keys: Key[] = [];
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      bindRest(b, property, value, mode, keys);
      continue;
    }
    const key = lowerKey(b, property.computed, property.key);
    keys.push(key);
    bindElement(b, property.value, mode, () => b.getField(property, value, key));
  }
}

function bindArray(b: Builder, pattern: TSESTree.ArrayPattern, value: Temp, mode: BindingMode): void {
  for (const [index, element] of pattern.elements.entries()) {
    if (element === null) continue;
    if (element.type === 'RestElement') bindRest(b, element, value, mode, index);
    else bindElement(b, element, mode, () => b.getField(element, value, staticKey(String(index))));
  }
}

function bindRest(
  b: Builder,
  rest: TSESTree.RestElement,
  value: Temp,
  mode: BindingMode,
  after: number | readonly Key[],
): void {
  bindElement(b, rest.argument, mode, () => b.rest(rest, value, after));
}

/** Target first, then its value, then the default, then the write (ECMA-262 13.15.5.5 and 13.15.5.6). */
function bindElement(b: Builder, element: TSESTree.Node, mode: BindingMode, read: () => Temp): void {
  const isDefaulted = element.type === 'AssignmentPattern';
  const inner = unwrapTypes(isDefaulted ? element.left : element);
  const target: Target | null = isPattern(inner) ? null : lowerTarget(b, inner, mode);
  const given = read();
  const value = isDefaulted ? lowerDefault(b, element, given) : given;
  if (target === null) bindPattern(b, inner, value, mode);
  else writeTarget(b, target, value);
}

function lowerDefault(b: Builder, element: TSESTree.AssignmentPattern, given: Temp): Temp {
  const value = b.temp();
  const isMissing = b.compare(element.left, '===', given, b.constant(element, undefined));
  b.branch(
    element.left,
    isMissing,
    () => b.copy(element.right, value, lowerExpression(b, element.right, targetName(element.left))),
    () => b.copy(element.left, value, given),
  );
  return value;
}
