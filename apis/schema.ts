/**
 * What a handle API is described with: pure data that says what each call does to handles.
 *
 * A description never names a rule and the engine never names an API; this file is all that they share.
 * A place that a call can reach is written as a path: `this`, `arg0`, `arg3[0]` (an out-cell), `arg1[*]` (each
 * element of a list), `result`, `result.value`, `this.#handle`.
 */

/** A place that a call can reach: `arg1`, `arg3[0]`, `arg1[*]`, `this`, `result`, `result.value`, `this.#handle`. */
export type Path = string;

/** The name of a kind of handle, unique in its API; `win32/handle` for a kind of another API. */
export type KindName = string;

/** A value that a source text can write down. */
export type Scalar = string | number | bigint | boolean | null | undefined;

type Named<T> = Readonly<Record<string, T>>;

export interface ApiDescription {
  /**
   * The modules that export the functions, constructors, constants and types below; `*` for any. One that begins
   * with `./` is a file of the project, by its path from `settings.handles.root`: `./src/owner.ts`.
   */
  readonly modules?: readonly string[];
  readonly kinds?: Named<KindDescription>;
  readonly functions?: Named<OperationDescription>;
  readonly constants?: Named<Scalar>;
  /** Classes to call with `new`: exports of the modules, or globals where the API names no module. */
  readonly constructors?: Named<OperationDescription>;
  /** Functions that every program has, by the way to them: `String`, `console.log`. */
  readonly globals?: Named<OperationDescription>;
  /** What values of a TypeScript type can do, by the name of the type. */
  readonly types?: Named<TypeDescription>;
}

export interface KindDescription {
  /** How messages call it: `handle`, `search handle`. */
  readonly label: string;
  /** The functions or methods that close it. Any other closing one is a mismatch. */
  readonly closers: readonly string[];
  /** Whether closing it again is an error (so by default) or does nothing. */
  readonly closeTwice?: 'error' | 'harmless';
  /** Whether one that is made and dropped at once is meant to stay for good, such as a listener. */
  readonly mayBeDropped?: boolean;
  /** The type of its values, whose methods they have; the name of the kind by default. */
  readonly type?: string;
  /** What `typeof` says of its values; `object` by default where methods of the type are described. */
  readonly typeof?: 'number' | 'bigint' | 'object';
  /** The least number that a new one is. */
  readonly atLeast?: number;
}

export interface TypeDescription {
  readonly methods?: Named<OperationDescription>;
  /** Properties that hold a value of a described type or a handle that is not the reader's to close, or tell of the state. */
  readonly properties?: Named<PropertyDescription>;
  /** Every other member is a native function of its name, as the API that names module `native` describes it. */
  readonly members?: 'native';
  /** The fields in which a value keeps handles: what becomes of these the effects say, as `result.h` and `this.h`. */
  readonly holds?: readonly string[];
}

export type PropertyDescription =
  | { readonly type: string }
  | { readonly lend: KindName }
  /** Gives what the value keeps in this field of its own: a getter. */
  | { readonly field: string }
  /** Has this value exactly while the handle is open, or from its close on. */
  | { readonly tells: 'open' | 'closed'; readonly equals: Scalar };

export interface OperationDescription {
  /** What the call does, in order. A use or close of a dead handle makes the call fail: what comes later does not happen. */
  readonly effects: readonly Effect[];
  /** What the call gives back where no effect fills `result`; nothing is known of it by default. */
  readonly returns?: Returns;
  /** Whether `result` comes in a promise. */
  readonly isAsync?: boolean;
  /** Whether the call may throw, or its promise reject; so by default. */
  readonly throws?: 'never';
}

export type Effect =
  /** Needs the handle to be open. */
  | {
      readonly do: 'use';
      readonly on: Path;
      /** Whether it needs it until its promise settles: a close before that makes it fail. */
      readonly until?: 'settled';
    }
  /** Ends the handle. */
  | {
      readonly do: 'close';
      readonly on: Path;
      /** The closing function or method that the call leaves it to; it is one itself by default. */
      readonly by?: string;
      readonly when?: Condition;
    }
  /** Hands the handle to an owner out of sight: nobody here may use or close it any more. */
  | {
      readonly do: 'take';
      readonly on: Path;
      readonly when?: Condition;
      /** The owner closes it later, and until then it can be used. */
      readonly leaves?: 'open';
    }
  /** Keeps the handle without owning it for sure: nothing is owed any more. */
  | { readonly do: 'keep'; readonly on: Path; readonly when?: Condition }
  /** Makes a handle that the caller must close. */
  | {
      readonly do: 'acquire';
      readonly to: Path;
      readonly kind: KindName;
      readonly failure?: Failure;
      readonly when?: Condition;
    }
  /** Makes another handle to the same object; `of` stays open and owed as it was. */
  | {
      readonly do: 'duplicate';
      readonly of: Path;
      readonly to: Path;
      /** What the duplicate is where it is not known what `of` is. */
      readonly kind?: KindName;
      readonly failure?: Failure;
      readonly when?: Condition;
      /** The duplicate is this program's to close only where this holds. */
      readonly ownedWhen?: Condition;
    }
  /** Gives a handle that is not to be closed, such as a pseudo-handle. */
  | {
      readonly do: 'lend';
      readonly to: Path;
      readonly kind: KindName;
      /** Whether closing it is an error, or does nothing (so by default). */
      readonly close?: 'error' | 'harmless';
      readonly when?: Condition;
    }
  /** Gives back what it was given. */
  | { readonly do: 'pass'; readonly of: Path; readonly to: Path; readonly when?: Condition }
  /** Puts a constant there, `undefined` where it names none, and so no handle: `{ done: true }`. */
  | { readonly do: 'set'; readonly to: Path; readonly value?: Scalar; readonly when?: Condition }
  /** Calls a function that it was given: at once, or once and soon. */
  | {
      readonly do: 'call';
      /** Where the function is; the last argument by default. */
      readonly on?: Path;
      /** Calls it any number of times, from outside of the program; what it closes over is not kept by that alone. */
      readonly later?: boolean;
      readonly with: readonly CallbackArgument[];
      /** Whether the call gives back what the function gives back. */
      readonly givesResult?: boolean;
    }
  /** Leaves by an exception that is meant: `throw` is written there. */
  | { readonly do: 'throw' }
  /** Leaves by an exception where there is a handle. */
  | { readonly do: 'throwIf'; readonly on: Path }
  /** Goes one of several ways. */
  | { readonly do: 'either'; readonly ways: readonly (readonly Effect[])[] };

