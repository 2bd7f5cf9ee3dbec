/**
 * The fast path: a look over the tokens says whether a file can touch a described handle at all. Most files
 * cannot, and then nothing is lowered. With every file let through, findings are the same.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ApiTable } from './effects/api-table.ts';
import { mayBeTagged } from './lower/tags.ts';
import { NO_HOST } from './settings.ts';
import type { Host } from './settings.ts';

export function canTouchHandles(
  { tokens, comments }: TSESTree.Program,
  apis: ApiTable,
  { declarations, nameModule }: Host = NO_HOST,
): boolean {
  const { triggers } = apis;
  // A tree without its tokens was not parsed for a linter: let it through.
  if (tokens === undefined) return true;
  if (comments?.some(mayBeTagged) === true) return true;
  const wanted = new Set<ReadonlySet<string>>();
  for (const [index, { type, value }] of tokens.entries()) {
    if (type === 'String') add(wanted, triggers.ofModule(nameModule(value.slice(1, -1))));
    else if (type === 'Identifier') {
      if (triggers.isEnough(value)) return true;
      // The name of a method says little by itself, and enough where types tell whose method it is.
      if (declarations !== null && (apis.hasMethod(value) || declarations.mayBeTagged(value))) return true;
      if (DISPOSERS.has(value) && tokens[index - 2]?.value === 'Symbol') return true;
      add(wanted, triggers.ofSource(value));
    }
  }
  if (wanted.size === 0) return false;
  return tokens.some(({ type, value }) => {
    // A method may be called as a keyword is: `tree.delete()`.
    const name = type === 'String' ? value.slice(1, -1) : value;
    return [...wanted].some((names) => names.has(name));
  });
}

function add(wanted: Set<ReadonlySet<string>>, names: ReadonlySet<string> | null): void {
  if (names !== null) wanted.add(names);
}

/** `Symbol.dispose` and `Symbol.asyncDispose`: a class that has one may be a handle itself. */
const DISPOSERS: ReadonlySet<string> = new Set(['dispose', 'asyncDispose']);
