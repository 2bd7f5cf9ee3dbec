/** What each function returns and does to the handle table, judged by single runs. */
import { describe, expect, it } from 'vitest';
import {
  choose,
  CloseHandle,
  CreateEvent,
  CreateFile,
  CreateThread,
  DeviceIoControl,
  DUPLICATE_CLOSE_SOURCE,
  DUPLICATE_SAME_ACCESS,
  DuplicateHandle,
  endOfProgram,
  ExitThread,
  FindClose,
  FindFirstFile,
  FindNextFile,
  GetCurrentProcess,
  GetCurrentThread,
  GetLastError,
  INVALID_HANDLE_VALUE,
  mayThrow,
  ModelException,
  queryObject,
  ReadFile,
  run,
  TerminateThread,
  violations,
  WriteFile,
  type ChoicePoint,
  type HANDLE,
} from '../../model/index.ts';

/** Runs a program in which the acquisitions named fail, and returns the kinds of its violations. */
function kindsOf(program: () => void, ...failing: ChoicePoint[]): string[] {
  const decisions = failing.map((at) => ({ at, outcome: false }));
  const result = run(program, { decisions });
  if (result.endedBy !== 'return') throw result.thrown;
  return result.violations.map(({ kind }) => kind);
}

/** Duplicates within this process. */
function duplicate(source: HANDLE | null, options: number = DUPLICATE_SAME_ACCESS): HANDLE | null {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), out, 0, false, options);
  return out[0];
}

const buffer = new Uint8Array(8);

describe('acquisitions', () => {
  it('give different handles, each owed a close', () => {
    const found = kindsOf(() => {
      const all = [CreateFile('a'), CreateFile('a'), CreateEvent(), CreateThread(), FindFirstFile('*')];
      expect(new Set(all).size).toBe(5);
      expect(all.every((h) => h !== null && h > 0)).toBe(true);
    });
    expect(found).toEqual(Array(5).fill('leakedHandle'));
  });

  it('fail each in its own way and then owe nothing', () => {
    const found = kindsOf(
      () => {
        expect(CreateFile('a')).toBe(INVALID_HANDLE_VALUE);
        expect(GetLastError()).toBe(2);
        expect(FindFirstFile('*')).toBe(INVALID_HANDLE_VALUE);
        expect(CreateEvent()).toBeNull();
        expect(GetLastError()).toBe(8);
        expect(CreateThread()).toBeNull();
        const out: [HANDLE | null] = [null];
        expect(DuplicateHandle(-2 as HANDLE, -3 as HANDLE, -2 as HANDLE, out, 0, false, 0)).toBe(false);
        expect(out).toEqual([null]);
      },
      'CreateFile',
      'FindFirstFile',
      'CreateEvent',
      'CreateThread',
      'DuplicateHandle',
    );
    expect(found).toEqual([]);
  });
});

describe('failure values', () => {
  const values = [
    INVALID_HANDLE_VALUE,
    null,
    undefined,
    0 as HANDLE,
    5 as HANDLE,
    400 as HANDLE,
    NaN as HANDLE,
  ];

  it.each(values)('%s fails in every call, and nothing is recorded', (value) => {
    const found = kindsOf(() => {
      expect(CloseHandle(value)).toBe(false);
      expect(GetLastError()).toBe(6);
      expect(FindClose(value)).toBe(false);
      expect(DeviceIoControl(value, 1)).toBe(false);
      expect(ReadFile(value, buffer)).toBe(-1);
      expect(WriteFile(value, 'text')).toBe(-1);
      expect(FindNextFile(value)).toBe(false);
      expect(TerminateThread(value, 0)).toBe(false);
      expect(ExitThread(value, 0)).toBe(false);
      expect(queryObject(value)).toBeNull();
      expect(duplicate(value ?? null, DUPLICATE_CLOSE_SOURCE)).toBeNull();
      const out: [HANDLE | null] = [null];
      expect(DuplicateHandle(value, GetCurrentThread(), GetCurrentProcess(), out, 0, false, 0)).toBe(false);
      expect(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), value, out, 0, false, 0)).toBe(false);
      expect(out).toEqual([null]);
    });
    expect(found).toEqual([]);
  });
});

