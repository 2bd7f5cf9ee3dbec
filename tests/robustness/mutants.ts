/**
 * Mutants of programs: statements are deleted, doubled, exchanged and wrapped, expressions replaced by others, of the
 * same program or of another one. Most are nonsense that still parses, as what stands in an editor while it is written.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { parse, type Parsed, type ParseOptions } from '../analysis/lower/parse.ts';
import { nodesOf, type Tree } from '../seeded/tree.ts';

/** A draw from 0 to below `count`. */
export type Draw = (count: number) => number;

/** The same draws for the same seed (xorshift, 32 bits). */
export function drawing(seed: number): Draw {
  let state = seed * 2_654_435_761 + 1 || 1;
  return (count) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % count;
  };
}

const AROUND_STATEMENTS: readonly (readonly [before: string, after: string])[] = [
  ['try { ', ' } finally { done(); }'],
  ['try { ', ' } catch { }'],
  ['try { done(); } catch (error) { ', ' }'],
  ['try { done(); } finally { ', ' }'],
  ['if (flag) { ', ' }'],
  ['while (flag) { ', ' }'],
  ['do { ', ' } while (flag);'],
  ['for (const each of list) { ', ' }'],
  ['for await (const each of list) { ', ' }'],
  ['for (let i = 0; i < 3; i++) { ', ' }'],
  ['for (const key in list) { ', ' break; }'],
  ['switch (flag) { case 1: ', ' case 2: default: }'],
  ['label: { ', ' break label; }'],
  ['{ using scope = opened(); ', ' }'],
  ['{ await using scope = opened(); ', ' }'],
  ['(() => { ', ' })();'],
  ['queueMicrotask(async () => { ', ' });'],
  ['function* inner() { ', ' }'],
  ['async function* inner() { ', ' } for await (const each of inner()) { }'],
  ['class Inner { static { ', ' } }'],
  ['class Inner { method() { ', ' } }'],
];

const AROUND_EXPRESSIONS: readonly (readonly [before: string, after: string])[] = [
  ['(', ').field'],
  ['(', ')?.field?.()'],
  ['(', ')()'],
  ['[...(', ')]'],
  ['({ ...(', ') })'],
  ['new (', ')()'],
  ['(await (', '))'],
  ['(yield (', '))'],
  ['(yield* (', '))'],
  ['(() => (', '))'],
  ['(async () => (', '))()'],
  ['(flag ? (', ') : null)'],
  ['((', ') ?? other)'],
  ['((', ') || other)'],
  ['`${', '}`'],
  ['new Map([[(', '), 1]])'],
  ['Promise.all([(', ')])'],
  ['Promise.resolve(', ').then((it) => it)'],
  ['typeof (', ')'],
  ['!(', ')'],
  ['(', ') as any'],
];

export const isStatement = (node: Tree): node is TSESTree.Statement =>
  (/Statement$|^(?:Variable|Function|Class)Declaration$/.test(node.type) && isInList(node)) ||
  /^Import.*Declaration$/.test(node.type);

const isInList = ({ parent }: Tree): boolean =>
  parent?.type === 'BlockStatement' || parent?.type === 'Program' || parent?.type === 'SwitchCase';

const EXPRESSIONS = /^(?:Identifier|Literal|ThisExpression|TemplateLiteral|JSXElement)$|Expression$/;

/** Names that are declared are not replaced, only those that are read. */
const isExpression = (node: Tree): node is TSESTree.Expression =>
  EXPRESSIONS.test(node.type) &&
  /Expression$|^(?:VariableDeclarator|ReturnStatement|Property|IfStatement)$/.test(node.parent?.type ?? '');

export interface Source {
  readonly name: string;
  readonly text: string;
  readonly options: ParseOptions;
}

/** null where it is no program. */
export function tryParse({ text, options }: Source): Parsed | null {
  try {
    return parse(text, options);
  } catch {
    return null;
  }
}

/** A program with some faults; null where it does not parse. */
export function mutantOf(source: Source, donor: Source, draw: Draw): Source | null {
  let mutant: Source | null = source;
  for (let count = 1 + draw(4); count > 0 && mutant !== null; count--) mutant = mutate(mutant, donor, draw);
  return mutant;
}

function mutate(source: Source, donor: Source, draw: Draw): Source | null {
  const tree = tryParse(source)?.ast;
  const other = (draw(2) === 0 ? tryParse(donor)?.ast : null) ?? tree;
  if (tree === undefined || other === undefined) return null;
  const { text } = source;
  const given = other === tree ? text : donor.text;
  const isOfStatements = draw(2) === 0;
  const pick = (root: TSESTree.Program): Tree | undefined => {
    const nodes: Tree[] = isOfStatements ? nodesOf(root, isStatement) : nodesOf(root, isExpression);
    return nodes[draw(Math.max(1, nodes.length))];
  };
  const [target, replacement] = [pick(tree), pick(other)];
  if (target === undefined || replacement === undefined) return null;
  const own = textOf(text, target);
  const changed = isOfStatements
    ? changedStatement(own, textOf(given, replacement), draw)
    : changedExpression(own, textOf(given, replacement), draw);
  const [start, end] = target.range;
  const mutant = { ...source, text: text.slice(0, start) + changed + text.slice(end) };
  return tryParse(mutant) === null ? null : mutant;
}

const textOf = (text: string, { range: [start, end] }: Tree): string => text.slice(start, end);

function changedStatement(own: string, other: string, draw: Draw): string {
  switch (draw(5)) {
    case 0:
      return ';';
    case 1:
      return `${own}\n${own}`;
    case 2:
      return `${other}\n${own}`;
    case 3:
      return other;
    default:
      return wrapped(AROUND_STATEMENTS, own, draw);
  }
}

function changedExpression(own: string, other: string, draw: Draw): string {
  return draw(2) === 0 ? other : wrapped(AROUND_EXPRESSIONS, own, draw);
}

function wrapped(around: typeof AROUND_EXPRESSIONS, text: string, draw: Draw): string {
  const [before, after] = around[draw(around.length)] ?? ['', ''];
  return before + text + after;
}
