/**
 * The functions that a program calls, named and shaped like those of Windows. They are thin: what they mean
 * for handles is in the kernel (model/kernel.ts); here stand the results that each gives and how it fails.
 *
 * Invariants: none throws but `mayThrow`, save that a run which meets a bound is cut by an exception in the
 * middle of any of them. A function passes itself to the kernel, so that stacks begin at its caller.
 */
import { ModelException } from './choices.ts';
import { currentKernel, enterKernel } from './current.ts';
import { CURRENT_PROCESS, CURRENT_THREAD, INVALID_HANDLE_VALUE, type HANDLE } from './handle.ts';
import { LastError, type HandleArgument } from './kernel.ts';
import type { ObjectState } from './objects.ts';

/**
 * Opens a file or device; each call opens a new object, whatever the name. Closed by `CloseHandle`.
 * A choice point: on failure it returns `INVALID_HANDLE_VALUE` and the last error is 2 (file not found).
 */
export function CreateFile(_name: string): HANDLE {
  return enterKernel().acquire('file', 'CreateFile', CreateFile) ?? INVALID_HANDLE_VALUE;
}

/**
 * Makes an event. Closed by `CloseHandle`.
 * A choice point: on failure it returns null and the last error is 8 (not enough memory).
 */
export function CreateEvent(): HANDLE | null {
  return enterKernel().acquire('event', 'CreateEvent', CreateEvent);
}

/**
 * Starts a thread, which keeps its own object alive until it ends (`ExitThread`, `TerminateThread`), also
 * after its last handle is closed. Nothing runs in it. Closed by `CloseHandle`, which does not end it.
 * A choice point: on failure it returns null and the last error is 8 (not enough memory).
 */
export function CreateThread(): HANDLE | null {
  return enterKernel().acquire('thread', 'CreateThread', CreateThread);
}

/**
 * Makes another handle to the object behind `source` and writes it to `out[0]`. The source stays open and is
 * still to be closed, unless `options` has `DUPLICATE_CLOSE_SOURCE`: then it is closed whether or not the call
 * succeeds. A duplicate made into a process other than this one is not this program's: the value written is
 * of that process's table, means nothing here and need not be closed. As programs have no other way to name
 * another process, any open handle that is not one of this process stands for one as the target.
 *
 * A choice point if all arguments are good. It returns false and leaves `out` alone if it fails, with the last
 * error 8 (not enough memory), or 6 (invalid handle) if an argument is no open handle or `source` is a search.
 * Each closed argument is a use after close.
 */
export function DuplicateHandle(
  sourceProcess: HandleArgument,
  source: HandleArgument,
  targetProcess: HandleArgument,
  out: [HANDLE | null],
  _access: number,
  _inherit: boolean,
  options: number,
): boolean {
  const kernel = enterKernel();
  return kernel.duplicate(sourceProcess, source, targetProcess, out, options, DuplicateHandle);
}

/**
 * Closes a handle at once; the object lives on while others refer to it. Returns true for an open handle and
 * for pseudo-handles, of which nothing is closed. Returns false, with the last error 6 (invalid handle), for
 * what is no handle, for a closed one (a double close) and for one that `FindFirstFile` gave (a mismatched
 * close, which leaves it open).
 */
export function CloseHandle(handle: HandleArgument): boolean {
  return enterKernel().close(handle, 'CloseHandle', CloseHandle);
}

/**
 * Uses a handle: true for every open one, of whatever kind. False, with the last error 6 (invalid handle), for
 * what is no handle and for a closed one (a use after close).
 */
export function DeviceIoControl(handle: HandleArgument, _code: number): boolean {
  return enterKernel().use(handle, DeviceIoControl) !== null;
}

/**
 * Uses a handle: returns how many bytes were read, -1 if it failed, with the last error 6 (invalid handle), on
 * what is no handle or a closed one (a use after close). `buffer` is filled at each of the first reads of an
 * object (as many as the run's `maxFinds`); then its end is reached and 0 is returned.
 */
