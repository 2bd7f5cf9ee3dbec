/**
 * What the interpreter knows of one JavaScript value. Values are immutable and small; what they refer to
 * (a resource, an object, a symbol) lives in the state.
 *
 * A *symbol* is a value of which nothing is known but its identity: two places that hold the same symbol
 * hold the same value. Facts are substitutions: where a branch shows what a symbol is, every occurrence
 * of it in the state is replaced.
 */
import { printRef } from '../ir/external-ref.ts';
import type { ClassId, ExternalRef, FunctionId, LocalId, Primitive } from '../ir/ir.ts';

export type ResourceId = number & { readonly brand: 'ResourceId' };
export type ObjectId = number & { readonly brand: 'ObjectId' };
export type SymbolId = number & { readonly brand: 'SymbolId' };

export type Value =
  | { readonly kind: 'const'; readonly value: Primitive }
  | { readonly kind: 'resource'; readonly id: ResourceId }
  | { readonly kind: 'object'; readonly id: ObjectId }
  | { readonly kind: 'symbol'; readonly id: SymbolId }
  /** The boolean `!!symbol`, or `!symbol` where negated. */
  | { readonly kind: 'truth'; readonly of: SymbolId; readonly isNegated: boolean }
  | Existence
  /** What a native call reports of itself, once that is known. */
  | { readonly kind: 'outcome'; readonly is: Outcome }
  | FunctionValue
  | { readonly kind: 'class'; readonly id: ClassId }
  | { readonly kind: 'external'; readonly ref: ExternalRef }
  /** A handle that nobody has to close, such as a pseudo-handle. */
  | { readonly kind: 'lent'; readonly name: string; readonly type: string };

/** Says whether an acquisition succeeded, or failed where negated. */
export interface Existence {
  readonly kind: 'exists';
  readonly of: ResourceId;
  readonly isNegated: boolean;
  /** How it says so: as a boolean; as `true` or 1, else `false` or 0; as 0, else an error's code. */
  readonly as: 'boolean' | 'bool' | 'status';
}

/** `true` or 1; `false` or 0; a number that is not 0. */
export type Outcome = 'yes' | 'no' | 'code';

export function existence(of: ResourceId, isNegated = false): Existence {
  return { kind: 'exists', of, isNegated, as: 'boolean' };
}

/** What stands in the place of an existence once it is known. */
export function settledExistence(
  { as, isNegated }: Pick<Existence, 'as' | 'isNegated'>,
  exists: boolean,
): Value {
  const isSuccess = exists !== isNegated;
  switch (as) {
    case 'boolean':
      return isSuccess ? TRUE : FALSE;
    case 'bool':
      return { kind: 'outcome', is: isSuccess ? 'yes' : 'no' };
    case 'status':
      return isSuccess ? constant(0) : { kind: 'outcome', is: 'code' };
  }
}

/**
 * A function with what it captures. As long as a variable's frame runs, the variable is found there; when the
 * frame is gone, in a *cell*: an object with that variable alone, which all functions that share it carry
 * (upvalues, open and closed; Ierusalimschy, de Figueiredo, Celes: The Implementation of Lua 5.0, 2005).
 */
export interface FunctionValue {
  readonly kind: 'function';
  readonly id: FunctionId;
  /** null for a variable of which nothing was known when its frame ended. */
  readonly cells: ReadonlyMap<LocalId, ObjectId | null>;
  /** What `bind` made its `this`. */
  readonly self: ObjectId | null;
}

const NO_CELLS: FunctionValue['cells'] = new Map();

export function functionValue(id: FunctionId): FunctionValue {
  return { kind: 'function', id, cells: NO_CELLS, self: null };
}

/** The objects that a function value carries. */
export function carriedBy({ cells, self }: FunctionValue): ObjectId[] {
  const carried = self === null ? [] : [self];
  for (const cell of cells.values()) if (cell !== null) carried.push(cell);
  return carried;
}

/** The function value with other identities for the objects that it carries. */
export function carrying(value: FunctionValue, map: (id: ObjectId) => ObjectId): FunctionValue {
  if (isPlainFunction(value)) return value;
  const { cells, self } = value;
  return {
    ...value,
    cells: new Map([...cells].map(([local, cell]) => [local, cell === null ? null : map(cell)])),
    self: self === null ? null : map(self),
  };
}

/** Carries nothing: two of one function are the same as long as their frame runs. */
function isPlainFunction({ cells, self }: FunctionValue): boolean {
  return cells.size === 0 && self === null;
}

function carriesSame(a: FunctionValue, b: FunctionValue): boolean {
  if (a.id !== b.id || a.self !== b.self || a.cells.size !== b.cells.size) return false;
  return [...a.cells].every(([local, cell]) => b.cells.get(local) === cell);
}

export const UNDEFINED: Value = { kind: 'const', value: undefined };
export const NULL: Value = { kind: 'const', value: null };
export const TRUE: Value = { kind: 'const', value: true };
export const FALSE: Value = { kind: 'const', value: false };

export function constant(value: Primitive): Value {
  switch (value) {
    case undefined:
      return UNDEFINED;
    case null:
      return NULL;
    case true:
      return TRUE;
    case false:
      return FALSE;
    default:
      return { kind: 'const', value };
  }
}

export function isConst(value: Value): value is Extract<Value, { kind: 'const' }> {
  return value.kind === 'const';
}

/** A value that leads to no resource and no object. */
export function isScalar(value: Value): boolean {
  if (value.kind === 'function') return isPlainFunction(value);
  return value.kind !== 'resource' && value.kind !== 'object';
}

/** Whether two values are known to be one and the same. */
export function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'const':
      return b.kind === 'const' && Object.is(a.value, b.value);
    case 'resource':
    case 'object':
    case 'symbol':
    case 'class':
      return b.kind === a.kind && a.id === b.id;
    case 'function':
      return b.kind === 'function' && carriesSame(a, b);
    case 'truth':
      return b.kind === a.kind && a.of === b.of && a.isNegated === b.isNegated;
    case 'exists':
      return b.kind === a.kind && a.of === b.of && a.isNegated === b.isNegated && a.as === b.as;
    case 'outcome':
      return b.kind === a.kind && a.is === b.is;
    case 'external':
      return b.kind === 'external' && printRef(a.ref) === printRef(b.ref);
    case 'lent':
      return b.kind === 'lent' && a.name === b.name;
  }
}
