/** Parses and lowers the sources of tests, with either parser. Nodes know their parents, as ESLint makes them. */
import * as tsParser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import { Linter, type Rule } from 'eslint';
import type { Program } from '../../../analysis/ir/ir.ts';
import { lowerProgram } from '../../../analysis/lower/program.ts';
import type { ScopeManager } from '../../../analysis/lower/scopes.ts';

type VisitorKeys = ReturnType<typeof tsParser.parseForESLint>['visitorKeys'];

export interface Parsed {
  readonly ast: TSESTree.Program;
  readonly scopeManager: ScopeManager;
}

export interface ParseOptions {
  readonly sourceType?: 'module' | 'script' | 'commonjs';
  readonly jsx?: boolean;
}

export function parse(source: string, { sourceType = 'module', jsx = false }: ParseOptions = {}): Parsed {
  const { ast, scopeManager, visitorKeys } = tsParser.parseForESLint(source, {
    range: true,
    loc: true,
    sourceType,
    ecmaFeatures: { jsx },
    filePath: jsx ? 'source.tsx' : 'source.ts',
  });
  linkParents(ast, visitorKeys);
  return { ast, scopeManager };
}

function linkParents(node: TSESTree.Node, visitorKeys: VisitorKeys): void {
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  for (const child of (visitorKeys[node.type] ?? []).flatMap((key) => fields[key])) {
    if (!isNode(child)) continue;
    child.parent = node;
    linkParents(child, visitorKeys);
  }
}

function isNode(value: unknown): value is { parent: TSESTree.Node } & TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** As ESLint itself parses JavaScript: espree and eslint-scope. */
export function parseWithEspree(
  source: string,
  { sourceType = 'module', jsx = false }: ParseOptions = {},
): Parsed {
  let parsed: Parsed | undefined;
  const probe: Rule.RuleModule = {
    create({ sourceCode }) {
      parsed = {
        ast: sourceCode.ast as unknown as TSESTree.Program,
        scopeManager: sourceCode.scopeManager as unknown as ScopeManager,
      };
      return {};
    },
  };
  const messages = new Linter().verify(source, {
    plugins: { test: { rules: { probe } } },
    rules: { 'test/probe': 'error' },
    languageOptions: { sourceType, ecmaVersion: 'latest', parserOptions: { ecmaFeatures: { jsx } } },
  });
  if (parsed === undefined) throw new Error(messages.map(({ message }) => message).join('\n'));
  return parsed;
}

export function lower(source: string, options?: ParseOptions): Program {
  const { ast, scopeManager } = parse(source, options);
  return lowerProgram(ast, scopeManager);
}
