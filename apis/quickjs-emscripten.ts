/**
 * Handles of quickjs-emscripten: contexts, runtimes and scopes, and the values inside a context.
 * Evidence for each line stands in docs/apis/quickjs-emscripten.md.
 *
 * What runs code gives a result, `{ value }` or `{ error }`: a handle to dispose either way, by itself or through
 * the result.
 */
import type { ApiDescription, Effect, OperationDescription } from './schema.ts';

const use = (on: string): Effect => ({ do: 'use', on });
const keep = (on: string): Effect => ({ do: 'keep', on });
const acquire = (kind: string, to = 'result'): Effect => ({ do: 'acquire', to, kind, failure: 'throws' });

const HANDLE = 'QuickJSHandle';

/**
 * Reads handles. What may be no handle at all (a property key, an argument that is left out) comes last:
 * there a call that needs a handle ends.
 */
const reads = (...places: string[]): OperationDescription => ({
  effects: ['this', ...places].map(use),
  throws: 'never',
});

/** Makes a handle out of what it reads; `optional` may be no handle. */
const makes = (kind: string, places: string[] = [], optional: string[] = []): OperationDescription => ({
  effects: [...['this', ...places].map(use), acquire(kind), ...optional.map(use)],
  throws: 'never',
});

/** Runs code in the context; whatever that throws is in the result. */
const runs = (places: string[], optional: string[] = []): OperationDescription => ({
  effects: [
    ...['this', ...places].map(use),
    {
      do: 'either',
      ways: [[acquire(HANDLE, 'result.value')], [acquire(HANDLE, 'result.error')]],
    },
    ...optional.map(use),
  ],
  returns: { type: 'DisposableResult' },
  throws: 'never',
});

/** Takes the value out of a result. An error is disposed of, and thrown as an exception of the host. */
const unwraps = (result: 'this' | 'arg0'): readonly Effect[] => [
  { do: 'take', on: `${result}.error` },
  { do: 'throwIf', on: `${result}.error` },
  { do: 'pass', of: `${result}.value`, to: 'result' },
];

/** Gives a result whose value is no handle that must be disposed: there is nothing to unwrap. */
const runsWithoutHandle = (...places: string[]): OperationDescription => ({
  effects: [...['this', ...places].map(use), { do: 'pass', of: 'result', to: 'result' }],
  throws: 'never',
});

/** Stores functions and options that may be called or read at any time. */
const stores = (...places: string[]): OperationDescription => ({
  effects: [use('this'), ...places.map(keep)],
  throws: 'never',
});

const opens = (kind: string): OperationDescription => ({ effects: [acquire(kind)] });

const disposal: OperationDescription = {
  effects: [{ do: 'close', on: 'this' }],
  returns: 'scalar',
  throws: 'never',
};
const disposable = { dispose: disposal, '@@dispose': disposal };
const closers = ['dispose', '@@dispose'];

const someHandle = { type: HANDLE };
/** Such a handle lives as long as the context: its duplicate is the handle itself, and disposing of it does nothing. */
const staticHandle = { lend: 'Static' };
const alive = { tells: 'open', equals: true } as const;

/** The guest calls a host function with handles that are gone when it has returned. */
const makesFunction: OperationDescription = {
  effects: [
    use('this'),
    acquire(HANDLE),
    { do: 'call', later: true, with: Array.from({ length: 5 }, () => ({ lend: HANDLE })) },
  ],
  throws: 'never',
};

