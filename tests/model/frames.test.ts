/** Where violations are said to be: stacks, and the text that they are read from. */
import { describe, expect, it } from 'vitest';
import { captureStack, parseStack } from '../../model/frames.ts';
import { CloseHandle, CreateFile, DeviceIoControl, explore, run, type HANDLE } from '../../model/index.ts';
import { linesOf } from './lines.ts';

const line = linesOf(import.meta.url);

function open(): HANDLE {
  return CreateFile('a'); // inner acquisition
}

function close(h: HANDLE): void {
  CloseHandle(h); // inner close
}

describe('stacks of violations', () => {
  it('begin at the caller of the model and end where the program begins', () => {
    const { violations } = run(function program() {
      const h = open(); // outer acquisition
      close(h); // first close
      close(h); // second close
    });
    const [found] = violations;
    expect(violations).toHaveLength(1);
    expect(found?.kind).toBe('doubleClose');
    expect(found?.isImplicit).toBe(false);
    expect(found?.frames.map(({ line: at }) => at)).toEqual([line('inner close'), line('second close')]);
    expect(found?.acquired.map(({ line: at }) => at)).toEqual([
      line('inner acquisition'),
      line('outer acquisition'),
    ]);
    expect(found?.closedAt?.map(({ line: at }) => at)).toEqual([line('inner close'), line('first close')]);
    expect(found?.frames.map((frame) => frame.function)).toEqual(['close', 'program']);
    expect(found?.frames[0]?.file).toMatch(/frames\.test\.ts$/);
  });

  it('of a stale use name the use, the acquisition and the close', () => {
    const [found] = run(() => {
      const h = CreateFile('a'); // acquired
      CloseHandle(h); // closed
      DeviceIoControl(h, 1); // used
    }).violations;
    expect(found?.frames[0]?.line).toBe(line('used'));
    expect(found?.acquired[0]?.line).toBe(line('acquired'));
    expect(found?.closedAt?.[0]?.line).toBe(line('closed'));
  });

  it('of a leak are those of the acquisition', () => {
    const [found] = run(() => void open()).violations; // leaked
    expect(found?.frames.map((frame) => frame.line)).toEqual([line('inner acquisition'), line('leaked')]);
    expect(found?.frames).toEqual(found?.acquired);
    expect(found).not.toHaveProperty('closedAt');
  });

  it('reach deeper than the engine’s ten frames', () => {
    const nest = (depth: number): HANDLE => (depth === 0 ? open() : nest(depth - 1));
    const limit = Error.stackTraceLimit;
    const [found] = run(() => void nest(20)).violations;
    expect(found?.frames.length).toBeGreaterThan(20);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it('are the same when a replay finds them', () => {
    const program = () => {
      const h = open();
      close(h);
      if (h > 0) close(h);
      open();
    };
    expect(explore(program, { replays: true }).violations).toEqual(explore(program).violations);
  });

  it('are empty where stacks have no text', () => {
    const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
    Error.prepareStackTrace = () => 0;
    try {
      expect(run(() => void CreateFile('a')).violations).toMatchObject([{ frames: [] }]);
    } finally {
      if (prepare === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
      else Object.defineProperty(Error, 'prepareStackTrace', prepare);
    }
    expect(parseStack(undefined)).toEqual([]);
  });

  it('are read once', () => {
    const stack = captureStack(open);
    expect(stack.frames).toBe(stack.frames);
  });
});

describe('V8’s text', () => {
  it.each([
    ['    at f (/a/b.ts:1:2)', '/a/b.ts', 1, 2, 'f'],
    ['    at /a/b.ts:10:20', '/a/b.ts', 10, 20, ''],
    ['    at Fred.control (file:///a/b.ts:1:2)', 'file:///a/b.ts', 1, 2, 'Fred.control'],
    ['    at Fred.control [as other] (/b.ts:1:2)', '/b.ts', 1, 2, 'Fred.control'],
    ['    at Fred.[Symbol.dispose] (/b.ts:1:2)', '/b.ts', 1, 2, 'Fred.[Symbol.dispose]'],
    ['    at new Fred (/b.ts:1:2)', '/b.ts', 1, 2, 'Fred'],
    ['    at async f (/b.ts:1:2)', '/b.ts', 1, 2, 'f'],
    ['    at async /b.ts:1:2', '/b.ts', 1, 2, ''],
    ['    at Object.<anonymous> (C:\\a b\\c.ts:1:2)', 'C:\\a b\\c.ts', 1, 2, ''],
    ['    at f (/a (copy)/b (1).ts:1:2)', '/a (copy)/b (1).ts', 1, 2, 'f'],
    ['    at <anonymous> (/b.ts:1:2)', '/b.ts', 1, 2, ''],
    [
      '    at eval (eval at g (/b.ts:3:4), <anonymous>:1:2)',
      'eval at g (/b.ts:3:4), <anonymous>',
      1,
      2,
      'eval',
    ],
  ])('%s', (text, file, at, column, name) => {
    expect(parseStack(`Error: x\n${text}`)).toEqual([{ file, line: at, column, function: name }]);
  });

  it.each([
    'Error: at (x.ts:1:2)',
    '    at Array.forEach (<anonymous>)',
    '    at Promise.all (index 0)',
    '    at native',
    '    at f )',
  ])('without a place: %s', (text) => {
    expect(parseStack(text)).toEqual([]);
  });
});
