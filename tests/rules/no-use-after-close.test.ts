/** Using what is closed: where it is reported, how it is worded, and what is none. */
import { describe, expect, it } from 'vitest';
import { noUseAfterClose } from '../../rules/no-use-after-close.ts';
import { messagesOf, program, tester } from './tester.ts';

const TAKE = `
declare function take(h: HANDLE | null): void;`;

tester.run('no-use-after-close', noUseAfterClose, {
  valid: [
    {
      name: 'a use before the close',
      code: program(`
function main() {
  const h = CreateFile('a');
  DeviceIoControl(h, 1);
  CloseHandle(h);
}`),
    },
    {
      name: 'printing and comparing a closed number',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  console.log(h, h === INVALID_HANDLE_VALUE);
}`),
    },
    {
      name: 'a closed handle given to a body that does not use it',
      code: program(`
function ignore(h: HANDLE) { return 1; }
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  ignore(h);
}`),
    },
    {
      name: 'a variable that holds another handle by then',
      code: program(`
function main() {
  let h = CreateFile('a');
  CloseHandle(h);
  h = CreateFile('b');
  DeviceIoControl(h, 1);
  CloseHandle(h);
}`),
    },
    {
      name: 'a use that the close has not come before on any way',
      code: program(`
function main(done: boolean) {
  const h = CreateFile('a');
  if (done) CloseHandle(h);
  if (!done) { DeviceIoControl(h, 1); CloseHandle(h); }
}`),
    },
    {
      name: 'a duplicate of what is closed',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  CloseHandle(h);
  DeviceIoControl(out[0], 1);
  CloseHandle(out[0]);
}`),
    },
  ],
  invalid: [
    {
      name: 'a named handle',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  DeviceIoControl(h, 1);
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: { handle: "'h' (3:13)", closed: ' at 4:3', inside: '', path: '' },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'once for a handle',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  DeviceIoControl(h, 1);
  DeviceIoControl(h, 2);
}`),
      errors: [{ messageId: 'useAfterClose', line: 5, column: 3, endLine: 5, endColumn: 18 }],
    },
    {
      name: 'a handle that no variable ever held',
      code: program(`
class Box { constructor(public h: HANDLE) {} }
function main() {
  const box = new Box(CreateFile('a'));
  CloseHandle(box.h);
  DeviceIoControl(box.h, 1);
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: { handle: 'The handle from 4:23', closed: ' at 5:3', inside: '', path: '' },
          line: 6,
          column: 3,
          endLine: 6,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'a duplicate in its cell',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  CloseHandle(out[0]);
  DeviceIoControl(out[0], 1);
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: { handle: "'out[0]' (duplicate of 'h', 4:3)", closed: ' at 5:3', inside: '', path: '' },
          line: 6,
          column: 3,
          endLine: 6,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'a duplication of a closed handle',
      code: program(`
function main() {
  const h = CreateFile('a');
  const out: [HANDLE | null] = [null];
  CloseHandle(h);
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
}`),
      errors: [{ messageId: 'useAfterClose', line: 6, column: 3, endLine: 6, endColumn: 18 }],
    },
    {
      name: 'on one way only',
      code: program(`
function main(done: boolean) {
  const h = CreateFile('a');
  if (done) CloseHandle(h);
  DeviceIoControl(h, 1);
  if (!done) CloseHandle(h);
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: { handle: "'h' (3:13)", closed: ' at 4:13', inside: '', path: " when 'done' is true (4:7)" },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 18,
        },
      ],
    },
    {
      name: 'inside a call',
      code: program(`
function control(h: HANDLE) {
  DeviceIoControl(h, 1);
}
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  control(h);
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: {
            handle: "'h' (6:13)",
            closed: ' at 7:3',
            inside: " (inside the call of 'control', at 3:3)",
            path: '',
          },
          line: 8,
          column: 3,
          endLine: 8,
          endColumn: 10,
        },
      ],
    },
    {
      name: 'through an owner',
      code: program(`
class Owner {
  constructor(private h: HANDLE) {}
  control() { DeviceIoControl(this.h, 1); }
  close() { CloseHandle(this.h); }
}
function main() {
  const owner = new Owner(CreateFile('a'));
  owner.close();
  owner
    .control();
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: {
            handle: 'The handle from 8:27',
            closed: ' at 9:3 (inside, at 5:13)',
            inside: " (inside the call of 'owner.control', at 4:15)",
            path: '',
          },
          line: 10,
          column: 3,
          endLine: 11,
          endColumn: 13,
        },
      ],
    },
    {
      name: 'a hand-over to code out of sight',
      code: program(`${TAKE}
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  take(
    h,
  );
}`),
      errors: [{ messageId: 'useAfterClose', line: 6, column: 3, endLine: 6, endColumn: 7 }],
    },
    {
      name: 'a closed handle that is returned: the returned value',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  return h;
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: { handle: "'h' (3:13)", closed: ' at 4:3', inside: '', path: '' },
          line: 5,
          column: 10,
          endLine: 5,
          endColumn: 11,
        },
      ],
    },
    {
      name: 'by the end of a `using` scope: the name of its declarator',
      code: program(`
class Owner {
  constructor(private h: HANDLE) {}
  [Symbol.dispose]() { DeviceIoControl(this.h, 1); }
}
function main() {
  const h = CreateFile('a');
  using owner = new Owner(
    h,
  );
  CloseHandle(h);
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: {
            handle: "'h' (7:13)",
            closed: ' at 11:3',
            inside: " (at the end of the scope of 'owner', at 4:24)",
            path: '',
          },
          line: 8,
          column: 9,
          endLine: 8,
          endColumn: 14,
        },
      ],
    },
    {
      name: '`new C` alone, where the constructor uses',
      code: program(`
class Reader { constructor(h: HANDLE) { DeviceIoControl(h, 1); } }
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  return new Reader(
    h,
  );
}`),
      errors: [
        {
          messageId: 'useAfterClose',
          data: {
            handle: "'h' (4:13)",
            closed: ' at 5:3',
            inside: " (inside the call of 'new Reader', at 2:41)",
            path: '',
          },
          line: 6,
          column: 10,
          endLine: 6,
          endColumn: 20,
        },
      ],
    },
  ],
});

