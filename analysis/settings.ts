/** The engine's settings, decoded, and what it may ask a parser that knows types. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ApiDescription } from '../apis/schema.ts';

/** Which exceptions count: those that somebody here handles, all, or none but explicit throws. */
export type ExceptionMode = 'handled' | 'all' | 'none';

/** What a call out of sight does with a handle that it is given. */
export type UnknownCallMode = 'escape' | 'borrow';

/** The name of the declared type of an expression, `null` and `undefined` left out; null where it has none. */
export type TypeNameOf = (node: TSESTree.Node) => string | null;

export interface AnalysisSettings {
  readonly exceptions: ExceptionMode;
  readonly unknownCalls: UnknownCallMode;
  readonly apis: Readonly<Record<string, ApiDescription>>;
}
