/** Parses and lowers the sources of tests, with either parser. */
import * as tsParser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import { Linter, type Rule } from 'eslint';
import type { Program } from '../../../analysis/ir/ir.ts';
import { lowerProgram } from '../../../analysis/lower/program.ts';
import type { ScopeManager } from '../../../analysis/lower/scopes.ts';

export interface Parsed {
  readonly ast: TSESTree.Program;
  readonly scopeManager: ScopeManager;
}

export interface ParseOptions {
  readonly sourceType?: 'module' | 'script' | 'commonjs';
  readonly jsx?: boolean;
}

export function parse(source: string, { sourceType = 'module', jsx = false }: ParseOptions = {}): Parsed {
  const { ast, scopeManager } = tsParser.parseForESLint(source, {
    range: true,
    loc: true,
    sourceType,
    ecmaFeatures: { jsx },
    filePath: jsx ? 'source.tsx' : 'source.ts',
  });
  return { ast, scopeManager };
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
