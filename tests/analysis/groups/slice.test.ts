/** The groups of a function, and what of it each of them is solved on: members are marked by a star. */
import { describe, expect, it } from 'vitest';
import { FlowAnalysis } from '../../../analysis/groups/flow.ts';
import { groupsOf } from '../../../analysis/groups/partition.ts';
import { Slicer } from '../../../analysis/groups/slice.ts';
import { isInstr } from '../../../analysis/ir/operands.ts';
import { printFunction } from '../../../analysis/ir/print.ts';
import { engineFor } from '../solve/show.ts';

const IMPORTS = `import { CloseHandle, CreateEvent, CreateFile, DeviceIoControl, DuplicateHandle,
  DUPLICATE_SAME_ACCESS, GetCurrentProcess, choose, mayThrow } from 'eslint-plugin-handles/model';`;

function slicesOf(source: string, countsAllThrows = false): string[] {
  const engine = engineFor(IMPORTS + source);
  const { program, callees, statics, captures } = engine;
  const fn = program.functions.find(({ name }) => name === 'main')!;
  const flow = new FlowAnalysis(callees, statics, captures).flowOf(fn);
  const slicer = new Slicer(fn, flow, callees, countsAllThrows);
  return groupsOf(flow, []).map((group) => {
    const { body, members } = slicer.slice(group);
    const annotate = (node: Parameters<typeof isInstr>[0]) =>
      isInstr(node) && members.has(node) ? '*' : undefined;
    return printFunction({ ...fn, body }, program, { annotate }).trimEnd();
  });
}

const programs: Record<string, string> = {
  'two-handles': `
function main() {
  const a = CreateFile('a');
  const b = CreateFile('b');
  DeviceIoControl(a, 1);
  CloseHandle(b);
  CloseHandle(a);
}`,
  'shared-flag': `
function main() {
  const flag = choose();
  let a = null, b = null;
  if (flag) a = CreateFile('a');
  if (flag) b = CreateFile('b');
  if (flag) CloseHandle(a);
  if (flag) CloseHandle(b);
}`,
  'alias-and-duplicate': `
function main() {
  const a = CreateFile('a');
  const alias = a;
  const out = [null];
  DuplicateHandle(GetCurrentProcess(), alias, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  const other = CreateFile('b');
  CloseHandle(out[0]);
  CloseHandle(other);
}`,
  'way-out-of-the-other': `
function main() {
  const a = CreateFile('a');
  const b = CreateFile('b');
  if (DeviceIoControl(b, 1)) return;
  CloseHandle(a);
  CloseHandle(b);
}`,
  'condition-of-a-condition': `
function main(n) {
  const a = CreateFile('a');
  const size = n + 1;
  const isBig = size > 10;
  let mode = 'none';
  if (isBig) mode = 'big';
  const unrelated = n * 2;
  console.log(unrelated);
  if (mode === 'big') CloseHandle(a);
  const b = CreateFile('b');
  CloseHandle(b);
}`,
  'caught-exception-of-a-stranger': `
function main() {
  const a = CreateFile('a');
  const b = CreateFile('b');
  try {
    mayThrow();
    DeviceIoControl(b, 1);
    CloseHandle(a);
  } catch {
    console.log('failed');
  }
  CloseHandle(b);
}`,
  'loop-left-early': `
function main(items) {
  const a = CreateFile('a');
  for (const item of items) {
    const b = CreateFile('b');
    if (choose()) break;
    CloseHandle(b);
  }
  CloseHandle(a);
}`,
  captured: `
function main() {
  let a = CreateFile('a');
  const close = () => CloseHandle(a);
  const b = CreateFile('b');
  close();
  CloseHandle(b);
}`,
  owners: `
class Owner {
  constructor(h) { this.h = h; }
  close() { CloseHandle(this.h); }
}
function main() {
  const one = new Owner(CreateFile('a'));
  const two = new Owner(CreateFile('b'));
  one.close();
  two.close();
}`,
  'a-body-that-throws': `
function check(isFine) {
  if (!isFine) throw new Error();
}
function main(isFine) {
  const a = CreateFile('a');
  check(isFine);
  CloseHandle(a);
  const b = CreateFile('b');
  CloseHandle(b);
}`,
};

describe('the slices of a function', () => {
  for (const [name, program] of Object.entries(programs)) {
    it(name, async () => {
      const text = [program.trim(), ...slicesOf(program)].join('\n\n');
      await expect(`${text}\n`).toMatchFileSnapshot(`./slices/${name}.txt`);
    });
  }
});

