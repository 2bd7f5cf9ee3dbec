/** Runs of callees that are looked up: each once, and recursion until nothing is added. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../analysis/solve/activation.ts';
import type { FunctionIr } from '../../../analysis/ir/ir.ts';
import { BoundReached } from '../../../analysis/solve/bounds.ts';
import type { Entry, Exit } from '../../../analysis/solve/project.ts';
import { State } from '../../../analysis/solve/state.ts';
import { CallTable, type RunMode } from '../../../analysis/solve/table.ts';
import { engineFor } from './show.ts';

/* ------------------------------------------------------------------ functions made up */

/** What a function can end with: numbers of its own, and those of the functions that it calls, plus one. */
interface Rule {
  readonly own: readonly number[];
  readonly calls: readonly number[];
}

const LIMIT = 6;

const functionNumber = (id: number): FunctionIr => ({ id }) as unknown as FunctionIr;
const entryOf = (key: string): Entry => ({
  state: new State(),
  numbering: { resources: [], objects: [], symbols: [] },
  key,
});
const mode = (name = ''): RunMode => ({ mode: name, countsImplicitThrows: false, isMember: true, depth: 1 });
const exitOf = (value: number): Exit => ({ completion: 'return', state: value as unknown as State });
const valuesOf = (exits: readonly Exit[]): number[] => exits.map(({ state }) => state as unknown as number);

class Functions {
  /** How often each was run. */
  readonly runs: number[];
  readonly #rules: readonly Rule[];
  readonly #table = new CallTable((fn) => this.#run(fn.id));

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.runs = rules.map(() => 0);
  }

  call(id: number, key = '', name = ''): number[] {
    const exits = this.#table.lookUp(functionNumber(id), entryOf(key), mode(name)).exits();
    return valuesOf(exits).sort((a, b) => a - b);
  }

  #run(id: number): Exit[] {
    this.runs[id]!++;
    const { own, calls } = this.#rules[id]!;
    const values = new Set(own);
    for (const callee of calls) {
      for (const value of this.call(callee)) if (value < LIMIT) values.add(value + 1);
    }
    return [...values].map(exitOf);
  }
}

/** The least solution, the slow way. */
function solve(rules: readonly Rule[]): number[][] {
  const solution = rules.map(({ own }) => new Set(own));
  for (let round = 0; round <= LIMIT * rules.length; round++) {
    for (const [id, { calls }] of rules.entries()) {
      for (const value of calls.flatMap((callee) => [...solution[callee]!])) {
        if (value < LIMIT) solution[id]!.add(value + 1);
      }
    }
  }
  return solution.map((values) => [...values].sort((a, b) => a - b));
}

describe('a run', () => {
  it('is made once', () => {
    const functions = new Functions([{ own: [1], calls: [] }]);
    expect([functions.call(0), functions.call(0)]).toEqual([[1], [1]]);
    expect(functions.runs).toEqual([1]);
  });

  it('is another one for another entry, and for another mode', () => {
    const functions = new Functions([{ own: [1], calls: [] }]);
    functions.call(0, 'a');
    functions.call(0, 'b');
    functions.call(0, 'b', 'throws');
    expect(functions.runs).toEqual([3]);
  });

  it('is shared by all callers', () => {
    const functions = new Functions([
      { own: [], calls: [1, 2] },
      { own: [], calls: [3] },
      { own: [], calls: [3] },
      { own: [0], calls: [] },
    ]);
    expect(functions.call(0)).toEqual([2]);
    expect(functions.runs).toEqual([1, 1, 1, 1]);
  });

  it('that met a bound is made anew', () => {
    let isBounded = true;
    const table = new CallTable(() => {
      if (isBounded) throw new BoundReached('MAX_STEPS');
      return [exitOf(1)];
    });
    const look = () => valuesOf(table.lookUp(functionNumber(0), entryOf(''), mode()).exits());
    expect(look).toThrow(BoundReached);
    isBounded = false;
    expect(look()).toEqual([1]);
  });
});

