/** The one analysis of a file that all rules share. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { analyze } from '../../analysis/analyze.ts';
import type { Analysis } from '../../analysis/analyze.ts';
import { hostOf } from './host.ts';
import type { Location } from './host.ts';
import { quietly } from './quietly.ts';
import { decodedSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** Keyed by the tree and not by the `SourceCode`, which some linters use again for every file. */
const analyses = new WeakMap<TSESTree.Program, Map<string, Analysis>>();

const NOTHING: Analysis = { findings: [], touching: [], givenUp: [], unmodelled: [], tagProblems: [] };

/** What a rule knows of the file that it looks at. */
export interface FileContext {
  readonly sourceCode: Readonly<SourceCode>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly filename: string;
  readonly cwd: string;
}

export function analysisOf({ sourceCode, settings, filename, cwd }: FileContext): Analysis {
  const decoded = decodedSettings(settings);
  const key = JSON.stringify(settings['handles'] ?? {}, bigintsAsText);
  let known = analyses.get(sourceCode.ast);
  if (known === undefined) analyses.set(sourceCode.ast, (known = new Map<string, Analysis>()));
  let analysis = known.get(key);
  if (analysis === undefined) {
    known.set(key, (analysis = analyzeQuietly(sourceCode, decoded, { filename, root: decoded.root ?? cwd })));
  }
  return analysis;
}

/** JSON has no bigint. */
function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function analyzeQuietly(sourceCode: Readonly<SourceCode>, settings: Settings, location: Location): Analysis {
  const { ast, scopeManager } = sourceCode;
  if (scopeManager === null) return NOTHING;
  return quietly(
    () => analyze(ast, scopeManager, settings, 'handles', hostOf(sourceCode, location)),
    NOTHING,
  );
}
