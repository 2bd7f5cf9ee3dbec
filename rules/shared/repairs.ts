/**
 * Repairs of a leak, from what the analysis knows of the ways out of the handle's block: declare it with `using`,
 * close it in a `finally`, close it before the ways out that forget it, or bind what is not bound.
 *
 * Each is offered only where it is right on every path: where some path may have closed the handle already, or
 * somebody else may still need it, there is none.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleFix, RuleFixer } from '@typescript-eslint/utils/ts-eslint';
import type { Finding, HandleScope, Outcome, ScopeExit } from '../../analysis/finding.ts';
import { closingText, isInAsync } from './closing-text.ts';
import type { ClosingText } from './closing-text.ts';
import type { Fix } from './fixes.ts';
import { isInside, place } from './message.ts';
import {
  endOf,
  endOfLine,
  indentOf,
  indented,
  insertAfter,
  insertBefore,
  statementOf,
  stepOf,
  wholeLines,
} from './statements.ts';
import type { Source } from './statements.ts';

export type RepairId = 'declareUsing' | 'closeFinally' | 'closeBefore' | 'bindAndClose';

export const repairMessages: Readonly<Record<RepairId, string>> = {
  declareUsing: "Declare '{{name}}' with '{{keyword}}'.",
  closeFinally: "Close it in a 'finally': '{{call}}'.",
  closeBefore: "Close it {{where}}: '{{call}}'.",
  bindAndClose: "Bind it to a name and close it: '{{call}}'.",
};

export interface Repair {
  readonly messageId: RepairId;
  readonly data: Readonly<Record<string, string>>;
  readonly fix: Fix;
}

export function repairsOf(finding: Finding, source: Source): Repair[] {
  const held = finding.scope === null ? null : holding(finding, finding.scope, source);
  const repairs =
    held === null
      ? [bindAndClose(finding, source)]
      : [declareUsing(held), closeFinally(held), closeBefore(held)];
  return repairs.filter((repair) => repair !== null);
}

/** A variable that holds the handle from its declaration to the end of its block. */
interface Holding {
  readonly finding: Finding;
  readonly scope: HandleScope;
  readonly name: string;
  readonly declaration: TSESTree.VariableDeclaration;
  readonly block: TSESTree.BlockStatement | TSESTree.StaticBlock;
  readonly closing: ClosingText | null;
  readonly source: Source;
}

function holding(finding: Finding, scope: HandleScope, source: Source): Holding | null {
  const { variable, exits } = scope;
  const declaration = variable.parent.parent;
  if (declaration?.type !== 'VariableDeclaration') return null;
  const block = declaration.parent;
  if (block.type !== 'BlockStatement' && block.type !== 'StaticBlock') return null;
  if (!exits.some(isLossy) || !isBoundAtOnce(finding.node, declaration, block)) return null;
  const closing = closingText(finding, variable.name, variable, source);
  return { finding, scope, name: variable.name, declaration, block, closing, source };
}

/** Whether no way leads out between the call that makes the handle and the declaration of the variable. */
function isBoundAtOnce(
  node: TSESTree.Node,
  declaration: TSESTree.VariableDeclaration,
  { body }: Holding['block'],
): boolean {
  if (isWithin(node, declaration)) return true;
  const before = body[body.indexOf(declaration) - 1];
  if (before === undefined || !isWithin(node, before)) return false;
  if (before.type === 'ExpressionStatement') return true;
  return (
    before.type === 'IfStatement' &&
    before.alternate === null &&
    before.test.type === 'UnaryExpression' &&
    before.test.argument === node
  );
}

const isLossy = ({ outcomes }: ScopeExit): boolean => outcomes.has('open');

function isOneOf(exit: ScopeExit, ...possible: readonly Outcome[]): boolean {
  return [...exit.outcomes].every((outcome) => possible.includes(outcome));
}

/* ------------------------------------------------------------------ before the ways out */

