/** That programs run as written, and that violations are placed on the lines of their sources. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProgram, runProgram, type ProgramExploration } from './run.ts';

const IMPORTS = `import { choose, CloseHandle, CreateEvent, CreateFile, DeviceIoControl, DUPLICATE_SAME_ACCESS, DuplicateHandle, GetCurrentProcess, INVALID_HANDLE_VALUE, mayThrow, type HANDLE } from 'eslint-plugin-handles/model';`;

/** Runs a program whose lines are numbered from 1 behind the line of the imports, which is line 0. */
function explore(body: string): ProgramExploration {
  return runProgram(`${IMPORTS}${body}`, 'program.ts');
}

/** The violations as `kind: lines`, with a mark where they are implicit; lines as in `explore`, less one. */
function judge(body: string): string[] {
  const { violations, thrown } = explore(body);
  expect(thrown).toEqual([]);
  return violations
    .map(
      ({ kind, lines, isImplicit }) =>
        `${kind} ${lines.map((at) => at - 1).join()}${isImplicit ? ' implicit' : ''}`,
    )
    .sort();
}

describe('lines', () => {
  it('of the founding example', () => {
    expect(
      judge(`
class Fred {
  constructor(private readonly h: HANDLE) {}
  control(code: number) { return DeviceIoControl(this.h, code); }
  [Symbol.dispose]() { CloseHandle(this.h); }
}
function makeFred(h: HANDLE): Fred {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  return new Fred(h);
}
export function main(): void {
  const h = CreateFile('device');
  const fred1 = makeFred(h), fred2 = makeFred(h);
  fred1[Symbol.dispose]();
  fred2.control(1);
  fred2[Symbol.dispose]();
}`),
    ).toEqual(['doubleClose 4,16', 'leakedDuplicate 8,13', 'leakedDuplicate 8,13', 'useAfterClose 3,15']);
  });

  it('survive parameter properties, field initialisers, comments, blank lines and types', () => {
    expect(
      judge(`
// a comment
interface Options {
  readonly name: string;
}

type Both = [HANDLE, HANDLE];

class Owner<T extends Options> {
  private readonly first: HANDLE = CreateFile('first');
  /**
   * A comment of
   * many lines.
   */
  constructor(
    private readonly options: T,
    private readonly second: HANDLE =
      CreateFile('second'),
  ) {}

  both(): Both {

    // a comment
    return [this.first, this.second];
  }
}

export function main(): void {
  const owner = new Owner<Options>({ name: 'n' } satisfies Options);
  for (const h of owner.both() as Both) {

    // stale
    if (CloseHandle(h)) DeviceIoControl(h!, 1);
  }
}`),
    ).toEqual(['useAfterClose 32', 'useAfterClose 32']);
  });

  it('of leaks in initialisers are those of the constructor call as well', () => {
    expect(
      judge(`
class Owner {
  readonly first = CreateFile('first');

  constructor(readonly second = CreateFile('second')) {}
}
export function main(): void {
  new Owner();
}`),
    ).toEqual(['leakedHandle 2,7', 'leakedHandle 4,7']);
  });

  it('of leaks in initialisers are never those of a constructor that nobody wrote there', () => {
    expect(
      judge(`
class Base {
  readonly first = CreateFile('first');
}
class Derived extends Base {
  readonly second = CreateFile('second');
}
class Explicit extends Base {
  readonly third = CreateFile('third');
  constructor() {
    super();
  }
}
export function main(): void {
  if (choose()) new Derived();
  else new Explicit();
}`),
    ).toEqual(['leakedHandle 2,10,15', 'leakedHandle 2,14', 'leakedHandle 5,14', 'leakedHandle 8,10,15']);
  });

  it('of what is read in an initialiser of many lines are its own', () => {
    expect(
      judge(`
const box = {
  get fresh(): HANDLE { return CreateFile('a'); },
};
export function main(): void {
  const all = {
    a: 1,
    b: box.fresh,
  };
}`),
    ).toEqual(['leakedHandle 2,7']);
  });

  it('of calls of many lines are those of the callee and of each argument', () => {
    expect(
      judge(`
export function main(): void {
  const out: [HANDLE | null] = [null],
    h = CreateFile(
      'device',
    ),
    e = CreateEvent();
  if (h === INVALID_HANDLE_VALUE) return;
  CloseHandle(h);
  DuplicateHandle(
    GetCurrentProcess(),
    h,
    GetCurrentProcess(),
    out, 0, false,
    DUPLICATE_SAME_ACCESS,
  );
  CloseHandle(
    h,
  );
}`),
    ).toEqual(['doubleClose 16,17', 'leakedHandle 6', 'useAfterClose 9,10,11,12,13,14']);
  });

  it('of chained calls are those on which the callee begins and ends', () => {
    expect(
      judge(`
class Builder {
  readonly h = CreateFile('a');
  close(): this { CloseHandle(this.h); return this; }
  then1(action: (h: HANDLE) => void): this { action(this.h); return this; }
}
export function main(): void {
  new Builder()
    .close()
    .then1((h) => {

      DeviceIoControl(h, 1);
    });
}`),
    ).toEqual(['useAfterClose 4,7,9,11']);
  });

  it('of getters are the line that reads them', () => {
    expect(
      judge(`
class Box {
  get fresh(): HANDLE { return CreateFile('a'); }
}
export function main(): void {
  const box = new Box();
  void [
    box.fresh,
  ];
}`),
    ).toEqual(['leakedHandle 2,7']);
  });

  it('are right on the first line, and after wide characters and tabs', () => {
    expect(judge(` export function main() { CreateFile('ünï🎉'); }`)).toEqual(['leakedHandle 0']);
    expect(judge(`\n\texport const main = () => { '🎉'; void\n\tCreateFile('a'); };`)).toEqual([
      'leakedHandle 2',
    ]);
  });

  it('are those of several distinct violations of one line', () => {
    expect(
      judge(`
export function main(): void {
  CreateFile('a'); CreateEvent();
}`),
    ).toEqual(['leakedHandle 2', 'leakedHandle 2']);
  });
});

