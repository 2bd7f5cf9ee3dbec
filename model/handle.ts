/**
 * What a program holds: the `HANDLE` type and the values of it that are known before anything runs.
 *
 *     -1            INVALID_HANDLE_VALUE: no handle at all
 *     -2, -3        pseudo-handles: this process, this thread
 *     4, 8, 12 …    values of the handle table (model/kernel.ts hands them out)
 *
 * Invariant: a value of the table is a positive multiple of 4, as it is in Windows, so no value above
 * can be mistaken for one.
 */

/**
 * A handle: a number that stands for an entry of the kernel's handle table while that entry is open.
 * The brand keeps ordinary numbers out; a handle compares with `===` like the number that it is.
 */
export type HANDLE = number & { readonly brand: 'HANDLE' };

/** What `CreateFile` and `FindFirstFile` return when they fail. Using or closing it fails and is no violation. */
export const INVALID_HANDLE_VALUE = -1 as HANDLE;

/** Option of `DuplicateHandle`: the source is closed, whether or not the call succeeds. */
export const DUPLICATE_CLOSE_SOURCE = 1;

/** Option of `DuplicateHandle`: the duplicate may do what the source may. The model grants every access anyway. */
export const DUPLICATE_SAME_ACCESS = 2;

/**
 * The pseudo-handle of this process. In Windows it is -1, the same number as `INVALID_HANDLE_VALUE`; the
 * model keeps the two apart, so that a failure passed where a process is wanted does not pass for one.
 */
export const CURRENT_PROCESS = -2 as HANDLE;

/** The pseudo-handle of this thread (-2 in Windows, where -3 is free). */
export const CURRENT_THREAD = -3 as HANDLE;
