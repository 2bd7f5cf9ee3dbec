/** Closing twice: where it is reported, how it is worded, and what is none. */
import type { TestCaseError } from '@typescript-eslint/rule-tester';
import { describe, expect, it } from 'vitest';
import { noDoubleClose } from '../../rules/no-double-close.ts';
import { messagesOf, program, script, tester } from './tester.ts';

const OWNER = `
class Owner {
  constructor(private h: HANDLE) {}
  [Symbol.dispose]() { CloseHandle(this.h); }
}`;

interface Wrong {
  readonly name: string;
  readonly code: string;
  readonly errors: readonly TestCaseError<'doubleClose' | 'removeClose'>[];
}

/** The quick fix of each report takes out its statement. */
function mended({ code, errors, ...rest }: Wrong): Wrong {
  const lines = code.split('\n');
  const without = (line: number): string => {
    const end = lines.findIndex((text, index) => index >= line - 1 && text.endsWith(';'));
    return [...lines.slice(0, line - 1), ...lines.slice(end + 1)].join('\n');
  };
  const withFix = (error: Wrong['errors'][number]): Wrong['errors'][number] => ({
    ...error,
    suggestions: [{ messageId: 'removeClose', output: without(error.line ?? 1) }],
  });
  return { ...rest, code, errors: errors.map(withFix) };
}

tester.run('no-double-close', noDoubleClose, {
  valid: [
    {
      name: 'one close on each way',
      code: program(`
function main(ready: boolean) {
  const h = CreateFile('a');
  if (ready) CloseHandle(h);
  else CloseHandle(h);
}`),
    },
    {
      name: 'a close under the negation of the condition of the other',
      code: program(`
function main(ready: boolean) {
  const h = CreateFile('a');
  if (ready) CloseHandle(h);
  if (!ready) CloseHandle(h);
}`),
    },
    {
      name: 'two handles of one function',
      code: program(`
function open() { return CreateFile('a'); }
function main() {
  const a = open(), b = open();
  CloseHandle(a);
  CloseHandle(b);
}`),
    },
    {
      name: 'a variable that was emptied after the close',
      code: program(`
function main() {
  let h: HANDLE | null = CreateFile('a');
  CloseHandle(h);
  h = null;
  CloseHandle(h);
}`),
    },
    {
      name: 'a duplicate and its original',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  CloseHandle(h);
  CloseHandle(out[0]);
}`),
    },
    {
      name: 'a parameter that is closed once',
      code: program(`
function main(h: HANDLE) {
  CloseHandle(h);
}`),
    },
  ],
  invalid: [
    mended({
      name: 'a named handle',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  CloseHandle(h);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: { handle: "'h' (3:13)", closed: ' at 4:3', inside: '', path: '' },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 14,
        },
      ],
    }),
    mended({
      name: 'a third close is not reported again',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  CloseHandle(h);
  CloseHandle(h);
}`),
      errors: [{ messageId: 'doubleClose', line: 5, column: 3, endLine: 5, endColumn: 14 }],
    }),
    mended({
      name: 'a handle that no variable ever held',
      code: program(`
class Box { constructor(public h: HANDLE) {} }
function main() {
  const box = new Box(CreateFile('a'));
  CloseHandle(box.h);
  CloseHandle(box.h);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: { handle: 'The handle from 4:23', closed: ' at 5:3', inside: '', path: '' },
          line: 6,
          column: 3,
          endLine: 6,
          endColumn: 14,
        },
      ],
    }),
    mended({
      name: 'a handle of the caller',
      code: program(`
function main(h: HANDLE) {
  CloseHandle(h);
  CloseHandle(h);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: { handle: "'h'", closed: ' at 3:3', inside: '', path: '' },
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 14,
        },
      ],
    }),
    mended({
      name: 'a duplicate',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  const copy = out[0];
  CloseHandle(copy);
  CloseHandle(out[0]);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: { handle: "'copy' (duplicate of 'h', 4:3)", closed: ' at 6:3', inside: '', path: '' },
          line: 7,
          column: 3,
          endLine: 7,
          endColumn: 14,
        },
      ],
    }),
    {
      name: 'on one way only',
      code: program(`
function main(early: boolean) {
  const h = CreateFile('a');
  if (early) CloseHandle(h);
  CloseHandle(h);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: { handle: "'h' (3:13)", closed: ' at 4:14', inside: '', path: " when 'early' is true (4:7)" },
          line: 5,
          column: 3,
          endLine: 5,
          endColumn: 14,
        },
      ],
    },
    {
      name: 'inside a call',
      code: program(`
function finish(h: HANDLE) {
  CloseHandle(h);
}
function main() {
  const h = CreateFile('a');
  finish(h);
  finish(h);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: {
            handle: "'h' (6:13)",
            closed: ' at 7:3 (inside, at 3:3)',
            inside: " (inside the call of 'finish', at 3:3)",
            path: '',
          },
          line: 8,
          column: 3,
          endLine: 8,
          endColumn: 9,
        },
      ],
    },
    mended({
      name: 'through an alias',
      code: program(`
function main() {
  const h = CreateFile('a');
  const alias = h;
  CloseHandle(alias);
  CloseHandle(h);
}`),
      errors: [{ messageId: 'doubleClose', line: 6, column: 3, endLine: 6, endColumn: 14 }],
    }),
    mended({
      name: 'by the callee itself, whoever calls: not at the call',
      code: program(`
function finish(h: HANDLE) {
  CloseHandle(h);
  CloseHandle(h);
}
function main() {
  finish(CreateFile('a'));
}`),
      errors: [{ messageId: 'doubleClose', line: 4, column: 3, endLine: 4, endColumn: 14 }],
    }),
    {
      name: 'the explicit one of two closes',
      code: program(`${OWNER}
function main() {
  const h = CreateFile('a');
  using owner = new Owner(h);
  CloseHandle(h);
}`),
      errors: [{ messageId: 'doubleClose', line: 9, column: 3, endLine: 9, endColumn: 14 }],
    },
    {
      name: 'the name of the declarator, where both closes are implicit',
      code: program(`${OWNER}
function main() {
  const h = CreateFile('a');
  using first = new Owner(h);
  using second = new Owner(h);
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: {
            handle: "'h' (7:13)",
            closed: ' at 9:9 (inside, at 4:24)',
            inside: " (at the end of the scope of 'first', at 4:24)",
            path: '',
          },
          line: 8,
          column: 9,
          endLine: 8,
          endColumn: 14,
        },
      ],
    },
    mended({
      name: 'the callee alone of a call of many lines',
      code: program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  CloseHandle(
    h,
  );
}`),
      errors: [{ messageId: 'doubleClose', line: 5, column: 3, endLine: 5, endColumn: 14 }],
    }),
    {
      name: '`new C` alone, where the constructor closes',
      code: program(`
class Closer { constructor(h: HANDLE) { CloseHandle(h); } }
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  new Closer(
    h,
  );
}`),
      errors: [
        {
          messageId: 'doubleClose',
          data: {
            handle: "'h' (4:13)",
            closed: ' at 5:3',
            inside: " (inside the call of 'new Closer', at 2:41)",
            path: '',
          },
          line: 6,
          column: 3,
          endLine: 6,
          endColumn: 13,
        },
      ],
    },
    mended({
      name: 'two defects in source order',
      code: program(`
function main() {
  const a = CreateFile('a'), b = CreateFile('b');
  CloseHandle(a);
  CloseHandle(b);
  CloseHandle(b);
  CloseHandle(a);
}`),
      errors: [
        { messageId: 'doubleClose', line: 6, column: 3, endLine: 6, endColumn: 14 },
        { messageId: 'doubleClose', line: 7, column: 3, endLine: 7, endColumn: 14 },
      ],
    }),
  ],
});