describe('uses', () => {
  it('succeed on every open handle, of whatever kind', () => {
    const found = kindsOf(() => {
      const all = [CreateFile('a'), CreateEvent(), CreateThread(), GetCurrentProcess(), GetCurrentThread()];
      const search = FindFirstFile('*');
      for (const h of [...all, search]) {
        expect(DeviceIoControl(h, 1)).toBe(true);
        expect(WriteFile(h, 'text')).toBe(4);
        expect(WriteFile(h, buffer)).toBe(8);
        expect(ReadFile(h, buffer)).toBe(8);
      }
      for (const h of all) expect(CloseHandle(h)).toBe(true);
      expect(FindClose(search)).toBe(true);
    });
    expect(found).toEqual([]);
  });

  it('read an object to its end, through whichever handle', () => {
    kindsOf(() => {
      const h = CreateFile('a');
      const copy = duplicate(h);
      expect([ReadFile(h, buffer), ReadFile(copy, buffer), ReadFile(h, buffer)]).toEqual([8, 8, 0]);
    });
  });

  it('of a closed handle fail and are recorded once', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      CloseHandle(h);
      expect(DeviceIoControl(h, 1)).toBe(false);
      expect(GetLastError()).toBe(6);
      expect(ReadFile(h, buffer)).toBe(-1);
      expect(WriteFile(h, 'text')).toBe(-1);
      expect(FindNextFile(h)).toBe(false);
      expect(TerminateThread(h, 0)).toBe(false);
    });
    expect(found).toEqual(['useAfterClose']);
  });

  it.each([
    ['ReadFile', (h: HANDLE) => ReadFile(h, buffer)],
    ['WriteFile', (h: HANDLE) => WriteFile(h, 'text')],
    ['DeviceIoControl', (h: HANDLE) => DeviceIoControl(h, 1)],
    ['FindNextFile', (h: HANDLE) => FindNextFile(h)],
    ['TerminateThread', (h: HANDLE) => TerminateThread(h, 1)],
    ['DuplicateHandle', (h: HANDLE) => duplicate(h)],
  ])('%s of a closed handle is a use', (_name, use) => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      CloseHandle(h);
      use(h);
    });
    expect(found).toEqual(['useAfterClose']);
  });

  it('leave the last error alone when they succeed', () => {
    kindsOf(() => {
      expect(GetLastError()).toBe(0);
      CloseHandle(null);
      const h = CreateFile('a');
      DeviceIoControl(h, 1);
      expect(GetLastError()).toBe(6);
    });
  });
});

describe('closes', () => {
  it('again are a double close, once, after which nothing more is said about the handle', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      expect(CloseHandle(h)).toBe(true);
      expect(CloseHandle(h)).toBe(false);
      expect(GetLastError()).toBe(6);
      DeviceIoControl(h, 1);
      CloseHandle(h);
      FindClose(h);
      duplicate(h);
    });
    expect(found).toEqual(['doubleClose']);
  });

  it('again are a double close by whatever function', () => {
    expect(
      kindsOf(() => {
        const h = CreateFile('a');
        CloseHandle(h);
        FindClose(h);
      }),
    ).toEqual(['doubleClose']);
  });

  it('after a stale use are still a double close', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      CloseHandle(h);
      DeviceIoControl(h, 1);
      DeviceIoControl(h, 1);
      CloseHandle(h);
    });
    expect(found).toEqual(['useAfterClose', 'doubleClose']);
  });

  it('by the function of another kind fail and leave the handle open, and nothing more is said about it', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      const search = FindFirstFile('*');
      expect(FindClose(h)).toBe(false);
      expect(CloseHandle(search)).toBe(false);
      expect(DeviceIoControl(h, 1)).toBe(true);
      expect(queryObject(search)).toMatchObject({ kind: 'find', openHandles: 1 });
      FindClose(h);
    });
    expect(found).toEqual(['mismatchedClose', 'mismatchedClose']);
  });

  it('by the right function still close after a mismatched one, silently ever after', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      FindClose(h);
      expect(CloseHandle(h)).toBe(true);
      expect(CloseHandle(h)).toBe(false);
      expect(DeviceIoControl(h, 1)).toBe(false);
    });
    expect(found).toEqual(['mismatchedClose']);
  });

  it('of pseudo-handles do nothing', () => {
    const found = kindsOf(() => {
      for (const h of [GetCurrentProcess(), GetCurrentThread()]) {
        expect(h).not.toBe(INVALID_HANDLE_VALUE);
        expect(CloseHandle(h)).toBe(true);
        expect(CloseHandle(h)).toBe(true);
        expect(DeviceIoControl(h, 1)).toBe(true);
      }
    });
    expect(found).toEqual([]);
    expect(GetCurrentProcess()).not.toBe(GetCurrentThread());
  });

  it('leave no leak behind an unused handle of another call', () => {
    expect(kindsOf(() => void CreateFile('discarded'))).toEqual(['leakedHandle']);
  });
});

