/** Text edits that quick fixes are made of. Each gives null where it cannot be made without doing anything else. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleFix, RuleFixer, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { siblingOf } from './closing-text.ts';
import { statementOf, wholeLines } from './statements.ts';

export type Fix = (fixer: RuleFixer) => RuleFix | RuleFix[];

/** Takes out a statement that is nothing but this call, with the line that it has to itself. */
export function removeCall(node: TSESTree.Node, sourceCode: Readonly<SourceCode>): Fix | null {
  const statement = statementOf(node);
  if (node.type !== 'CallExpression' || statement === null) return null;
  if (![node.callee, ...node.arguments].every(isHarmless)) return null;
  return (fixer) => fixer.removeRange(wholeLines(statement, sourceCode));
}

/** Evaluating it does nothing that would be missed. */
function isHarmless(node: TSESTree.Node): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
    case 'Literal':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return isHarmless(node.object) && isHarmless(node.property);
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ChainExpression':
      return isHarmless(node.expression);
    default:
      return false;
  }
}

/** Calls another function of the same module; imports it beside the first where it is not imported yet. */
export function callInstead(
  { node, name }: { readonly node: TSESTree.Node; readonly name: string },
  sourceCode: Readonly<SourceCode>,
): Fix | null {
  if (node.type !== 'CallExpression') return null;
  const { callee } = node;
  if (callee.type === 'MemberExpression' && !callee.computed)
    return (fixer) => fixer.replaceText(callee.property, name);
  const sibling = siblingOf(node, name, node, sourceCode);
  return sibling === null
    ? null
    : (fixer) => [fixer.replaceText(callee, sibling.text), ...sibling.imports(fixer)];
}
