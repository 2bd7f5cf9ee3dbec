/** That exploring takes every path once, says what it left out, and shows each violation with the decisions to see it again. */
import { describe, expect, it } from 'vitest';
import {
  choose,
  CloseHandle,
  CreateEvent,
  CreateFile,
  DeviceIoControl,
  explore,
  FindClose,
  FindFirstFile,
  FindNextFile,
  INVALID_HANDLE_VALUE,
  mayThrow,
  queryObject,
  run,
  RunCut,
  sample,
  type Exploration,
} from '../../model/index.ts';
import { linesOf } from './lines.ts';

const line = linesOf(import.meta.url);

function found(exploration: Exploration): string[] {
  return exploration.violations.map(({ kind, frames }) => `${kind} ${frames[0]?.line ?? 0}`);
}

describe('explore', () => {
  it('runs a program without choices once', () => {
    expect(explore(() => 1)).toEqual({
      violations: [],
      runs: 1,
      endings: { return: 1, throw: 0, mayThrow: 0, cut: 0 },
      thrown: [],
      isBounded: false,
    });
  });

  it('takes every combination once, the ordinary course first and few departures before many', () => {
    const seen: string[] = [];
    const result = explore(() => {
      const [a, b] = [choose(), choose()];
      seen.push(`${a} ${b}${a ? '' : ` ${choose()}`}`);
    });
    expect(seen).toEqual([
      'true true',
      'false true true',
      'true false',
      'false false true',
      'false true false',
      'false false false',
    ]);
    expect(result).toMatchObject({ runs: 6, isBounded: false });
  });

  it('finds both sides of a failing acquisition', () => {
    const seen = new Set<unknown>();
    const result = explore(() => {
      const h = CreateFile('a');
      seen.add(h === INVALID_HANDLE_VALUE);
      if (h === INVALID_HANDLE_VALUE) {
        CreateEvent(); // only if it failed
        return;
      }
      CloseHandle(h);
    });
    expect(seen).toEqual(new Set([true, false]));
    expect(found(result)).toEqual([`leakedHandle ${line('only if it failed')}`]);
    expect(result.violations[0]?.decisions).toEqual([
      { at: 'CreateFile', outcome: false },
      { at: 'CreateEvent', outcome: true },
    ]);
  });

  it('finds both sides of choose and of mayThrow', () => {
    const result = explore(() => {
      const h = CreateFile('a');
      if (choose()) CloseHandle(h);
      mayThrow();
      CloseHandle(h); // second
    });
    // The leak shows only where neither close came to pass.
    expect(result.violations.map(({ kind }) => kind)).toEqual(['doubleClose', 'leakedHandle']);
    expect(found(result)[0]).toBe(`doubleClose ${line('second')}`);
    expect(result.violations[1]?.decisions.map(({ outcome }) => outcome)).toEqual([true, false, true]);
    expect(result.violations[1]?.endings).toEqual(new Set(['mayThrow']));
    expect(result.violations[0]?.endings).toEqual(new Set(['return']));
    expect(result).toMatchObject({ runs: 8, endings: { return: 4, mayThrow: 4 }, isBounded: false });
  });

  it('turns a search as often as it may find something', () => {
    const turns = new Set<number>();
    const result = explore(() => {
      const search = FindFirstFile('*');
      let count = 0;
      while (FindNextFile(search)) count++;
      turns.add(count);
      FindClose(search);
    });
    expect(turns).toEqual(new Set([0, 1, 2]));
    expect(result).toMatchObject({ runs: 4, isBounded: false, violations: [] });
  });

  it('returns a violation once, however many runs show it, with decisions that show it again', () => {
    const program = () => {
      choose();
      choose();
      const h = CreateFile('a');
      if (choose()) return;
      CloseHandle(h);
      CloseHandle(h);
    };
    const { violations } = explore(program);
    expect(violations.map(({ kind }) => kind)).toEqual(['leakedHandle', 'doubleClose']);
    for (const { kind, decisions } of violations) {
      expect(run(program, { decisions }).violations.map((violation) => violation.kind)).toEqual([kind]);
    }
  });

  it('tells violations apart by the place of the acquisition', () => {
    const { violations } = explore(() => {
      const h = choose() ? CreateFile('a') : CreateFile('b');
      CloseHandle(h);
      CloseHandle(h);
    });
    expect(violations).toHaveLength(2);
  });

  it('judges leaks where an exception leaves the program, and says whose it was', () => {
    const result = explore(() => {
      CreateFile('a');
      if (choose()) throw new Error('mine');
      mayThrow();
    });
    expect(result.endings).toEqual({ return: 2, throw: 2, mayThrow: 2, cut: 0 });
    expect(result.violations[0]?.endings).toEqual(new Set(['return', 'throw', 'mayThrow']));
    expect(result.thrown).toEqual([new Error('mine')]);
  });

  it('is deaf to what a program does to its neighbours', () => {
    const inner = () => {
      CreateEvent();
    };
    const result = explore(() => {
      const h = CreateFile('a');
      if (h === INVALID_HANDLE_VALUE) return;
      expect(explore(inner)).toMatchObject({ runs: 2, violations: [{ kind: 'leakedHandle' }] });
      expect(queryObject(h)?.openHandles).toBe(1);
      CloseHandle(h);
    });
    expect(result).toMatchObject({ violations: [], thrown: [], runs: 2 });
  });

  it('can run with recycling', () => {
    const result = explore(
      () => {
        const h = CreateFile('a');
        if (h === INVALID_HANDLE_VALUE) return;
        CloseHandle(h);
        const other = CreateEvent();
        DeviceIoControl(h, 1);
        if (other !== null) CloseHandle(other);
      },
      { recycling: true },
    );
    // The stale use shows only where nobody was given the value.
    expect(result.violations).toHaveLength(1);
    expect(result.violations[0]?.decisions[1]).toEqual({ at: 'CreateEvent', outcome: false });
  });
});

