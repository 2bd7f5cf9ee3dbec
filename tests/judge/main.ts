/**
 * `npm run judge -- --n 20000 --seed 1`: judges that many random programs and prints where the rules and the
 * model disagree, by kind and by feature, with small programs for each.
 *
 *     --n N              how many programs (default: 2,000)
 *     --seed S           where random numbers begin (default: 1)
 *     --without a,b      switches features off
 *     --only a,b         switches all features off but these
 *     --favour a,b       makes these features likelier
 *     --number N         prints and judges one program
 *     --examples N       how many programs to shrink for each kind of failure (default: 3)
 *     --save FOLDER      writes these programs into a folder
 *     --threads N        how many threads (default: one for each processor)
 *
 * Ends with 1 if there was a disagreement, or if the generator itself is out of its bounds.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { judge } from './compare.ts';
import { FEATURES } from './generator/features.ts';
import type { Feature } from './generator/features.ts';
import { printProgram } from './generator/print.ts';
import { complaints } from './quotas.ts';
import { Tally } from './tally.ts';
import { failuresOf, makeProgram } from './trial.ts';
import type { Trial } from './trial.ts';
import type { Answer, Task } from './worker.ts';

const BATCH = 50;
const SHRINK_TIME = 20_000;

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    without: { type: 'string', default: '' },
    only: { type: 'string' },
    favour: { type: 'string', default: '' },
    number: { type: 'string' },
    examples: { type: 'string', default: '3' },
    save: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const seed = Number(values.seed);
const without =
  values.only === undefined
    ? parseFeatures(values.without)
    : FEATURES.filter((feature) => !parseFeatures(values.only ?? '').includes(feature));
const options = { without, favoured: parseFeatures(values.favour) };

function parseFeatures(list: string): Feature[] {
  return list
    .split(',')
    .filter((each) => each !== '')
    .map((each) => {
      const feature = FEATURES.find((known) => known === each);
      if (feature === undefined) throw new Error(`No feature '${each}'. There are ${FEATURES.join(', ')}.`);
      return feature;
    });
}

if (values.number === undefined) await judgeMany(Number(values.n));
else judgeOne(Number(values.number));

function judgeOne(number: number): void {
  const text = printProgram(makeProgram(seed, number, options));
  const verdict = judge(text);
  console.log(text);
  console.log(
    verdict.violations.map(({ kind, lines }) => `ran: ${kind} at ${lines.join(' or ')}`).join('\n'),
  );
  console.log(verdict.reports.map(({ kind, line }) => `reported: ${kind} at ${line}`).join('\n'));
  console.log(`failures: ${failuresOf(verdict).join(', ') || 'none'}`);
}

async function judgeMany(count: number): Promise<void> {
  const start = performance.now();
  const tally = new Tally();
  const tasks: Task[] = [];
  for (let from = 0; from < count; from += BATCH) {
    tasks.push({ kind: 'trials', seed, from, to: Math.min(from + BATCH, count), options });
  }
  await work(tasks, (answer) => {
    if (answer.kind === 'trials')
      answer.trials.forEach((trial) => {
        tally.add(trial);
      });
  });
  printTally(tally, (performance.now() - start) / 1000);
  await printFailures(tally);
  const complaintsNow = complaints(tally, without);
  for (const complaint of complaintsNow) console.log(`The generator: ${complaint}`);
  if (tally.failed.length > 0 || complaintsNow.length > 0) process.exitCode = 1;
}

async function work(tasks: Task[], take: (answer: Answer) => void): Promise<void> {
  const queue = [...tasks];
  const threads = Math.min(Number(values.threads), queue.length);
  await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL('./worker.ts', import.meta.url));
          const next = (): void => {
            const task = queue.shift();
            if (task === undefined)
              void worker.terminate().then(() => {
                resolve();
              });
            else worker.postMessage(task);
          };
          worker.on('message', (answer: Answer) => {
            take(answer);
            next();
          });
          worker.on('error', reject);
          next();
        }),
    ),
  );
}

function printTally(tally: Tally, seconds: number): void {
  const share = (part: number): string => `${((100 * part) / tally.count).toFixed(1)} %`;
  const table = (entries: readonly (readonly [string, number])[]): string =>
    entries.map(([key, count]) => `  ${String(count).padStart(7)}  ${key}`).join('\n');
  console.log(`${tally.count} programs, seed ${seed}, ${seconds.toFixed(0)} s`);
  if (without.length > 0) console.log(`without ${without.join(', ')}`);
  console.log(
    `clean ${share(tally.clean)}, bounded ${share(tally.bounded)}, skipped ${share(tally.skipped.sum)}, ` +
      `${(tally.size / tally.count).toFixed(1)} statements on average`,
  );
  console.log(
    `repairs: ${
      tally.repairs
        .entries()
        .map(([what, count]) => `${count} ${what}`)
        .join(', ') || 'none'
    }`,
  );
  console.log(
    `analyze(): median ${tally.time(0.5).toFixed(2)} ms, p99 ${tally.time(0.99).toFixed(1)} ms, ` +
      `max ${tally.time(1).toFixed(1)} ms (--number ${tally.slowest?.number ?? 0})`,
  );
  console.log(`violations, programs with each kind:\n${table(tally.violations.entries())}`);
  console.log(`rarest pairs of features:\n${table(tally.rarestPairs(without).slice(0, 10))}`);
  if (tally.skipped.sum > 0) console.log(`skipped:\n${table(tally.skipped.entries())}`);
  if (tally.givenUp.sum > 0) console.log(`given up:\n${table(tally.givenUp.entries())}`);
  console.log(
    tally.failed.length === 0
      ? 'no misses and no false alarms'
      : `programs that fail: ${tally.failed.length}\n${table(tally.failures.entries())}`,
  );
  if (tally.failed.length === 0) return;
  console.log('failing programs with each feature, of all that have it:');
  for (const [feature, failing] of tally.failuresByFeature.entries())
    console.log(
      `  ${String(failing).padStart(7)}  of ${String(tally.features.get(feature)).padStart(6)}  ${feature}`,
    );
}

async function printFailures(tally: Tally): Promise<void> {
  const tasks: Task[] = [];
  for (const [failure] of tally.failures.entries()) {
    const failing = tally.failed.filter(({ failures }) => failures.includes(failure));
    // Small programs are shrunk faster.
    const chosen: Trial[] = failing.toSorted((a, b) => a.size - b.size).slice(0, Number(values.examples));
    for (const { number } of chosen)
      tasks.push({ kind: 'shrink', seed, number, failure, milliseconds: SHRINK_TIME, options });
  }
  const shrunk: Extract<Answer, { kind: 'shrink' }>[] = [];
  await work(tasks, (answer) => {
    if (answer.kind === 'shrink') shrunk.push(answer);
  });
  shrunk.sort((a, b) => (a.failure === b.failure ? a.size - b.size : a.failure < b.failure ? -1 : 1));
  if (values.save !== undefined) mkdirSync(values.save, { recursive: true });
  for (const { failure, number, text, details } of shrunk) {
    const about = [`${failure}, --seed ${seed} --number ${number}`, ...details].map((line) => `// ${line}`);
    console.log(`\n${about.join('\n')}\n${text}`);
    if (values.save !== undefined) {
      const file = `${values.save}/${failure.replaceAll(' ', '-')}-${seed}-${number}.ts`;
      writeFileSync(file, `${text}\n${about.join('\n')}\n`);
    }
  }
}