describe('searches', () => {
  it('find at most maxFinds more files, and none after they said so', () => {
    const result = run(
      () => {
        const search = FindFirstFile('*');
        let count = 0;
        while (FindNextFile(search)) count++;
        expect(count).toBe(3);
        expect(GetLastError()).toBe(18);
        expect(FindNextFile(search)).toBe(false);
        FindClose(search);
      },
      { maxFinds: 3 },
    );
    expect(result.thrown).toBeUndefined();
    // The call that meets the bound has no choice, nor has any after it.
    expect(result.decisions.map(({ at }) => at)).toEqual([
      'FindFirstFile',
      'FindNextFile',
      'FindNextFile',
      'FindNextFile',
    ]);
  });

  it('may end earlier, once for all', () => {
    const decisions = [
      { at: 'FindFirstFile', outcome: true },
      { at: 'FindNextFile', outcome: false },
    ] as const;
    const result = run(
      () => {
        const search = FindFirstFile('*');
        expect([FindNextFile(search), FindNextFile(search)]).toEqual([false, false]);
        FindClose(search);
      },
      { decisions },
    );
    expect(result.thrown).toBeUndefined();
    expect(result.decisions).toEqual(decisions);
  });

  it('are what FindNextFile wants: on another open handle it fails and nothing is recorded', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      expect(FindNextFile(h)).toBe(false);
      CloseHandle(h);
    });
    expect(found).toEqual([]);
  });
});

describe('duplicates', () => {
  it('are other handles to the same object: closing one does not close the other', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      const copy = duplicate(h);
      expect(copy).not.toBe(h);
      expect(queryObject(copy)).toEqual(queryObject(h));
      expect(queryObject(h)?.references).toBe(2);
      CloseHandle(h);
      expect(DeviceIoControl(copy, 1)).toBe(true);
      expect(CloseHandle(copy)).toBe(true);
      expect(queryObject(copy)).toMatchObject({ references: 0, isAlive: false });
    });
    expect(found).toEqual([]);
  });

  it('leave the obligation to close the original, and add one', () => {
    expect(
      kindsOf(() => {
        duplicate(CreateFile('a'));
      }),
    ).toEqual(['leakedHandle', 'leakedDuplicate']);
  });

  it('of a duplicate are duplicates', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      const copy = duplicate(h);
      duplicate(copy);
      CloseHandle(h);
      CloseHandle(copy);
    });
    expect(found).toEqual(['leakedDuplicate']);
  });

  it('of a pseudo-handle are real', () => {
    const found = kindsOf(() => {
      const self = duplicate(GetCurrentProcess());
      expect(self).toBeGreaterThan(0);
      const out: [HANDLE | null] = [null];
      // It names this process like the pseudo-handle.
      expect(DuplicateHandle(self, GetCurrentThread(), self, out, 0, false, 0)).toBe(true);
      expect(CloseHandle(self)).toBe(true);
      CloseHandle(self);
    });
    expect(found).toEqual(['doubleClose', 'leakedDuplicate']);
  });

  it('of a closed handle fail: a use after close', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      CloseHandle(h);
      const out: [HANDLE | null] = [7 as HANDLE];
      expect(DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, 0)).toBe(false);
      expect(out).toEqual([7]);
    });
    expect(found).toEqual(['useAfterClose']);
  });

  it('with a closed process handle fail: a use after close of that one', () => {
    const found = kindsOf(() => {
      const self = duplicate(GetCurrentProcess());
      const other = duplicate(GetCurrentProcess());
      CloseHandle(self);
      CloseHandle(other);
      const h = CreateFile('a');
      const out: [HANDLE | null] = [null];
      expect(DuplicateHandle(self, h, GetCurrentProcess(), out, 0, false, 0)).toBe(false);
      expect(DuplicateHandle(GetCurrentProcess(), h, other, out, 0, false, 0)).toBe(false);
      expect(out).toEqual([null]);
      CloseHandle(h);
    });
    expect(found).toEqual(['useAfterClose', 'useAfterClose']);
  });

  it('of a search cannot be made', () => {
    const found = kindsOf(() => {
      const search = FindFirstFile('*');
      expect(duplicate(search, DUPLICATE_CLOSE_SOURCE)).toBeNull();
      expect(FindClose(search)).toBe(true);
    });
    expect(found).toEqual([]);
  });

  it('need a source in this process', () => {
    const found = kindsOf(() => {
      const other = CreateEvent();
      const h = CreateFile('a');
      const out: [HANDLE | null] = [null];
      expect(DuplicateHandle(other, h, GetCurrentProcess(), out, 0, false, 0)).toBe(false);
      CloseHandle(h);
      CloseHandle(other);
    });
    expect(found).toEqual([]);
  });

  it('made into another process are not this program’s', () => {
    const found = kindsOf(() => {
      const other = CreateEvent();
      const h = CreateFile('a');
      const out: [HANDLE | null] = [null];
      expect(DuplicateHandle(GetCurrentProcess(), h, other, out, 0, false, 0)).toBe(true);
      const first = out[0];
      expect(DuplicateHandle(GetCurrentProcess(), h, other, out, 0, false, 0)).toBe(true);
      expect(first).not.toBeNull();
      expect(out[0]).not.toBe(first);
      expect(DeviceIoControl(first, 1)).toBe(false);
      expect(CloseHandle(first)).toBe(false);
      expect(queryObject(h)?.references).toBe(1);
      CloseHandle(h);
      CloseHandle(other);
    });
    expect(found).toEqual([]);
  });
});

