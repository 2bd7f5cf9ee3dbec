/** Tests for a failure that never match: where they are reported, and how it is worded. */
import { noDeadFailureCheck } from '../../rules/no-dead-failure-check.ts';
import { duplicate, program, tester } from './tester.ts';

const tested = (acquire: string, rest: string): string =>
  program(`
function main() {
  const h = ${acquire};
  ${rest}
  CloseHandle(h);
}`);

tester.run('no-dead-failure-check', noDeadFailureCheck, {
  valid: [
    { name: 'the failure value', code: tested(`CreateFile('a')`, `if (h === INVALID_HANDLE_VALUE) return;`) },
    { name: 'the failure value as a number', code: tested(`CreateFile('a')`, `if (h === -1) return;`) },
    { name: 'null where that is the failure value', code: tested(`CreateEvent()`, `if (h == null) return;`) },
    {
      name: 'a condition where the failure counts as false',
      code: tested(`CreateEvent()`, `if (!h) return;`),
    },
    {
      name: 'each failure of two functions',
      code: tested(
        `choose() ? CreateEvent() : CreateFile('a')`,
        `if (!h || h === INVALID_HANDLE_VALUE) return;`,
      ),
    },
    {
      name: 'a value that is null on one path',
      code: tested(`choose() ? CreateFile('a') : null`, `if (h === null) return;`),
    },
    {
      name: 'a variable that holds null where an exception came before',
      code: program(`
function main() {
  let h: HANDLE | null = null;
  try {
    h = CreateFile('a');
    mayThrow();
  } finally {
    if (h !== null) CloseHandle(h);
  }
}`),
    },
    {
      name: 'a cell that the call leaves as it was',
      code: program(`
function main(h: HANDLE) {
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
  if (copy !== null) CloseHandle(copy);
}`),
    },
    {
      name: 'what throws where it fails',
      code: `import { closeSync, openSync } from 'node:fs';
const fd = openSync('a', 'r');
if (fd !== -1) closeSync(fd);`,
    },
    {
      name: 'a handle from outside',
      code: program(`function main(h: HANDLE) { if (h === null) return; CloseHandle(h); }`),
    },
  ],
  invalid: [
    {
      name: 'null where -1 is the failure value',
      code: tested(`CreateFile('a')`, `if (h === null) return;`),
      errors: [
        {
          messageId: 'deadFailureTest',
          data: { handle: `'h' (3:13)`, failure: '-1' },
          line: 4,
          column: 7,
          endLine: 4,
          endColumn: 17,
        },
      ],
    },
    {
      name: '-1 where null is the failure value',
      code: tested(`CreateEvent()`, `if (INVALID_HANDLE_VALUE == h) return;`),
      errors: [
        {
          messageId: 'deadFailureTest',
          data: { handle: `'h' (3:13)`, failure: 'null' },
          line: 4,
          column: 7,
          endLine: 4,
          endColumn: 32,
        },
      ],
    },
    {
      name: 'a condition where the failure counts as true',
      code: tested(`CreateFile('a')`, `if (!h) return;`),
      errors: [{ messageId: 'deadFailureTest', line: 4, column: 8, endLine: 4, endColumn: 9 }],
    },
    {
      name: 'a call that is tested without a name',
      code: program(`
function isThere() {
  return CreateFile('a') !== null;
}`),
      errors: [
        {
          messageId: 'deadFailureTest',
          data: { handle: 'the handle from 3:10', failure: '-1' },
          line: 3,
          column: 10,
          endLine: 3,
          endColumn: 34,
        },
      ],
    },
  ],
});
