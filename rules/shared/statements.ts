/** Where statements stand in the text, and how to write others beside them in the same style. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleFix, RuleFixer, SourceCode } from '@typescript-eslint/utils/ts-eslint';

export type Source = Readonly<SourceCode>;

/** Where a statement can be put before another, or be left out. */
const LISTS: ReadonlySet<string> = new Set(['Program', 'BlockStatement', 'StaticBlock', 'SwitchCase']);

/** The statement that is nothing but a call, or but to wait for it; null where no other can be put beside it. */
export function statementOf(call: TSESTree.Node): TSESTree.ExpressionStatement | null {
  const { parent } = call.parent?.type === 'AwaitExpression' ? call.parent : call;
  return parent?.type === 'ExpressionStatement' && isInList(parent) ? parent : null;
}

export const isInList = ({ parent }: TSESTree.Node): boolean =>
  parent !== undefined && LISTS.has(parent.type);

/** What stands before a node on the line that it begins on. */
const textBefore = ({ loc: { start } }: TSESTree.Node, { lines }: Source): string =>
  lines[start.line - 1]?.slice(0, start.column) ?? '';

/** What stands behind a node on the line that it ends on. */
const textAfter = ({ loc: { end } }: TSESTree.Node, { lines }: Source): string =>
  lines[end.line - 1]?.slice(end.column) ?? '';

/** The white space that the line of a node begins with. */
export function indentOf({ loc }: TSESTree.Node, { lines }: Source): string {
  return /^\s*/.exec(lines[loc.start.line - 1] ?? '')?.[0] ?? '';
}

/** By how much a block is indented. */
export function stepOf(block: TSESTree.BlockStatement | TSESTree.StaticBlock, source: Source): string {
  const [first] = block.body;
  const [outer, inner] = [indentOf(block, source), first === undefined ? '' : indentOf(first, source)];
  return inner.length > outer.length ? inner.slice(outer.length) : '  ';
}

/** `;` in a program that writes them. */
export function endOf(statement: TSESTree.Node, { text }: Source): string {
  return text[statement.range[1] - 1] === ';' ? ';' : '';
}

/** The lines of a statement where it has them to itself; else the statement alone. */
export function wholeLines(statement: TSESTree.Node, source: Source): [number, number] {
  const { range } = statement;
  const { text } = source;
  const before = textBefore(statement, source);
  if (before.trim() !== '' || !/^\s*(?:\/\/.*)?$/.test(textAfter(statement, source))) return [...range];
  const end = text.indexOf('\n', range[1]);
  return [range[0] - before.length, end === -1 ? text.length : end + 1];
}

/** Puts a statement before another; one that stands alone in a branch gets a block. */
export function insertBefore(
  fixer: RuleFixer,
  statement: TSESTree.Node,
  inserted: string,
  source: Source,
): RuleFix[] {
  const indent = indentOf(statement, source);
  if (isInList(statement)) {
    const isFirst = textBefore(statement, source).trim() === '';
    return [fixer.insertTextBefore(statement, isFirst ? `${inserted}\n${indent}` : `${inserted} `)];
  }
  const outer = statement.parent === undefined ? indent : indentOf(statement.parent, source);
  const inner = `${outer}  `;
  return [
    fixer.insertTextBefore(statement, `{\n${inner}${inserted}\n${inner}`),
    fixer.insertTextAfter(statement, `\n${outer}}`),
  ];
}

/** Puts a statement on the line after another, or behind it where more stands there. */
export function insertAfter(
  fixer: RuleFixer,
  statement: TSESTree.Node,
  inserted: string,
  source: Source,
): RuleFix {
  const at = endOfLine(statement, source);
  const isAtEnd = source.text[at] === undefined || source.text[at] === '\n' || source.text[at] === '\r';
  const text = isAtEnd ? `\n${indentOf(statement, source)}${inserted}` : ` ${inserted}`;
  return fixer.insertTextAfterRange([at, at], text);
}

/** Where the next line begins behind a node that has the end of its line to itself; else the end of the node. */
export function endOfLine(node: TSESTree.Node, source: Source): number {
  const after = textAfter(node, source);
  return node.range[1] + (/^\s*(?:\/\/.*|\/\*.*\*\/\s*)?$/.test(after) ? after.length : 0);
}

/** The lines from one place to another, indented by one more step; the lines of a text in between stay as they are. */
export function indented(start: number, end: number, step: string, source: Source): string {
  const { text } = source;
  const fixed = new Set<number>();
  for (const { type, loc, range } of source.ast.tokens) {
    if (type !== 'Template' || range[0] < start || range[1] > end) continue;
    for (let line = loc.start.line + 1; line <= loc.end.line; line++) fixed.add(line);
  }
  const first = source.getLocFromIndex(start).line;
  return text
    .slice(start, end)
    .split('\n')
    .map((line, index) =>
      (index === 0 && text[start - 1] !== '\n') || line.trim() === '' || fixed.has(first + index)
        ? line
        : step + line,
    )
    .join('\n');
}
