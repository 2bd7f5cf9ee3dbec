/** That programs are checked against the model and the libraries that fixtures may use. */
import { expect, it } from 'vitest';
import { typeCheck } from './typecheck.ts';

const GOOD = `import { CreateFile, CloseHandle, CreateEvent, INVALID_HANDLE_VALUE, type HANDLE } from 'eslint-plugin-handles/model';
class Owner implements Disposable {
  constructor(private readonly h: HANDLE) {}
  [Symbol.dispose](): void {
    CloseHandle(this.h);
  }
}
export function main(): void {
  const h = CreateFile('a');
  if (h === INVALID_HANDLE_VALUE) return;
  using owner = new Owner(h);
  using stack = new DisposableStack();
  stack.adopt(CreateEvent(), CloseHandle);
  console.log(h);
}
`;

it('finds nothing in a good program', () => {
  expect(typeCheck(new Map([['good.ts', GOOD]]))).toEqual([]);
});

it('finds what is wrong, with its place in the source', () => {
  const bad = `${GOOD}const wrong: HANDLE = 4;\nCloseHandle('a');\nif (`;
  expect(typeCheck(new Map([['bad.ts', bad]]))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ file: 'bad.ts', line: 16, column: 7, code: 2322 }),
      expect.objectContaining({ line: 17, column: 13, code: 2345 }),
      expect.objectContaining({ line: 18, code: 1109 }),
    ]),
  );
});

it('wants null to be ruled out where a handle is needed', () => {
  const text = (argument: string) => `import type { HANDLE } from 'eslint-plugin-handles/model';
declare function take(h: HANDLE): void;
export function main(out: [HANDLE | null]): void {
  take(${argument});
}`;
  const sources = new Map([
    ['without.ts', text('out[0]')],
    ['with.ts', text('out[0]!')],
  ]);
  expect(typeCheck(sources)).toMatchObject([{ file: 'without.ts', line: 4, code: 2345 }]);
});

it('lets sources import each other and nothing else', () => {
  const sources = new Map([
    ['folder/a.ts', `import { b } from './b.ts';\nexport const a: string = b;`],
    ['folder/b.ts', `export const b = 1;`],
    ['c.ts', `import './missing.ts';\nimport { x } from 'typescript';\nexport { x };`],
  ]);
  expect(typeCheck(sources).map(({ file, line, code }) => [file, line, code])).toEqual([
    ['folder/a.ts', 2, 2322],
    ['c.ts', 1, 2882],
    ['c.ts', 2, 2307],
  ]);
});

it('forgets the sources of the check before', () => {
  typeCheck(new Map([['a.ts', 'export const a = 1;']]));
  expect(typeCheck(new Map([['b.ts', `import { a } from './a.ts';\nexport { a };`]]))).toMatchObject([
    { code: 2307 },
  ]);
});
