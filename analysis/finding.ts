/** What the analysis tells the rules. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Closing } from './ir/closing.ts';

export type FindingKind =
  | 'leakedHandle'
  | 'leakedDuplicate'
  | 'passedOriginal'
  | 'doubleClose'
  | 'useAfterClose'
  | 'mismatchedClose'
  | 'handleComparison'
  | 'deadFailureTest'
  | 'borrowedClose';

/** One defect: at most one for a node and kind, in source order. */
export interface Finding {
  readonly kind: FindingKind;
  /** What the report stands on: the call, the argument, the `new`. */
  readonly node: TSESTree.Node;
  readonly handle: HandleFacts;
  /** How the program gets from the acquisition to the defect, in the order of execution. */
  readonly witness: readonly Step[];
  /** Whether a close is wrong in this way on each path to it (double and mismatched closes only). */
  readonly isAlways: boolean;
  /** What holds the duplicate at this place, where a name reaches it (passed originals only). */
  readonly replacement: Replacement | null;
  /** The block of the variable that holds the handle (leaks only); null where there is none, or it is not known. */
  readonly scope: HandleScope | null;
}

/** The block that a variable is declared in, from behind its declaration on. */
export interface HandleScope {
  readonly variable: TSESTree.Identifier;
  readonly exits: readonly ScopeExit[];
}

/** A way out of a block: over its end, by a statement that jumps, or by an exception of something it calls. */
export interface ScopeExit {
  readonly kind: 'end' | 'return' | 'throw' | 'jump' | 'exception';
  /** The statement; null where there is none, or where a `finally` lies between. */
  readonly node: TSESTree.Node | null;
  /** What the variable may hold there, over all paths. */
  readonly outcomes: ReadonlySet<Outcome>;
  /** Where the handle was closed by then; the block itself for a close in a callee. */
  readonly closes: ReadonlySet<TSESTree.Node>;
}

/**
 * The handle, open and lost from there on, or closed, or in other hands. Or what stands for it where there is none:
 * `null` or `undefined`, another constant, something unknown.
 */
export type Outcome = 'open' | 'closed' | 'kept' | 'nullish' | 'marker' | 'unknown';

/** Source text that can stand in the place of an expression. */
export interface Replacement {
  readonly text: string;
  /** Whether its declared type allows for no handle: TypeScript wants `!` after it. */
  readonly isNullable: boolean;
}

export interface HandleFacts {
  /** The variable that first held it; null where it never had one. */
  readonly name: string | null;
  /** How the API calls such a handle: `handle`, `search handle`. */
  readonly label: string;
  /** The functions that close it; empty where its kind is not known. */
  readonly closers: readonly string[];
  /** How a program can close it with nothing else at hand. */
  readonly closings: readonly Closing[];
  /** Whether it is disposable, and by which of the symbols. */
  readonly disposal: 'sync' | 'async' | null;
  readonly isDuplicate: boolean;
  /** Whether the call that made it gives it as its result. */
  readonly isResult: boolean;
  /** The name of what it duplicates. */
  readonly sourceName: string | null;
  /** What stands for it where its acquisition failed, as a program writes it (leaks and dead failure tests only). */
  readonly failure: string | null;
}

export interface Branch {
  readonly node: TSESTree.Node;
  readonly isTaken: boolean;
}

export type Step =
  | { readonly kind: 'acquired'; readonly node: TSESTree.Node }
  | { readonly kind: 'duplicated'; readonly node: TSESTree.Node }
  /** `inside`: the close itself, where `node` is a call that leads to it. */
  | { readonly kind: 'closed'; readonly node: TSESTree.Node; readonly inside: TSESTree.Node | null }
  | ({ readonly kind: 'branch' } & Branch)
  /** What the report stands on is a call; `node` is where the defect happens, and `branch` the way there. */
  | {
      readonly kind: 'inside';
      readonly call: TSESTree.Node;
      readonly node: TSESTree.Node;
      readonly branch: Branch | null;
    }
  /** Another handle takes its place in a field. */
  | { readonly kind: 'overwritten'; readonly node: TSESTree.Node };
