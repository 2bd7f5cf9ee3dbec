/** Text edits that quick fixes are made of. Each gives null where it cannot be made without doing anything else. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleFix, RuleFixer, Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';

export type Fix = (fixer: RuleFixer) => RuleFix | RuleFix[];

/** Takes out a statement that is nothing but this call, with the line that it has to itself. */
export function removeCall(node: TSESTree.Node, sourceCode: Readonly<SourceCode>): Fix | null {
  const awaited = node.parent?.type === 'AwaitExpression' ? node.parent : node;
  const statement = awaited.parent;
  if (node.type !== 'CallExpression' || statement?.type !== 'ExpressionStatement') return null;
  if (!LISTS.has(statement.parent.type)) return null;
  if (![node.callee, ...node.arguments].every(isHarmless)) return null;
  return (fixer) => fixer.removeRange(wholeLines(statement, sourceCode));
}

/** Where a statement can be left out. */
const LISTS: ReadonlySet<string> = new Set(['Program', 'BlockStatement', 'StaticBlock', 'SwitchCase']);

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

/** The lines of a statement where it has them to itself; else the statement alone. */
function wholeLines({ range, loc }: TSESTree.Node, { lines, text }: Readonly<SourceCode>): [number, number] {
  const before = lines[loc.start.line - 1]?.slice(0, loc.start.column) ?? '';
  const after = lines[loc.end.line - 1]?.slice(loc.end.column) ?? '';
  if (!/^\s*$/.test(before) || !/^\s*(?:\/\/.*)?$/.test(after)) return [range[0], range[1]];
  const end = text.indexOf('\n', range[1]);
  return [range[0] - before.length, end === -1 ? text.length : end + 1];
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
  if (callee.type !== 'Identifier') return null;
  const called = findVariable(sourceCode, node, callee.name);
  const specifier = called?.defs[0]?.node;
  if (specifier?.type !== 'ImportSpecifier') return null;
  const known = findVariable(sourceCode, node, name)?.defs[0]?.node;
  if (known === undefined)
    return (fixer) => [fixer.replaceText(callee, name), fixer.insertTextAfter(specifier, `, ${name}`)];
  // Another variable of that name is another function.
  const isIt = known.type === 'ImportSpecifier' && known.parent === specifier.parent;
  return isIt ? (fixer) => fixer.replaceText(callee, name) : null;
}

function findVariable(
  sourceCode: Readonly<SourceCode>,
  node: TSESTree.Node,
  name: string,
): Scope.Variable | null {
  for (let scope: Scope.Scope | null = sourceCode.getScope(node); scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable !== undefined && variable.defs.length > 0) return variable;
  }
  return null;
}
