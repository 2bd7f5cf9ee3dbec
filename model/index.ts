/**
 * The runtime model: a kernel's handle table that programs can run against.
 *
 *     program --calls--> api --> kernel: handle table, counted objects --records--> violations
 *        ^                         |
 *        '------- run, explore ----'  decide how choice points go, and judge
 *
 * It stands alone: no dependency, nothing of the plugin.
 */
export {
  choose,
  CloseHandle,
  CreateEvent,
  CreateFile,
  CreateThread,
  DeviceIoControl,
  DuplicateHandle,
  ExitThread,
  FindClose,
  FindFirstFile,
  FindNextFile,
  GetCurrentProcess,
  GetCurrentThread,
  GetLastError,
  mayThrow,
  queryObject,
  ReadFile,
  TerminateThread,
  WriteFile,
} from './api.ts';
export { ModelException, RunCut, type ChoicePoint, type Decision } from './choices.ts';
export {
  explore,
  sample,
  type Exploration,
  type ExploredViolation,
  type ExploreOptions,
  type SampleOptions,
} from './explore.ts';
export {
  captureStack,
  holdStack,
  type CapturedStack,
  type Frame,
  type StackCapture,
  type StackTop,
} from './frames.ts';
export {
  DUPLICATE_CLOSE_SOURCE,
  DUPLICATE_SAME_ACCESS,
  INVALID_HANDLE_VALUE,
  type HANDLE,
} from './handle.ts';
export type { HandleArgument } from './kernel.ts';
export type { ObjectKind, ObjectState } from './objects.ts';
export { endOfProgram, run, violations, type Ending, type Run, type RunOptions } from './run.ts';
export type { Violation, ViolationKind } from './violations.ts';
