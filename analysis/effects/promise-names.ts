/** The functions and methods of promises (ECMA-262 27.2) that the engine itself knows. */
import type { ExternalRef } from '../ir/ir.ts';

const FUNCTIONS = ['all', 'allSettled', 'any', 'race', 'reject', 'resolve', 'try', 'withResolvers'] as const;
const METHODS = ['then', 'catch', 'finally'] as const;

export type PromiseFunction = (typeof FUNCTIONS)[number] | 'constructor';
export type PromiseMethod = (typeof METHODS)[number];

/** What a reference names among the functions of promises; null where it is something else. */
export function promiseFunctionOf({ module, path }: ExternalRef): PromiseFunction | null {
  const [first, name, ...rest] = path;
  if (module !== null || first !== 'Promise' || rest.length > 0) return null;
  return name === undefined ? 'constructor' : (FUNCTIONS.find((each) => each === name) ?? null);
}

export function promiseMethodOf(name: string): PromiseMethod | null {
  return METHODS.find((each) => each === name) ?? null;
}

/** Whether a call by this name may be one of a promise. */
export function isPromiseName(name: string): boolean {
  return promiseMethodOf(name) !== null || FUNCTIONS.some((each) => each === name);
}