describe('recursion', () => {
  it('ends with all that it can come to', () => {
    const functions = new Functions([{ own: [0], calls: [0] }]);
    expect(functions.call(0)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('without an end of its own comes to nothing', () => {
    expect(new Functions([{ own: [], calls: [0] }]).call(0)).toEqual([]);
  });

  it('through another function is exact for both', () => {
    const functions = new Functions([
      { own: [0], calls: [1] },
      { own: [], calls: [0] },
    ]);
    expect(functions.call(0)).toEqual([0, 2, 4, 6]);
    expect(functions.call(1)).toEqual([1, 3, 5]);
  });

  it('that grows for ever is given up', () => {
    let count = 0;
    const table: CallTable = new CallTable((fn, entry, _, { mode: name }) => {
      const known = table.lookUp(fn, entry, mode(name)).exits();
      return [...known, exitOf(count++)];
    });
    expect(() => table.lookUp(functionNumber(0), entryOf(''), mode())).toThrow(BoundReached);
  });

  it('is exact for functions that call each other in any way', () => {
    const COUNT = 4;
    const rule = fc.record({
      own: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      calls: fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: COUNT, maxLength: COUNT }),
        fc.array(fc.nat(COUNT - 1), { minLength: 1, maxLength: 4 }),
        (rules, calls) => {
          const functions = new Functions(rules);
          const solution = solve(rules);
          for (const id of calls) expect(functions.call(id)).toEqual(solution[id]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/* ------------------------------------------------------------------ programs */

const IMPORTS =
  "import { CloseHandle, CreateFile, DeviceIoControl, choose } from 'eslint-plugin-handles/model';";

/** What the run of `main` finds, by line. */
function found(source: string): string[] {
  const engine = engineFor(IMPORTS + source);
  const main = engine.program.functions.find(({ name }) => name === 'main')!;
  return [...engine.runOwn(main, main.body, EVERYTHING).findings.values()]
    .map(({ kind, site }) => `${kind} ${site.node.loc.start.line}`)
    .sort();
}

describe('a program that calls itself', () => {
  const programs: Record<string, readonly [source: string, findings: readonly string[]]> = {
    'closes at the bottom': [
      `
function close(h, n) {
  if (n === 0) CloseHandle(h);
  else close(h, n - 1);
}
function main() {
  const h = CreateFile('a');
  close(h, 3);
  DeviceIoControl(h, 1);
}`,
      ['useAfterClose 9'],
    ],
    'closes at every level': [
      `
function close(h) {
  CloseHandle(h);
  if (choose()) close(h);
}
function main() {
  close(CreateFile('a'));
}`,
      ['doubleClose 7'],
    ],
    'closes sometimes': [
      `
function close(h) {
  if (choose()) return;
  if (choose()) CloseHandle(h);
  else close(h);
}
function main() {
  close(CreateFile('a'));
}`,
      ['leakedHandle 8'],
    ],
    'closes by turns, through another function': [
      `
function even(h) {
  if (choose()) CloseHandle(h);
  else odd(h);
}
function odd(h) {
  if (choose()) CloseHandle(h);
  else even(h);
}
function main() {
  const h = CreateFile('a');
  even(h);
  CloseHandle(h);
}`,
      ['doubleClose 13'],
    ],
    'says whether it closed, through another function': [
      `
function even(h) {
  if (choose()) { CloseHandle(h); return true; }
  return choose() && odd(h);
}
function odd(h) {
  return choose() && even(h);
}
function main() {
  const h = CreateFile('a');
  if (!even(h)) CloseHandle(h);
}`,
      [],
    ],
    'never comes back': [
      `
function forever(h) {
  DeviceIoControl(h, 1);
  forever(h);
}
function main() {
  const h = CreateFile('a');
  forever(h);
  DeviceIoControl(h, 1);
}`,
      [],
    ],
    'never comes back, through another function': [
      `
function ping(h) { pong(h); }
function pong(h) { ping(h); }
function main() {
  const h = CreateFile('a');
  ping(h);
}`,
      [],
    ],
    'opens and closes at every level': [
      `
function walk() {
  const h = CreateFile('a');
  if (choose()) walk();
  CloseHandle(h);
}
function main() {
  walk();
}`,
      [],
    ],
    'hands on what is opened below': [
      `
function open() {
  return choose() ? CreateFile('a') : open();
}
function main() {
  const h = open();
  CloseHandle(h);
  CloseHandle(h);
}`,
      ['doubleClose 8'],
    ],
    'calls itself with what it returns': [
      `
function pass(h) {
  return choose() ? h : pass(pass(h));
}
function main() {
  const h = CreateFile('a');
  CloseHandle(pass(h));
  CloseHandle(h);
}`,
      ['doubleClose 8'],
    ],
    'swaps its arguments': [
      `
function pick(a, b) {
  if (choose()) CloseHandle(a);
  else pick(b, a);
}
function main() {
  const a = CreateFile('a'), b = CreateFile('b');
  pick(a, b);
}`,
      ['leakedHandle 7', 'leakedHandle 7'],
    ],
  };

  it.each(Object.entries(programs))('%s', (_, [source, findings]) => {
    expect(found(source)).toEqual(findings);
  });
});
