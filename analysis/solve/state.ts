/**
 * What is known at one point of one path: which value each place holds, and what became of each resource.
 *
 * A state is used linearly: whoever steps it owns it and changes it in place; `fork` makes a second one
 * where two ways part. Facts are substitutions, so there is no store of conditions beside the values;
 * only tests of unknown values are remembered, as `terms`.
 */
import type { ClassId, LocalId, Primitive, Temp } from '../ir/ir.ts';
import type { TSESTree } from '@typescript-eslint/utils';
import { ForkMap } from './fork-map.ts';
import { NO_SITES } from './resource.ts';
import type { Resource } from './resource.ts';
import type { Site } from './site.ts';
import type { Lost } from './lost.ts';
import type { Trace } from './trace.ts';
import { isConst, isSame, UNDEFINED } from './value.ts';
import type { ObjectId, ResourceId, SymbolId, Value } from './value.ts';

/** An object that the program made where we see it. */
export interface HeapObject {
  readonly shape: ObjectShape;
  /** What it holds, the elements of a collection included (see collections/contents.ts). */
  readonly fields: ReadonlyMap<string, Value>;
  /** Whether a field that is not listed may hold anything, rather than `undefined`. */
  readonly isOpen: boolean;
  /** Code out of sight can reach it. */
  readonly isEscaped: boolean;
  /** The expression that made it; null for one that was there before. */
  readonly node: TSESTree.Node | null;
}

export type ObjectShape =
  /** `type`: the described type of what a described call gave. */
  | { readonly kind: 'plain'; readonly type?: string }
  | { readonly kind: CollectionKind }
  | { readonly kind: 'instance'; readonly class: ClassId }
  /** An owner of which a description says in which fields it keeps handles. */
  | { readonly kind: 'described'; readonly type: string }
  /** `mayReject`: for reasons that are not seen. */
  | { readonly kind: 'promise'; readonly mayReject: boolean }
  /** The functions that settle a promise: `new Promise((resolve, reject) => …)`. */
  | { readonly kind: 'resolve' | 'reject' }
  /** What is under way until a promise settles, and needs handles as long. */
  | { readonly kind: 'operation' }
  /** Goes over its `target`: `next` is the index of the element that it comes to. */
  | { readonly kind: 'iterator'; readonly gives: Gives; readonly next: number }
  /** A variable whose frame is gone (see closures.ts). */
  | { readonly kind: 'cell'; readonly local: LocalId; readonly isConstant: boolean };

export type CollectionKind = 'array' | 'map' | 'set' | 'stack';
export type Gives = 'values' | 'keys' | 'entries';

/** Of a class, whose methods say what becomes of what it holds. */
export function isOwner({ shape }: HeapObject): boolean {
  return shape.kind === 'instance' || shape.kind === 'described';
}

/** A variable that nobody can write any more. */
export function isConstantCell({ shape }: HeapObject): boolean {
  return shape.kind === 'cell' && shape.isConstant;
}

export interface SymbolFacts {
  /** Only `true` or `false`. */
  readonly isBoolean: boolean;
  readonly truthy: boolean | null;
  /** If it is missing it is `undefined`. */
  readonly isNeverNull: boolean;
  /** If it is missing it is `null`. */
  readonly isNeverUndefined: boolean;
  /** An integer that it is not less than, where it is known to be an integer itself. */
  readonly atLeast: number | null;
  /** Stands for several values that were merged: a branch on it may go where no path goes. */
  readonly isMerged: boolean;
  /** The name of its TypeScript type, where an API describes that. */
  readonly type: string | null;
}

/** The type of a function of which nothing else is known. */
export const FUNCTION_TYPE = 'Function';

const NO_FACTS: SymbolFacts = {
  isBoolean: false,
  truthy: null,
  isNeverNull: false,
  isNeverUndefined: false,
  atLeast: null,
  isMerged: false,
  type: null,
};

/** A test of unknown values and its outcome, so that the same test twice goes the same way. */
export interface Term {
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
  readonly result: Value;
}

const NO_LOCALS: ReadonlySet<LocalId> = new Set();
const NOTHING_LOST: ReadonlyMap<string, Lost> = new Map();

/** The operator of what was read from a property of a value that is not seen whole; the name stands at the right. */
export const PROPERTY = 'property';

/** A completion that waits for the end of a `finally`. */
export interface Pending {
  readonly completion: string;
  readonly value: Value;
}

export class State {
  locals: ForkMap<LocalId, Value>;
  temps: ForkMap<Temp, Value>;
  resources: ForkMap<ResourceId, Resource>;
  objects: ForkMap<ObjectId, HeapObject>;
  symbols: ForkMap<SymbolId, SymbolFacts>;
  terms: readonly Term[] = [];
  /** `this`. */
  self: Value = UNDEFINED;
  /** The returned value, or the exception, while such a completion is under way. */
  result: Value = UNDEFINED;
  /** What the caller's values have become: roots, kept in their order (see project.ts). */
  inputs: readonly Value[] = [];
  pending: readonly Pending[] = [];
  /** An asynchronous function has given control back: what it does now its caller sees only later. */
  isSuspended = false;
  /** The path took a branch on a merged symbol: it may not exist, so nothing is reported on it. */
  isDoubtful = false;
  /** The `return` under way. Where ways meet, all of theirs. */
  returning: ReadonlySet<Site> = NO_SITES;
  /** Variables that code out of sight can read, by a closure that it was given: what is put there escapes. */
  exposed: ReadonlySet<LocalId> = NO_LOCALS;
  lost: ReadonlyMap<string, Lost> = NOTHING_LOST;
  trace: Trace | null = null;

