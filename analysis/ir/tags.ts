/**
 * What JSDoc tags say of the handles that go into a function and come out of it.
 *
 *     @owns h               the function closes `h`, or hands it on: the caller owes nothing any more
 *     @borrows h            the function uses `h` and leaves it to the caller, who still has to close it
 *     @closes h             the function closes `h`
 *     @duplicates h         the function gives back a duplicate of `h`
 *     @returns {owned}      the caller must close what it gets
 *     @returns {borrowed}   the caller must not
 */
import type { TSESTree } from '@typescript-eslint/utils';

export const PARAMETER_TAGS = ['owns', 'borrows', 'closes', 'duplicates'] as const;
export type ParameterTag = (typeof PARAMETER_TAGS)[number];
export type ResultTag = 'owned' | 'borrowed';

export interface Tags {
  /** By the position of the parameter. */
  readonly params: ReadonlyMap<number, ParameterTag>;
  readonly returns: ResultTag | null;
}

/** Something with parameters that has no body in this file, and is tagged. */
export interface Tagged {
  readonly name: string;
  readonly tags: Tags;
}

/** One that this file declares. */
export interface TaggedSignature extends Tagged {
  /** The type that it is a member of; null for a `declare`d function. */
  readonly type: string | null;
  readonly returnType: TSESTree.TypeNode | undefined;
}

export interface TagProblem {
  readonly loc: TSESTree.SourceLocation;
  /** The tag as it is written: `@owns`. */
  readonly tag: string;
  /** What it names, and what it could name; or the tag that may be meant. */
  readonly problem:
    | { readonly kind: 'noParameter'; readonly name: string | null; readonly parameters: readonly string[] }
    | { readonly kind: 'unknown'; readonly meant: string };
}

export interface FileTags {
  /** By the function that has a body here. */
  readonly functions: ReadonlyMap<TSESTree.Node, Tags>;
  readonly signatures: readonly TaggedSignature[];
  readonly problems: readonly TagProblem[];
}

export const NO_TAGS: FileTags = { functions: new Map(), signatures: [], problems: [] };
