/** The language of tags: what the text of a comment says of the parameters and the result of a function. */
import { PARAMETER_TAGS } from './tags.ts';
import type { ParameterTag, ResultTag, TagProblem, Tags } from './tags.ts';

/** What a comment has that may hold a tag, or something that was meant for one. */
export const ANY_TAG = /@(?:own|borrow|close|duplicate)(?:s|d|ed)?\b|@returns?\s+\{\s*(?:own|borrow)/;

/** A tag that says nothing, and where in the text it stands. */
export interface ProblemInText extends Pick<TagProblem, 'tag' | 'problem'> {
  readonly index: number;
  readonly length: number;
}

/** `@owns h`, `@owns {HANDLE} h - why`, `@returns {owned}`. */
const TAG = /@(\w+)[ \t]*(?:\{([^}\n]*)\})?[ \t]*(?:([A-Za-z_$][\w$]*))?/g;

/** Reads a comment above something with parameters of these names; null stands for a pattern. */
export function tagsIn(
  comment: string,
  names: readonly (string | null)[],
  onProblem: (problem: ProblemInText) => void,
): Tags {
  const params = new Map<number, ParameterTag>();
  let returns: ResultTag | null = null;
  for (const match of comment.matchAll(TAG)) {
    const [text, tag = '', type = '', name = null] = match;
    const at = { index: match.index, length: text.trimEnd().length, tag: `@${tag}` };
    const known = PARAMETER_TAGS.find((each) => each === tag);
    const index = name === null ? -1 : names.indexOf(name);
    if (known !== undefined) {
      if (index >= 0) params.set(index, known);
      else if (name !== null || known === 'owns' || known === 'borrows') {
        const parameters = names.filter((each) => each !== null);
        onProblem({ ...at, problem: { kind: 'noParameter', name, parameters } });
      }
      continue;
    }
    if (tag === 'returns' || tag === 'return') {
      const result = RESULT_TAGS.get(type.trim());
      if (result === undefined) continue;
      if (result === type.trim()) returns = result;
      else
        onProblem({
          ...at,
          tag: `@${tag} {${type}}`,
          problem: { kind: 'unknown', meant: `@${tag} {${result}}` },
        });
      continue;
    }
    const near = PARAMETER_TAGS.find((each) => isNear(tag, each));
    if (near !== undefined && index >= 0)
      onProblem({ ...at, problem: { kind: 'unknown', meant: `@${near}` } });
  }
  return { params, returns };
}

/** What may be written for each of the two. */
const RESULT_TAGS: ReadonlyMap<string, ResultTag> = new Map([
  ['owned', 'owned'],
  ['own', 'owned'],
  ['owns', 'owned'],
  ['borrowed', 'borrowed'],
  ['borrow', 'borrowed'],
  ['borrows', 'borrowed'],
]);

/** `own`, `owned`, `close`, `closed`, `Borrows`: another form of the same word. */
function isNear(tag: string, known: ParameterTag): boolean {
  const stem = known.slice(0, -1).replace(/e$/, '');
  return new RegExp(`^${stem}(?:e|s|es|d|ed|ing)?$`, 'i').test(tag);
}
