/** How a program writes the close of a handle: the call, and what has to be imported for it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleFix, RuleFixer, Scope } from '@typescript-eslint/utils/ts-eslint';
import type { Finding } from '../../analysis/finding.ts';
import type { Closing } from '../../analysis/ir/closing.ts';
import type { Source } from './statements.ts';

export interface ClosingText {
  /** `CloseHandle(h)`. */
  readonly call: string;
  /** The same for a variable that may hold `null` instead: `h?.close()`, `if (h !== null) CloseHandle(h)`. */
  readonly guarded: string;
  readonly imports: (fixer: RuleFixer) => RuleFix[];
}

/** The close of the variable `name` at a place; null where it cannot be written there. */
export function closingText(
  finding: Finding,
  name: string,
  at: TSESTree.Node,
  source: Source,
): ClosingText | null {
  const texts = inOrder(finding.handle.closings, isInAsync(at), madeBy(finding)).map((closing) =>
    closing.kind === 'method' ? ofMethod(closing, name) : ofFunction(closing, name, finding, at, source),
  );
  return texts.find((text) => text !== null) ?? null;
}

/** Whether `await` can be written at a place. */
export function isInAsync(at: TSESTree.Node): boolean {
  let node = at;
  while (node.type !== 'Program' && node.type !== 'StaticBlock' && node.type !== 'PropertyDefinition') {
    if ('async' in node && 'params' in node) return node.async;
    node = node.parent;
  }
  return false;
}

/** What waits closes by waiting; what does not, not. */
function inOrder(closings: readonly Closing[], isAsync: boolean, made: TSESTree.Node): Closing[] {
  const awaits = isAsync && made.parent?.type === 'AwaitExpression';
  const possible = closings.filter((closing) => isAsync || !closing.isAsync);
  const rank = ({ name, isAsync: waits }: Closing): number =>
    (name.startsWith('@@') ? 2 : 0) + (waits === awaits ? 0 : 1);
  return possible.sort((a, b) => rank(a) - rank(b));
}

const NOTHING = (): RuleFix[] => [];

function ofMethod({ name, isAsync }: Closing, variable: string): ClosingText {
  const wait = isAsync ? 'await ' : '';
  const isSymbol = name.startsWith('@@');
  const member = isSymbol ? `[Symbol.${name.slice(2)}]()` : `${name}()`;
  return {
    call: `${wait}${variable}${isSymbol ? '' : '.'}${member}`,
    guarded: `${wait}${variable}?.${member}`,
    imports: NOTHING,
  };
}

function ofFunction(
  { name, isAsync }: Closing,
  variable: string,
  finding: Finding,
  at: TSESTree.Node,
  source: Source,
): ClosingText | null {
  const callee = siblingOf(madeBy(finding), name, at, source);
  if (callee === null) return null;
  const call = `${isAsync ? 'await ' : ''}${callee.text}(${variable})`;
  return { call, guarded: `if (${variable} !== null) ${call}`, imports: callee.imports };
}

/** The call that made the handle, inside of all others. */
function madeBy({ node, witness }: Finding): TSESTree.Node {
  const inside = witness.find((step) => step.kind === 'inside');
  return inside?.node ?? node;
}

/** How to name a function of the module that another one, which is called, comes from. */
export function siblingOf(
  call: TSESTree.Node,
  name: string,
  at: TSESTree.Node,
  source: Source,
): { readonly text: string; readonly imports: (fixer: RuleFixer) => RuleFix[] } | null {
  if (call.type !== 'CallExpression' || !/^\w+$/.test(name)) return null;
  const { callee } = call;
  if (callee.type === 'MemberExpression') {
    const { object } = callee;
    if (object.type !== 'Identifier' || !isModule(findVariable(source, at, object.name)?.defs[0]?.node))
      return null;
    return { text: `${object.name}.${name}`, imports: NOTHING };
  }
  if (callee.type !== 'Identifier') return null;
  const specifier = findVariable(source, call, callee.name)?.defs[0]?.node;
  if (specifier?.type !== 'ImportSpecifier' || specifier.parent.type !== 'ImportDeclaration') return null;
  const known = specifier.parent.specifiers.find(
    (each) =>
      each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' && each.imported.name === name,
  );
  const local = known?.local.name ?? name;
  const visible = findVariable(source, at, local)?.defs[0]?.node;
  // Another variable of that name is another function.
  if (visible !== known) return null;
  if (known !== undefined) return { text: local, imports: NOTHING };
  return { text: name, imports: (fixer) => [fixer.insertTextAfter(specifier, `, ${name}`)] };
}

function isModule(node: TSESTree.Node | undefined): boolean {
  switch (node?.type) {
    case 'ImportNamespaceSpecifier':
    case 'ImportDefaultSpecifier':
      return true;
    case 'VariableDeclarator':
      return (
        node.id.type === 'Identifier' &&
        node.init?.type === 'CallExpression' &&
        node.init.callee.type === 'Identifier' &&
        node.init.callee.name === 'require'
      );
    default:
      return false;
  }
}

function findVariable(sourceCode: Source, node: TSESTree.Node, name: string): Scope.Variable | null {
  for (let scope: Scope.Scope | null = sourceCode.getScope(node); scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable !== undefined && variable.defs.length > 0) return variable;
  }
  return null;
}
