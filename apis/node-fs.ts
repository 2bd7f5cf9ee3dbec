/**
 * Node's files: descriptors, `FileHandle` and `Dir`, and the streams that take them over.
 * Evidence for each line stands in docs/apis/node-fs.md.
 *
 * `open` is one function in `fs` and another in `fs/promises`, so these are two descriptions.
 */
import type { ApiDescription, Effect, OperationDescription, TypeDescription } from './schema.ts';

type Operations = Readonly<Record<string, OperationDescription>>;

const named = (names: readonly string[], operation: OperationDescription): Operations =>
  Object.fromEntries(names.map((name) => [name, operation]));

/**
 * A callback that runs later, wherever it stands among the arguments after the first. What it closes over
 * is its own from then on: it is no part of what the code after the call sees.
 */
const laterCallback: readonly Effect[] = [1, 2, 3, 4, 5].map((arg) => ({ do: 'keep', on: `arg${arg}` }));

const opens = (kind: string, isAsync = false): OperationDescription => ({
  effects: [{ do: 'acquire', to: 'result', kind, failure: 'throws' }],
  isAsync,
});

/** Calls `(err, handle) => …`; where there is an `err`, nothing was opened. */
const opensForCallback = (kind: string): OperationDescription => ({
  effects: [{ do: 'call', with: ['error', { acquire: kind }] }],
  returns: 'scalar',
});

/** A stream closes what it is given at its end, unless it is told not to. */
const streams: OperationDescription = {
  effects: [
    { do: 'take', on: 'arg1.fd', leaves: 'open', when: { arg: 1, field: 'autoClose', differs: false } },
  ],
};

const looksOn: OperationDescription = { effects: [] };
const looksOnAsync: OperationDescription = { effects: [], isAsync: true };

/* ------------------------------------------------------------------ descriptors */

const fdUse: Effect = { do: 'use', on: 'arg0' };

const FD_SYNC = [
  'fchmodSync',
  'fchownSync',
  'fdatasyncSync',
  'fstatSync',
  'fsyncSync',
  'ftruncateSync',
  'futimesSync',
  'readSync',
  'readvSync',
  'writeSync',
  'writevSync',
];

const FD_CALLBACK = FD_SYNC.map((name) => name.slice(0, -'Sync'.length));

/** They take a path as well as a descriptor, which they leave open. */
const PATH_OR_FD_SYNC = ['appendFileSync', 'readFileSync', 'writeFileSync'];
const PATH_OR_FD_CALLBACK = ['appendFile', 'readFile', 'writeFile'];

/** They know paths alone. */
const PATH = [
  'access',
  'chmod',
  'copyFile',
  'lstat',
  'mkdir',
  'mkdtemp',
  'readdir',
  'readlink',
  'realpath',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
];

/* ------------------------------------------------------------------ FileHandle */

const usesThis: Effect = { do: 'use', on: 'this' };
const useLater: OperationDescription = { effects: [usesThis], isAsync: true };
const closesThis: Effect = { do: 'close', on: 'this' };

/** The stream holds the handle from then on and closes it at its end, unless it is told not to. */
const streamsHandle: OperationDescription = {
  effects: [usesThis, { do: 'keep', on: 'this', when: { arg: 0, field: 'autoClose', differs: false } }],
};

const fileHandle: TypeDescription = {
  methods: {
    ...named(
      [
        'appendFile',
        'chmod',
        'chown',
        'datasync',
        'read',
        'readFile',
        'readv',
        'stat',
        'sync',
        'truncate',
        'utimes',
        'write',
        'writeFile',
        'writev',
      ],
      useLater,
    ),
    close: { effects: [closesThis], isAsync: true },
    '@@asyncDispose': { effects: [closesThis], isAsync: true },
    createReadStream: streamsHandle,
    createWriteStream: streamsHandle,
    readLines: streamsHandle,
    readableWebStream: {
      effects: [usesThis, { do: 'keep', on: 'this', when: { arg: 0, field: 'autoClose', equals: true } }],
    },
  },
  properties: { fd: { tells: 'closed', equals: -1 } },
};

/* ------------------------------------------------------------------ Dir */

/** Disposing of a directory that is closed already does nothing, other than closing it again. */
const letsGo: readonly Effect[] = [{ do: 'keep', on: 'this' }];

const dir: TypeDescription = {
  methods: {
    read: { effects: [usesThis, { do: 'keep', on: 'arg0' }], isAsync: true },
    readSync: { effects: [usesThis] },
    close: { effects: [closesThis, { do: 'keep', on: 'arg0' }], isAsync: true },
    closeSync: { effects: [closesThis], throws: 'never' },
    '@@asyncDispose': { effects: letsGo, isAsync: true },
    '@@dispose': { effects: letsGo },
    '@@asyncIterator': { effects: [closesThis], throws: 'never' },
  },
};

const kinds = {
  fd: {
    label: 'file descriptor',
    closers: ['closeSync', 'close'],
    typeof: 'number',
    // The standard ones are taken.
    atLeast: 3,
  },
  FileHandle: { label: 'file handle', closers: ['close', '@@asyncDispose'], closeTwice: 'harmless' },
  // By its bare name many a program has a type of its own: it counts where it is imported.
  Dir: { label: 'directory', closers: ['close', 'closeSync', '@@asyncIterator'], type: 'fs.Dir' },
} as const;

const types = { FileHandle: fileHandle, 'fs.Dir': dir };

/** What `fs/promises` exports, and `fs` as `promises`. */
const promised: Operations = {
  open: opens('FileHandle', true),
  opendir: opens('Dir', true),
  ...named([...PATH, ...PATH_OR_FD_CALLBACK], looksOnAsync),
};

export const nodeFsPromises: ApiDescription = {
  modules: ['fs/promises', 'node:fs/promises'],
  kinds,
  types,
  functions: promised,
};

export const nodeFs: ApiDescription = {
  // The last three stand in for `fs`; what `fs-extra` gives without a callback, a promise, is not followed.
  modules: ['fs', 'node:fs', 'graceful-fs', 'original-fs', 'fs-extra'],
  kinds,
  types,
  functions: {
    openSync: opens('fd'),
    open: opensForCallback('fd'),
    // Whatever it reports, the descriptor is gone: it is no use to close it again.
    closeSync: { effects: [{ do: 'close', on: 'arg0' }], returns: 'scalar', throws: 'never' },
    close: { effects: [{ do: 'close', on: 'arg0' }, ...laterCallback], returns: 'scalar' },
    ...named(FD_SYNC, { effects: [fdUse] }),
    ...named(FD_CALLBACK, { effects: [fdUse, ...laterCallback], returns: 'scalar' }),
    opendirSync: opens('Dir'),
    opendir: opensForCallback('Dir'),
    createReadStream: streams,
    createWriteStream: streams,
    ...named([...PATH_OR_FD_SYNC, 'existsSync', ...PATH.map((name) => `${name}Sync`)], looksOn),
    ...named([...PATH_OR_FD_CALLBACK, ...PATH], { effects: laterCallback, returns: 'scalar' }),
    ...Object.fromEntries(Object.entries(promised).map(([name, each]) => [`promises.${name}`, each])),
  },
  constructors: { ReadStream: streams, WriteStream: streams },
};
