/**
 * The engine knows handles and JavaScript but no API: an API is described by data alone. A name of one
 * in `analysis/`, be it in a comment, is the first sign that knowledge of it got into the code.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from './sources.ts';

/** Names that must not occur whether or not an API of this package describes them yet. */
const alwaysForbidden = [
  'CloseHandle',
  'CreateEvent',
  'CreateFile',
  'CreateThread',
  'DeviceIoControl',
  'DuplicateHandle',
  'DUPLICATE_CLOSE_SOURCE',
  'DUPLICATE_SAME_ACCESS',
  'FileHandle',
  'FindClose',
  'FindFirstFile',
  'GetCurrentProcess',
  'INVALID_HANDLE_VALUE',
  'ImageBitmap',
  'QuickJSContext',
  'QuickJSHandle',
  'AudioData',
  'EncodedVideoChunk',
  'VideoFrame',
  'VideoSample',
  'closeSync',
  'ffi-napi',
  'kernel32',
  'koffi',
  'livekit',
  'mediabunny',
  'openSync',
  'puppeteer',
  'pyodide',
  'quickjs',
  'tfjs',
  'win32',
  'win32-api',
];

/**
 * A name that is one word in small letters (`close`, `type`) is a word of the language that comments and
 * variables are written in; those that are none are listed above. These few are such words joined.
 */
const plainWords = new Set(['Scope', 'callMethod', 'mayThrow', 'newObject']);
const isPlainWord = (name: string) => /^[a-z]+$/.test(name) || plainWords.has(name);

/** The language's own names, its globals with their members, are the engine's business. */
const language = new Set(
  runInNewContext(`
    // Not yet in every Node that runs this.
    const all = ['dispose', 'asyncDispose', 'DisposableStack', 'AsyncDisposableStack', 'adopt', 'defer', 'move'];
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      all.push(name);
      const value = globalThis[name];
      if (value === globalThis || (typeof value !== 'object' && typeof value !== 'function') || value === null) continue;
      for (const owner of [value, value.prototype]) {
        if (owner !== undefined && owner !== null) all.push(...Object.getOwnPropertyNames(owner));
      }
    }
    all;
  `) as string[],
);

/** The parts of a description whose keys are names that programs write. */
const sections = new Set([
  'classes',
  'constants',
  'constructors',
  'functions',
  'globals',
  'methods',
  'properties',
  'statics',
  'types',
]);

const described = new Set<string>();
for (const file of listFiles('apis', '.ts')) {
  if (['apis/index.ts', 'apis/schema.ts'].includes(file)) continue;
  const exported = (await import(/* @vite-ignore */ root + file)) as Record<string, unknown>;
  described.add(posix.basename(file, '.ts'));
  for (const value of Object.values(exported)) collectNames(value, described);
}
const isForbidden = (name: string) => name.length > 2 && !isPlainWord(name) && !language.has(name);
const forbidden = new Set([...alwaysForbidden, ...[...described].filter(isForbidden)]);

describe('analysis/', () => {
  it('is held against the names of the described APIs', () => {
    expect(described).toContain('DuplicateHandle');
    expect(described).toContain('DUPLICATE_CLOSE_SOURCE');
    expect(described).toContain('eslint-plugin-handles/model');
  });

  it.each(listFiles('analysis', '.ts'))('%s names no API', (file) => {
    expect(findNames(readFileSync(root + file, 'utf8'))).toEqual([]);
  });
});

describe('the search for names', () => {
  it.each([
    ["if (name === 'CloseHandle') {", ['1: CloseHandle']],
    ['// as DuplicateHandle does\n// and openSync', ['1: DuplicateHandle', '2: openSync']],
    ["import koffi from 'koffi';", ['1: koffi', '1: koffi']],
    ['const isQuickJSHandleLike = closeHandles(reopenSync);', []],
  ])('%j', (text, names) => {
    expect(findNames(text)).toEqual(names);
  });
});

function collectNames(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
    if (key === 'modules') {
      for (const name of Object.values(inner as readonly string[])) into.add(name);
    } else if (sections.has(key) && typeof inner === 'object' && inner !== null) {
      // `FileHandle.close` stands for both of its words.
      for (const name of Object.keys(inner)) for (const word of name.split(/[^\w$]+/)) into.add(word);
    }
    collectNames(inner, into);
  }
}

/** The forbidden names in a text, with their lines. */
function findNames(text: string): string[] {
  const names = [...forbidden].map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w$])(?:${names.join('|')})(?![\\w$])`, 'g');
  return text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(pattern)].map(([name]) => `${index + 1}: ${name}`));
}
