/** The one analysis of a file that all rules share. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { analyze } from '../../analysis/analyze.ts';
import type { Analysis } from '../../analysis/analyze.ts';
import { decodeSettings } from './settings.ts';

/** Keyed by the tree and not by the `SourceCode`, which some linters use again for every file. */
const analyses = new WeakMap<TSESTree.Program, Map<string, Analysis>>();

const NOTHING: Analysis = { findings: [], givenUp: [], unmodelled: [] };

/**
 * Set this environment variable to let an error inside the engine through instead of falling silent about
 * the file: for tests and fuzzing.
 */
const RETHROW = 'HANDLES_RETHROW';

export function analysisOf(
  sourceCode: Readonly<SourceCode>,
  settings: Readonly<Record<string, unknown>>,
): Analysis {
  const decoded = decodeSettings(settings);
  const key = JSON.stringify(settings['handles'] ?? {});
  let known = analyses.get(sourceCode.ast);
  if (known === undefined) analyses.set(sourceCode.ast, (known = new Map<string, Analysis>()));
  let analysis = known.get(key);
  if (analysis === undefined) {
    known.set(key, (analysis = analyzeQuietly(sourceCode, decoded)));
  }
  return analysis;
}

function analyzeQuietly(
  sourceCode: Readonly<SourceCode>,
  settings: ReturnType<typeof decodeSettings>,
): Analysis {
  const { ast, scopeManager } = sourceCode;
  if (scopeManager === null) return NOTHING;
  try {
    return analyze(ast, scopeManager, settings);
  } catch (error) {
    if (process.env[RETHROW] !== undefined) throw error;
    return NOTHING;
  }
}