describe('the text', () => {
  const text = (code: string, filename = 'source.ts') => messagesOf('no-double-close', code, { filename });

  it('names the handle, its close and what to do', () => {
    const code = program(`
function main() {
  const h = CreateFile('a');
  CloseHandle(h);
  CloseHandle(h);
}`);
    expect(text(code)).toEqual([
      "5:3 'h' (3:13) was closed at 4:3 and is closed a second time. Close it once.",
    ]);
  });

  it('names several places of the earlier close', () => {
    const code = program(`
function main(ready: boolean) {
  const h = CreateFile('a');
  if (ready) CloseHandle(h);
  else CloseHandle(h);
  CloseHandle(h);
}`);
    expect(text(code)).toEqual([
      expect.stringMatching(/^6:3 'h' \(3:13\) was closed at 4:14 or 5:8 and is closed a second time/),
    ]);
  });

  it('names several places of the acquisition', () => {
    const code = program(`
function main(ready: boolean) {
  let h;
  if (ready) h = CreateFile('a');
  else h = CreateFile('b');
  CloseHandle(h);
  CloseHandle(h);
}`);
    expect(text(code)).toEqual([
      "7:3 'h' (4:18 or 5:12) was closed at 6:3 and is closed a second time. Close it once.",
    ]);
  });

  it('tells where in the callee', () => {
    const code = script(`
function finish(h) {
  CloseHandle(h);
}
function main() {
  const h = CreateFile('a');
  finish(h);
  finish(h);
}`);
    expect(text(code, 'source.js')).toEqual([
      "8:3 'h' (6:13) was closed at 7:3 (inside, at 3:3) and is closed a second time (inside the call of 'finish', at 3:3). Close it once.",
    ]);
  });

  it('tells on which way', () => {
    const code = program(`
function main(early: boolean) {
  const h = CreateFile('a');
  if (!early) CloseHandle(h);
  CloseHandle(h);
}`);
    expect(text(code)).toEqual([
      "5:3 'h' (3:13) was closed at 4:15 and is closed a second time when 'early' is false (4:8). Close it once.",
    ]);
  });

  it('has no name for what no variable held', () => {
    const code = program(`
class Box { constructor(public h: HANDLE) {} }
function main() {
  const box = new Box(CreateFile('a'));
  CloseHandle(box.h);
  CloseHandle(box.h);
}`);
    expect(text(code)).toEqual([
      '6:3 The handle from 4:23 was closed at 5:3 and is closed a second time. Close it once.',
    ]);
  });

  it('says of a duplicate what it duplicates', () => {
    const code = program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS);
  CloseHandle(out[0]);
  CloseHandle(out[0]);
}`);
    expect(text(code)).toEqual([
      "6:3 'out[0]' (duplicate of 'h', 4:3) was closed at 5:3 and is closed a second time. Close it once.",
    ]);
  });

  it.todo('tells on which way the caller came to a call in which the defect is');
  // The earlier place that is named is the reported close itself.
  it.todo('names the line of the implicit close, where the explicit one is reported');
  // What is closed twice on both ways is told as if it were on one.
  it.todo('names no branch where the defect does not depend on one');
});