describe('the text', () => {
  const text = (code: string) => messagesOf('no-use-after-close', code);

  it('names the handle, its close, the way and what to do', () => {
    const code = program(`
function main(done: boolean) {
  const h = CreateFile('a');
  if (done) CloseHandle(h);
  DeviceIoControl(h, 1);
  if (!done) CloseHandle(h);
}`);
    expect(text(code)).toEqual([
      "5:3 'h' (3:13) was closed at 4:13 and is used afterwards when 'done' is true (4:7). Use it before it is closed.",
    ]);
  });

  it('tells where in the callee', () => {
    const code = program(`
function control(h: HANDLE) {
  DeviceIoControl(h, 1);
}
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  control(h);
}`);
    expect(text(code)).toEqual([
      "8:3 'h' (6:13) was closed at 7:3 and is used afterwards (inside the call of 'control', at 3:3). Use it before it is closed.",
    ]);
  });

  it('tells which way the callee takes, and which way leads to the call', () => {
    const code = program(`
function control(h: HANDLE, isLoud: boolean) {
  if (isLoud) DeviceIoControl(h, 1);
}
function main(isLoud: boolean, again: boolean) {
  const h = CreateFile('a');
  CloseHandle(h);
  if (again) control(h, isLoud);
}`);
    expect(text(code)).toEqual([
      "8:14 'h' (6:13) was closed at 7:3 and is used afterwards (inside the call of 'control', at 3:15, when 'isLoud' is true) when 'again' is true (8:7). Use it before it is closed.",
    ]);
  });

  it('has no name for what only the callee calls by a name', () => {
    const code = program(`
function finish(handle: HANDLE) { CloseHandle(handle); }
function control(handle: HANDLE) { DeviceIoControl(handle, 1); }
function main() {
  const all = { first: CreateFile('a') };
  finish(all.first);
  control(all.first);
}`);
    expect(text(code)).toEqual([
      "7:3 The handle from 5:24 was closed at 6:3 (inside, at 2:35) and is used afterwards (inside the call of 'control', at 3:36). Use it before it is closed.",
    ]);
  });

  it('has no name for a parameter that nothing says where it comes from, but its own', () => {
    const code = program(`
function main(h: HANDLE) {
  CloseHandle(h);
  DeviceIoControl(h, 1);
}`);
    expect(text(code)).toEqual([
      "4:3 'h' was closed at 3:3 and is used afterwards. Use it before it is closed.",
    ]);
  });

  it('shortens a long condition, and writes it on one line', () => {
    const code = program(`
function main(options: { isClosedByTheCallerAtTheEnd: boolean }) {
  const h = CreateFile('a');
  if (options
      .isClosedByTheCallerAtTheEnd) return void CloseHandle(h);
  DeviceIoControl(h, 1);
  if (options.isClosedByTheCallerAtTheEnd === choose()) CloseHandle(h);
  DeviceIoControl(h, 1);
  CloseHandle(h);
}`);
    expect(text(code)).toEqual([
      "8:3 'h' (3:13) was closed at 7:57 and is used afterwards when 'options.isClosedByTheCallerAtTheEnd ===…' is true (7:7). Use it before it is closed.",
    ]);
  });
});