export function ReadFile(handle: HandleArgument, buffer: Uint8Array): number {
  const kernel = enterKernel();
  const object = kernel.use(handle, ReadFile);
  if (object === null) return -1;
  return object.reads++ < kernel.maxFinds ? buffer.length : 0;
}

/**
 * Uses a handle: returns how much was written, the length of `data`; -1 if it failed, with the last error 6
 * (invalid handle), on what is no handle or a closed one (a use after close).
 */
export function WriteFile(handle: HandleArgument, data: Uint8Array | string): number {
  return enterKernel().use(handle, WriteFile) === null ? -1 : data.length;
}

/**
 * Opens a search. Closed by `FindClose`, not by `CloseHandle`.
 * A choice point: on failure it returns `INVALID_HANDLE_VALUE` and the last error is 2 (file not found).
 */
export function FindFirstFile(_pattern: string): HANDLE {
  return enterKernel().acquire('find', 'FindFirstFile', FindFirstFile) ?? INVALID_HANDLE_VALUE;
}

/**
 * Uses a search: true if it found another file. A choice point on an open search, until it has found as many
 * as the run's `maxFinds` or has returned false once; from then on it returns false, with the last error 18 (no
 * more files). False, with the last error 6 (invalid handle), on an open handle that is no search, on what is no
 * handle, and on a closed one (a use after close).
 */
export function FindNextFile(handle: HandleArgument): boolean {
  const kernel = enterKernel();
  const object = kernel.use(handle, FindNextFile);
  if (object === null) return false;
  if (object.kind !== 'find') {
    kernel.lastError = LastError.invalidHandle;
    return false;
  }
  if (object.finds < kernel.maxFinds) {
    object.finds++;
    if (kernel.course.decide('FindNextFile')) return true;
    object.finds = kernel.maxFinds;
  }
  kernel.lastError = LastError.noMoreFiles;
  return false;
}

/** Closes a search. Like `CloseHandle` with the kinds exchanged: a mismatched close of all that is no search. */
export function FindClose(handle: HandleArgument): boolean {
  return enterKernel().close(handle, 'FindClose', FindClose);
}

/** The pseudo-handle of this process: it needs no close. A duplicate of it is a real handle. */
export function GetCurrentProcess(): HANDLE {
  return CURRENT_PROCESS;
}

/** The pseudo-handle of this thread: it needs no close. A duplicate of it is a real handle. */
export function GetCurrentThread(): HANDLE {
  return CURRENT_THREAD;
}

/** Why the last call that failed did so, as one of Windows' numbers. Calls that succeed leave it alone. */
export function GetLastError(): number {
  return currentKernel().lastError;
}

/**
 * The thread ends by itself and refers to its object no longer. In Windows a thread calls this inside; here it
 * is told by a handle which one does, open or closed: that is a name and no use. False if it names no thread.
 */
export function ExitThread(thread: HandleArgument, code: number): boolean {
  const object = enterKernel().look(thread);
  if (object?.kind !== 'thread') return false;
  object.exit(code);
  return true;
}

/**
 * Uses a handle: ends the thread behind it, which then refers to its object no longer; the handle stays open.
 * False, with the last error 6 (invalid handle), for what is no thread and for a closed handle (a use after close).
 */
export function TerminateThread(handle: HandleArgument, code: number): boolean {
  const kernel = enterKernel();
  const object = kernel.use(handle, TerminateThread);
  if (object === null) return false;
  if (object.kind !== 'thread') {
    kernel.lastError = LastError.invalidHandle;
    return false;
  }
  object.exit(code);
  return true;
}

/** A choice point that the program reads as a condition. Never throws. */
export function choose(): boolean {
  return enterKernel().course.decide('choose');
}

/** A choice point that stands for any call that can fail: returns, or throws a `ModelException`. */
export function mayThrow(): void {
  if (enterKernel().course.decide('mayThrow')) throw new ModelException();
}

/**
 * Looks at the object behind a handle without using it: its kind, its handles and references. A closed handle
 * still names the object that it stood for, and a recycled value names the new one. Null for what is no handle.
 */
export function queryObject(handle: HandleArgument): ObjectState | null {
  return currentKernel().look(handle)?.state() ?? null;
}
