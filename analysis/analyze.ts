/**
 * The analysis of one file: source, IR, states, findings.
 *
 *     ESTree --lower--> IR --partition--> slices --run--> raw findings --settle--> findings
 *
 * A pure function of the file and the settings; callers cache it (see rules/shared.ts).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import type { Finding } from './finding.ts';
import type { FunctionIr, Node } from './ir/ir.ts';
import { lowerProgram } from './lower/program.ts';
import type { AnalysisSettings } from './settings.ts';
import { settle } from './settle.ts';
import type { Membership } from './solve/activation.ts';
import { BoundReached } from './solve/bounds.ts';
import { Engine } from './solve/engine.ts';
import type { Recorder } from './solve/recorder.ts';

export interface Analysis {
  readonly findings: readonly Finding[];
  /** Functions about which nothing is said, or not all, because a bound was met. */
  readonly givenUp: readonly { readonly fn: FunctionIr; readonly reason: string }[];
}

export function analyze(
  program: TSESTree.Program,
  scopeManager: Scope.ScopeManager,
  settings: AnalysisSettings,
): Analysis {
  const engine = new Engine(lowerProgram(program, scopeManager), settings);
  const recorders: Recorder[] = [];
  const givenUp: { fn: FunctionIr; reason: string }[] = [];
  for (const fn of engine.program.functions) {
    if (fn.givenUp !== null) {
      givenUp.push({ fn, reason: fn.givenUp });
      continue;
    }
    try {
      recorders.push(runWhole(engine, fn, fn.body, () => true));
    } catch (error) {
      if (!(error instanceof BoundReached)) throw error;
      givenUp.push({ fn, reason: error.bound });
    }
  }
  return { findings: settle(recorders), givenUp };
}

function runWhole(engine: Engine, fn: FunctionIr, body: Node, isMember: Membership): Recorder {
  return engine.runOwn(fn, body, isMember);
}
