/** Runs the trials of one thread, and later shrinks what it is given. */
import { parentPort } from 'node:worker_threads';
import type { GeneratorOptions } from './generator/program.ts';
import { makeProgram, runTrial, shrinkFailure } from './trial.ts';
import type { FailureName, Shrunk, Trial } from './trial.ts';

export type Task =
  | {
      readonly kind: 'trials';
      readonly seed: number;
      readonly from: number;
      readonly to: number;
      readonly options: GeneratorOptions;
    }
  | {
      readonly kind: 'shrink';
      readonly seed: number;
      readonly number: number;
      readonly failure: FailureName;
      readonly milliseconds: number;
      readonly options: GeneratorOptions;
    };

export type Answer =
  | { readonly kind: 'trials'; readonly trials: readonly Trial[] }
  | {
      readonly kind: 'shrink';
      readonly number: number;
      readonly failure: FailureName;
      readonly text: string;
      readonly size: number;
      readonly details: readonly string[];
    };

parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(perform(task));
});

function perform(task: Task): Answer {
  const { seed, options } = task;
  if (task.kind === 'trials') {
    const trials: Trial[] = [];
    for (let number = task.from; number < task.to; number++) trials.push(runTrial(seed, number, options));
    return { kind: 'trials', trials };
  }
  const { number, failure, milliseconds } = task;
  const shrunk = shrinkFailure(makeProgram(seed, number, options), failure, milliseconds);
  const { text, size } = shrunk;
  return { kind: 'shrink', number, failure, text, size, details: describe(shrunk) };
}

/** What was expected of the rules and what they said. */
function describe({ verdict }: Shrunk): string[] {
  const { violations, reports, misses, falseAlarms, crash } = verdict;
  const list = <T>(items: readonly T[], show: (item: T) => string): string =>
    items.length === 0 ? 'nothing' : items.map(show).join('; ');
  const showViolation = ({ kind, lines }: (typeof violations)[number]): string =>
    `${kind} at ${lines.join(' or ')}`;
  const showReport = ({ kind, line }: (typeof reports)[number]): string => `${kind} at ${line}`;
  return [
    `ran: ${list(violations, showViolation)}`,
    `reported: ${list(reports, showReport)}`,
    ...misses.map(
      (miss) =>
        `missed: ${showViolation(miss)} (${miss.decisions.map(({ at, outcome }) => `${at} ${outcome}`).join(', ')})`,
    ),
    ...falseAlarms.map((report) => `false alarm: ${showReport(report)}`),
    ...(crash === null ? [] : [`crash: ${crash}`]),
  ];
}
