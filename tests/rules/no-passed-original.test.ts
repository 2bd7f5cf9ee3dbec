/** Originals passed in their duplicate's place: when, where, and what the quick fix makes of it. */
import { describe, expect, it } from 'vitest';
import { noPassedOriginal } from '../../rules/no-passed-original.ts';
import { duplicate, lint, messagesOf, program, script, tester } from './tester.ts';

const TAKE = `
declare function take(h: HANDLE | null): void;`;

tester.run('no-passed-original', noPassedOriginal, {
  valid: [
    {
      name: 'the duplicate is passed',
      code: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(out[0]);
}`),
    },
    {
      name: 'the duplicate is of use later',
      code: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(h);
  return out[0];
}`),
    },
    {
      name: 'the duplicate is of use on one way',
      code: program(`${TAKE}
function main(h: HANDLE, ready: boolean) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(h);
  if (ready) CloseHandle(out[0]);
}`),
    },
    {
      name: 'the call was lent the original: it is closed here afterwards',
      code: program(`${TAKE}
function main() {
  const h = CreateFile('a');
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(h);
  CloseHandle(h);
}`),
    },
    {
      name: 'a use is no hand-over',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  DeviceIoControl(h, 1);
}`),
    },
    {
      name: 'a close is no hand-over',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  CloseHandle(h);
}`),
    },
    {
      name: 'the duplicate is in a cell of the caller',
      code: program(`${TAKE}
function main(h: HANDLE, out: [HANDLE | null]) {
  ${duplicate('h')};
  take(h);
}`),
    },
    {
      name: 'the hand-over comes first',
      code: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  take(h);
  ${duplicate('h')};
}`),
    },
    {
      name: 'another handle is passed',
      code: program(`${TAKE}
function main(h: HANDLE, other: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(other);
}`),
    },
  ],
  invalid: [
    {
      name: 'to an owner in this file; the cell is asserted to be filled',
      code: program(`
