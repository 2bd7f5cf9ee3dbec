/** API descriptions, decoded: what is found under which name, and what is no description. */
import { describe, expect, it } from 'vitest';
import { ApiTable } from '../../../analysis/effects/api-table.ts';
import { parsePath } from '../../../analysis/effects/decode.ts';
import type { ExternalRef } from '../../../analysis/ir/ir.ts';
import type { ApiDescription, Effect } from '../../../apis/schema.ts';

const close: Effect = { do: 'close', on: 'arg0' };

const files: ApiDescription = {
  modules: ['files', 'node:files'],
  kinds: {
    file: { label: 'file', closers: ['close'] },
    lock: { label: 'lock', closers: ['unlock', 'release'], closeTwice: 'harmless', type: 'Lock' },
  },
  constants: { NONE: -1, NOTHING: undefined, EMPTY: null },
  functions: {
    open: {
      effects: [{ do: 'acquire', to: 'result', kind: 'file', failure: { value: -1 } }],
      throws: 'never',
    },
    lock: { effects: [{ do: 'acquire', to: 'arg1.lock', kind: 'lock', failure: 'unchanged' }] },
    close: { effects: [close], returns: 'success' },
  },
  globals: { 'runtime.exit': { effects: [], returns: 'never' } },
  types: {
    Lock: {
      methods: { unlock: { effects: [{ do: 'close', on: 'this' }] } },
      properties: { owner: { type: 'file' }, peer: { lend: 'file' } },
    },
  },
};

const table = new ApiTable({ files });
const ref = (module: string | null, ...path: readonly string[]): ExternalRef => ({ module, path });

