/** Comparing a handle with its duplicate: where it is reported, and how it is worded. */
import { noHandleComparison } from '../../rules/no-handle-comparison.ts';
import { duplicate, program, tester } from './tester.ts';

const two = (rest: string): string =>
  program(`
function main(given: HANDLE) {
  const h = CreateFile('a');
  const out: [HANDLE | null] = [null];
  ${duplicate('h')};
  const copy = out[0];
${rest}
  CloseHandle(copy);
  CloseHandle(h);
}`);

tester.run('no-handle-comparison', noHandleComparison, {
  valid: [
    { name: 'a handle that may be the given one', code: two(`  if (h === given) return;`) },
    { name: 'a failure value', code: two(`  if (copy === null) return;`) },
    {
      name: 'a value that is the original on one path',
      code: two(`  const either = choose() ? copy : h;\n  if (either === h) choose();`),
    },
    {
      name: 'a variable that is assigned again: it may be tested before that',
      code: two(`  let last: HANDLE | null = h;\n  last = copy;\n  if (last === h) choose();`),
    },
    {
      name: 'an alias: that is always true, and another rule’s matter',
      code: two(`  const alias = h;\n  if (alias === h) choose();`),
    },
    {
      name: 'two handles of their own',
      code: two(`  const other = CreateFile('b');\n  if (other === h) choose();\n  CloseHandle(other);`),
    },
  ],
  invalid: [
    {
      name: 'the duplicate and its original',
      code: two(`  if (copy === h) choose();`),
      errors: [
        {
          messageId: 'handleComparison',
          data: { handle: `'copy' (duplicate of 'h', 5:3)` },
          line: 7,
          column: 7,
          endLine: 7,
          endColumn: 17,
        },
      ],
    },
    {
      name: 'loosely, and the other way round',
      code: two(`  const isOther = h != copy;\n  if (isOther) choose();`),
      errors: [{ messageId: 'handleComparison', line: 7, column: 19, endLine: 7, endColumn: 28 }],
    },
    {
      name: 'two duplicates of one handle',
      code: program(`
function main(h: HANDLE) {
  const one: [HANDLE | null] = [null], two: [HANDLE | null] = [null];
  ${duplicate('h', 'one')};
  ${duplicate('h', 'two')};
  const a = one[0], b = two[0];
  if (a === b) choose();
  CloseHandle(a);
  CloseHandle(b);
}`),
      errors: [{ messageId: 'handleComparison', line: 7, column: 7, endLine: 7, endColumn: 14 }],
    },
  ],
});