function closeBefore({ scope, closing, block, declaration, source, name }: Holding): Repair | null {
  const lossy = scope.exits.filter(isLossy);
  if (closing === null || isUsedInside(name, block, source)) return null;
  if (!lossy.every((exit) => isOneOf(exit, 'open', 'nullish', 'marker') && isClosable(exit))) return null;
  const end = endOf(declaration, source);
  const fix: Fix = (fixer) => [
    ...lossy.flatMap((exit) => {
      const text = (exit.outcomes.has('nullish') ? closing.guarded : closing.call) + end;
      return exit.node === null
        ? insertAtEnd(fixer, block, text, source)
        : insertBefore(fixer, exit.node, text, source);
    }),
    ...closing.imports(fixer),
  ];
  const places = lossy.flatMap(({ node }) => (node === null ? [] : [`before ${place(node)}`]));
  if (places.length < lossy.length) places.push('at the end of its block');
  return { messageId: 'closeBefore', data: { where: places.join(' and '), call: closing.call }, fix };
}

/** Whether nothing that is evaluated after the close could need the handle. */
function isClosable({ kind, node }: ScopeExit): boolean {
  if (kind === 'end') return true;
  switch (node?.type) {
    case 'ReturnStatement':
      return node.argument === null || isPlain(node.argument);
    case 'ThrowStatement': {
      const { argument } = node;
      const isError =
        argument.type === 'NewExpression' &&
        argument.callee.type === 'Identifier' &&
        /Error$/.test(argument.callee.name);
      return isError ? argument.arguments.every(isPlain) : isPlain(argument);
    }
    case 'BreakStatement':
    case 'ContinueStatement':
      return true;
    default:
      return false;
  }
}

/** Calls nothing. */
function isPlain(node: TSESTree.Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(isPlain);
    case 'UnaryExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return isPlain('argument' in node ? node.argument : node.expression);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isPlain(node.left) && isPlain(node.right);
    case 'ConditionalExpression':
      return isPlain(node.test) && isPlain(node.consequent) && isPlain(node.alternate);
    case 'MemberExpression':
      return isPlain(node.object) && isPlain(node.property);
    case 'ArrayExpression':
      return node.elements.every((element) => element === null || isPlain(element));
    case 'ObjectExpression':
      return node.properties.every(
        (property) => property.type === 'Property' && !property.computed && isPlain(property.value),
      );
    default:
      return false;
  }
}

/** Whether a function in the block uses the variable: it may be called on the way out. */
function isUsedInside(name: string, block: TSESTree.Node, source: Source): boolean {
  const variable = source.getScope(block).set.get(name);
  return (
    variable === undefined ||
    variable.references.some(({ from }) => from.variableScope !== variable.scope.variableScope)
  );
}

function insertAtEnd(fixer: RuleFixer, { body }: Holding['block'], text: string, source: Source): RuleFix[] {
  const last = body.at(-1);
  return last === undefined ? [] : [insertAfter(fixer, last, text, source)];
}

/* ------------------------------------------------------------------ for the whole block */

/**
 * The close by hand at the end of the block, which a repair for the whole block replaces; null where nothing closes
 * the handle, undefined where something else does.
 */
function lastClose({ scope, block }: Holding): TSESTree.Statement | null | undefined {
  const closed = scope.exits.filter(({ outcomes }) => outcomes.has('closed'));
  if (closed.length === 0) return null;
  const closes = new Set(closed.flatMap((exit) => [...exit.closes]));
  const [end, before] = [block.body.at(-1), block.body.at(-2)];
  const last = closed.some(({ node }) => node !== null && node === end) ? before : end;
  if (last?.type !== 'ExpressionStatement' || closes.size !== 1) return undefined;
  const { expression } = last;
  const call = expression.type === 'AwaitExpression' ? expression.argument : expression;
  return closes.has(call) && closed.every((exit) => !isLossy(exit) && isClosable(exit)) ? last : undefined;
}

function declareUsing(held: Holding): Repair | null {
  const { finding, scope, declaration, source, name } = held;
  const { disposal } = finding.handle;
  if (disposal === null || declaration.declarations.length > 1) return null;
  if (disposal === 'async' && !isInAsync(declaration)) return null;
  const close = lastClose(held);
  if (close === undefined || !scope.exits.every((exit) => isOneOf(exit, 'open', 'closed', 'nullish')))
    return null;
  const keyword = disposal === 'async' ? 'await using' : 'using';
  const [first] = source.getFirstTokens(declaration, { count: 1 });
  if (first === undefined) return null;
  const fix: Fix = (fixer) => [
    fixer.replaceText(first, keyword),
    ...(close === null ? [] : [fixer.removeRange(wholeLines(close, source))]),
  ];
  return { messageId: 'declareUsing', data: { name, keyword }, fix };
}