class Owner {
  constructor(private h: HANDLE | null) {}
  [Symbol.dispose]() { CloseHandle(this.h); }
}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  return new Owner(h);
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          data: { original: "'h'", duplicate: "'out[0]' (duplicate of 'h', 8:3)" },
          line: 9,
          column: 20,
          endLine: 9,
          endColumn: 21,
          suggestions: [
            {
              messageId: 'passDuplicate',
              data: { replacement: 'out[0]!' },
              output: program(`
class Owner {
  constructor(private h: HANDLE | null) {}
  [Symbol.dispose]() { CloseHandle(this.h); }
}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  return new Owner(out[0]!);
}`),
            },
          ],
        },
      ],
    },
    {
      name: 'to code out of sight: the argument of a call of many lines',
      code: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(
    h,
  );
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          data: { original: "'h'", duplicate: "'out[0]' (duplicate of 'h', 5:3)" },
          line: 7,
          column: 5,
          endLine: 7,
          endColumn: 6,
          suggestions: [
            {
              messageId: 'passDuplicate',
              data: { replacement: 'out[0]!' },
              output: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(
    out[0]!,
  );
}`),
            },
          ],
        },
      ],
    },
    {
      name: 'a variable holds the duplicate',
      code: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0]!;
  take(h);
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          data: { original: "'h'", duplicate: "'copy' (duplicate of 'h', 5:3)" },
          line: 7,
          column: 8,
          endLine: 7,
          endColumn: 9,
          suggestions: [
            {
              messageId: 'passDuplicate',
              data: { replacement: 'copy' },
              output: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0]!;
  take(copy);
}`),
            },
          ],
        },
      ],
    },
    {
      name: 'a variable holds the duplicate, and its type may leave room for null',
      code: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
  take(h);
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          line: 7,
          column: 8,
          endLine: 7,
          endColumn: 9,
          suggestions: [
            {
              messageId: 'passDuplicate',
              data: { replacement: 'copy!' },
              output: program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
  take(copy!);
}`),
            },
          ],
        },
      ],
    },
    {
      name: 'an original without a name',
      code: program(`${TAKE}
class Device {
  constructor(private h: HANDLE) {}
  share() {
    const out: [HANDLE | null] = [null];
    ${duplicate('this.h')};
    take(this.h);
  }
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          data: { original: 'The original', duplicate: "'out[0]' (duplicate of a handle, 7:5)" },
          line: 8,
          column: 10,
          endLine: 8,
          endColumn: 16,
          suggestions: [
            {
              messageId: 'passDuplicate',
              data: { replacement: 'out[0]!' },
              output: program(`${TAKE}
class Device {
  constructor(private h: HANDLE) {}
  share() {
    const out: [HANDLE | null] = [null];
    ${duplicate('this.h')};
    take(out[0]!);
  }
}`),
            },
          ],
        },
      ],
    },
    {
      name: 'no name reaches the duplicate: it was never put anywhere',
      code: program(`${TAKE}
function main(h: HANDLE) {
  ${duplicate('h', '[null]')};
  take(h);
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          data: { original: "'h'", duplicate: "the duplicate of 'h' from 4:3" },
          line: 5,
          column: 8,
          endLine: 5,
          endColumn: 9,
          suggestions: null,
        },
      ],
    },
    {
      name: 'no name reaches the duplicate: a helper made it, and its result is discarded',
      code: program(`${TAKE}
function copyOf(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  return out[0];
}
function main(h: HANDLE) {
  copyOf(h);
  take(h);
}`),
      errors: [
        {
          messageId: 'passedOriginal',
          data: { original: "'h'", duplicate: "the duplicate of 'h' from 9:3" },
          line: 10,
          column: 8,
          endLine: 10,
          endColumn: 9,
          suggestions: null,
        },
      ],
    },
    {
      name: 'no name reaches the duplicate: its cell is out of scope',
      code: program(`${TAKE}
function main(h: HANDLE) {
  {
    const out: [HANDLE | null] = [null];
    ${duplicate('h')};
  }
  take(h);
}`),
      errors: [
        { messageId: 'passedOriginal', line: 8, column: 8, endLine: 8, endColumn: 9, suggestions: null },
      ],
    },
    {
      name: 'once for a duplicate: the first argument',
      code: program(`${TAKE}
function main(h: HANDLE) {
  ${duplicate('h', '[null]')};
  take(h);
  take(h);
}`),
      errors: [
        { messageId: 'passedOriginal', line: 5, column: 8, endLine: 5, endColumn: 9, suggestions: null },
      ],
    },
  ],
});

describe('in JavaScript', () => {
  const suggestions = (code: string, filename: string) =>
    lint(code, { filename })
      .filter(({ ruleId }) => ruleId === 'handles/no-passed-original')
      .flatMap((message) => message.suggestions ?? [])
      .map(({ desc, fix }) => [desc, code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1])]);

  it.each(['source.js', 'source.mjs', 'source.jsx'])('asserts nothing in %s', (filename) => {
    const code = (passed: string) =>
      script(`
import { take } from './take.js';
function main(h) {
  const out = [null];
  ${duplicate('h')};
  take(${passed});
}`);
    expect(suggestions(code('h'), filename)).toEqual([["Pass the duplicate 'out[0]'.", code('out[0]')]]);
  });

  it('names the variable', () => {
    const code = (passed: string) =>
      script(`
import { take } from './take.js';
function main(h) {
  const out = [null];
  ${duplicate('h')};
  const copy = out[0];
  take(${passed});
}`);
    expect(suggestions(code('h'), 'source.js')).toEqual([["Pass the duplicate 'copy'.", code('copy')]]);
  });

  it.each(['source.tsx', 'source.ts'])('asserts in %s', (filename) => {
    const code = program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  take(h);
}`);
    expect(suggestions(code, filename)).toEqual([
      ["Pass the duplicate 'out[0]!'.", code.replace('take(h);', 'take(out[0]!);')],
    ]);
  });
});

describe('the text', () => {
  const text = (code: string) => messagesOf('no-passed-original', code);

  it('names the original, the duplicate and what to do', () => {
    const code = program(`${TAKE}
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
  take(h);
}`);
    expect(text(code)).toEqual([
      "7:8 'h' is handed over here although it was duplicated: 'copy' (duplicate of 'h', 5:3) is not used from here on. Pass the duplicate.",
    ]);
  });

  it('has no names where there are none', () => {
    const code = program(`${TAKE}
class Device {
  constructor(private h: HANDLE) {}
  share() {
    ${duplicate('this.h', '[null]')};
    take(this.h);
  }
}`);
    expect(text(code)).toEqual([
      '7:10 The original is handed over here although it was duplicated: the duplicate of a handle from 6:5 is not used from here on. Pass the duplicate.',
    ]);
  });

  // `try { take(h); } catch { CloseHandle(out[0]); }`
  it.todo('is not said of a duplicate that the handler of an exception of the taker closes');

  // `if (ready) DuplicateHandle(…, out, …); take(h);`
  it.todo('offers no duplicate that only one branch has made');
});
