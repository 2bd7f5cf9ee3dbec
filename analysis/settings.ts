/** The engine's settings, decoded, and what it may ask a parser that knows types. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ApiDescription } from '../apis/schema.ts';

/** Which exceptions count: those that somebody here handles, all, or none but explicit throws. */
export type ExceptionMode = 'handled' | 'all' | 'none';

/** What a call out of sight does with a handle that it is given. */
export type UnknownCallMode = 'escape' | 'borrow';

/** A type, and the module that declares it; null for a global one. */
export interface DeclaredType {
  readonly module: string | null;
  readonly name: string;
}

/** What another file declares, with the comment above it: what stands between the slashes and stars. */
export interface Documented {
  readonly name: string;
  readonly comment: string;
  /** The names of its parameters; null for a pattern. */
  readonly parameters: readonly (string | null)[];
}

/** What a parser that knows types is asked about what other files declare. */
export interface Declarations {
  /** The declared type of an expression, `null` and `undefined` left out; null where it has no name, or this project's. */
  typeOf(node: TSESTree.Node): DeclaredType | null;
  /** What a call calls, where another file declares it under a comment that may have tags; null otherwise. */
  documentedCallee(call: TSESTree.CallExpression | TSESTree.NewExpression): Documented | null;
  /** Whether another file may tag something that goes by this name. */
  mayBeTagged(name: string): boolean;
}

/** The name under which descriptions know the module that an import names. */
export type NameModule = (specifier: string) => string;

/** What is known around a file, and not in it. */
export interface Host {
  /** Null where the parser knows no types. */
  readonly declarations: Declarations | null;
  readonly nameModule: NameModule;
}

export const NO_HOST: Host = { declarations: null, nameModule: (specifier) => specifier };

export interface AnalysisSettings {
  readonly exceptions: ExceptionMode;
  readonly unknownCalls: UnknownCallMode;
  readonly apis: Readonly<Record<string, ApiDescription>>;
}