function closeFinally(held: Holding): Repair | null {
  const { scope, closing, block, declaration, source } = held;
  const close = lastClose(held);
  if (closing === null || close === undefined) return null;
  const start = block.body.indexOf(declaration) + 1;
  const guards = guardsFrom(held, start);
  const exits = scope.exits.filter(
    (exit) => !guards.some((guard) => exit.node !== null && isWithin(exit.node, guard)),
  );
  if (!exits.every((exit) => isOneOf(exit, 'open', 'closed', 'nullish', 'marker'))) return null;
  const body = block.body.slice(start + guards.length).filter((statement) => statement !== close);
  const [first, last] = [body[0], body.at(-1)];
  if (first === undefined || last === undefined || body.some(({ type }) => type === 'FunctionDeclaration'))
    return null;
  if (first.loc.start.line === declaration.loc.end.line) return null;
  const isSure = !exits.some(({ outcomes }) => outcomes.has('nullish'));
  const [indent, step] = [indentOf(first, source), stepOf(block, source)];
  const text = (isSure ? closing.call : closing.guarded) + endOf(declaration, source);
  const from = startOf(first, source);
  const to = endOfLine(block.body.at(-1) ?? last, source);
  const parts: [number, number][] = [[from, to]];
  if (close !== null) {
    const [closeStart, closeEnd] = wholeLines(close, source);
    parts.splice(0, 1, [from, closeStart], [closeEnd, Math.max(closeEnd, to)]);
  }
  const inner = parts.map(([start, end]) => indented(start, end, step, source)).join('');
  const fix: Fix = (fixer) => [
    fixer.replaceTextRange(
      [from, to],
      `try {\n${indent}${step}${inner.trimEnd()}\n${indent}} finally {\n${indent}${step}${text}\n${indent}}`,
    ),
    ...closing.imports(fixer),
  ];
  return { messageId: 'closeFinally', data: { call: closing.call }, fix };
}

/** The tests behind the declaration that only leave where there is no handle. */
function guardsFrom({ block, scope }: Holding, start: number): TSESTree.Statement[] {
  const guards: TSESTree.Statement[] = [];
  for (const statement of block.body.slice(start)) {
    const left = scope.exits.filter(({ node }) => node !== null && isWithin(node, statement));
    const isGuard = statement.type === 'IfStatement' && statement.alternate === null && left.length > 0;
    if (!isGuard || !left.every((exit) => isOneOf(exit, 'nullish', 'marker', 'unknown'))) break;
    guards.push(statement);
  }
  return guards;
}

/** Where a statement begins, with the comments that stand on the lines before it. */
function startOf(statement: TSESTree.Node, source: Source): number {
  const before = source.getTokenBefore(statement);
  const comments = source
    .getCommentsBefore(statement)
    .filter(({ loc }) => before === null || loc.start.line > before.loc.end.line);
  return comments[0]?.range[0] ?? statement.range[0];
}

/* ------------------------------------------------------------------ what has no name */

function bindAndClose(finding: Finding, source: Source): Repair | null {
  const { node, handle } = finding;
  const statement = statementOf(node);
  if (statement === null || handle.name !== null || !handle.isResult || isInside(finding)) return null;
  // A promise that nobody waits for.
  if (handle.failure === 'undefined') return null;
  const name = freeName(handle.label, source);
  const closing = closingText(finding, name, node, source);
  if (closing === null) return null;
  const text = handle.failure === 'null' ? closing.guarded : closing.call;
  const end = endOf(statement, source);
  const fix: Fix = (fixer) => [
    fixer.insertTextBefore(statement, `const ${name} = `),
    insertAfter(fixer, statement, text + end, source),
    ...closing.imports(fixer),
  ];
  return { messageId: 'bindAndClose', data: { call: closing.call }, fix };
}

/** A name from the kind of the handle that the file does not use: `searchHandle`. */
function freeName(label: string, { ast }: Source): string {
  const words = label.split(/\W+/).filter((word) => word !== '');
  const name = words
    .map(
      (word, index) =>
        (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1),
    )
    .join('');
  const used = new Set(ast.tokens.filter(({ type }) => type === 'Identifier').map(({ value }) => value));
  const names = [name, ...Array.from(used, (_, index) => `${name}${index + 2}`)];
  return names.find((each) => !used.has(each)) ?? name;
}

const isWithin = ({ range: [start, end] }: TSESTree.Node, { range }: TSESTree.Node): boolean =>
  range[0] <= start && end <= range[1];
