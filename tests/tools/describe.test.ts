/** `handles-describe`: what it says of small modules, and as its users run it: built, in a project of three packages. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package/sources.ts';
import { describeAll } from '../split/sources.ts';

const MODEL = `import {
  choose, CloseHandle, CreateFile, DeviceIoControl, INVALID_HANDLE_VALUE, ReadFile, type HANDLE,
} from 'eslint-plugin-handles/model';
`;

/** What is described of one file. */
function described(code: string): unknown {
  return describeAll(new Map([['src/a.ts', MODEL + code]]))['./src/a.ts'];
}

function operations(code: string): unknown {
  return (described(code) as { functions?: unknown } | undefined)?.functions;
}

const acquired = { do: 'acquire', to: 'result', kind: 'win32/handle', failure: { value: -1 } };

describe('functions', () => {
  const cases: Record<string, { code: string; says: unknown }> = {
    'one that closes': {
      code: 'export function shut(h: HANDLE) { CloseHandle(h); }',
      says: { shut: { effects: [{ do: 'close', on: 'arg0', by: 'CloseHandle' }], throws: 'never' } },
    },
    'one that uses': {
      code: 'export const read = (h: HANDLE) => { ReadFile(h, new Uint8Array(4)); };',
      says: { read: { effects: [{ do: 'use', on: 'arg0' }] } },
    },
    'one that tells whether its use went well': {
      code: 'export function control(h: HANDLE) { return DeviceIoControl(h, 1); }',
      says: {
        control: { effects: [{ do: 'use', on: 'arg0' }], returns: { exists: 'arg0' }, throws: 'never' },
      },
    },
    'one that opens': {
      code: `export default function open(name: string) { return CreateFile(name); }`,
      says: { default: { effects: [acquired], throws: 'never' } },
    },
    'one that opens, or throws': {
      code: `export function must(name: string) {
        const h = CreateFile(name);
        if (h === INVALID_HANDLE_VALUE) throw new Error('failed');
        return h;
      }`,
      says: {
        must: {
          effects: [
            {
              do: 'either',
              ways: [[{ do: 'acquire', to: 'result', kind: 'win32/handle' }], [{ do: 'throw' }]],
            },
          ],
          throws: 'never',
        },
      },
    },
    'one that gives back what it was given': {
      code: 'export function same(h: HANDLE) { return h; }',
      says: { same: { effects: [{ do: 'pass', of: 'arg0', to: 'result' }], throws: 'never' } },
    },
    'one that closes where a boolean says so': {
      code: 'export function end(h: HANDLE, isLast: boolean) { if (isLast) CloseHandle(h); }',
      says: {
        end: {
          effects: [{ do: 'close', on: 'arg0', by: 'CloseHandle', when: { at: 'arg1', equals: true } }],
          throws: 'never',
        },
      },
    },
    'one that closes for reasons that a caller may know': {
      code: 'export function end(h: HANDLE, mode: string) { if (mode === "last") CloseHandle(h); }',
      says: undefined,
    },
    'one that closes for reasons of its own, and tells': {
      code: 'export function end(h: HANDLE) { if (choose()) return false; CloseHandle(h); return true; }',
      says: {
        end: {
          effects: [
            {
              do: 'either',
              ways: [
                [{ do: 'set', to: 'result', value: false }],
                [
                  { do: 'set', to: 'result', value: true },
                  { do: 'close', on: 'arg0', by: 'CloseHandle' },
                ],
              ],
            },
          ],
          throws: 'never',
        },
      },
    },
    'one that asks': {
      code: 'export function isMissing(h: HANDLE | null) { return !h; }',
      says: { isMissing: { effects: [], returns: { missing: 'arg0' }, throws: 'never' } },
    },
    'one that hands on to what is not seen': {
      code: `import { keep } from 'elsewhere';
        export function put(h: HANDLE) { keep(h); }`,
      says: undefined,
    },
    'one that never comes back': {
      code: 'export function fail(): never { throw new Error(); }',
      says: { fail: { effects: [{ do: 'throw' }], throws: 'never' } },
    },
    'one with closes that come later': {
      code: 'export async function end(h: HANDLE) { await 0; CloseHandle(h); }',
      says: undefined,
    },
    'methods of an object': {
      code: 'export const device = { shut(h: HANDLE) { CloseHandle(h); } };',
      says: { 'device.shut': { effects: [{ do: 'close', on: 'arg0', by: 'CloseHandle' }], throws: 'never' } },
    },
    'one that is not exported': {
      code: 'function shut(h: HANDLE) { CloseHandle(h); }',
      says: undefined,
    },
  };

  it.each(Object.entries(cases))('%s', (_, { code, says }) => {
    expect(operations(code)).toEqual(says);
  });
});

