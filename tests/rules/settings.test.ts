/** `settings.handles`: what it changes, and the one error that a wrong one is. */
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import { lint, placesOf, program } from './tester.ts';

const leak = program(`
function main() {
  CreateFile('a');
}`);

const LEAK = ['no-leaked-handle 3:3-3:13'];

describe('a wrong setting is one error that names the key, what was found and what is accepted', () => {
  const wrong: Record<string, { settings: unknown; says: string }> = {
    'no object': {
      settings: ['all'],
      says: `'settings.handles' is ["all"], but accepted is an object.`,
    },
    'a text': {
      settings: 'all',
      says: `'settings.handles' is "all", but accepted is an object.`,
    },
    'an unknown key': {
      settings: { exception: 'all' },
      says: `'settings.handles.exception' is "all", but accepted is one of the keys 'apis', 'root', 'exceptions', 'unknownCalls'.`,
    },
    'an unknown choice': {
      settings: { exceptions: 'sometimes' },
      says: `'settings.handles.exceptions' is "sometimes", but accepted is 'handled', 'all', 'none'.`,
    },
    'a choice of the wrong type': {
      settings: { unknownCalls: true },
      says: `'settings.handles.unknownCalls' is true, but accepted is 'escape', 'borrow'.`,
    },
    'a choice without JSON': {
      settings: { unknownCalls: Symbol('escape') },
      says: `'settings.handles.unknownCalls' is Symbol(escape), but accepted is 'escape', 'borrow'.`,
    },
    'APIs as a list': {
      settings: { apis: ['win32'] },
      says: `'settings.handles.apis' is ["win32"], but accepted is an object of API names.`,
    },
    'an API turned on': {
      settings: { apis: { win32: true } },
      says: `'settings.handles.apis.win32' is true, but accepted is a description, or \`false\`, which turns the API off.`,
    },
  };

  it.each(Object.entries(wrong))('%s', (_, { settings, says }) => {
    expect(() => lint(leak, { settings })).toThrow(`eslint-plugin-handles: ${says}`);
  });

  it('an unknown API', () => {
    expect(() => lint(leak, { settings: { apis: { win23: false } } })).toThrow(
      /^eslint-plugin-handles: 'settings\.handles\.apis\.win23' is false, but accepted is a description; .*'win32'/,
    );
  });

  it('also where there is nothing to find', () => {
    expect(() => lint('', { settings: { exceptions: 'sometimes' } })).toThrow('settings.handles.exceptions');
  });

  it('ESLint stops with it, whichever rules are on', async () => {
    const eslint = new ESLint({
      overrideConfigFile: true,
      overrideConfig: [
        {
          files: ['**/*.ts'],
          languageOptions: { parser },
          plugins: { handles },
          rules: { 'handles/no-mismatched-close': 'warn' },
          settings: { handles: { exceptions: 'sometimes' } },
        },
      ],
    });
    await expect(eslint.lintText(leak, { filePath: 'source.ts' })).rejects.toThrow(
      "'settings.handles.exceptions' is \"sometimes\", but accepted is 'handled', 'all', 'none'.",
    );
  });
});

describe('no setting', () => {
  it.each([
    ['of the plugin', undefined],
    ['at all', {}],
    ['but an empty list of APIs', { apis: {} }],
  ])('%s', (_, settings) => {
    expect(placesOf(leak, { settings })).toEqual(LEAK);
  });
});

describe('apis', () => {
  it('turns one off', () => {
    expect(placesOf(leak, { settings: { apis: { win32: false } } })).toEqual([]);
  });

  it('leaves the others on', () => {
    expect(placesOf(leak, { settings: { apis: { javascript: false } } })).toEqual(LEAK);
  });
});

