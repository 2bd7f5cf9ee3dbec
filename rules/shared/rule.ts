/** What all rules have in common: they word the findings of one kind. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { RuleContext, RuleModule, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type { Finding, FindingKind } from '../../analysis/finding.ts';
import { analysisOf } from './analysis.ts';

export interface RuleDocs {
  readonly description: string;
  readonly recommended: boolean;
  readonly url: string;
  /** Its numbers in the list of common weaknesses, in order. */
  readonly cwe: readonly number[];
}

/** No rule has options yet. */
export type HandleRule<MessageIds extends string = string> = RuleModule<MessageIds, [], RuleDocs>;

type Report<MessageIds extends string> = Omit<
  Parameters<RuleContext<MessageIds, []>['report']>[0],
  'node' | 'loc'
>;

/** The findings of a kind in this file, each reported as `describe` words it. */
export function reportFindings<MessageIds extends string>(
  context: Readonly<RuleContext<MessageIds, []>>,
  kind: FindingKind,
  describe: (finding: Finding, sourceCode: Readonly<SourceCode>) => Report<MessageIds>,
): { Program: () => void } {
  const { sourceCode } = context;
  return {
    Program() {
      for (const finding of analysisOf(context).findings) {
        if (finding.kind !== kind) continue;
        const loc = headOf(finding.node, sourceCode);
        context.report({ ...describe(finding, sourceCode), loc });
      }
    },
  };
}

/** What a report covers: the callee, the argument or `new C`, never a call of many lines. */
function headOf(node: TSESTree.Node, sourceCode: Readonly<SourceCode>): TSESTree.SourceLocation {
  const { start } = node.loc;
  switch (node.type) {
    case 'CallExpression':
      return { start, end: lastLineOf(node.callee, start) };
    case 'NewExpression':
      return { start, end: lastLineOf(node.callee, start) };
    case 'VariableDeclarator':
      return node.id.loc;
    default:
      return node.loc.end.line === start.line
        ? node.loc
        : {
            start,
            end: { line: start.line, column: sourceCode.lines[start.line - 1]?.length ?? start.column },
          };
  }
}

function lastLineOf(callee: TSESTree.Node, start: TSESTree.Position): TSESTree.Position {
  // A chain of calls begins lines above the name that is called: the report starts with the callee's own line.
  return callee.loc.end.line >= start.line ? callee.loc.end : start;
}

export function docsUrl(rule: string): string {
  return `https://github.com/eslint-plugin-handles/eslint-plugin-handles/blob/main/docs/rules/${rule}.md`;
}