describe('bounds', () => {
  it('cut a run at maxChoices, say so and judge no leaks there', () => {
    const result = explore(
      () => {
        CreateFile('a');
        while (choose());
      },
      { maxChoices: 5 },
    );
    expect(result.isBounded).toBe(true);
    expect(result.endings).toEqual({ return: 8, throw: 0, mayThrow: 0, cut: 2 });
    const endless = explore(() => {
      CreateFile('a');
      for (;;) choose();
    });
    expect(endless).toMatchObject({ violations: [], isBounded: true });
  });

  it('keep what a run showed before it was cut', () => {
    const { violations } = explore(
      () => {
        const h = CreateFile('a');
        CloseHandle(h);
        CloseHandle(h);
        for (;;) choose();
      },
      { maxChoices: 5 },
    );
    expect(violations).toMatchObject([{ kind: 'doubleClose', endings: new Set(['cut']) }]);
  });

  it('end an exploration at maxRuns and say so', () => {
    const program = () => [choose(), choose(), choose()];
    expect(explore(program, { maxRuns: 7 })).toMatchObject({ runs: 7, isBounded: true });
    expect(explore(program, { maxRuns: 8 })).toMatchObject({ runs: 8, isBounded: false });
  });

  it('leave out first what takes most departures', () => {
    const program = () => {
      const flags = Array.from({ length: 16 }, choose);
      if (flags.filter((flag) => !flag).length === 2 && flags[0] === false && flags[15] === false)
        CreateEvent();
    };
    const result = explore(program, { maxRuns: 200 });
    expect(result).toMatchObject({ isBounded: true, violations: [{ kind: 'leakedHandle' }] });
  });

  it('cut a loop that never ends but calls the model', () => {
    const result = explore(
      () => {
        for (;;) DeviceIoControl(null, 1);
      },
      { maxCalls: 50 },
    );
    expect(result).toMatchObject({ runs: 1, endings: { cut: 1 }, isBounded: true });
  });

  it('cut a run whose program swallows the cut', () => {
    const program = () => {
      const h = CreateFile('a');
      for (;;) {
        try {
          if (choose()) break;
          mayThrow();
        } catch {
          // on to the next turn
        } finally {
          DeviceIoControl(h, 1);
        }
      }
      CloseHandle(h);
      DeviceIoControl(h, 1); // stale
    };
    const result = explore(program, { maxChoices: 8 });
    expect(result.isBounded).toBe(true);
    expect(result.endings.cut).toBeGreaterThan(0);
    expect(found(result)).toEqual([`useAfterClose ${line('stale')}`]);
  });

  it('cut by an exception of a known class', () => {
    let caught: unknown;
    run(
      () => {
        try {
          for (;;) choose();
        } catch (error) {
          caught = error;
        }
      },
      { maxChoices: 1 },
    );
    expect(caught).toBeInstanceOf(RunCut);
  });
});

