/**
 * Random states, as descriptions: places hold values, values refer to resources, objects and symbols by their
 * number in the description, and `build` gives these whatever identities one likes.
 */
import fc from 'fast-check';
import type { FindingKind } from '../../../analysis/finding.ts';
import type { FunctionId, LocalId, Primitive, Temp } from '../../../analysis/ir/ir.ts';
import { historyOf } from '../../../analysis/solve/resource.ts';
import { State, type HeapObject, type SymbolFacts } from '../../../analysis/solve/state.ts';
import {
  constant,
  functionValue,
  type ObjectId,
  type ResourceId,
  type SymbolId,
  type Value,
  type Existence,
} from '../../../analysis/solve/value.ts';
import { siteAt } from './build.ts';

export type ValueSpec =
  | { readonly kind: 'const'; readonly value: Primitive }
  | { readonly kind: 'resource' | 'object' | 'symbol' | 'function' | 'closure'; readonly at: number }
  | { readonly kind: 'truth'; readonly at: number; readonly isNegated: boolean }
  | {
      readonly kind: 'exists';
      readonly at: number;
      readonly isNegated: boolean;
      readonly as: Existence['as'];
    };

export interface ResourceSpec {
  readonly typestate: 'open' | 'closed' | 'gone' | 'escaped';
  readonly exists: 'certainly' | 'maybe';
  readonly failure: ValueSpec;
  /** Below the number of the resource itself; -1 for none. */
  readonly source: number;
  readonly isOwed: boolean;
  readonly isBorrowed: boolean;
  readonly isSilenced: boolean;
  readonly reported: readonly FindingKind[];
  readonly line: number;
}

export interface StateSpec {
  readonly resources: readonly ResourceSpec[];
  readonly objects: readonly {
    readonly fields: readonly ValueSpec[];
    readonly isOpen: boolean;
    readonly isEscaped: boolean;
  }[];
  readonly symbols: readonly Pick<SymbolFacts, 'isBoolean' | 'truthy'>[];
  readonly locals: readonly ValueSpec[];
  readonly temps: readonly ValueSpec[];
  readonly terms: readonly {
    readonly left: ValueSpec;
    readonly right: ValueSpec;
    readonly result: ValueSpec;
  }[];
  readonly self: ValueSpec;
  readonly result: ValueSpec;
  readonly pending: readonly { readonly completion: string; readonly value: ValueSpec }[];
}

/* ------------------------------------------------------------------ descriptions */

const RESOURCES = 3;
const OBJECTS = 2;
const SYMBOLS = 3;

const primitive = fc.constantFrom<Primitive>(undefined, null, true, false, 0, 1, -1, 'a', '1', 1n);

const scalar: fc.Arbitrary<ValueSpec> = fc.oneof(
  primitive.map((value): ValueSpec => ({ kind: 'const', value })),
  fc.record({ kind: fc.constant('symbol' as const), at: fc.nat(SYMBOLS - 1) }),
  fc.record({ kind: fc.constant('truth' as const), at: fc.nat(SYMBOLS - 1), isNegated: fc.boolean() }),
);

const value: fc.Arbitrary<ValueSpec> = fc.oneof(
  scalar,
  fc.record({ kind: fc.constant('resource' as const), at: fc.nat(RESOURCES - 1) }),
  fc.record({ kind: fc.constant('object' as const), at: fc.nat(OBJECTS - 1) }),
  fc.record({
    kind: fc.constant('exists' as const),
    at: fc.nat(RESOURCES - 1),
    isNegated: fc.boolean(),
    as: fc.constantFrom('boolean', 'bool', 'status'),
  }),
  fc.record({ kind: fc.constant('function' as const), at: fc.nat(1) }),
  fc.record({ kind: fc.constant('closure' as const), at: fc.nat(OBJECTS - 1) }),
);

const resource = (at: number): fc.Arbitrary<ResourceSpec> =>
  fc.record({
    typestate: fc.constantFrom('open', 'open', 'closed', 'gone', 'escaped'),
    exists: fc.constantFrom('certainly', 'maybe'),
    failure: scalar,
    source: fc.integer({ min: -1, max: at - 1 }),
    isOwed: fc.boolean(),
    isBorrowed: fc.boolean(),
    isSilenced: fc.boolean(),
    reported: fc.subarray<FindingKind>(['useAfterClose', 'passedOriginal']),
    line: fc.integer({ min: 1, max: 3 }),
  });

