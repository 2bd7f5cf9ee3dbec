/**
 * What a run can do wrong with a handle.
 *
 *            acquire          close
 *     (none) -------> open ----------> closed
 *                      |                  |-- use:           useAfterClose, and the handle stays closed
 *                      |                  '-- close:         doubleClose   | after either of these two,
 *                      |-- wrong closer:  mismatchedClose, and it stays open | no more about this handle
 *                      '-- end of run:    leakedHandle, leakedDuplicate
 *
 * Invariant: a run records each kind at most once for a handle, and nothing about a handle after its
 * double or mismatched close: what follows the first wrong close only repeats it.
 */
import type { CapturedStack, Frame } from './frames.ts';
import type { HANDLE } from './handle.ts';

/**
 * - `leakedHandle`: open when the program ended.
 * - `leakedDuplicate`: the same, of a handle that `DuplicateHandle` made.
 * - `doubleClose`: closed after it was closed, by whatever function.
 * - `useAfterClose`: used, duplicated, or given as a process after it was closed.
 * - `mismatchedClose`: closed by the function of another kind of handle while it was open.
 */
export type ViolationKind =
  'leakedHandle' | 'leakedDuplicate' | 'doubleClose' | 'useAfterClose' | 'mismatchedClose';

/** A violation that a run showed. */
export interface Violation {
  readonly kind: ViolationKind;
  /** The handle's value. */
  readonly handle: HANDLE;
  /** The stack of the call that violated, innermost first; for a leak, which no call commits, that of `acquired`. */
  readonly frames: readonly Frame[];
  /** The stack of the call that acquired the handle, innermost first. */
  readonly acquired: readonly Frame[];
  /** The stack of the earlier close, where there was one. */
  readonly closedAt?: readonly Frame[];
  /** True if some call on `frames` is not written in the source (see `Frame.isImplicit`). */
  readonly isImplicit: boolean;
}

/** A violation as the kernel records it: its stacks have been captured and not read. */
export interface ViolationRecord {
  readonly kind: ViolationKind;
  readonly handle: HANDLE;
  readonly at: CapturedStack;
  readonly acquired: CapturedStack;
  readonly closed: CapturedStack | null;
}

/** Reads the stacks of a record. */
export function readViolation(record: ViolationRecord): Violation {
  const frames = record.at.frames;
  return {
    kind: record.kind,
    handle: record.handle,
    frames,
    acquired: record.acquired.frames,
    ...(record.closed !== null && { closedAt: record.closed.frames }),
    isImplicit: frames.some((frame) => frame.isImplicit === true),
  };
}