describe('classes', () => {
  it('that own what they are given', () => {
    const code = `export class Fred {
      constructor(private readonly h: HANDLE) {}
      control(code: number) { DeviceIoControl(this.h, code); }
      [Symbol.dispose]() { CloseHandle(this.h); }
    }`;
    expect(described(code)).toEqual({
      modules: ['./src/a.ts'],
      constructors: {
        Fred: {
          effects: [{ do: 'pass', of: 'arg0', to: 'result.h' }],
          returns: { type: './src/a.ts#Fred' },
          throws: 'never',
        },
      },
      types: {
        './src/a.ts#Fred': {
          holds: ['h'],
          methods: {
            '@@dispose': { effects: [{ do: 'close', on: 'this.h', by: 'CloseHandle' }], throws: 'never' },
            control: { effects: [{ do: 'use', on: 'this.h' }], throws: 'never' },
          },
        },
      },
    });
  });

  it('that close once', () => {
    const code = `export class Once {
      #isClosed = false;
      constructor(private readonly h: HANDLE) {}
      close() { if (this.#isClosed) return; this.#isClosed = true; CloseHandle(this.h); }
    }`;
    expect(described(code)).toMatchObject({
      types: {
        './src/a.ts#Once': {
          methods: {
            close: {
              effects: [
                { do: 'close', on: 'this.h', when: { at: 'this.#isClosed', equals: false } },
                { do: 'set', to: 'this.#isClosed', value: true },
              ],
            },
          },
        },
      },
    });
  });

  it('with fields whose names no path can say, of which nothing is said', () => {
    const code = `export class Odd {
      'other-handle' = CreateFile('a');
      constructor(private readonly h: HANDLE) {}
      get other() { return this['other-handle']; }
      close() { CloseHandle(this.h); CloseHandle(this['other-handle']); }
    }`;
    const close = { effects: [{ do: 'close', on: 'this.h', by: 'CloseHandle' }], throws: 'never' };
    expect(described(code)).toMatchObject({
      types: { './src/a.ts#Odd': { holds: ['h'], methods: { close } } },
    });
    expect(JSON.stringify(described(code))).not.toContain('other-handle');
  });

  it('that only a method of another one gives', () => {
    const code = `class Inner {
      constructor(private readonly h: HANDLE) {}
      close() { CloseHandle(this.h); }
    }
    export class Outer {
      constructor(private readonly h: HANDLE) {}
      make() { return new Inner(CreateFile('a')); }
      close() { CloseHandle(this.h); }
    }`;
    const close = { effects: [{ do: 'close', on: 'this.h' }] };
    expect(described(code)).toMatchObject({
      types: {
        './src/a.ts#Inner': { holds: ['h'], methods: { close } },
        './src/a.ts#Outer': { methods: { close, make: { returns: { type: './src/a.ts#Inner' } } } },
      },
    });
  });

  it('that share a name say nothing, for their members differ', () => {
    const code = `export class Fred {
      constructor(private readonly h: HANDLE) {}
      close() { CloseHandle(this.h); }
    }
    export function other() {
      class Fred {
        constructor(private readonly h: HANDLE) {}
        close() { ReadFile(this.h, new Uint8Array(4)); }
      }
      return new Fred(CreateFile('a'));
    }`;
    expect(described(code)).toBeUndefined();
  });

  it('of which nothing can be said, with what makes them', () => {
    const code = `export class Pool {
      readonly #all: HANDLE[] = [];
      add(h: HANDLE) { this.#all.push(h); }
      close() { for (const h of this.#all) CloseHandle(h); }
    }
    export const make = () => new Pool();`;
    expect(described(code)).toBeUndefined();
  });
});