const contextMethods: Readonly<Record<string, OperationDescription>> = {
  ...disposable,
  newNumber: makes(HANDLE),
  newString: makes(HANDLE),
  newUniqueSymbol: makes(HANDLE),
  newSymbolFor: makes(HANDLE),
  getWellKnownSymbol: makes(HANDLE),
  newBigInt: makes(HANDLE),
  newObject: makes(HANDLE, [], ['arg0']),
  newArray: makes(HANDLE),
  newArrayBuffer: makes(HANDLE),
  newError: makes(HANDLE),
  newFunction: makesFunction,
  newConstructorFunction: makesFunction,
  newFunctionWithOptions: makesFunction,
  newPromise: { ...stores('arg0'), returns: { type: 'QuickJSDeferredPromise' } },
  getProp: makes(HANDLE, ['arg0'], ['arg1']),
  setProp: reads('arg0', 'arg2', 'arg1'),
  defineProp: reads('arg0', 'arg2.value', 'arg1'),
  getLength: reads('arg0'),
  typeof: reads('arg0'),
  getNumber: reads('arg0'),
  getString: reads('arg0'),
  getSymbol: reads('arg0'),
  getBigInt: reads('arg0'),
  dump: reads('arg0'),
  eq: reads('arg0', 'arg1'),
  sameValue: reads('arg0', 'arg1'),
  sameValueZero: reads('arg0', 'arg1'),
  getArrayBuffer: makes('Lifetime', ['arg0']),
  encodeBinaryJSON: makes(HANDLE, ['arg0']),
  decodeBinaryJSON: makes(HANDLE, ['arg0']),
  evalCode: runs([]),
  callFunction: runs(['arg0', 'arg1'], ['arg2[*]', 'arg2', 'arg3', 'arg4', 'arg5', 'arg6', 'arg7']),
  callMethod: runs(['arg0'], ['arg2[*]', 'arg1']),
  // May give back what it was given.
  getPromiseState: { effects: [use('this'), use('arg0'), keep('arg0')], throws: 'never' },
  resolvePromise: { ...runs(['arg0']), isAsync: true },
  getOwnPropertyNames: runsWithoutHandle('arg0'),
  getIterator: runsWithoutHandle('arg0'),
  unwrapResult: { effects: [use('this'), ...unwraps('arg0')], returns: someHandle, throws: 'never' },
};

const contextProperties = {
  alive,
  undefined: staticHandle,
  null: staticHandle,
  true: staticHandle,
  false: staticHandle,
  global: staticHandle,
};

const runtimeMethods: Readonly<Record<string, OperationDescription>> = {
  ...disposable,
  setModuleLoader: stores('arg0', 'arg1'),
  removeModuleLoader: reads(),
  setInterruptHandler: stores('arg0'),
  removeInterruptHandler: reads(),
  hasPendingJob: reads(),
  executePendingJobs: runsWithoutHandle(),
  setMemoryLimit: reads(),
  setMaxStackSize: reads(),
  computeMemoryUsage: makes(HANDLE),
  dumpMemoryUsage: reads(),
};

/** Calls a function with the handle. */
const callsWithThis = (...after: Effect[]): OperationDescription => ({
  effects: [use('this'), { do: 'call', on: 'arg0', with: [{ pass: 'this' }], givesResult: true }, ...after],
  throws: 'never',
});

const lifetimeMethods: Readonly<Record<string, OperationDescription>> = {
  ...disposable,
  dup: { effects: [{ do: 'duplicate', of: 'this', to: 'result', failure: 'throws' }], throws: 'never' },
  consume: callsWithThis({ do: 'close', on: 'this' }),
  map: callsWithThis(),
  tap: callsWithThis({ do: 'pass', of: 'this', to: 'result' }),
};

/** Disposes of what is in the result, whichever it is. */
const resultDisposal: OperationDescription = {
  effects: [
    { do: 'close', on: 'this.value' },
    { do: 'close', on: 'this.error' },
  ],
  returns: 'scalar',
  throws: 'never',
};

const withScope: OperationDescription = {
  effects: [{ do: 'call', on: 'arg0', with: [{ lend: 'Scope' }], givesResult: true }],
  throws: 'never',
};