describe('what a program imports', () => {
  const found: Record<string, readonly [ExternalRef, string | null]> = {
    'a named import': [ref('files', 'open'), 'open'],
    'of the other module': [ref('node:files', 'open'), 'open'],
    'a member of the default import': [ref('files', 'default', 'open'), 'open'],
    'a name that is not described': [ref('files', 'stat'), null],
    'the default import itself': [ref('files', 'default'), null],
    'the module itself': [ref('files'), null],
    'a member of a function': [ref('files', 'open', 'call'), null],
    'the name from another module': [ref('other', 'open'), null],
    'a path below the module': [ref('files/open', 'open'), null],
    'the name as a global': [ref(null, 'open'), null],
    'a global by the way to it': [ref(null, 'runtime', 'exit'), 'exit'],
    'the first step of that way': [ref(null, 'runtime'), null],
    'a global as an export': [ref('files', 'runtime', 'exit'), null],
    'a constant is no operation': [ref('files', 'NONE'), null],
  };

  it.each(Object.entries(found))('%s', (_, [external, name]) => {
    expect(table.findOperation(external)?.name ?? null).toBe(name);
  });

  it('constants are boxed, because undefined is one', () => {
    expect(table.findConstant(ref('files', 'NONE'))?.value).toBe(-1);
    expect(table.findConstant(ref('files', 'EMPTY'))?.value).toBe(null);
    expect(table.findConstant(ref('files', 'NOTHING'))).toMatchObject({ value: undefined });
    expect(table.findConstant(ref('files', 'MISSING'))).toBe(null);
    expect(table.findConstant(ref('files', 'open'))).toBe(null);
    expect(table.findConstant(ref('files', 'default', 'NONE'))?.value).toBe(-1);
  });

  it('modules that hand out handles are known by their names', () => {
    expect([table.hasModule('files'), table.hasModule('node:files'), table.hasModule('./files')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('an operation', () => {
  it('has its places taken apart', () => {
    expect(table.findOperation(ref('files', 'lock'))?.effects).toMatchObject([
      { do: 'acquire', to: { root: 1, fields: ['lock'] }, kind: { label: 'lock' }, failure: 'unchanged' },
    ]);
  });

  it('may throw unless it says that it never does', () => {
    expect(table.findOperation(ref('files', 'open'))?.canThrow).toBe(false);
    expect(table.findOperation(ref('files', 'close'))?.canThrow).toBe(true);
  });

  it('gives back what it says, or nobody knows what', () => {
    expect(table.findOperation(ref('files', 'close'))?.returns).toBe('success');
    expect(table.findOperation(ref('files', 'open'))?.returns).toBe(null);
  });
});

describe('a kind', () => {
  const kindOf = (apis: Readonly<Record<string, ApiDescription>>, module: string, name: string) => {
    const [effect] = new ApiTable(apis).findOperation(ref(module, name))!.effects;
    return effect?.do === 'acquire' ? effect.kind : null;
  };

  it('is its own in each API', () => {
    const apis = { files, others: { ...files, modules: ['others'] } };
    const [one, other] = [kindOf(apis, 'files', 'open'), kindOf(apis, 'others', 'open')];
    expect(one?.label).toBe(other?.label);
    expect(one?.id).not.toBe(other?.id);
  });

  it('has the functions that close it', () => {
    expect([...(kindOf({ files }, 'files', 'lock')?.closers ?? [])]).toEqual(['unlock', 'release']);
    expect(kindOf({ files }, 'files', 'lock')?.isHarmlessTwice).toBe(true);
    expect(kindOf({ files }, 'files', 'open')?.isHarmlessTwice).toBe(false);
  });

  it('that is not described is an error that names it', () => {
    const wrong: ApiDescription = {
      modules: ['files'],
      functions: {
        open: { effects: [{ do: 'acquire', to: 'result', kind: 'flie', failure: { value: -1 } }] },
      },
    };
    expect(() => new ApiTable({ wrong })).toThrow("No kind 'flie' is described");
  });
});

describe('a type', () => {
  it('has the methods and properties that are described', () => {
    expect(table.findMethod('Lock', 'unlock')?.effects).toMatchObject([
      { do: 'close', on: { root: 'this' } },
    ]);
    expect(table.findMethod('Lock', 'open')).toBe(null);
    expect(table.findMethod('Key', 'unlock')).toBe(null);
    expect(table.findProperty('Lock', 'owner')).toEqual({ type: 'file' });
    expect(table.findProperty('Lock', 'peer')).toMatchObject({ lend: { label: 'file' } });
    expect(table.findProperty('Lock', 'unlock')).toBe(null);
    expect([table.hasMethod('unlock'), table.hasMethod('open')]).toEqual([true, false]);
  });

  it('is a kind of handle where a kind says so, by its own name or another', () => {
    expect(table.kindOfType('Lock')?.label).toBe('lock');
    expect(table.kindOfType('file')?.label).toBe('file');
    expect(table.kindOfType('lock')).toBe(null);
  });
});

describe('several APIs', () => {
  it('are there side by side', () => {
    const tools: ApiDescription = { modules: ['tools'], functions: { close: { effects: [close] } } };
    const both = new ApiTable({ files, tools });
    expect(both.findOperation(ref('tools', 'close'))?.returns).toBe(null);
    expect(both.findOperation(ref('files', 'close'))?.returns).toBe('success');
  });

  it('none is none', () => {
    const none = new ApiTable({});
    expect(none.findOperation(ref('files', 'open'))).toBe(null);
    expect(none.hasModule('files')).toBe(false);
  });

  it('any module has what `*` describes', () => {
    const any = new ApiTable({ any: { modules: ['*'], functions: { close: { effects: [close] } } } });
    expect(any.findOperation(ref('whatever', 'close'))?.name).toBe('close');
    expect(any.findOperation(ref(null, 'close'))).toBe(null);
  });
});

describe('a path', () => {
  const paths: Record<string, unknown> = {
    arg0: { root: 0, fields: [] },
    arg12: { root: 12, fields: [] },
    'arg3[0]': { root: 3, fields: ['0'] },
    'arg1.handle': { root: 1, fields: ['handle'] },
    'arg1.a[2].$b_c': { root: 1, fields: ['a', '2', '$b_c'] },
    this: { root: 'this', fields: [] },
    'this.h': { root: 'this', fields: ['h'] },
    result: { root: 'result', fields: [] },
    'result.value': { root: 'result', fields: ['value'] },
  };
  it.each(Object.entries(paths))('%s', (path, place) => {
    expect(parsePath(path)).toEqual(place);
  });

  const wrong = [
    '',
    'arg',
    'argx',
    'arg-1',
    'arg0.',
    'arg0[]',
    'arg0[x]',
    'arg0.1',
    'arg0 ',
    'thisx',
    'results',
    'that',
    '.a',
    'arg0..a',
  ];
  it.each(wrong)("no path: '%s'", (path) => {
    expect(() => parsePath(path)).toThrow(`'${path}' is no path`);
  });
});
