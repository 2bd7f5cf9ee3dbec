/** Where statements stand in the text, and how to write others beside them in the same style. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleFix, RuleFixer, SourceCode } from '@typescript-eslint/utils/ts-eslint';

export type Source = Readonly<SourceCode>;

/** Where a statement can be put before another, or be left out. */
const LISTS: ReadonlySet<string> = new Set(['Program', 'BlockStatement', 'StaticBlock', 'SwitchCase']);

export const isInList = ({ parent }: TSESTree.Node): boolean =>
  parent !== undefined && LISTS.has(parent.type);

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
export function wholeLines({ range, loc }: TSESTree.Node, { lines, text }: Source): [number, number] {
  const before = lines[loc.start.line - 1]?.slice(0, loc.start.column) ?? '';
  const after = lines[loc.end.line - 1]?.slice(loc.end.column) ?? '';
  if (!/^\s*$/.test(before) || !/^\s*(?:\/\/.*)?$/.test(after)) return [range[0], range[1]];
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
    const isFirst =
      source.lines[statement.loc.start.line - 1]?.slice(0, statement.loc.start.column).trim() === '';
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
export function endOfLine({ range, loc }: TSESTree.Node, { lines }: Source): number {
  const after = lines[loc.end.line - 1]?.slice(loc.end.column) ?? '';
  return /^\s*(?:\/\/.*|\/\*.*\*\/\s*)?$/.test(after) ? range[1] + after.length : range[1];
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