describe('replays', () => {
  it('find the same as an exploration with stacks', () => {
    const program = () => {
      const h = CreateFile('a');
      if (choose()) CloseHandle(h);
      if (choose()) throw new Error('mine');
      DeviceIoControl(h, 1);
      while (choose()) mayThrow();
      CloseHandle(h);
    };
    const options = { maxChoices: 7 };
    expect(explore(program, { ...options, replays: true })).toEqual(explore(program, options));
  });

  it('run clean programs once', () => {
    let calls = 0;
    const program = () => {
      calls++;
      if (!choose()) CreateFile('a');
    };
    expect(explore(program, { replays: true }).runs).toBe(3);
    expect(calls).toBe(4);
  });
});

describe('programs that cannot be explored', () => {
  it('are those that depend on something beside their choices', () => {
    let state = 0;
    expect(() => explore(() => (state++ % 2 === 0 ? choose() : CreateFile('a')))).toThrow(/choice points/);
    state = 0;
    expect(() => explore(() => (state++ === 0 ? [choose(), choose()] : 0))).toThrow(/choice points/);
  });

  it('are those that go on after they have returned', () => {
    const program = () => Promise.resolve(1);
    expect(() => explore(program)).toThrow(TypeError);
    // The kernel that was there before is in place again.
    expect(queryObject(CreateFile('a'))?.openHandles).toBe(1);
  });
});

describe('sample', () => {
  const program = () => {
    CreateFile('a');
    for (let i = 0; i < 12; i++) if (!choose()) return;
    mayThrow();
    if (CreateEvent() === null) throw new Error('all chosen, and no event');
  };

  it('makes as many random runs as it is told, the same for a seed', () => {
    const first = sample(program, { runs: 50, seed: 7 });
    expect(first).toMatchObject({ runs: 50, isBounded: true });
    expect(sample(program, { runs: 50, seed: 7 })).toEqual(first);
    expect(sample(program, { runs: 50, seed: 7, replays: true })).toEqual(first);
    const endings = new Set([1, 2, 3, 4].map((seed) => JSON.stringify(sample(program, { runs: 50, seed }))));
    expect(endings.size).toBeGreaterThan(1);
  });

  it('comes to what bounds leave out', () => {
    const deep = () => {
      let departures = 0;
      for (let i = 0; i < 30; i++) if (!choose()) departures++;
      if (departures > 14) CreateEvent();
    };
    expect(explore(deep, { maxRuns: 500 }).violations).toEqual([]);
    expect(sample(deep, { runs: 50, seed: 1 }).violations).toMatchObject([{ kind: 'leakedHandle' }]);
  });

  it('lets acquisitions and mayThrow go both ways', () => {
    const { endings } = sample(
      () => {
        mayThrow();
        if (CreateEvent() === null) throw new Error('failed');
      },
      { runs: 200, seed: 3 },
    );
    expect(Math.min(endings.return, endings.throw, endings.mayThrow)).toBeGreaterThan(20);
  });

  it('gives decisions that show the violation again', () => {
    const { violations } = sample(program, { runs: 20, seed: 5 });
    const [leak] = violations;
    expect(run(program, { decisions: leak?.decisions ?? [] }).violations[0]?.kind).toBe('leakedHandle');
  });
});

describe('exceptions that using scopes combine', () => {
  it('are mayThrow’s if all of them are', () => {
    const both = (first: unknown, second: unknown) =>
      Object.assign(new Error('combined'), { error: first, suppressed: second });
    const catching = (action: () => void): unknown => {
      try {
        action();
      } catch (error) {
        return error;
      }
      return null;
    };
    const decisions = Array.from({ length: 2 }, () => ({ at: 'mayThrow', outcome: true }) as const);
    const combined = (last: (error: unknown) => unknown) =>
      run(
        () => {
          throw both(catching(mayThrow), last(catching(mayThrow)));
        },
        { decisions },
      ).endedBy;
    expect(combined((error) => error)).toBe('mayThrow');
    expect(combined(() => new Error('mine'))).toBe('throw');
  });
});