const tuple = <T>(count: number, make: (at: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.tuple(...Array.from({ length: count }, (_, at) => make(at)));

const places = {
  locals: fc.array(value, { maxLength: 4 }),
  temps: fc.array(value, { maxLength: 2 }),
  self: value,
  result: value,
};

export const randomState: fc.Arbitrary<StateSpec> = fc.record({
  resources: tuple(RESOURCES, resource),
  objects: tuple(OBJECTS, () =>
    fc.record({ fields: fc.array(value, { maxLength: 2 }), isOpen: fc.boolean(), isEscaped: fc.boolean() }),
  ),
  symbols: tuple(SYMBOLS, () =>
    fc.record({ isBoolean: fc.boolean(), truthy: fc.constantFrom(null, true, false) }),
  ),
  terms: fc.array(fc.record({ left: scalar, right: scalar, result: scalar }), { maxLength: 2 }),
  pending: fc.array(fc.record({ completion: fc.constantFrom('return', 'throw', 'break 1'), value }), {
    maxLength: 2,
  }),
  ...places,
});

/* ------------------------------------------------------------------ states */

export interface Identities {
  readonly resources: readonly number[];
  readonly objects: readonly number[];
  readonly symbols: readonly number[];
  /** Whether what there is enters the state last first. */
  readonly isReversed: boolean;
}

const identity = (count: number): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.nat(1000), { minLength: count, maxLength: count });

export const randomIdentities: fc.Arbitrary<Identities> = fc.record({
  resources: identity(RESOURCES),
  objects: identity(OBJECTS),
  symbols: identity(SYMBOLS),
  isReversed: fc.boolean(),
});

export const plainIdentities: Identities = {
  resources: [1, 2, 3],
  objects: [4, 5],
  symbols: [6, 7, 8],
  isReversed: false,
};

export function build(spec: StateSpec, ids: Identities = plainIdentities): State {
  const state = new State();
  const make = (each: ValueSpec): Value => valueOf(each, ids);
  const inOrder = <T>(items: readonly T[]): [number, T][] =>
    ids.isReversed ? [...items.entries()].reverse() : [...items.entries()];
  for (const [at, facts] of inOrder(spec.symbols)) state.learn(ids.symbols[at] as SymbolId, facts);
  for (const [at, { failure, source, reported, line, ...rest }] of inOrder(spec.resources)) {
    state.resources.set(ids.resources[at] as ResourceId, {
      ...rest,
      kind: null,
      failure: make(failure),
      source: source < 0 ? null : (ids.resources[source] as ResourceId),
      isDuplicate: source >= 0,
      reported: new Set(reported),
      neededBy: new Set(),
      history: historyOf(siteAt(line)),
    });
  }
  for (const [at, { fields, ...rest }] of inOrder(spec.objects)) {
    const object: HeapObject = {
      ...rest,
      shape: { kind: 'plain' },
      fields: new Map(inOrder(fields).map(([index, each]) => [`f${index}`, make(each)])),
      node: null,
    };
    state.objects.set(ids.objects[at] as ObjectId, object);
  }
  for (const [at, each] of inOrder(spec.locals)) state.locals.set(at as LocalId, make(each));
  for (const [at, each] of inOrder(spec.temps)) state.temps.set(at as Temp, make(each));
  state.self = make(spec.self);
  state.result = make(spec.result);
  state.pending = spec.pending.map((each) => ({ ...each, value: make(each.value) }));
  state.terms = spec.terms.map(({ left, right, result }) => ({
    operator: '===',
    left: make(left),
    right: make(right),
    result: make(result),
  }));
  return state;
}

function valueOf(spec: ValueSpec, ids: Identities): Value {
  switch (spec.kind) {
    case 'const':
      return constant(spec.value);
    case 'resource':
      return { kind: 'resource', id: ids.resources[spec.at] as ResourceId };
    case 'object':
      return { kind: 'object', id: ids.objects[spec.at] as ObjectId };
    case 'symbol':
      return { kind: 'symbol', id: ids.symbols[spec.at] as SymbolId };
    case 'truth':
      return { kind: 'truth', of: ids.symbols[spec.at] as SymbolId, isNegated: spec.isNegated };
    case 'exists':
      return {
        kind: 'exists',
        of: ids.resources[spec.at] as ResourceId,
        isNegated: spec.isNegated,
        as: spec.as,
      };
    case 'function':
      return functionValue(spec.at as FunctionId);
    case 'closure':
      return {
        ...functionValue(0 as FunctionId),
        cells: new Map([[0 as LocalId, ids.objects[spec.at] as ObjectId]]),
      };
  }
}
