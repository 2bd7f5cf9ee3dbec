/**
 * The libraries that call Win32 functions from TypeScript: koffi, win32-api, ffi-napi, `bun:ffi` and `node:ffi`.
 * Evidence for each line stands in docs/apis/win32.md.
 */
import type { ApiDescription, OperationDescription } from './schema.ts';
import { natives, operations } from './win32-functions.ts';
import type { Operations } from './win32-functions.ts';
import { KINDS } from './win32-kinds.ts';

/* ------------------------------------------------------------------ calls that come back later */

/** `f.async(…, callback)` of koffi and ffi-napi: the callback is told of an error and given the result. */
function withCallback({ effects }: OperationDescription): OperationDescription | null {
  const [first] = effects;
  if (first === undefined || effects.length > 1 || !('to' in first || 'on' in first)) return null;
  if (first.do === 'acquire' && first.to === 'result') {
    return { effects: [{ do: 'call', with: ['error', { acquire: first.kind }] }], throws: 'never' };
  }
  if (first.do !== 'use' && first.do !== 'close') return null;
  return { effects: [first, { do: 'call', with: ['error', 'unknown'] }], throws: 'never' };
}

/** `f_Async(…)` of win32-api: the result comes in a promise. */
function inPromise(operation: OperationDescription): OperationDescription | null {
  const [first] = operation.effects;
  if (first === undefined || operation.effects.length > 1) return null;
  if (first.do === 'acquire' && first.to === 'result') {
    return { effects: [{ ...first, failure: 'throws' }], isAsync: true };
  }
  return first.do === 'use' || first.do === 'close' ? { ...operation, isAsync: true } : null;
}

function variants(known: Operations): Operations {
  const made: Record<string, OperationDescription> = {};
  for (const [name, operation] of Object.entries(known)) {
    const later = withCallback(operation);
    const promised = inPromise(operation);
    if (later !== null) made[`${name}.async`] = later;
    if (promised !== null) made[`${name}_Async`] = promised;
  }
  return made;
}

/* ------------------------------------------------------------------ the bindings */

/** A function that is found by its name or C prototype; koffi may be told the calling convention before. */
const finds: OperationDescription = { effects: [], returns: { native: ['arg0', 'arg1'] } };

/** A loaded library, of whichever binding. Each of its members is the native function of that name. */
const library = {
  methods: {
    ...natives,
    ...variants(natives),
    ...operations(['func', 'cdecl', 'stdcall', 'fastcall', 'thiscall', 'getFunction'], finds),
    ...operations(['unload', 'close'], { effects: [], returns: 'scalar' }),
  },
  properties: { symbols: { type: 'NativeLibrary' }, functions: { type: 'NativeLibrary' } },
  members: 'native',
} as const;

const loads: OperationDescription = { effects: [], returns: { type: 'NativeLibrary' } };

export const win32Native: ApiDescription = {
  modules: ['native', 'koffi', 'win32-api', 'win32-def', 'ffi-napi', 'bun:ffi', 'node:ffi'],
  kinds: KINDS,
  functions: {
    ...natives,
    ...variants(natives),
    // The address of memory is as good as the memory.
    ptr: { effects: [{ do: 'pass', of: 'arg0', to: 'result' }], throws: 'never' },
    ...operations(
      [
        'load',
        'dlopen',
        'linkSymbols',
        'Library',
        ...['Comctl32', 'Gdi32', 'Kernel32', 'Spoolss', 'User32', 'Winspool'].map((dll) => `${dll}.load`),
      ],
      loads,
    ),
  },
  // `NativeLibrary` is a name of this file; koffi 2 and koffi 3 declare the others.
  types: { NativeLibrary: library, IKoffiLib: library, LibraryHandle: library },
};
