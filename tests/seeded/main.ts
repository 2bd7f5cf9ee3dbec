/**
 * `npm run seeded -- --n 100 --seed 1`: puts that many faults into programs, one at a time, and prints which are
 * reported on the right line, by API and by mutation, with each miss and each report that has nothing to do with
 * the fault.
 *
 *     --n N          how many faults (default: 100)
 *     --seed S       which ones (default: 1)
 *     --all          all of them
 *     --list         prints the faults and lints nothing, for looking through
 *     --only TEXT    those of sources with this text in their names
 *
 * Ends with 1 where fewer than four of five are reported, or a report came, moved or went beside the fault.
 */
import { parseArgs } from 'node:util';
import { draw } from './draw.ts';
import { MUTATIONS } from './mutations.ts';
import { mediabunny, programs } from './sources.ts';
import { baseline, tryOut } from './trial.ts';
import type { Trial } from './trial.ts';

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});

const sources = [...programs(), ...mediabunny()].filter(({ name }) => name.includes(values.only));
const faults = draw(sources, values.all ? Number.MAX_SAFE_INTEGER : Number(values.n), Number(values.seed));

if (values.list) {
  for (const { source, mutation } of faults) {
    const line = source.text.split('\n')[mutation.line - 1]?.trim() ?? '';
    console.log(`${source.path}:${mutation.line} ${mutation.name}: ${line}`);
    console.log(`    wanted ${mutation.wanted.join(' or ')}`);
  }
} else {
  const trials = faults.map(({ source, mutation }) => tryOut(source, mutation));
  printTable(trials);
  for (const each of sources) {
    for (const { rule, line, message } of baseline(each)) {
      console.log(`untouched: ${each.path}:${line} ${rule} ${message}`);
    }
  }
  for (const { source, mutation, isCaught, extras } of trials) {
    const place = `${source.path}:${mutation.line} ${mutation.name}`;
    if (!isCaught) console.log(`missed: ${place}, wanted ${mutation.wanted.join(' or ')}`);
    for (const extra of extras) console.log(`beside: ${place}\n    ${extra}`);
  }
  const isGood = caught(trials) >= 0.8 * trials.length && trials.every(({ extras }) => extras.length === 0);
  if (!isGood) process.exitCode = 1;
}

function caught(trials: readonly Trial[]): number {
  return trials.filter(({ isCaught }) => isCaught).length;
}

function printTable(trials: readonly Trial[]): void {
  const apis = [...new Set(sources.map(({ api }) => api))];
  const cell = (some: readonly Trial[]): string =>
    some.length === 0 ? '' : `${caught(some)} of ${some.length}`;
  console.log(['', ...MUTATIONS, 'all', 'beside'].map((title) => title.padEnd(17)).join(''));
  for (const api of [...apis, 'all']) {
    const row = trials.filter(({ source }) => api === 'all' || source.api === api);
    const cells = MUTATIONS.map((name) => cell(row.filter(({ mutation }) => mutation.name === name)));
    const beside = row.filter(({ extras }) => extras.length > 0).length;
    console.log([api, ...cells, cell(row), String(beside)].map((text) => text.padEnd(17)).join(''));
  }
}