export const quickjsEmscripten: ApiDescription = {
  modules: ['quickjs-emscripten', 'quickjs-emscripten-core'],
  kinds: {
    QuickJSHandle: { label: 'handle', closers: [...closers, 'consume'] },
    Lifetime: { label: 'lifetime', closers: [...closers, 'consume'] },
    QuickJSContext: { label: 'context', closers },
    QuickJSAsyncContext: { label: 'context', closers },
    QuickJSRuntime: { label: 'runtime', closers },
    QuickJSAsyncRuntime: { label: 'runtime', closers },
    Scope: { label: 'scope', closers },
    Static: { label: 'handle', closers: [...closers, 'consume'], type: 'StaticLifetime' },
  },
  functions: {
    getQuickJS: { effects: [], returns: { type: 'QuickJSWASMModule' }, isAsync: true },
    getQuickJSSync: { effects: [], returns: { type: 'QuickJSWASMModule' } },
    newQuickJSWASMModule: { effects: [], returns: { type: 'QuickJSWASMModule' }, isAsync: true },
    newQuickJSWASMModuleFromVariant: { effects: [], returns: { type: 'QuickJSWASMModule' }, isAsync: true },
    newQuickJSAsyncWASMModule: { effects: [], returns: { type: 'QuickJSAsyncWASMModule' }, isAsync: true },
    newQuickJSAsyncWASMModuleFromVariant: {
      effects: [],
      returns: { type: 'QuickJSAsyncWASMModule' },
      isAsync: true,
    },
    newAsyncContext: { ...opens('QuickJSAsyncContext'), isAsync: true },
    newAsyncRuntime: { ...opens('QuickJSAsyncRuntime'), isAsync: true },
    'Scope.withScope': withScope,
    'Scope.withScopeAsync': withScope,
  },
  constructors: { Scope: opens('Scope') },
  types: {
    QuickJSWASMModule: {
      methods: { newContext: opens('QuickJSContext'), newRuntime: opens('QuickJSRuntime') },
    },
    QuickJSAsyncWASMModule: {
      methods: { newContext: opens('QuickJSAsyncContext'), newRuntime: opens('QuickJSAsyncRuntime') },
    },
    QuickJSRuntime: {
      methods: { ...runtimeMethods, newContext: makes('QuickJSContext') },
      properties: { alive },
    },
    QuickJSAsyncRuntime: {
      methods: { ...runtimeMethods, newContext: makes('QuickJSAsyncContext') },
      properties: { alive },
    },
    QuickJSContext: {
      methods: contextMethods,
      properties: { ...contextProperties, runtime: { lend: 'QuickJSRuntime' } },
    },
    QuickJSAsyncContext: {
      methods: {
        ...contextMethods,
        evalCodeAsync: { ...runs([]), isAsync: true },
        newAsyncifiedFunction: makesFunction,
      },
      properties: { ...contextProperties, runtime: { lend: 'QuickJSAsyncRuntime' } },
    },
    QuickJSHandle: { methods: lifetimeMethods, properties: { alive } },
    Lifetime: { methods: lifetimeMethods, properties: { alive } },
    StaticLifetime: {
      methods: { ...lifetimeMethods, dup: { effects: [{ do: 'pass', of: 'this', to: 'result' }] } },
    },
    DisposableResult: {
      methods: {
        dispose: resultDisposal,
        '@@dispose': resultDisposal,
        unwrap: { effects: unwraps('this'), returns: someHandle, throws: 'never' },
      },
      properties: { value: someHandle, error: someHandle },
    },
    QuickJSDeferredPromise: {
      methods: {
        resolve: { effects: [use('arg0')], throws: 'never' },
        reject: { effects: [use('arg0')], throws: 'never' },
      },
      properties: { handle: someHandle },
    },
    Scope: {
      methods: {
        ...disposable,
        manage: {
          effects: [use('this'), keep('arg0'), { do: 'pass', of: 'arg0', to: 'result' }],
          throws: 'never',
        },
      },
    },
  },
};
