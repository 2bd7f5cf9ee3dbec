/**
 * The fast path: one look over the tokens says whether a file can touch a described handle at all. Most
 * files cannot, and then nothing is lowered. With every file let through, findings are the same.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ApiTable } from './effects/api-table.ts';
import { mayBeTagged } from './lower/tags.ts';

export function canTouchHandles({ tokens, comments }: TSESTree.Program, apis: ApiTable): boolean {
  // A tree without its tokens was not parsed for a linter: let it through.
  if (tokens === undefined) return true;
  if (comments?.some(mayBeTagged) === true) return true;
  return tokens.some(({ type, value }, index) => {
    if (type === 'String') return apis.hasModule(value.slice(1, -1));
    if (type !== 'Identifier') return false;
    return apis.hasName(value) || (DISPOSERS.has(value) && tokens[index - 2]?.value === 'Symbol');
  });
}

/** `Symbol.dispose` and `Symbol.asyncDispose`: a class that has one may be a handle itself. */
const DISPOSERS: ReadonlySet<string> = new Set(['dispose', 'asyncDispose']);
