/**
 * The one grammar of all messages: the handle by its name with what made it, places as `line:column`, the
 * way that the program takes, and what to do.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type { Branch, Finding, ScopeExit, Step } from '../../analysis/finding.ts';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** `line:column`, both from 1, as editors count. */
export function place({ loc: { start } }: TSESTree.Node): string {
  return `${start.line}:${start.column + 1}`;
}

export function places(nodes: readonly TSESTree.Node[]): string {
  return nodes.map(place).join(' or ');
}

function stepsOf<Kind extends Step['kind']>({ witness }: Finding, kind: Kind): StepOf<Kind>[] {
  return witness.filter((step): step is StepOf<Kind> => step.kind === kind);
}

/** `'hDup' (duplicate of 'h', 12:3)`, `'h' (12:3)`, `The handle from 12:3`; with a small letter inside a sentence. */
export function describeHandle(finding: Finding, at: 'start' | 'inside' = 'start'): string {
  const { name, label, isDuplicate, sourceName } = finding.handle;
  const made = places(
    [...stepsOf(finding, 'duplicated'), ...stepsOf(finding, 'acquired')].map(({ node }) => node),
  );
  const origin = isDuplicate ? `duplicate of ${sourceName === null ? 'a handle' : `'${sourceName}'`}` : '';
  const the = at === 'start' ? 'The' : 'the';
  if (name === null)
    return [the, origin || label, made === '' ? '' : `from ${made}`].filter(Boolean).join(' ');
  const about = [origin, made].filter((part) => part !== '').join(', ');
  return about === '' ? `'${name}'` : `'${name}' (${about})`;
}

/** ` when 'ready' is false (14:7)`: the last branch that the way to the defect depends on, or nothing. */
export function describePath(finding: Finding, sourceCode: Readonly<SourceCode>): string {
  const branch = stepsOf(finding, 'branch').at(-1);
  if (branch === undefined || isLostAnyhow(finding)) return '';
  const { test } = readTest(branch);
  return ` ${describeBranch(branch, sourceCode)}${test === null ? '' : ` (${place(test)})`}`;
}

/** Whether every way out of the block of its variable loses the handle, where there is one: then no branch decides. */
function isLostAnyhow({ scope }: Finding): boolean {
  const isKept = ({ outcomes }: ScopeExit): boolean =>
    outcomes.has('closed') || outcomes.has('kept') || outcomes.has('unknown');
  return scope?.exits.some(({ outcomes }) => outcomes.has('open')) === true && !scope.exits.some(isKept);
}

/** `when 'ready' is false`. */
function describeBranch(branch: Branch, sourceCode: Readonly<SourceCode>): string {
  const { test, isTaken } = readTest(branch);
  const loop = loopOf(branch.node);
  if (loop !== null) return `when the loop at ${place(loop)} ${isTaken ? 'goes round' : 'ends'}`;
  return test === null
    ? `when ${place(branch.node)} is ${isTaken ? '' : 'not '}taken`
    : `when '${shorten(sourceCode.getText(test))}' is ${String(isTaken)}`;
}

/** The loop over elements that a branch is the step of. */
function loopOf(node: TSESTree.Node): TSESTree.Node | null {
  const loop = node.type === 'VariableDeclaration' ? node.parent : node;
  return loop.type === 'ForOfStatement' || loop.type === 'ForInStatement' ? loop : null;
}

/** The condition as it is written: `!a` being true is told as `a` being false. */
function readTest({ node, isTaken }: Branch): { test: TSESTree.Node | null; isTaken: boolean } {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return node.test === null ? { test: null, isTaken } : readNegation(node.test, isTaken);
    case 'SwitchCase':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'VariableDeclaration':
      return { test: null, isTaken };
    default:
      return readNegation(node, isTaken);
  }
}

function readNegation(test: TSESTree.Node, isTaken: boolean): { test: TSESTree.Node; isTaken: boolean } {
  return test.type === 'UnaryExpression' && test.operator === '!'
    ? { test: test.argument, isTaken: !isTaken }
    : { test, isTaken };
}

const MAX_TEST_LENGTH = 40;

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/ (?=\??\.[\w#])/g, '');
  return line.length <= MAX_TEST_LENGTH ? line : `${line.slice(0, MAX_TEST_LENGTH - 1)}…`;
}

/** Whether the defect happens in a callee. */
export const isInside = (finding: Finding): boolean => stepsOf(finding, 'inside').length > 0;

/** ` (inside the call of 'fred.control', at 12:3)` where the defect happens in a callee. */
export function describeInside(finding: Finding, sourceCode: Readonly<SourceCode>): string {
  const [inside] = stepsOf(finding, 'inside');
  if (inside === undefined) return '';
  const way = inside.branch === null ? '' : `, ${describeBranch(inside.branch, sourceCode)}`;
  return ` (${describeCrossing(inside.call, sourceCode)}, at ${place(inside.node)}${way})`;
}

/** A leak of what a callee made: `'h' (12:3), made inside the call of 'open' at 4:10,`. */
export function describeLost(finding: Finding, sourceCode: Readonly<SourceCode>): string {
  const handle = describeHandle(finding);
  const [inside] = stepsOf(finding, 'inside');
  if (inside === undefined) return handle;
  return `${handle}, made ${describeCrossing(inside.call, sourceCode)} at ${place(inside.node)},`;
}

function describeCrossing(node: TSESTree.Node, sourceCode: Readonly<SourceCode>): string {
  const text = (part: TSESTree.Node): string => shorten(sourceCode.getText(part));
  switch (node.type) {
    case 'CallExpression':
      return `inside the call of '${text(node.callee)}'`;
    case 'NewExpression':
      return `inside the call of 'new ${text(node.callee)}'`;
    case 'VariableDeclarator':
      return `at the end of the scope of '${text(node.id)}'`;
    case 'AssignmentExpression':
      return `inside the call of '${text(node.left)}'`;
    default:
      return `inside the call of '${text(node)}'`;
  }
}

/** Whether the report stands where another handle takes the place of the one that is lost. */
export function isOverwritten(finding: Finding): boolean {
  return stepsOf(finding, 'overwritten').length > 0;
}

/** Where it was closed before: ` at 7:3`, ` at 7:3 (inside, at 2:5)`. */
export function describeClosed(finding: Finding): string {
  const closed = stepsOf(finding, 'closed').map(({ node, inside }) =>
    inside === null ? place(node) : `${place(node)} (inside, at ${place(inside)})`,
  );
  return closed.length === 0 ? '' : ` at ${closed.join(' or ')}`;
}

/** `CloseHandle or FindClose`, for an advice: what one writes oneself, if there is any such. */
export function describeClosers({ handle: { closers } }: Finding): string {
  const written = closers.filter((closer) => !closer.startsWith('@@'));
  return (written.length > 0 ? written : closers).map((closer) => `'${closer}'`).join(' or ');
}
