/** Solved group by group, a function has the findings that it has as a whole. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../analysis/solve/activation.ts';
import { FlowAnalysis } from '../../../analysis/groups/flow.ts';
import { groupsOf } from '../../../analysis/groups/partition.ts';
import { Slicer } from '../../../analysis/groups/slice.ts';
import type { FunctionIr } from '../../../analysis/ir/ir.ts';
import type { AnalysisSettings } from '../../../analysis/settings.ts';
import type { Engine } from '../../../analysis/solve/engine.ts';
import type { Recorder } from '../../../analysis/solve/recorder.ts';
import { printProgram } from '../../judge/generator/print.ts';
import { makeProgram } from '../../judge/trial.ts';
import { engineFor } from '../solve/show.ts';

const SEED = 11;

const folder = new URL('../../fixtures/', import.meta.url);
const fixtures = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('pending'))
  .sort();

/** What a slice does not see as its own, and why. */
const disagreeing: Readonly<Record<string, string>> = {
  'callbacks/collected-by-closure.ts': 'only a closure writes the variable',
  'closures/assigns.ts': 'only a closure writes the variable',
  'apis/quickjs-emscripten/binary.ts':
    'the call of a callback is no member, so what it makes is a stranger’s',
};

const told = (recorders: readonly Recorder[]): string[] =>
  [
    ...new Set(
      recorders.flatMap((recorder) => [
        ...[...recorder.findings.values()].map(({ kind, site }) => `${kind} ${site.node.range.join('-')}`),
        ...recorder.standing().map(({ passed }) => `passedOriginal ${passed.site.node.range.join('-')}`),
      ]),
    ),
  ].sort();

const solveWhole = (engine: Engine, fn: FunctionIr): Recorder => engine.runOwn(fn, fn.body, EVERYTHING);

function solveGroups(engine: Engine, flows: FlowAnalysis, fn: FunctionIr): Recorder[] {
  const flow = flows.flowOf(fn);
  const slicer = new Slicer(fn, flow, engine.callees, engine.settings.exceptions === 'all');
  return groupsOf(flow, engine.laterCalls.ownedBy(fn)).map((group) => {
    const slice = slicer.slice(group);
    return engine.runOwn(fn, slice.body, slice);
  });
}

/** Each function's findings, solved in groups and as a whole. */
function solveBoth(source: string, exceptions: AnalysisSettings['exceptions']): void {
  const engine = engineFor(source, { exceptions });
  const { callees, statics, captures, program } = engine;
  const flows = new FlowAnalysis(callees, statics, captures);
  for (const fn of program.functions) {
    if (fn.givenUp !== null) continue;
    const groups = solveGroups(engine, flows, fn);
    // What a call on a dead handle came to decides for all of them: then they are solved as one.
    if (groups.some(({ isCoupled }) => isCoupled)) continue;
    expect({ [fn.name]: told(groups) }).toEqual({ [fn.name]: told([solveWhole(engine, fn)]) });
  }
}

describe.each(['handled', 'all', 'none'] as const)('where exceptions count as %s', (exceptions) => {
  for (const name of fixtures) {
    const reason = disagreeing[name];
    if (reason !== undefined) it.todo(`${name}: ${reason}`);
    else it(name, () => solveBoth(readFileSync(new URL(name, folder), 'utf8'), exceptions));
  }

  it('random programs', () => {
    for (let number = 0; number < 60; number++) {
      const source = printProgram(makeProgram(SEED, number, {}));
      try {
        solveBoth(source, exceptions);
      } catch (error) {
        throw new Error(source, { cause: error });
      }
    }
  });
});