describe('DUPLICATE_CLOSE_SOURCE', () => {
  it('closes the source of a duplicate that is made', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      const copy = duplicate(h, DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS);
      expect(copy).not.toBe(h);
      expect(queryObject(copy)?.references).toBe(1);
      CloseHandle(copy);
      expect(CloseHandle(h)).toBe(false);
    });
    expect(found).toEqual(['doubleClose']);
  });

  it('closes the source of a duplicate that fails', () => {
    const decisions = [
      { at: 'CreateFile', outcome: true },
      { at: 'DuplicateHandle', outcome: false },
    ] as const;
    const program = () => {
      const h = CreateFile('a');
      expect(duplicate(h, DUPLICATE_CLOSE_SOURCE)).toBeNull();
      expect(queryObject(h)?.isAlive).toBe(false);
    };
    expect(run(program, { decisions })).toMatchObject({ violations: [], endedBy: 'return' });
  });

  it('closes the source where the call cannot succeed', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      const out: [HANDLE | null] = [null];
      DuplicateHandle(GetCurrentProcess(), h, null, out, 0, false, DUPLICATE_CLOSE_SOURCE);
      expect(queryObject(h)?.openHandles).toBe(0);
    });
    expect(found).toEqual([]);
  });

  it('of a closed source is one use after close', () => {
    const found = kindsOf(() => {
      const h = CreateFile('a');
      CloseHandle(h);
      duplicate(h, DUPLICATE_CLOSE_SOURCE);
    });
    expect(found).toEqual(['useAfterClose']);
  });

  it('of a pseudo-handle closes nothing', () => {
    const found = kindsOf(() => {
      CloseHandle(duplicate(GetCurrentProcess(), DUPLICATE_CLOSE_SOURCE));
      CloseHandle(duplicate(GetCurrentProcess(), DUPLICATE_CLOSE_SOURCE));
    });
    expect(found).toEqual([]);
  });
});

describe('threads', () => {
  it('keep their own object until they exit', () => {
    const found = kindsOf(() => {
      const thread = CreateThread();
      expect(queryObject(thread)).toEqual({
        kind: 'thread',
        openHandles: 1,
        isRunning: true,
        references: 2,
        isAlive: true,
        uses: 0,
        exitCode: null,
      });
      CloseHandle(thread);
      expect(queryObject(thread)).toMatchObject({ openHandles: 0, references: 1, isAlive: true });
      expect(ExitThread(thread, 3)).toBe(true);
      expect(queryObject(thread)).toMatchObject({ references: 0, isAlive: false, exitCode: 3 });
    });
    // Naming the thread that exits is no use of its handle.
    expect(found).toEqual([]);
  });

  it('can be terminated through an open handle, which stays open', () => {
    const found = kindsOf(() => {
      const thread = CreateThread();
      expect(TerminateThread(thread, 1)).toBe(true);
      expect(queryObject(thread)).toMatchObject({ isRunning: false, references: 1, exitCode: 1 });
      CloseHandle(thread);
    });
    expect(found).toEqual([]);
  });

  it('are what ExitThread and TerminateThread want', () => {
    kindsOf(() => {
      const h = CreateFile('a');
      expect(ExitThread(h, 0)).toBe(false);
      expect(TerminateThread(h, 0)).toBe(false);
      expect(GetLastError()).toBe(6);
    });
  });

  it('and processes behind pseudo-handles run', () => {
    kindsOf(() => {
      expect(queryObject(GetCurrentProcess())).toMatchObject({ kind: 'process', references: 1 });
      expect(queryObject(GetCurrentThread())).toMatchObject({ kind: 'thread', references: 1 });
    });
  });
});

