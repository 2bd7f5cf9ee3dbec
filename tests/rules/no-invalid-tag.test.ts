/** Tags that say nothing: where they are reported, how, and what is none. */
import { noInvalidTag } from '../../rules/no-invalid-tag.ts';
import { program, tester } from './tester.ts';

tester.run('no-invalid-tag', noInvalidTag, {
  valid: [
    { name: 'a parameter', code: program('/** @owns h */ function main(h: HANDLE) { CloseHandle(h); }') },
    {
      name: 'a parameter with a default, and a parameter property',
      code: program(`
/** @borrows h */ function main(h: HANDLE | null = null) { return h; }
class C { /** @owns h */ constructor(private readonly h: HANDLE) {} close() { CloseHandle(this.h); } }`),
    },
    {
      name: 'words of other tools',
      code: program(`
/** @closes #12 */ function one() {}
/** @close the window, @returns {HANDLE} a handle, @param h */ function two(h: HANDLE) { return h; }
/** @duplicates */ function three(h: HANDLE) { return h; }`),
    },
    { name: 'above what has no parameters', code: program('/** @owns h */ const h = 1;') },
    { name: 'no JSDoc', code: program('/* @owns x */ function main(h: HANDLE) { CloseHandle(h); }') },
  ],
  invalid: [
    {
      name: 'a name that is no parameter',
      code: program(`
/**
 * Closes it.
 * @owns handle
 */
function main(h: HANDLE) { CloseHandle(h); }`),
      errors: [
        {
          messageId: 'noSuchParameter',
          data: { tag: '@owns', name: 'handle', parameters: "'h'" },
          line: 4,
          column: 4,
          endLine: 4,
          endColumn: 16,
        },
      ],
    },
    {
      name: 'no name',
      code: program('/** @borrows */ function main(h: HANDLE, n: number) { return [h, n]; }'),
      errors: [{ messageId: 'noParameter', data: { tag: '@borrows', parameters: "'h', 'n'" } }],
    },
    {
      name: 'a function without parameters',
      code: program('interface I { /** @owns h */ f(): void }'),
      errors: [{ messageId: 'noSuchParameter', data: { tag: '@owns', name: 'h', parameters: 'none' } }],
    },
    {
      name: 'another form of the word',
      code: program(`
/** @own h */ function one(h: HANDLE) { return h; }
/** @closed h */ declare function two(h: HANDLE): void;
/** @returns {own} */ declare function three(): HANDLE;`),
      errors: [
        { messageId: 'unknownTag', data: { tag: '@own', meant: '@owns' } },
        { messageId: 'unknownTag', data: { tag: '@closed', meant: '@closes' } },
        { messageId: 'unknownTag', data: { tag: '@returns {own}', meant: '@returns {owned}' } },
      ],
    },
  ],
});
