/** Closing what is borrowed: where it is reported, how it is worded, and what is none. */
import { describe, expect, it } from 'vitest';
import { noBorrowedClose } from '../../rules/no-borrowed-close.ts';
import { messagesOf, program, tester } from './tester.ts';

tester.run('no-borrowed-close', noBorrowedClose, {
  valid: [
    {
      name: 'using what is borrowed',
      code: program(`
/** @borrows h */
function main(h: HANDLE) { DeviceIoControl(h, 1); }`),
    },
    {
      name: 'closing a parameter without a tag',
      code: program(`
function main(h: HANDLE) { CloseHandle(h); }`),
    },
    {
      name: 'closing what the caller lent to a borrower',
      code: program(`
/** @borrows h */
function look(h: HANDLE) { DeviceIoControl(h, 1); }
function main() {
  const h = CreateFile('a');
  look(h);
  CloseHandle(h);
}`),
    },
    {
      name: 'closing a duplicate of what is borrowed',
      code: program(`
/** @borrows h */
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  if (out[0] !== null) CloseHandle(out[0]);
}`),
    },
    {
      name: 'closing a pseudo-handle',
      code: program(`
function main() { CloseHandle(GetCurrentProcess()); }`),
    },
    {
      name: 'a comment that is no JSDoc',
      code: program(`
/* @borrows h */
function main(h: HANDLE) { CloseHandle(h); }`),
    },
  ],
  invalid: [
    {
      name: 'a parameter that is tagged',
      code: program(`
/** @borrows h */
function main(h: HANDLE) { CloseHandle(h); }`),
      errors: [
        {
          messageId: 'borrowedClose',
          data: { handle: "'h' (3:15)", inside: '', path: '' },
          line: 3,
          column: 28,
          endLine: 3,
          endColumn: 39,
        },
      ],
    },
    {
      name: 'a parameter of a method, an arrow function, a member of an object',
      code: program(`
class C {
  /** @borrows h */
  end(h: HANDLE) { CloseHandle(h); }
}
/** @borrows {HANDLE} h - the caller's */
const end = (h: HANDLE) => { CloseHandle(h); };
const all = {
  /** @borrows h */
  end(h: HANDLE) { CloseHandle(h); },
};`),
      errors: [
        { messageId: 'borrowedClose', line: 4, column: 20 },
        { messageId: 'borrowedClose', line: 7, column: 30 },
        { messageId: 'borrowedClose', line: 10, column: 20 },
      ],
    },
    {
      name: 'a result that is tagged',
      code: program(`
/** @returns {borrowed} */
declare function current(): HANDLE;
function main() {
  const h = current();
  CloseHandle(h);
}`),
      errors: [
        {
          messageId: 'borrowedClose',
          data: { handle: "'h' (5:13)", inside: '', path: '' },
          line: 6,
          column: 3,
        },
      ],
    },
    {
      name: 'a result that is described',
      settings: {
        handles: {
          apis: {
            devices: {
              modules: ['devices'],
              kinds: { device: { label: 'device', closers: ['close'] } },
              functions: {
                current: {
                  effects: [{ do: 'lend', to: 'result', kind: 'device', close: 'error' }],
                },
                close: { effects: [{ do: 'close', on: 'arg0' }] },
              },
            },
          },
        },
      },
      code: `import { close, current } from 'devices';
export function main() {
  const device = current();
  close(device);
}`,
      errors: [{ messageId: 'borrowedClose', line: 4, column: 3 }],
    },
  ],
});

describe('the text', () => {
  it('names the handle, the call, the way and what to do', () => {
    const code = program(`
function end(h: HANDLE) { CloseHandle(h); }
/** @borrows h */
function main(h: HANDLE, done: boolean) {
  if (done) end(h);
}`);
    expect(messagesOf('no-borrowed-close', code)).toEqual([
      "5:13 'h' (4:15) is only borrowed and is closed (inside the call of 'end', at 2:27) when 'done' is true (5:7). Leave closing it to its owner.",
    ]);
  });
});
