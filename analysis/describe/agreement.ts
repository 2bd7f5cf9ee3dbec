/**
 * What several ways through a body agree on: all of them, or those in each of the two cases of a boolean that the caller
 * knows.
 */
import { defined } from '../defined.ts';
import type { Content, Failure, Fate, Outcome } from './outcomes.ts';

/** Something that holds always, or in each of the two cases of a boolean place. */
export type Cases<T> =
  | { readonly kind: 'always'; readonly value: T }
  | { readonly kind: 'depends'; readonly on: string; readonly whenTrue: T; readonly whenFalse: T };

export type End = Exclude<Fate, 'absent'>;

export const NOTHING: Content = { kind: 'const', value: undefined };

/** What the ways agree on, or agree on in each of the two cases of a boolean; null where neither is so. */
export function casesOf<T>(
  outcomes: readonly Outcome[],
  of: (outcome: Outcome) => T,
  join: (values: readonly T[]) => T | null,
): Cases<T> | null {
  const agreed = join(outcomes.map(of));
  if (agreed !== null) return { kind: 'always', value: agreed };
  const [first] = outcomes;
  for (const on of first?.guards.keys() ?? []) {
    if (!outcomes.every(({ guards }) => guards.has(on))) continue;
    const side = (is: boolean): T | null =>
      join(outcomes.filter(({ guards }) => guards.get(on) === is).map(of));
    const [whenTrue, whenFalse] = [side(true), side(false)];
    if (whenTrue !== null && whenFalse !== null) return { kind: 'depends', on, whenTrue, whenFalse };
  }
  return null;
}

/** Whether a handle has come to an end, or may have. */
export const isEnd = (fate: Fate): boolean =>
  fate !== 'absent' && fate !== 'kept' && fate !== 'used' && fate !== 'usedLater';

/** Only what all ways use is used for sure. */
export function joinFates(fates: readonly End[]): End | null {
  const found = new Set(fates);
  if (found.size <= 1) return fates[0] ?? 'kept';
  if ([...found].some(isEnd)) return null;
  return found.has('kept') ? 'kept' : 'used';
}

/** Where some ways give a constant in the place of a handle, that is how the call says that it failed. */
export function joinContents(contents: readonly Content[]): Content | null {
  const distinct = new Map(contents.map((content) => [keyOf(content), content]));
  if (distinct.size <= 1) return contents[0] ?? NOTHING;
  const constants = [...distinct.values()].filter((content) => content.kind === 'const');
  const made = [...distinct.values()].filter((content) => content.kind !== 'const');
  const handles = new Map(made.map((content) => [keyOf(withFailure(content, 'never')), content]));
  const [handle] = handles.values();
  if (handles.size !== 1 || handle === undefined) return null;
  if (handle.kind !== 'acquire' && handle.kind !== 'duplicate') return null;
  const failures = [
    ...constants.map(({ value }): Failure => ({ value })),
    ...made.flatMap((content) =>
      'failure' in content && content.failure !== 'never' ? [content.failure] : [],
    ),
  ];
  const kinds = new Map(failures.map((failure) => [showFailure(failure), failure]));
  return withFailure(handle, kinds.size === 1 ? defined([...kinds.values()][0]) : 'unknown');
}

function withFailure(content: Content, failure: Failure): Content {
  return content.kind === 'acquire' || content.kind === 'duplicate' ? { ...content, failure } : content;
}

export function keyOf(content: Content): string {
  if (content.kind === 'const') return `const ${typeof content.value} ${String(content.value)}`;
  const failure = 'failure' in content ? showFailure(content.failure) : '';
  return JSON.stringify({ ...content, failure });
}

const showFailure = (failure: Failure): string =>
  typeof failure === 'string' ? failure : `${typeof failure.value} ${String(failure.value)}`;