  /** An empty state, or one with the maps of another. */
  constructor(from: State | null = null) {
    this.locals = from?.locals.fork() ?? new ForkMap();
    this.temps = from?.temps.fork() ?? new ForkMap();
    this.resources = from?.resources.fork() ?? new ForkMap();
    this.objects = from?.objects.fork() ?? new ForkMap();
    this.symbols = from?.symbols.fork() ?? new ForkMap();
  }

  fork(): State {
    const copy = new State(this);
    copy.terms = this.terms;
    copy.self = this.self;
    copy.result = this.result;
    copy.inputs = this.inputs;
    copy.pending = this.pending;
    copy.isSuspended = this.isSuspended;
    copy.isDoubtful = this.isDoubtful;
    copy.returning = this.returning;
    copy.exposed = this.exposed;
    copy.lost = this.lost;
    copy.trace = this.trace;
    return copy;
  }

  getResource(id: ResourceId): Resource {
    const resource = this.resources.get(id);
    if (resource === undefined) throw new Error(`No resource ${id} in this state`);
    return resource;
  }

  updateResource(id: ResourceId, change: Partial<Resource>): void {
    this.resources.set(id, { ...this.getResource(id), ...change });
  }

  getObject(id: ObjectId): HeapObject {
    const object = this.objects.get(id);
    if (object === undefined) throw new Error(`No object ${id} in this state`);
    return object;
  }

  setField(id: ObjectId, name: string, value: Value): void {
    const object = this.getObject(id);
    this.objects.set(id, { ...object, fields: new Map(object.fields).set(name, value) });
  }

  factsOf(id: SymbolId): SymbolFacts {
    return this.symbols.get(id) ?? NO_FACTS;
  }

  learn(id: SymbolId, facts: Partial<SymbolFacts>): void {
    this.symbols.set(id, { ...this.factsOf(id), ...facts });
  }

  /** Puts another value in the place of every value that `substitute` answers for. */
  rewrite(substitute: Substitute): void {
    const replace = (value: Value): Value => substitute(value) ?? value;
    rewriteValues(this.locals, substitute);
    rewriteValues(this.temps, substitute);
    rewriteValues(this.objects, (object) => {
      const changes = changesOf(object.fields, substitute);
      return changes === null ? null : { ...object, fields: new Map([...object.fields, ...changes]) };
    });
    rewriteValues(this.resources, (resource) => {
      const failure = substitute(resource.failure);
      return failure === null ? null : { ...resource, failure };
    });
    this.self = replace(this.self);
    this.result = replace(this.result);
    this.inputs = this.inputs.map(replace);
    if (this.pending.length > 0) {
      this.pending = this.pending.map((each) => ({ ...each, value: replace(each.value) }));
    }
    this.terms = this.terms.map((term) => {
      const [left, right, result] = [replace(term.left), replace(term.right), replace(term.result)];
      const isSameTerm = left === term.left && right === term.right && result === term.result;
      return isSameTerm ? term : { ...term, left, right, result };
    });
  }

  /** The remembered outcome of a test; null where it has not been made. */
  findTerm(operator: string, left: Value, right: Value): Value | null {
    const term = this.terms.find(
      (each) => each.operator === operator && isSame(each.left, left) && isSame(each.right, right),
    );
    return term?.result ?? null;
  }

  /** Forgets what was read from properties, where that may have changed or is not asked again. */
  forgetProperties(isForgotten: (object: Value, name: Primitive) => boolean): void {
    if (this.terms.length === 0) return;
    this.terms = this.terms.filter(
      ({ operator, left, right }) =>
        operator !== PROPERTY || !isConst(right) || !isForgotten(left, right.value),
    );
  }

  isNullish(value: Value): boolean {
    return isConst(value) && (value.value === null || value.value === undefined);
  }
}

/** How many places a state has, about. */
export function sizeOf({ locals, temps, resources, objects, inputs }: State): number {
  let fields = 0;
  for (const object of objects.values()) fields += object.fields.size;
  return locals.size + temps.size + resources.size + inputs.length + fields;
}

/** What stands in the place of a value; null where it stays. */
export type Substitute = (value: Value) => Value | null;

/** Nearly all rewriting changes nearly nothing, so nothing is copied for what stays. */
function changesOf<K, V>(
  map: { entries(): Iterable<[K, V]> },
  substitute: (value: V) => V | null,
): [K, V][] | null {
  let changes: [K, V][] | null = null;
  for (const [key, value] of map.entries()) {
    const changed = substitute(value);
    if (changed !== null) (changes ??= []).push([key, changed]);
  }
  return changes;
}

function rewriteValues<K, V>(map: ForkMap<K, V>, substitute: (value: V) => V | null): void {
  for (const [key, value] of changesOf(map, substitute) ?? []) map.set(key, value);
}
