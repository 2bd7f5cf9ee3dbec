import { expect, it } from 'vitest';
import { expectations } from './expectations.ts';

it('reads the rules of each line', () => {
  const text = [
    '// A program that is // expected to fail',
    'close(h); // expect: no-double-close',
    'use(h);',
    "open('// a'); // expect: no-leaked-handle,no-use-after-close, no-leaked-handle ",
    '//expect:no-leaked-handle',
  ].join('\r\n');
  expect([...expectations(text)]).toEqual([
    [2, ['no-double-close']],
    [4, ['no-leaked-handle', 'no-use-after-close', 'no-leaked-handle']],
    [5, ['no-leaked-handle']],
  ]);
});

it.each([
  '// expect no-double-close',
  '// expect: ',
  '// Expect: RULE',
  '// expect: a, , b',
  '// expect: a b',
])('refuses %s', (comment) => {
  expect(() => expectations(`\n${comment}`)).toThrow(/^Line 2: /);
});
