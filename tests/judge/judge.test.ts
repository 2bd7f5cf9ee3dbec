/**
 * The rules against the running model, on random programs: the same ones each time, and some that change with
 * the sources, so that a red run can be repeated and the programs still do not grow old.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from '../package/sources.ts';
import { Tally } from './tally.ts';
import { makeProgram, runTrial, shrinkFailure } from './trial.ts';
import type { Trial } from './trial.ts';

const SHRINK_TIME = 20_000;

/** Judges programs of a seed; the first failure is shrunk and told with what repeats it. */
function expectAgreement(seed: number, from: number, to: number): void {
  const tally = new Tally();
  for (let number = from; number < to; number++) tally.add(runTrial(seed, number, {}));
  const smallest = tally.failed.toSorted((a, b) => a.size - b.size)[0];
  if (smallest !== undefined) expect.fail(tellFailure(seed, smallest, tally.failed.length));
  expect(tally.skipped.entries()).toEqual([]);
}

function tellFailure(seed: number, { number, failures }: Trial, count: number): string {
  const failure = failures[0]!;
  const { text, verdict } = shrinkFailure(makeProgram(seed, number, {}), failure, SHRINK_TIME);
  return [
    `${count} programs fail. One of them: npm run judge -- --seed ${seed} --number ${number}`,
    `${failure}, made smaller:`,
    text,
    ...verdict.violations.map(({ kind, lines }) => `ran: ${kind} at ${lines.join(' or ')}`),
    ...verdict.reports.map(({ kind, line }) => `reported: ${kind} at ${line}`),
    ...(verdict.crash === null ? [] : [verdict.crash]),
  ].join('\n');
}

/** Another number for every other content of the engine, the model or the generator. */
function seedOfSources(): number {
  const hash = createHash('sha256');
  for (const folder of ['analysis', 'apis', 'model', 'tests/judge']) {
    for (const file of listFiles(folder, '.ts')) hash.update(file).update(readFileSync(root + file));
  }
  return hash.digest().readUInt32LE() % 1_000_000;
}

describe('the rules and the model agree', () => {
  it.each([1, 2, 3, 4, 5])('on 200 programs of seed %i', (seed) => {
    expectAgreement(seed, 0, 200);
  });

  it('on 300 programs of a seed that depends on the sources', () => {
    expectAgreement(seedOfSources(), 0, 300);
  });
});
