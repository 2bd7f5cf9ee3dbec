/** What the interpreter knows after each instruction, one idea of the engine a program. */
import { describe, expect, it } from 'vitest';
import { showStates } from './show.ts';

const IMPORTS = `import { CloseHandle, CreateEvent, CreateFile, DeviceIoControl, DuplicateHandle,
  DUPLICATE_SAME_ACCESS, GetCurrentProcess, INVALID_HANDLE_VALUE, choose, mayThrow } from 'eslint-plugin-handles/model';`;

const programs: Record<string, string> = {
  'late-resolution': `
function main() {
  const h = CreateFile('a');
  if (h === INVALID_HANDLE_VALUE) return;
  CloseHandle(h);
}`,
  'unchecked-failure-never-splits': `
function main() {
  const h = CreateEvent();
  DeviceIoControl(h, 1);
  CloseHandle(h);
}`,
  'same-flag-twice': `
function main() {
  const flag = choose();
  let h = null;
  if (flag) h = CreateFile('a');
  if (flag) CloseHandle(h);
}`,
  'status-of-a-duplicate': `
function main(h) {
  const out = [null];
  const ok = DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  if (!ok) return;
  CloseHandle(out[0]);
}`,
  'previous-instance-in-a-loop': `
function main() {
  let last = null;
  while (choose()) {
    const next = CreateEvent();
    if (last !== null) CloseHandle(last);
    last = next;
  }
  if (last !== null) CloseHandle(last);
}`,
  'counted-loop-turns': `
function main() {
  let h = null;
  for (let i = 0; i < 2; i++) {
    if (i === 0) h = CreateFile('a');
    else CloseHandle(h);
  }
}`,
  'finally-keeps-completions-apart': `
function main() {
  const h = CreateFile('a');
  try {
    if (choose()) return;
  } finally {
    CloseHandle(h);
  }
  DeviceIoControl(h, 1);
}`,
  'caught-exception': `
function main() {
  let h = null;
  try {
    h = CreateFile('a');
    mayThrow();
    CloseHandle(h);
    h = null;
  } catch {
    if (h !== null) CloseHandle(h);
  }
}`,
  'using-closes-at-the-end': `
class Owner {
  constructor(h) { this.h = h; }
  [Symbol.dispose]() { CloseHandle(this.h); }
}
function main() {
  using owner = new Owner(CreateFile('a'));
  DeviceIoControl(owner.h, 1);
}`,
  'told-by-the-result': `
function closeIf(h, flag) {
  if (flag) { CloseHandle(h); return true; }
  return false;
}
function main() {
  const h = CreateFile('a');
  if (!closeIf(h, choose())) CloseHandle(h);
}`,
  'borrowed-parameter': `
function main(h) {
  if (h === INVALID_HANDLE_VALUE) return;
  CloseHandle(h);
  CloseHandle(h);
}`,
  'recursion-ends': `
function main(h, n) {
  if (n === 0) { CloseHandle(h); return; }
  main(h, n - 1);
}`,
  'collection-filled-in-a-loop': `
function main() {
  const hs = [];
  while (choose()) hs.push(CreateEvent());
  for (const h of hs) CloseHandle(h);
}`,
  'entry-of-a-map': `
function main(id) {
  const hs = new Map();
  hs.set('a', CreateFile('a'));
  const h = hs.get(id);
  if (h) CloseHandle(h);
}`,
};

describe('the states after each instruction', () => {
  for (const [name, program] of Object.entries(programs)) {
    it(name, async () => {
      await expect(showStates(IMPORTS + program, 'main')).toMatchFileSnapshot(`./states/${name}.txt`);
    });
  }
});
