/** Reads files as the user's own ESLint does: a rule that does nothing but look sees what all rules see. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { ESLint } from 'eslint';
import type { Rule } from 'eslint';
import type { Host } from '../analysis/settings.ts';
import { hostOf } from '../rules/shared/host.ts';
import { decodedSettings } from '../rules/shared/settings.ts';
import type { Settings } from '../rules/shared/settings.ts';

export interface Source {
  /** Its whole path. */
  readonly file: string;
  /** The folder from which descriptions give the paths of files. */
  readonly root: string;
  readonly ast: TSESTree.Program;
  readonly scopeManager: Scope.ScopeManager;
  readonly settings: Settings;
  readonly host: Host;
  readonly lines: readonly string[];
}

export async function readSource(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8');
  const { sources, results } = await look((eslint) => eslint.lintText(text, { filePath: file }));
  const [source] = sources;
  if (source !== undefined) return source;
  const [message] = results[0]?.messages ?? [];
  throw new Error(
    message === undefined ? `${file}: ESLint does not lint this file` : `${file}: ${message.message}`,
  );
}

/** The files that the patterns name, in the order of their paths. One that cannot be read is an error. */
export async function readSources(patterns: readonly string[]): Promise<Source[]> {
  const { sources, results } = await look((eslint) => eslint.lintFiles([...patterns]));
  for (const { filePath, messages } of results) {
    const fatal = messages.find((message) => message.fatal === true);
    if (fatal !== undefined)
      throw new Error(`${relative(process.cwd(), filePath)}:${fatal.line}: ${fatal.message}`);
  }
  return sources.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function look(
  lint: (eslint: ESLint) => Promise<ESLint.LintResult[]>,
): Promise<{ readonly sources: Source[]; readonly results: readonly ESLint.LintResult[] }> {
  const sources: Source[] = [];
  const rule: Rule.RuleModule = {
    create: (context) => {
      sources.push(sourceOf(context));
      return {};
    },
  };
  const eslint = new ESLint({
    overrideConfig: {
      plugins: { 'handles-tool': { rules: { look: rule } } },
      rules: { 'handles-tool/look': 'error' },
    },
    ruleFilter: ({ ruleId }) => ruleId === 'handles-tool/look',
  });
  return { results: await lint(eslint), sources };
}

function sourceOf({ sourceCode, settings, filename, cwd }: Rule.RuleContext): Source {
  const decoded = decodedSettings(settings);
  const root = decoded.root ?? cwd;
  return {
    file: filename,
    root,
    ast: sourceCode.ast as unknown as TSESTree.Program,
    scopeManager: sourceCode.scopeManager as unknown as Scope.ScopeManager,
    settings: decoded,
    host: hostOf(sourceCode as unknown as SourceCode, { filename, root }),
    lines: sourceCode.lines,
  };
}