describe('using', () => {
  const OWNER = `
class Owner implements Disposable {
  constructor(private readonly h: HANDLE) {}
  [Symbol.dispose]() { CloseHandle(this.h); }
}
`;

  it('closes at the end of the scope', () => {
    expect(
      judge(`${OWNER}export function main(): void {
  const h = CreateFile('a');
  {
    using owner = new Owner(h);
    DeviceIoControl(h, 1);
  }
  DeviceIoControl(h, 1);
}`),
    ).toEqual(['useAfterClose 11']);
  });

  it('as the later close is implicit: its lines are those of the earlier close and of the declaration', () => {
    const body = `${OWNER}export function main(): void {
  const h = CreateFile('a');
  if (choose()) {
    using first = new Owner(CreateEvent()!),
      second = new Owner(h);
    DeviceIoControl(h, 1);
    CloseHandle(h);
  }
}`;
    expect(judge(body)).toEqual(['doubleClose 3,8,9,11 implicit', 'leakedHandle 6']);
    const close = explore(body).violations.find(({ kind }) => kind === 'doubleClose');
    expect(close?.frames.map(({ line, isImplicit }) => [line - 1, isImplicit])).toEqual([
      [3, undefined],
      [9, true],
    ]);
    expect(close?.closedAt?.map(({ line }) => line - 1)).toEqual([11]);
  });

  it('as the earlier close leaves the later one explicit', () => {
    expect(
      judge(`${OWNER}export function main(): void {
  const h = CreateFile('a');
  {
    using owner = new Owner(h);
  }
  CloseHandle(h);
}`),
    ).toEqual(['doubleClose 10']);
  });

  it('twice has the lines of both declarations', () => {
    expect(
      judge(`${OWNER}export function main(): void {
  const h = CreateFile('a');
  using first = new Owner(h);
  using second = new Owner(h);
}`),
    ).toEqual(['doubleClose 3,7,8 implicit']);
  });

  it('of what the constructor has closed has the line of the constructor call', () => {
    expect(
      judge(`
class Closed implements Disposable {
  constructor(private readonly h: HANDLE) {
    CloseHandle(h);
  }
  [Symbol.dispose]() {
    CloseHandle(this.h);
  }
}
export function main(): void {
  const h = CreateFile('a');
  using closed = new Closed(h);
}`),
    ).toEqual(['doubleClose 3,6,11 implicit']);
  });

  it('in a loop and in a loop’s head', () => {
    expect(
      judge(`${OWNER}export function main(): void {
  const h = CreateFile('a');
  for (using owner of [new Owner(h), new Owner(h)]) {
    DeviceIoControl(h, 1);
  }
}`),
    ).toEqual(['doubleClose 3,7 implicit', 'useAfterClose 8']);
  });

  it('inside a dispose method is placed at the declaration of each', () => {
    expect(
      judge(`${OWNER}class Outer implements Disposable {
  constructor(private readonly h: HANDLE) {}
  [Symbol.dispose]() {
    using inner = new Owner(this.h);
  }
}
export function main(): void {
  const h = CreateFile('a');
  CloseHandle(h);
  using outer = new Outer(h);
}`),
    ).toEqual(['doubleClose 3,8,13,14 implicit']);
  });

  it('is placed at its own declaration among those of other scopes, also behind a null', () => {
    expect(
      judge(`${OWNER}export function main(): void {
  const h = CreateFile('a');
  using nothing = null,
    none = undefined;
  using one = new Owner(h);
  if (choose()) {
    using two = new Owner(h);
  } else {
    using three = null; using four = new Owner(h);
  }
}`),
    ).toEqual(['doubleClose 3,9,11 implicit', 'doubleClose 3,9,13 implicit']);
  });

  it('ignores null and undefined, and passes exceptions on', () => {
    const { violations, endings, isBounded } = explore(`${OWNER}export function main(): void {
  using nothing = null, none = undefined;
  const h = CreateFile('a');
  using owner = new Owner(h);
  mayThrow();
  mayThrow();
}`);
    expect(violations).toEqual([]);
    expect(endings).toEqual({ return: 2, throw: 0, mayThrow: 4, cut: 0 });
    expect(isBounded).toBe(false);
  });

  it('combines exceptions of scope and dispose methods', () => {
    const { endings, thrown } = explore(`
class Bad implements Disposable {
  [Symbol.dispose]() { mayThrow(); }
}
export function main(): void {
  try {
    using first = new Bad(), second = new Bad();
    mayThrow();
  } catch (error) {
    if (error instanceof SuppressedError && error.suppressed instanceof SuppressedError) throw error;
  }
}`);
    expect(thrown).toEqual([]);
    expect(endings).toEqual({ return: 7, throw: 0, mayThrow: 1, cut: 0 });
  });

  it('of what cannot be disposed of is a TypeError of the program', () => {
    const { thrown } = explore(` export function main(): void { using h = 1 as never; }`);
    expect(thrown).toMatchObject([{ name: 'TypeError' }]);
  });
});

