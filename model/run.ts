/**
 * One run of a program, on a kernel of its own.
 *
 *     decisions --> program on a new kernel --> ending, violations, the decisions that were made
 *
 * Invariant: a run leaves nothing behind. Its handles, its last error and what it recorded are its own.
 */
import {
  Course,
  ModelException,
  ordinaryOutcome,
  type Chooser,
  type Decision,
  type RunBounds,
} from './choices.ts';
import { currentKernel, DEFAULT_MAX_FINDS, replaceKernel } from './current.ts';
import { captureStack, type CapturedStack, type StackCapture, type StackTop } from './frames.ts';
import { Kernel } from './kernel.ts';
import { readViolation, type Violation, type ViolationRecord } from './violations.ts';

/**
 * How a run ended.
 *
 * - `return`: the program returned.
 * - `throw`: an exception left it that it threw itself.
 * - `mayThrow`: an exception of `mayThrow` left it.
 * - `cut`: it met a bound. It is not known what it would have closed, so it is not judged for leaks.
 */
export type Ending = 'return' | 'throw' | 'mayThrow' | 'cut';

/** What every kind of run can be told. */
export interface RunOptions {
  /** Hand out closed values again, as real kernels do. By default no value is used twice, so that every stale use shows. */
  readonly recycling?: boolean;
  /** How many files a search finds at most after the first one, and how many reads a file has. Default: 2. */
  readonly maxFinds?: number;
  /** How many choice points a run may pass before it is cut. Default: 40. */
  readonly maxChoices?: number;
  /** How many calls of the model a run may make before it is cut. Default: 10,000. */
  readonly maxCalls?: number;
  /** How stacks are captured and read; for programs that were compiled or evaluated in a way of their own. */
  readonly captureStack?: StackCapture;
}

/** One run of a program. */
export interface Run {
  readonly violations: readonly Violation[];
  readonly endedBy: Ending;
  /** What left the program, if `endedBy` is `throw` or `mayThrow`. */
  readonly thrown?: unknown;
  /** How the run's choice points went: given to `run` again, they make the same run. */
  readonly decisions: readonly Decision[];
}

/** A run whose violations have not been read. */
export interface RawRun {
  readonly records: readonly ViolationRecord[];
  readonly endedBy: Ending;
  readonly thrown?: unknown;
  readonly decisions: readonly Decision[];
}

/** What decides a run and what is remembered of it. */
export interface RunPlan {
  readonly given: readonly Decision[];
  readonly beyond: Chooser;
  readonly capture: (callee: StackTop, call: number) => CapturedStack;
}

/**
 * Runs a program once and judges it. Choice points go as `decisions` says, and beyond them the ordinary way:
 * acquisitions succeed, `choose` and `FindNextFile` return true, `mayThrow` returns.
 *
 * The program is called without arguments and must be synchronous: a promise as its result is a `TypeError`,
 * because what it does later would happen outside the run. Exceptions of the program do not leave `run`. Throws
 * an `Error` if the program does not come to the choice points that `decisions` was made at.
 */
export function run(
  program: () => unknown,
  options: RunOptions & { readonly decisions?: readonly Decision[] } = {},
): Run {
  const plan = {
    given: options.decisions ?? [],
    beyond: ordinaryOutcome,
    capture: options.captureStack ?? captureStack,
  };
  const { records, ...rest } = runRaw(program, plan, options);
  return { violations: records.map(readViolation), ...rest };
}

/** Does what `run` does, except for reading the stacks. */
export function runRaw(program: () => unknown, plan: RunPlan, options: RunOptions): RawRun {
  const course = new Course(plan.given, plan.beyond, boundsOf(options));
  const kernel = new Kernel({
    course,
    isRecycling: options.recycling ?? false,
    maxFinds: options.maxFinds ?? DEFAULT_MAX_FINDS,
    capture: plan.capture,
  });
  const completion = enterWith(kernel, program);
  if (course.hasStrayed) {
    throw new Error(
      'The program did not come to the same choice points again: it depends on something beside them, ' +
        'such as the time, a random number or a variable that outlives a run.',
    );
  }
  if (course.isCut) return { records: kernel.records, endedBy: 'cut', decisions: course.decisions };
  kernel.recordLeaks();
  return { records: kernel.records, decisions: course.decisions, ...completion };
}

/**
 * Ends a program that runs outside `run` and `explore`: what is still open leaks. Returns all violations since
 * the program began, and begins with an empty handle table. Inside a run it judges what that run has left open
 * so far and returns its violations; the run goes on.
 */
export function endOfProgram(): readonly Violation[] {
  const kernel = currentKernel();
  kernel.recordLeaks();
  if (kernel.isScript) replaceKernel();
  return kernel.records.map(readViolation);
}

/** The violations so far, of the run under way or else of the script. Leaks are not known before the end. */
export function violations(): readonly Violation[] {
  return currentKernel().records.map(readViolation);
}

type Completion =
  { readonly endedBy: 'return' } | { readonly endedBy: 'throw' | 'mayThrow'; readonly thrown: unknown };

function enterWith(kernel: Kernel, program: () => unknown): Completion {
  const previous = replaceKernel(kernel);
  let result: unknown;
  try {
    result = enterModelledProgram(program);
  } catch (thrown) {
    return { endedBy: isModelException(thrown) ? 'mayThrow' : 'throw', thrown };
  } finally {
    replaceKernel(previous);
  }
  if (typeof result === 'object' && result !== null && 'then' in result) {
    throw new TypeError(
      'The program returned a promise. Programs must be synchronous to be run on the model.',
    );
  }
  return { endedBy: 'return' };
}

/** Marks on stacks where the program begins; its name is `ENTRY_NAME`. */
function enterModelledProgram(program: () => unknown): unknown {
  return program();
}

/** Also where a `using` scope failed on its way out of a failure, and both were `mayThrow`'s. */
function isModelException(thrown: unknown): boolean {
  if (thrown instanceof ModelException) return true;
  if (!(thrown instanceof Error) || !('suppressed' in thrown) || !('error' in thrown)) return false;
  return isModelException(thrown.error) && isModelException(thrown.suppressed);
}

function boundsOf(options: RunOptions): RunBounds {
  return { maxChoices: options.maxChoices ?? 40, maxCalls: options.maxCalls ?? 10_000 };
}