describe('exceptions', () => {
  const threeWays = program(`
function out() {
  const h = CreateFile('a');
  mayThrow();
  CloseHandle(h);
}
function caught() {
  const h = CreateFile('a');
  try { mayThrow(); } catch { return; }
  CloseHandle(h);
}
function explicit() {
  const h = CreateFile('a');
  if (choose()) throw new Error();
  CloseHandle(h);
}`);
  const ways = {
    out: 'no-leaked-handle 3:13-3:23',
    caught: 'no-leaked-handle 8:13-8:23',
    explicit: 'no-leaked-handle 13:13-13:23',
  };

  it.each([
    [undefined, [ways.caught, ways.explicit]],
    ['handled', [ways.caught, ways.explicit]],
    ['all', [ways.out, ways.caught, ways.explicit]],
    ['none', [ways.explicit]],
  ])('%s', (exceptions, reports) => {
    expect(placesOf(threeWays, { settings: { exceptions } })).toEqual(reports);
  });
});

describe('unknownCalls', () => {
  const code = program(`
import { look } from './look.js';
function main() {
  const h = CreateFile('a');
  look(h);
}`);

  it('escape: who closes it then is not known', () => {
    expect(placesOf(code, { settings: { unknownCalls: 'escape' } })).toEqual([]);
  });

  const borrowed = { settings: { unknownCalls: 'borrow' } };

  it('borrow: it is still to be closed here', () => {
    expect(placesOf(code, borrowed)).toEqual(['no-leaked-handle 4:13-4:23']);
  });

  it('borrow: an owner is as well', () => {
    const owner = program(`
import { look } from './look.js';
class Owner {
  constructor(name) { this.h = CreateFile(name); }
  close() { CloseHandle(this.h); }
}
function main() {
  const owner = new Owner('a');
  look(owner);
}`);
    expect(placesOf(owner, borrowed)).toEqual(['no-leaked-handle 8:17-8:26']);
    expect(placesOf(owner)).toEqual([]);
  });

  it('borrow: a closed handle is of no use to the callee', () => {
    const closed = program(`
import { look } from './look.js';
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  look(h);
}`);
    expect(placesOf(closed, borrowed)).toEqual(['no-use-after-close 6:3-6:7']);
  });

  it.each([
    ['a constructor', 'new Keeper(h);'],
    ['a method of an object', 'registry.add(h);'],
    ['an array', 'look([h]);'],
    ['a callback', 'look(() => CloseHandle(h));'],
    ['a return', 'look(h); return h;'],
  ])('borrow: %s keeps what it is given', (_, taking) => {
    const kept = program(`
import { Keeper, look } from './look.js';
export function main(registry) {
  const h = CreateFile('a');
  ${taking}
}`);
    expect(placesOf(kept, borrowed)).toEqual([]);
  });
});

describe('the strict configuration', () => {
  const strict = { config: handles.configs.strict };
  const thrown = program(`
export function main() {
  const h = CreateFile('a');
  mayThrow();
  CloseHandle(h);
}`);
  const lent = program(`
import { look } from './look.js';
export function main() {
  const h = CreateFile('a');
  look(h);
}`);

  it.each([
    ['a call that throws', thrown, 3],
    ['a function out of sight', lent, 4],
  ])('reports what is lost to %s', (_, code, line) => {
    expect(placesOf(code, strict)).toEqual([`no-leaked-handle ${line}:13-${line}:23`]);
    expect(placesOf(code)).toEqual([]);
  });
});

describe('settings of one run', () => {
  it('are each their own analysis of one text', () => {
    const exceptional = program(`
function main() {
  const h = CreateFile('a');
  mayThrow();
  CloseHandle(h);
}`);
    const all = { settings: { exceptions: 'all' } };
    expect(placesOf(exceptional, all)).toHaveLength(1);
    expect(placesOf(exceptional)).toEqual([]);
    expect(placesOf(exceptional, all)).toHaveLength(1);
  });
});

