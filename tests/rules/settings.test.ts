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
      says: `'settings.handles.exception' is "all", but accepted is one of the keys 'apis', 'exceptions', 'unknownCalls'.`,
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

  // The engine does not ask for the setting.
  it.todo('borrow: it is still to be closed here');
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