describe('recycling', () => {
  it('is off by default: a value is never handed out twice', () => {
    kindsOf(() => {
      const first = CreateFile('a');
      CloseHandle(first);
      expect(CreateFile('b')).not.toBe(first);
    });
  });

  it('hands out the value closed last, and a stale use works on somebody else’s object', () => {
    const result = run(
      () => {
        const mine = CreateFile('mine');
        CloseHandle(mine);
        const theirs = CreateEvent();
        expect(theirs).toBe(mine);
        expect(DeviceIoControl(mine, 1)).toBe(true);
        expect(queryObject(theirs)).toMatchObject({ kind: 'event', uses: 1 });
        // The stale close takes the handle away from its owner, whose own close is the wrong one then.
        expect(CloseHandle(mine)).toBe(true);
        expect(CloseHandle(theirs)).toBe(false);
      },
      { recycling: true },
    );
    expect(result.thrown).toBeUndefined();
    expect(result.violations.map(({ kind }) => kind)).toEqual(['doubleClose']);
  });

  it('still sees a stale use before the value is handed out again', () => {
    const program = () => {
      const h = CreateFile('a');
      CloseHandle(h);
      DeviceIoControl(h, 1);
    };
    expect(run(program, { recycling: true }).violations).toMatchObject([{ kind: 'useAfterClose' }]);
  });

  it('never gives a duplicate the value of its source', () => {
    const result = run(
      () => {
        const h = CreateFile('a');
        expect(duplicate(h, DUPLICATE_CLOSE_SOURCE)).not.toBe(h);
        expect(CreateFile('b')).toBe(h);
      },
      { recycling: true },
    );
    expect(result.thrown).toBeUndefined();
  });
});

describe('choice points', () => {
  it('go the ordinary way by default', () => {
    const program = () => {
      choose();
      mayThrow();
      choose();
    };
    expect(run(program).decisions).toEqual([
      { at: 'choose', outcome: true },
      { at: 'mayThrow', outcome: false },
      { at: 'choose', outcome: true },
    ]);
  });

  it('throw a ModelException where mayThrow is told to', () => {
    const result = run(() => mayThrow(), { decisions: [{ at: 'mayThrow', outcome: true }] });
    expect(result.endedBy).toBe('mayThrow');
    expect(result.thrown).toBeInstanceOf(ModelException);
  });
});

describe('scripts outside a run', () => {
  it('have a kernel of their own until they end', () => {
    endOfProgram();
    const h = CreateFile('a');
    CloseHandle(h);
    DeviceIoControl(h, 1);
    expect(choose()).toBe(true);
    mayThrow();
    // A run in between neither sees nor disturbs it.
    expect(run(() => DeviceIoControl(h, 1)).violations).toEqual([]);
    duplicate(GetCurrentProcess());
    expect(violations().map(({ kind }) => kind)).toEqual(['useAfterClose']);
    expect(endOfProgram().map(({ kind }) => kind)).toEqual(['useAfterClose', 'leakedDuplicate']);
    expect(violations()).toEqual([]);
    expect(endOfProgram()).toEqual([]);
    expect(CreateFile('a')).toBe(h);
    endOfProgram();
  });

  it('may be ended inside a run, which reports the same', () => {
    const result = run(() => {
      CreateFile('a');
      expect(endOfProgram()).toMatchObject([{ kind: 'leakedHandle' }]);
      CreateFile('b');
    });
    expect(result.violations.map(({ kind }) => kind)).toEqual(['leakedHandle', 'leakedHandle']);
  });
});
