/**
 * What a handle API is described with: pure data that says what each call does to handles.
 *
 * A description never names a rule and the engine never names an API; this file is all that they share.
 * A place that a call can reach is written as a path: `arg0`, `arg3[0]` (an out-cell), `this`, `result`,
 * `result.value`.
 */

/** A place that a call can reach: `arg1`, `arg3[0]`, `this`, `result`, `result.value`. */
export type Path = string;

/** The name of a kind of handle, unique in its API. */
export type KindName = string;

/** A value that a source text can write down. */
export type Scalar = string | number | bigint | boolean | null | undefined;

export interface ApiDescription {
  /** The modules that export the functions and constants below. */
  readonly modules?: readonly string[];
  readonly kinds?: Readonly<Record<KindName, KindDescription>>;
  readonly functions?: Readonly<Record<string, OperationDescription>>;
  readonly constants?: Readonly<Record<string, Scalar>>;
  /** Functions that every program has, by the way to them: `String`, `console.log`. */
  readonly globals?: Readonly<Record<string, OperationDescription>>;
}

export interface KindDescription {
  /** How messages call it: `handle`, `search handle`. */
  readonly label: string;
  /** The functions that close it. Any other closing function is a mismatch. */
  readonly closers: readonly string[];
}

export interface OperationDescription {
  /** What the call does, in order. A use or close of a dead handle makes the call fail: what comes later does not happen. */
  readonly effects: readonly Effect[];
  /** What the call gives back where no effect fills `result`; nothing is known of it by default. */
  readonly returns?: Returns;
  /** Whether the call may throw; it may by default. */
  readonly throws?: 'never';
}

export type Effect =
  /** Needs the handle to be open. */
  | { readonly do: 'use'; readonly on: Path }
  /** Ends the handle. */
  | { readonly do: 'close'; readonly on: Path; readonly when?: Condition }
  /** Makes a handle that the caller must close. */
  | { readonly do: 'acquire'; readonly to: Path; readonly kind: KindName; readonly failure: Failure }
  /** Makes another handle to the same object; `of` stays open and owed as it was. */
  | {
      readonly do: 'duplicate';
      readonly of: Path;
      readonly to: Path;
      readonly failure: Failure;
      /** The duplicate is this program's to close only where this holds. */
      readonly ownedWhen?: Condition;
    }
  /** Gives a handle that is not to be closed, such as a pseudo-handle. */
  | { readonly do: 'lend'; readonly to: Path; readonly kind: KindName };

/** What stands at the place of a new handle where the acquisition failed. */
export type Failure =
  | { readonly value: Scalar }
  /** An out-cell that a failing call leaves as it was. */
  | 'unchanged';

export type Condition =
  /** The argument has this bit set. */
  | { readonly arg: number; readonly bit: number }
  /** The argument is a handle that was lent for good (a pseudo-handle). */
  | { readonly arg: number; readonly is: 'lent' };

export type Returns =
  /** true exactly when the call did what it is for; false on a dead handle and on a failed acquisition. */
  | 'success'
  /** true or false; false on a dead handle. */
  | 'boolean'
  /** Some primitive value that is no handle. */
  | 'scalar'
  /** Never returns: the process ends. */
  | 'never';
