/**
 * `npm run robustness`: analyses every source file of the installed packages, all rules on, and prints which
 * fail, which take too long, which functions are given up and why, and every report.
 *
 *     --sample N       only so many of the files
 *     --seed S         which of them (default: 1)
 *     --only TEXT      only files with this in their path
 *     --folder PATH    other files than those of the installed packages
 *     --everything     lowers and solves every function, and not only those that can touch a handle
 *     --everyday       takes everyday functions and methods to open and close handles
 *     --threads N      how many processes (default: one for each processor)
 *     --list N         how many entries to print of each list (default: 20)
 *
 * Ends with 1 if the engine failed on a file or took too long for one.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NODE_MODULES, sample, sourceFiles } from './files.ts';
import type { SurveyOptions } from './survey.ts';
import { MAX_MILLISECONDS, MAX_RATIO } from './survey.ts';
import { Tally } from './tally.ts';
import type { Answer, Task } from './worker.ts';

/** A file for which nothing comes back in this time hangs. */
const HANG = 600_000;
/** In percent of the functions that touch a handle. */
const MAX_GIVEN_UP = 1;

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    folder: { type: 'string', default: NODE_MODULES },
    everything: { type: 'boolean', default: false },
    everyday: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    list: { type: 'string', default: '20' },
  },
});

const folder = resolve(values.folder);
const options: SurveyOptions = {
  extent: values.everything ? 'everything' : 'handles',
  everyday: values.everyday,
};
const start = performance.now();
const tally = new Tally();
await survey(chosenFiles());
print();
if (tally.failed.length > 0 || tally.slow.length > 0) process.exitCode = 1;

function chosenFiles(): string[] {
  const { only } = values;
  const files = sourceFiles(folder).filter((file) => only === undefined || file.includes(only));
  return values.sample === undefined ? files : sample(files, Number(values.sample), Number(values.seed));
}

async function survey(files: readonly string[]): Promise<void> {
  const queue = [...files];
  const workers = Array.from({ length: Math.min(Number(values.threads), queue.length) }, () => work(queue));
  await Promise.all(workers);
}

/** One process after another works off the queue; the next one begins where the last one hung or died. */
async function work(queue: string[]): Promise<void> {
  let worker: ChildProcess | null = null;
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    worker ??= fork(fileURLToPath(new URL('./worker.ts', import.meta.url)));
    const answer = await ask(worker, file);
    tally.add(answer ?? { kind: 'failed', file, error: 'hangs, or ends the process' });
    if (answer === null) {
      worker.kill('SIGKILL');
      worker = null;
    }
  }
  worker?.disconnect();
}

/** null where no answer comes. */
function ask(worker: ChildProcess, file: string): Promise<Answer | null> {
  return new Promise((settle) => {
    const end = (answer: Answer | null): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      settle(answer);
    };
    const timer = setTimeout(end, HANG, null);
    worker.on('message', end);
    worker.on('exit', () => {
      end(null);
    });
    worker.send({ folder, file, options } satisfies Task);
  });
}

function print(): void {
  const { files, parsed, unparsed, failed, slow, triggered, touching, givenUp, reports } = tally;
  const seconds = (performance.now() - start) / 1000;
  console.log(`${files} files, ${parsed} parsed, ${seconds.toFixed(0)} s`);
  console.log(
    `${triggered} files with functions that can touch a handle, ${touching} of these functions, ` +
      `${givenUp} given up (${((100 * givenUp) / Math.max(1, touching)).toFixed(2)} %, at most ${MAX_GIVEN_UP} % wanted)`,
  );
  console.log(
    `CPU: ${(tally.parse / 1000).toFixed(1)} s of parsing, ${(tally.analysis / 1000).toFixed(2)} s of analysis ` +
      `(${((100 * tally.analysis) / tally.parse).toFixed(1)} %)`,
  );
  list('not parsed', unparsed);
  list(
    'given up, by reason',
    tally.reasons.entries().map(([reason, count]) => `${count} ${reason}`),
  );
  list('given up', tally.unmodelledFunctions);
  list('slowest', tally.slowest(Number(values.list)).map(showTime));
  list('reports by rule', countBy(reports.map(({ rule }) => rule)));
  list(
    'reports',
    reports.map(({ rule, place, message }) => `${place} ${rule}: ${message}`),
  );
  list(
    'failed',
    failed.map(({ file, error }) => `${file}\n${error}`),
  );
  list(`over ${MAX_MILLISECONDS} ms and ${MAX_RATIO} times their parsing`, slow.map(showTime));
}

function showTime({ file, parse, analysis }: { file: string; parse: number; analysis: number }): string {
  return `${analysis.toFixed(1)} ms, ${(analysis / parse).toFixed(2)} times its parsing: ${file}`;
}

function countBy(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`);
}

function list(title: string, items: readonly string[]): void {
  if (items.length === 0) return;
  const shown = items.slice(0, Number(values.list));
  const rest = items.length - shown.length;
  console.log(`\n${title}: ${items.length}`);
  for (const item of shown) console.log(`  ${item.slice(0, 600).replaceAll('\n', '\n    ')}`);
  if (rest > 0) console.log(`  … and ${rest} more`);
}
