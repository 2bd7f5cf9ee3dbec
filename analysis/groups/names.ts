/**
 * The places of one function that can hold a handle, as integers: temporaries as they are, variables as
 * their complement, and a few that have no name in the source.
 */
import type { LocalId, Temp } from '../ir/ir.ts';

export type Name = number;

export const nameOfTemp = (temp: Temp): Name => temp;
export const nameOfLocal = (local: LocalId): Name => ~local;

/** Above every temporary. */
const SPECIAL = 2 ** 40;
export const THIS: Name = SPECIAL;
export const RESULT: Name = SPECIAL + 1;
/** Exceptions under way. */
export const EXCEPTION: Name = SPECIAL + 2;
