/**
 * Descriptions under which nearly every program is full of handles: what most code calls, and many names that
 * methods often have, are said to open, close and use some. No program means it so, hence its findings say
 * nothing; that the engine ends, soon, is what counts.
 */
import type { ApiDescription, Effect, OperationDescription } from '../../apis/schema.ts';

const acquire = (kind: string): Effect => ({ do: 'acquire', to: 'result', kind, failure: { value: null } });
const close = (on: string): Effect => ({ do: 'close', on });
const use = (on: string): Effect => ({ do: 'use', on });

const named = (
  names: readonly string[],
  description: OperationDescription,
): Record<string, OperationDescription> => Object.fromEntries(names.map((name) => [name, description]));

const methods = (kind: string): Record<string, OperationDescription> => ({
  ...named(['push', 'add', 'set', 'append', 'write'], { effects: [{ do: 'keep', on: 'arg0' }] }),
  ...named(['get', 'pop', 'shift', 'next', 'find'], { effects: [use('this'), acquire(kind)] }),
  ...named(['close', 'end', 'delete', 'clear', 'destroy', 'splice', 'dispose', 'release', 'remove'], {
    effects: [close('this')],
    returns: 'success',
  }),
  ...named(['has', 'includes', 'indexOf', 'test', 'join', 'slice', 'toString'], { effects: [use('this')] }),
  ...named(['clone', 'concat', 'copy'], {
    effects: [{ do: 'duplicate', of: 'this', to: 'result', failure: 'unknown' }],
  }),
  ...named(['then', 'forEach', 'map', 'filter', 'on', 'some'], {
    effects: [{ do: 'call', on: 'arg0', with: [{ pass: 'this' }], givesResult: true }],
  }),
});

export const everydayApis: Readonly<Record<string, ApiDescription>> = {
  everyday: {
    modules: ['*', 'fs', 'node:fs', 'path', 'node:path', 'util', 'events', 'assert', 'typescript', 'react'],
    kinds: {
      thing: { label: 'thing', closers: ['close', 'end', 'delete', 'assign', 'closeSync'], type: 'Thing' },
    },
    functions: {
      ...named(['readFileSync', 'openSync', 'resolve', 'createRequire', 'create', 'parse', 'inspect'], {
        effects: [acquire('thing')],
      }),
      ...named(['closeSync', 'unlinkSync', 'writeFileSync', 'close', 'relative'], {
        effects: [close('arg0')],
        returns: 'boolean',
      }),
      ...named(['join', 'dirname', 'basename', 'existsSync', 'deepEqual', 'equal'], {
        effects: [use('arg0')],
      }),
      ...named(['readFile', 'open', 'stat', 'readdir'], {
        effects: [{ do: 'call', with: ['error', { acquire: 'thing' }] }],
      }),
      ...named(['promisify', 'inherits'], { effects: [{ do: 'take', on: 'arg0' }] }),
    },
    globals: {
      require: { effects: [acquire('thing')] },
      'Object.create': { effects: [acquire('thing')] },
      'Object.keys': { effects: [use('arg0'), acquire('thing')] },
      'Object.entries': { effects: [use('arg0'), acquire('thing')] },
      'Object.assign': { effects: [close('arg1'), { do: 'pass', of: 'arg0', to: 'result' }] },
      'Object.freeze': { effects: [close('arg0')], returns: 'boolean' },
      'Object.defineProperty': { effects: [use('arg0'), { do: 'keep', on: 'arg2' }] },
      'Array.isArray': { effects: [use('arg0')], returns: 'boolean' },
      'Array.from': { effects: [{ do: 'duplicate', of: 'arg0', to: 'result', failure: 'throws' }] },
      'JSON.parse': { effects: [acquire('thing')] },
      'Math.max': { effects: [use('arg0'), use('arg1')], throws: 'never' },
      'Promise.resolve': { effects: [{ do: 'pass', of: 'arg0', to: 'result' }], isAsync: true },
      parseInt: { effects: [use('arg0')], returns: 'scalar', throws: 'never' },
      setTimeout: { effects: [{ do: 'call', on: 'arg0', with: [] }] },
      'console.log': { effects: [use('arg0')] },
      'process.exit': { effects: [], returns: 'never' },
    },
    types: {
      Thing: { methods: methods('thing') },
      ...Object.fromEntries(
        ['Node', 'Buffer', 'Uint8Array', 'Array', 'Options', 'Stream', 'Element'].map((name) => [
          name,
          { methods: methods('thing') },
        ]),
      ),
    },
  },
  'everyday classes': {
    kinds: { collection: { label: 'collection', closers: ['clear', 'delete'], type: 'Map' } },
    constructors: named(
      ['Map', 'Set', 'WeakMap', 'Array', 'Error', 'RegExp', 'Promise', 'Date', 'Uint8Array'],
      {
        effects: [{ do: 'acquire', to: 'result', kind: 'collection', failure: 'throws' }],
      },
    ),
    types: { Map: { methods: methods('collection') }, Set: { methods: methods('collection') } },
  },
};