describe('a description of one’s own', () => {
  const short = { type: 'Lock', close: 'release', duplicate: 'clone' };
  const locks = `
import type { Lock } from './lock.js';
declare function take(lock: Lock): void;
export function main(lock: Lock) {
  const copy = lock.clone();
  lock.release();
  lock.release();
}`;

  it('in one line finds what the long form would', () => {
    expect(placesOf(locks)).toEqual([]);
    expect(placesOf(locks, { settings: { apis: { locks: short } } })).toEqual([
      'no-leaked-duplicate 5:16-5:26',
      'no-double-close 7:3-7:15',
    ]);
  });

  it('may say that closing again is harmless', () => {
    const settings = { apis: { locks: { ...short, closeTwice: 'harmless' } } };
    expect(placesOf(locks, { settings })).toEqual(['no-leaked-duplicate 5:16-5:26']);
  });

  it('may make what another API describes', () => {
    const code = `
import type { Film } from './film.js';
export function main(film: Film) {
  film.still();
}`;
    const films = { type: 'Film', close: 'release', makes: { still: 'ImageBitmap' } };
    expect(placesOf(code, { settings: { apis: { films } } })).toEqual(['no-leaked-handle 4:3-4:13']);
    const wrong = { films: { ...films, makes: { still: 'Picture' } } };
    expect(() => placesOf(code, { settings: { apis: wrong } })).toThrow(
      `'settings.handles.apis.films.makes.still' is "Picture", but accepted is the name of a class that is described`,
    );
  });

  it('may describe functions', () => {
    const pipes = {
      modules: ['pipes'],
      kinds: { pipe: { label: 'pipe', closers: ['closePipe'] } },
      functions: {
        openPipe: { effects: [{ do: 'acquire', to: 'result', kind: 'pipe', failure: { value: null } }] },
        closePipe: { effects: [{ do: 'close', on: 'arg0' }] },
      },
    };
    const code = `import { closePipe, openPipe } from 'pipes';
function main() {
  openPipe();
  const pipe = openPipe();
  closePipe(pipe);
  closePipe(pipe);
}`;
    expect(placesOf(code)).toEqual([]);
    expect(placesOf(code, { settings: { apis: { pipes } } })).toEqual([
      'no-leaked-handle 3:3-3:11',
      'no-double-close 6:3-6:12',
    ]);
  });

  it('leaves the others as they are', () => {
    expect(placesOf(leak, { settings: { apis: { locks: short } } })).toEqual(LEAK);
  });

  const operation = (effect: unknown) => ({ functions: { f: { effects: [effect] } } });
  const wrong: Record<string, readonly [description: unknown, says: string]> = {
    'a text': ['locks', `'settings.handles.apis.mine' is "locks", but accepted is a description`],
    'an unknown key': [
      { function: {} },
      `'settings.handles.apis.mine.function' is {}, but accepted is one of the keys `,
    ],
    'an unknown key of the short form': [
      { ...short, open: 'lock' },
      `'settings.handles.apis.mine.open' is "lock", but accepted is one of the keys 'type', 'close', 'from', 'isAsync', 'duplicate', `,
    ],
    'a short form that closes by nothing': [
      { type: 'Lock' },
      `'settings.handles.apis.mine.close' is undefined, but `,
    ],
    'an unknown effect': [
      operation({ do: 'open', to: 'result' }),
      `'settings.handles.apis.mine.functions.f.effects[0].do' is "open", but accepted is 'use', `,
    ],
    'a place that is none': [
      operation({ do: 'use', on: 'arg' }),
      `'settings.handles.apis.mine.functions.f.effects[0].on' is "arg", but accepted is a place such as `,
    ],
    'a kind that is not described': [
      operation({ do: 'acquire', to: 'result', kind: 'flie', failure: 'throws' }),
      `'settings.handles.apis.mine.functions.f.effects[0].kind' is "flie", but accepted is `,
    ],
    'effects that are no list': [
      { functions: { f: { effects: { do: 'use', on: 'arg0' } } } },
      `'settings.handles.apis.mine.functions.f.effects' is {"do":"use","on":"arg0"}, but accepted is a list.`,
    ],
    'a kind without closers': [
      { kinds: { lock: { label: 'lock' } } },
      `'settings.handles.apis.mine.kinds.lock.closers' is undefined, but `,
    ],
  };

  it.each(Object.entries(wrong))('%s is an error', (_, [mine, says]) => {
    expect(() => lint(leak, { settings: { apis: { mine } } })).toThrow(`eslint-plugin-handles: ${says}`);
  });
});
