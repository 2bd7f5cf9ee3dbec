/**
 * The analysis of one file: source, IR, states, findings.
 *
 *     ESTree --lower--> IR --partition--> slices --run--> raw findings --settle--> findings
 *
 * A pure function of the file and the settings; callers cache it (see rules/shared.ts).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { apiTableOf } from './api-tables.ts';
import type { Finding } from './finding.ts';
import { FlowAnalysis } from './groups/flow.ts';
import type { FunctionIr } from './ir/ir.ts';
import { lowerProgram } from './lower/program.ts';
import { NO_HOST } from './settings.ts';
import type { AnalysisSettings, Host } from './settings.ts';
import { settle } from './settle.ts';
import { FunctionSolver, noteScopes } from './solve-function.ts';
import type { SolvedRun } from './solve-function.ts';
import { FIRST_FUNCTION_STEPS, MAX_FUNCTION_STEPS } from './solve/bounds.ts';
import { Engine } from './solve/engine.ts';
import type { Extent } from './solve/engine.ts';
import { runClass } from './solve/lifecycle.ts';
import type { TagProblem } from './ir/tags.ts';
import { canTouchHandles } from './triggers.ts';
import { findUnmodelled } from './unmodelled.ts';
import type { Unmodelled } from './unmodelled.ts';
import type { Recorder } from './solve/recorder.ts';

export interface Analysis {
  readonly findings: readonly Finding[];
  /** Functions that can touch a handle. */
  readonly touching: readonly FunctionIr[];
  /** Functions about which nothing is said, or not all, and why. */
  readonly givenUp: readonly GivenUp[];
  /** The places where values get out of sight because their syntax is not modelled. */
  readonly unmodelled: readonly Unmodelled[];
  /** Tags that say nothing. */
  readonly tagProblems: readonly TagProblem[];
}

export interface GivenUp {
  readonly fn: FunctionIr;
  readonly reason: string;
}

const NOTHING_FOUND: Analysis = { findings: [], touching: [], givenUp: [], unmodelled: [], tagProblems: [] };

export function analyze(
  program: TSESTree.Program,
  scopeManager: Scope.ScopeManager,
  settings: AnalysisSettings,
  extent: Extent = 'handles',
  host: Host = NO_HOST,
): Analysis {
  const apis = apiTableOf(settings);
  if (extent === 'handles' && !canTouchHandles(program, apis, host)) return NOTHING_FOUND;
  const { declarations, nameModule } = host;
  const lowered = lowerProgram(program, scopeManager, nameModule);
  const engine = new Engine(lowered, settings, { apis, extent, declarations });
  const { callees, statics, captures, relevance } = engine;
  const flows = new FlowAnalysis(callees, statics, captures, relevance);
  const recorders: Recorder[] = [];
  /** What is run again for repairs, when all is found. */
  const leaking: SolvedRun[] = [];
  const givenUp: GivenUp[] = [];
  const touching: FunctionIr[] = [];
  /** Whether there is no more to be found with more steps. */
  const solve = (fn: FunctionIr, maxSteps: number): boolean => {
    const { runs: found, reached } = new FunctionSolver(engine, fn, flows.flowOf(fn)).solve(maxSteps);
    if (reached.has('MAX_FUNCTION_STEPS') && maxSteps < MAX_FUNCTION_STEPS) return false;
    recorders.push(...found.map(({ recorder }) => recorder));
    leaking.push(...found.filter(({ recorder }) => recorder.leaks().length > 0));
    for (const reason of reached) givenUp.push({ fn, reason });
    return true;
  };
  const long: FunctionIr[] = [];
  for (const fn of engine.program.functions) {
    if (relevance?.isRelevant(fn) === false && !engine.laterCalls.has(fn.id)) continue;
    touching.push(fn);
    if (fn.givenUp !== null) givenUp.push({ fn, reason: fn.givenUp });
    else if (!solve(fn, FIRST_FUNCTION_STEPS)) long.push(fn);
  }
  for (const fn of long) solve(fn, MAX_FUNCTION_STEPS);
  for (const cls of engine.program.classes) {
    if (engine.relevance?.isRelevantClass(cls.id) !== true) continue;
    engine.startFunction(MAX_FUNCTION_STEPS);
    recorders.push(runClass(engine, cls));
  }
  // What repairs need takes no steps from what is found.
  for (const run of leaking) noteScopes(engine, run);
  const { tags } = engine.program;
  return {
    findings: settle(recorders),
    touching,
    givenUp,
    unmodelled: findUnmodelled(engine.program),
    tagProblems: tags.problems,
  };
}