/** The lines of each slice that hold members. */
function membersIn(source: string, countsAllThrows = false): string[] {
  return slicesOf(source, countsAllThrows).map((slice) =>
    [...new Set([...slice.matchAll(/ (\d+):\d+ +\*$/gm)].map(([, line]) => line))].join(' '),
  );
}

describe('groups', () => {
  const counts: Record<string, readonly [program: string, groups: number]> = {
    'no handle, no group': ['function main(a) { console.log(a); }', 0],
    'one handle': ["function main() { CloseHandle(CreateFile('a')); }", 1],
    'two handles': ["function main() { CloseHandle(CreateFile('a')); CloseHandle(CreateFile('b')); }", 2],
    'two handles in one variable': [
      "function main(c) { let h = CreateFile('a'); if (c) h = CreateFile('b'); CloseHandle(h); }",
      1,
    ],
    'two handles in one array': [
      "function main() { const all = [CreateFile('a'), CreateFile('b')]; CloseHandle(all[0]); }",
      1,
    ],
    'two handles in one object': [
      "function main() { const a = CreateFile('a'), b = CreateFile('b'); const o = { a, b }; CloseHandle(o.a); CloseHandle(b); }",
      1,
    ],
    'two handles of one helper': [
      "function open(name) { return CreateFile(name); } function main() { const a = open('a'), b = open('b'); CloseHandle(a); CloseHandle(b); }",
      2,
    ],
    'two handles that a helper makes one of': [
      "function pick(a, b) { return choose() ? a : b; } function main() { const a = CreateFile('a'), b = CreateFile('b'); CloseHandle(pick(a, b)); }",
      1,
    ],
    'two handles under one flag': [
      "function main(c) { const a = CreateFile('a'), b = CreateFile('b'); if (c) CloseHandle(a); if (c) CloseHandle(b); }",
      2,
    ],
    'two handles whose success is one condition': [
      'function main() { const a = CreateEvent(), b = CreateEvent(); const ok = DeviceIoControl(a, 1) && DeviceIoControl(b, 1); if (ok) CloseHandle(a); CloseHandle(b); }',
      2,
    ],
    'a handle and its duplicate': [
      "function main() { const a = CreateFile('a'), out = [null]; DuplicateHandle(GetCurrentProcess(), a, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS); CloseHandle(a); }",
      1,
    ],
  };

  it.each(Object.entries(counts))('%s', (_, [program, groups]) => {
    expect(slicesOf(`\n${program}`)).toHaveLength(groups);
  });

  // What the closure opens and stores is a group of its own, apart from the variable, and so is lost.
  it.todo('a handle that only a closure writes to a variable of the function around it');
  // The call of an accessor or a callback is none of the slice's instructions, and what it makes a stranger's.
  it.todo('a handle that a getter or a callback makes, beside another one');
});

describe('a slice', () => {
  it('leaves out what concerns the other handle alone', () => {
    const [a, b] = slicesOf(programs['two-handles']!);
    expect(a).not.toMatch(/"b"/);
    expect(b).not.toMatch(/"a"/);
  });

  it('has no members of the other, though it may have more', () => {
    expect(membersIn(programs['way-out-of-the-other']!)).toEqual(['4 7', '5 6 8']);
    expect(slicesOf(programs['way-out-of-the-other']!)[0]).toMatch(/return/);
  });

  it('has the calls whose exception counts: those that are handled, or all', () => {
    const source = `
function main() {
  const a = CreateFile('a');
  mayThrow();
  CloseHandle(a);
}`;
    expect(slicesOf(source)[0]).not.toMatch(/mayThrow/);
    expect(slicesOf(source, true)[0]).toMatch(/mayThrow/);
    expect(slicesOf(programs['caught-exception-of-a-stranger']!)[0]).toMatch(/mayThrow/);
  });

  it('has the calls that may not come back', () => {
    const [a] = slicesOf(`
function main() {
  const a = CreateFile('a');
  console.log('here');
  process.exit(1);
}`);
    expect(a).toMatch(/process\.exit/);
    expect(a).not.toMatch(/console\.log/);
  });

  it('has a loop that nothing leaves', () => {
    const [a] = slicesOf(`
function main() {
  const a = CreateFile('a');
  for (;;) console.log('here');
}`);
    expect(a).toMatch(/loop/);
  });
});