describe('several files', () => {
  it('that pass on what others export', () => {
    const files = new Map([
      ['lib/index.ts', `export * from './open.js'; export { shut as close } from './shut.js';`],
      ['lib/open.ts', `${MODEL}export function open(name: string) { return CreateFile(name); }`],
      ['lib/shut.ts', `${MODEL}export function shut(h: HANDLE) { CloseHandle(h); }`],
      [
        'app.ts',
        `import { open, close } from './lib';\nexport function work() { close(open('a')); return open('b'); }`,
      ],
    ]);
    const apis = describeAll(files, {}, new Map());
    expect(apis).toMatchObject({
      './lib/index.ts': { functions: { close: {}, open: {} } },
      './app.ts': { functions: { work: { effects: [acquired] } } },
    });
  });

  it('that call each other in a circle', () => {
    const files = new Map([
      [
        'a.ts',
        `${MODEL}import { down } from './b';\nexport function up(h: HANDLE) { if (choose()) CloseHandle(h); else down(h); }`,
      ],
      ['b.ts', `${MODEL}import { up } from './a';\nexport function down(h: HANDLE) { up(h); }`],
    ]);
    expect(() => describeAll(files)).not.toThrow();
  });

  it('is the same text each time', () => {
    const files = new Map([
      ['a.ts', `${MODEL}export const b = (h: HANDLE) => { CloseHandle(h); }; export const a = b;`],
    ]);
    expect(JSON.stringify(describeAll(files))).toBe(JSON.stringify(describeAll(files)));
  });
});

/* ------------------------------------------------------------------ the command */

const project = mkdtempSync(join(tmpdir(), 'handles-describe-'));
afterAll(() => {
  rmSync(project, { recursive: true });
});

/** The files of the example in the guide, by the names in front of its blocks. */
const guide = readFileSync(join(root, 'docs/guides/several-files.md'), 'utf8');
for (const [, name = '', code = ''] of guide.matchAll(/`([\w./-]+)`:\n\n```(?:ts|js|json)\n([\s\S]*?)```/g)) {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), code);
}
mkdirSync(join(project, 'node_modules'));
for (const name of ['eslint', '@typescript-eslint']) {
  symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name), 'dir');
}
symlinkSync(root, join(project, 'node_modules/eslint-plugin-handles'), 'dir');
writeFileSync(join(project, 'handles.json'), '');

function run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const options = { cwd: project, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
  return { status, stdout, stderr };
}

const describeIt = (...args: string[]) => run(join(root, 'dist/tools/describe.js'), ...args);
const FILES = ['packages/*/src/**/*.ts', '--module', '@acme/devices=packages/devices/src/index.ts'];

describe('the command', () => {
  it('writes what the files do, and finds nothing stale then', () => {
    const { status, stdout, stderr } = describeIt(...FILES);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('"./packages/devices/src/device.ts"');
    expect(stdout).toContain('"@acme/devices"');
    writeFileSync(join(project, 'handles.json'), stdout);
    expect(describeIt(...FILES, '--check', 'handles.json')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(describeIt(...FILES).stdout).toBe(stdout);
  }, 60_000);

  it('lets the rules see across files', () => {
    const eslint = join(root, 'node_modules/eslint/bin/eslint.js');
    const { stdout } = run(eslint, '--format', 'json', 'packages');
    const results = JSON.parse(stdout) as {
      filePath: string;
      messages: { ruleId: string; line: number }[];
    }[];
    const reports = results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line }) => `${filePath.slice(filePath.indexOf('packages'))}:${line} ${ruleId}`),
    );
    expect(reports).toEqual(['packages/app/src/main.ts:6 handles/no-double-close']);
  }, 60_000);

  it('says what is stale', () => {
    const file = join(project, 'packages/devices/src/device.ts');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, `${before}export const isNew = true;\n`);
    const { status, stderr } = describeIt(...FILES, '--check', 'handles.json');
    writeFileSync(file, before);
    expect(status).toBe(1);
    expect(stderr).toContain('handles.json is stale:\n');
    expect(stderr).toContain('./packages/devices/src/device.ts: constants');
  }, 60_000);

  it.each([[[]], [['a.ts', '--module', 'x']], [['--wrong']]])('says how it is used: %j', (args) => {
    const { status, stderr } = describeIt(...args);
    expect(status).toBe(2);
    expect(stderr).toContain('Usage: handles-describe');
  });

  it('says what it could not read', () => {
    writeFileSync(join(project, 'broken.ts'), 'export const = 1;\n');
    const { status, stderr } = describeIt('broken.ts');
    rmSync(join(project, 'broken.ts'));
    expect(status).toBe(1);
    expect(stderr).toContain('broken.ts:1');
  }, 60_000);
});
