/** Forgotten duplicates: where they are reported, and how they are worded. */
import { describe, expect, it } from 'vitest';
import { noLeakedDuplicate } from '../../rules/no-leaked-duplicate.ts';
import { duplicate, messagesOf, program, tester, withoutFixes } from './tester.ts';

tester.run('no-leaked-duplicate', withoutFixes(noLeakedDuplicate), {
  valid: [
    {
      name: 'closed',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  CloseHandle(out[0]);
}`),
    },
    {
      name: 'closed where it was made',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  if (!${duplicate('h')}) return;
  CloseHandle(out[0]);
}`),
    },
    {
      name: 'returned',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  return out[0];
}`),
    },
    {
      name: 'in a cell of the caller',
      code: program(`
function main(h: HANDLE, out: [HANDLE | null]) {
  ${duplicate('h')};
}`),
    },
    {
      name: 'for another process',
      code: program(`
function main(h: HANDLE, other: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, other, out, 0, false, DUPLICATE_SAME_ACCESS);
}`),
    },
    {
      name: 'an acquired handle: that is the other rule',
      code: program(`
function main() {
  const h = CreateFile('a');
  DeviceIoControl(h, 1);
}`),
    },
  ],
  invalid: [
    {
      name: 'left in its cell',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: { handle: "'out[0]' (duplicate of 'h', 4:3)", path: '' },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'a named one',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
  DeviceIoControl(copy, 1);
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: { handle: "'copy' (duplicate of 'h', 4:3)", path: '' },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'nothing ever named it: the callee of a call of many lines',
      code: program(`
function main(h: HANDLE) {
  DuplicateHandle(
    GetCurrentProcess(), h,
    GetCurrentProcess(), [null],
    0, false, DUPLICATE_SAME_ACCESS,
  );
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: { handle: "The duplicate of 'h' from 3:3", path: '' },
          line: 3,
          column: 3,
          endLine: 3,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'of something that has no name',
      code: program(`
class Device {
  constructor(private h: HANDLE) {}
  share() {
    const out: [HANDLE | null] = [null];
    ${duplicate('this.h')};
  }
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: { handle: "'out[0]' (duplicate of a handle, 6:5)", path: '' },
          line: 6,
          column: 5,
          endLine: 6,
          endColumn: 20,
        },
      ],
    },
    {
      name: 'of a pseudo-handle: that makes a real one',
      code: program(`
function main() {
  const out: [HANDLE | null] = [null];
  ${duplicate('GetCurrentProcess()')};
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: { handle: "'out[0]' (duplicate of a handle, 4:3)", path: '' },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'on an early return',
      code: program(`
function main(h: HANDLE, ready: boolean) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  if (!ready) return;
  CloseHandle(out[0]);
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: { handle: "'out[0]' (duplicate of 'h', 4:3)", path: " when 'ready' is false (5:8)" },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'one that a helper made and returned is a duplicate at the call',
      code: program(`
function copyOf(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  return out[0];
}
function main(h: HANDLE) {
  const copy = copyOf(
    h,
  );
  DeviceIoControl(copy, 1);
}`),
      errors: [
        {
          messageId: 'leakedDuplicate',
          data: {
            handle: "'copy' (duplicate of 'h', 8:16), made inside the call of 'copyOf' at 4:3,",
            path: '',
          },
          line: 8,
          column: 16,
          endLine: 8,
          endColumn: 22,
        },
      ],
    },
  ],
});

describe('the text', () => {
  const text = (code: string) => messagesOf('no-leaked-duplicate', code);

  it('names the duplicate, the original and what to do', () => {
    const code = program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
  DeviceIoControl(copy, 1);
}`);
    expect(text(code)).toEqual([
      "4:3 'copy' (duplicate of 'h', 4:3) is never closed. A duplicate is a handle of its own: close it, or hand it over.",
    ]);
  });

  it('has no name where nothing led to it', () => {
    const code = program(`
function main(h: HANDLE) {
  ${duplicate('h', '[null]')};
}`);
    expect(text(code)).toEqual([
      "3:3 The duplicate of 'h' from 3:3 is never closed. A duplicate is a handle of its own: close it, or hand it over.",
    ]);
  });

  it('tells the way', () => {
    const code = program(`
function main(h: HANDLE, ready: boolean) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  if (!ready) return;
  CloseHandle(out[0]);
}`);
    expect(text(code)).toEqual([
      "4:3 'out[0]' (duplicate of 'h', 4:3) is never closed when 'ready' is false (5:8). A duplicate is a handle of its own: close it, or hand it over.",
    ]);
  });

  // `import { h } from './open.js'`, or the field of such a binding.
  it.todo('is said of a duplicate of what another module exports');
});
