/**
 * The kernel that calls go to: that of the run under way, else one for the whole script.
 *
 * Invariant: runs nest. A run puts its own kernel in place and puts back what was there, so that a program
 * that explores another one keeps its own handles.
 */
import { Course, ordinaryOutcome } from './choices.ts';
import { captureStack } from './frames.ts';
import { Kernel } from './kernel.ts';

/** How many entries `FindNextFile` gives at most, and reads `ReadFile`, unless a run says otherwise. */
export const DEFAULT_MAX_FINDS = 2;

let current = createScriptKernel();

/** A kernel for a script outside every run: all goes well there, and nothing is cut. */
function createScriptKernel(): Kernel {
  return new Kernel({
    course: new Course([], ordinaryOutcome, { maxChoices: Infinity, maxCalls: Infinity }),
    isRecycling: false,
    maxFinds: DEFAULT_MAX_FINDS,
    capture: captureStack,
    isScript: true,
  });
}

/** The kernel that a call goes to, the call counted. Throws `RunCut` if the run has met a bound. */
export function enterKernel(): Kernel {
  current.course.step();
  return current;
}

/** The same, for looking at it: counts nothing and never throws. */
export function currentKernel(): Kernel {
  return current;
}

/** Puts another kernel in place, a fresh one for scripts by default, and returns the one that was there. */
export function replaceKernel(kernel: Kernel = createScriptKernel()): Kernel {
  const previous = current;
  current = kernel;
  return previous;
}
