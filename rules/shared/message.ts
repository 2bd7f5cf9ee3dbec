/**
 * The one grammar of all messages: the handle by its name with what made it, places as `line:column`, the
 * way that the program takes, and what to do.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type { Finding, Step } from '../../analysis/finding.ts';

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
  if (branch === undefined) return '';
  const { test, isTaken } = readTest(branch);
  if (test === null) return ` when ${place(branch.node)} is ${isTaken ? '' : 'not '}taken`;
  return ` when '${shorten(sourceCode.getText(test))}' is ${String(isTaken)} (${place(test)})`;
}

/** The condition as it is written: `!a` being true is told as `a` being false. */
function readTest({ node, isTaken }: StepOf<'branch'>): { test: TSESTree.Node | null; isTaken: boolean } {
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
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= MAX_TEST_LENGTH ? line : `${line.slice(0, MAX_TEST_LENGTH - 1)}…`;
}

/** ` (inside the call, at 12:3)` where the defect happens in a callee. */
export function describeInside(finding: Finding): string {
  const inside = stepsOf(finding, 'inside')[0];
  return inside === undefined ? '' : ` (inside the call, at ${place(inside.node)})`;
}

/** Whether the report stands where another handle takes the place of the one that is lost. */
export function isOverwritten(finding: Finding): boolean {
  return stepsOf(finding, 'overwritten').length > 0;
}

/** Where it was closed before: ` at 7:3`. */
export function describeClosed(finding: Finding): string {
  const closed = stepsOf(finding, 'closed').map(({ node }) => node);
  return closed.length === 0 ? '' : ` at ${places(closed)}`;
}

/** `CloseHandle or FindClose`, for an advice. */
export function describeClosers({ handle }: Finding): string {
  return handle.closers.map((closer) => `'${closer}'`).join(' or ');
}
