/**
 * Faults for sources that are not ours to mark: a variable that holds a new handle, is closed in the same
 * function or by `using`, and is otherwise only read. Whoever adds a source looks through them once.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Mutation } from './mutations.ts';
import { calleeName, enclosingFunction, nodesOf, parseProgram, replaceText, statementOf } from './tree.ts';
import type { Tree } from './tree.ts';

const isDeclarator = (node: Tree): node is TSESTree.VariableDeclarator => node.type === 'VariableDeclarator';
const isIdentifier = (node: Tree): node is TSESTree.Identifier => node.type === 'Identifier';

export interface Openers {
  /** Classes to call with `new`. */
  readonly classes: readonly string[];
  /** Methods and functions that give a new handle. */
  readonly calls: readonly string[];
  /** Functions and methods that only read what they are given. */
  readonly readers: readonly string[];
}

export function unmarkedMutationsOf(text: string, openers: Openers): Mutation[] {
  return nodesOf(parseProgram(text), isDeclarator).flatMap((declarator) => {
    const { id, init, parent: declaration } = declarator;
    if (id.type !== 'Identifier' || init === null) return [];
    const opening = openingCall(init, openers);
    if (opening === null) return [];
    const fn = enclosingFunction(declarator);
    const mentions = nodesOf(fn, isIdentifier).filter((each) => each.name === id.name && each !== id);
    const closes = mentions.map(closeOf).filter((each) => each !== null);
    if (!mentions.every((each) => isOnlyRead(each, openers.readers))) return [];
    const { line } = opening.loc.start;
    const wanted = [`no-leaked-handle:${line}`, `no-leaked-duplicate:${line}`];
    const deleted = (at: number, mutated: string): Mutation => {
      return { name: 'close deleted', text: mutated, line: at, wanted };
    };
    if (declaration.kind === 'using' || declaration.kind === 'await using') {
      const [start] = declaration.range;
      return [deleted(declaration.loc.start.line, replaceWord(text, start, declaration.kind, 'const'))];
    }
    return closes
      .filter((close) => enclosingFunction(close) === fn)
      .map((close) => deleted(close.loc.start.line, replaceText(text, close, ';')));
  });
}

function replaceWord(text: string, at: number, word: string, replacement: string): string {
  return text.slice(0, at) + replacement + text.slice(at + word.length);
}

function openingCall(init: TSESTree.Expression, { classes, calls }: Openers): TSESTree.Node | null {
  const call = init.type === 'AwaitExpression' ? init.argument : init;
  if (call.type !== 'NewExpression' && call.type !== 'CallExpression') return null;
  const name = calleeName(call);
  const known = call.type === 'NewExpression' ? classes : calls;
  return name !== null && known.includes(name) ? call : null;
}

/** The statement that closes what the name holds. */
function closeOf(mention: TSESTree.Identifier): TSESTree.ExpressionStatement | null {
  const member = mention.parent;
  if (member.type !== 'MemberExpression' || member.object !== mention) return null;
  const call = member.parent;
  if (call.type !== 'CallExpression' || call.callee !== member || calleeName(call) !== 'close') return null;
  return statementOf(call);
}

function isOnlyRead(mention: TSESTree.Identifier, readers: readonly string[]): boolean {
  const { parent } = mention;
  if (parent.type === 'MemberExpression') return true;
  if (parent.type !== 'CallExpression' || parent.callee === mention) return false;
  const name = calleeName(parent);
  return name !== null && readers.includes(name);
}