/** What a callback is given. */
export type CallbackArgument =
  /** Nothing is known of it. */
  | 'unknown'
  /** An error, or nothing: where it is an error, handles that come with it do not exist. */
  | 'error'
  | { readonly acquire: KindName }
  | { readonly lend: KindName }
  | { readonly pass: Path };

/** What stands at the place of a new handle where the acquisition failed; `throws` by default. */
export type Failure =
  | { readonly value: Scalar }
  /** An out-cell that a failing call leaves as it was. */
  | 'unchanged'
  /** Nothing: a failing call throws, or its promise rejects. */
  | 'throws'
  /** One of the usual ways to say so; which one depends on what cannot be seen. */
  | 'unknown';

/** Where it cannot be told whether a condition holds, nothing is owed for the handle. */
export type Condition =
  /** What the call finds at this place has this value. */
  | { readonly at: Path; readonly equals: Scalar }
  /** The argument has this bit set. */
  | { readonly arg: number; readonly bit: number }
  /** The argument does not have this bit set. */
  | { readonly arg: number; readonly noBit: number }
  /** The argument is a handle that was lent for good (a pseudo-handle), or a value that stands for one. */
  | { readonly arg: number; readonly is: 'lent'; readonly orOneOf?: readonly Scalar[] }
  /** The argument is known to be a handle of this kind, or not. */
  | { readonly arg: number; readonly isKind: KindName }
  | { readonly arg: number; readonly isNotKind: KindName }
  /** The argument, or a field of it, has this value. */
  | { readonly arg: number; readonly field?: string; readonly equals: Scalar }
  /** The argument, or a field of it, has one of these values. */
  | { readonly arg: number; readonly field?: string; readonly oneOf: readonly Scalar[] }
  /** The argument, or a field of it, has another value than this. */
  | { readonly arg: number; readonly field?: string; readonly differs: Scalar };

export type Returns =
  /** true exactly when the call did what it is for; false on a dead handle and on a failed acquisition. */
  | 'success'
  /** Like `success`, but as native code says it: true or 1, and false or 0. */
  | 'bool'
  /** 0 exactly when the call did what it is for; else the number of an error. */
  | 'status'
  /** true or false; false on a dead handle. */
  | 'boolean'
  /** Some primitive value that is no handle. */
  | 'scalar'
  /** A new list, which may hold anything. */
  | 'list'
  /** Never returns: the process ends. */
  | 'never'
  /** Whether there is a handle at this place when the call is done, or there is none. */
  | { readonly exists: Path }
  | { readonly missing: Path }
  /** A value of a described type. */
  | { readonly type: string }
  /**
   * The native function that this argument names, alone (`'f'`) or in a C prototype (`'bool f(void *h)'`); of several
   * places the first one that names a described function.
   */
  | { readonly native: Path | readonly Path[] };

/** The short form for a class whose values must be closed. */
export interface ShortDescription {
  /** The name of the class. */
  readonly type: string;
  /** The method that closes a value, or all that do. */
  readonly close: string | readonly string[];
  /** What gives a value besides `new`: functions (`createClient`), methods of other classes (`Pool.connect`). */
  readonly from?: readonly string[];
  /** Whether these give it in a promise. */
  readonly isAsync?: boolean;
  /** The method that makes another value that must be closed as well. */
  readonly duplicate?: string;
  /** Methods that make a value of another described class, by the name of the class: `{ toVideoFrame: 'VideoFrame' }`. */
  readonly makes?: Named<string>;
  /** Whether closing twice is an error (so by default) or does nothing. */
  readonly closeTwice?: 'error' | 'harmless';
  /** The modules that export all this, the class as their default export included; any module by default. */
  readonly modules?: readonly string[];
}