describe('DisposableStack', () => {
  it('closes what it holds, the last one first', () => {
    expect(
      judge(`
export function main(): void {
  using stack = new DisposableStack();
  const h = stack.adopt(CreateFile('a'), CloseHandle);
  stack.defer(() => {
    DeviceIoControl(h, 1);
  });
  stack.use(null);
}`),
    ).toEqual([]);
  });

  it('closes implicitly, also by a call of dispose', () => {
    expect(
      judge(`
export function main(): void {
  const stack = new DisposableStack();
  const h = stack.adopt(CreateFile('a'), (it) => {
    CloseHandle(it);
  });
  CloseHandle(h);
  if (choose()) {
    using moved = stack.move();
  } else stack.dispose();
}`),
    ).toEqual(['doubleClose 4,6,8 implicit', 'doubleClose 4,6,9 implicit']);
  });

  it('knows when it was disposed of', () => {
    const { thrown } = explore(`
export function main(): void {
  const stack = new DisposableStack();
  stack.dispose();
  stack.dispose();
  if (!stack.disposed) return;
  stack.defer(() => {});
}`);
    expect(thrown).toMatchObject([{ name: 'ReferenceError' }]);
  });
});

describe('runs', () => {
  it('each begin with fresh modules', () => {
    const { runs, violations } = explore(`
let count = 0;
const early = CreateEvent();
export function main(): void {
  count++;
  if (count !== 1) CreateFile('left over');
  if (choose() && early !== null) CloseHandle(early);
}`);
    expect(runs).toBe(4);
    expect(violations).toMatchObject([{ kind: 'leakedHandle', lines: [3] }]);
  });

  it('end although a loop calls nothing, or swallows what cuts it', () => {
    const endless = explore(` export function main(): void { for (;;); }`);
    expect(endless).toMatchObject({ runs: 1, endings: { cut: 1 }, isBounded: true });
    const swallowing = explore(`
export function main(): void {
  while (true) try {
    do for (const i in [1]) for (const j of [i]) while (j) mayThrow();
    while (true);
  } catch { continue; }
}`);
    expect(swallowing.endings.return).toBe(0);
    expect(swallowing.isBounded).toBe(true);
  });

  it('do what the source says in loops of all kinds', () => {
    expect(
      judge(`
export function main(): void {
  let turns = 0;
  for (let i = 0; i < 2; i++) turns++;
  for (const _ of [1, 2]) turns++;
  for (const _ in { a: 1, b: 2 }) { turns++; continue; }
  outer: while (true) { do { turns++; if (turns > 8) break outer; } while (true); }
  if (turns !== 9) CreateFile('wrong');
}`),
    ).toEqual([]);
  });

  it('can be random, of the same compiled program', () => {
    const program = loadProgram(
      `${IMPORTS}
export function main(): void {
  for (let i = 0; i < 3; i++) if (choose()) return;
  CreateFile('a');
}`,
      'program.ts',
    );
    expect(program.explore({ maxRuns: 2 }).violations).toEqual([]);
    expect(program.explore()).toMatchObject({ runs: 5, violations: [{ lines: [4] }] });
    expect(program.sample({ runs: 100, seed: 1 }).violations).toMatchObject([{ lines: [4] }]);
  });

  it('find the same with and without replays', () => {
    const text = `${IMPORTS}
export function main(): void {
  const h = CreateFile('a');
  while (choose()) CloseHandle(h);
  DeviceIoControl(h, 1);
}`;
    const options = { maxChoices: 6 };
    expect(runProgram(text, 'program.ts', { ...options, replays: false })).toEqual(
      runProgram(text, 'program.ts', options),
    );
  });

  it('reach into files next to the program, whose lines are not the program’s', () => {
    const folder = mkdtempSync(join(tmpdir(), 'handles-'));
    try {
      writeFileSync(
        join(folder, 'helper.ts'),
        `import { CreateFile } from 'eslint-plugin-handles/model';\n\n\n\nexport const open = () => CreateFile('a');\n`,
      );
      const { violations } = runProgram(
        `import { open } from './helper.ts';\n\nexport function main() {\n  open();\n}\n`,
        join(folder, 'main.ts'),
      );
      expect(violations).toMatchObject([{ lines: [4] }]);
      expect(violations[0]?.frames.map(({ file, line }) => [file, line])).toEqual([
        [join(folder, 'helper.ts'), 5],
        [join(folder, 'main.ts'), 4],
      ]);
      expect(() => runProgram(`import './missing.ts';`, join(folder, 'main.ts'))).toThrow(/missing\.ts/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what is no program', () => {
  it('is said with file, line and column', () => {
    expect(() => runProgram('export function main( {', 'bad.ts')).toThrow(/bad\.ts:1:/);
    expect(() => loadProgram('const a = 1; const a = 2; export {};', 'bad.ts')).toThrow(SyntaxError);
  });

  it('is one without main, or with imports from elsewhere', () => {
    expect(() => runProgram('export function mian() {}', 'p.ts')).toThrow(/p\.ts exports no function 'main'/);
    expect(() => runProgram(`import 'node:fs'; export function main() {}`, 'p.ts')).toThrow(/node:fs/);
  });
});
