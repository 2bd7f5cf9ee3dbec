/** Tests of two values: what is decided, what hangs on a handle's existence, and what stays open. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompareOperator, Primitive } from '../../../analysis/ir/ir.ts';
import { baseTest, compare } from '../../../analysis/solve/compare.ts';
import { constant, functionValue, isConst, type Value } from '../../../analysis/solve/value.ts';
import {
  boolean,
  exists,
  falsity,
  handle,
  missing,
  object,
  resourceId,
  stateOf,
  symbol,
  truth,
} from './build.ts';

/* What the tables below are about, by name. */

const state = () =>
  stateOf({
    resources: {
      1: {},
      2: { typestate: 'closed' },
      3: { exists: 'maybe', failure: constant(null) },
      4: { exists: 'maybe', failure: constant(-1) },
      5: { exists: 'maybe', failure: constant(undefined) },
      6: { exists: 'maybe', failure: symbol(1) },
      7: { isOwed: false },
      8: { isOwed: false, exists: 'maybe', failure: symbol(1) },
      9: { typestate: 'escaped' },
      10: {},
    },
    objects: { 1: {}, 2: {} },
    symbols: {
      1: {},
      2: { truthy: true },
      3: { truthy: false },
      4: { isBoolean: true },
      5: {},
    },
    terms: [[symbol(5), '==', constant(null), boolean(false)]],
  });

const values: Record<string, Value> = {
  live: handle(1),
  other: handle(10),
  closed: handle(2),
  orNull: handle(3),
  orMinusOne: handle(4),
  orUndefined: handle(5),
  orUnknown: handle(6),
  lent: handle(7),
  lentOrUnknown: handle(8),
  escaped: handle(9),
  pseudo: { kind: 'lent', name: 'pseudo' } as Value,
  unknown: symbol(1),
  truthy: symbol(2),
  falsy: symbol(3),
  flag: symbol(4),
  notNullish: symbol(5),
  isTrue: truth(1),
  isFalse: falsity(1),
  opened: exists(3),
  failed: missing(3),
  object: object(1),
  otherObject: object(2),
  function: functionValue(0 as never),
  outside: { kind: 'external', ref: { module: 'm', path: ['x'] } },
  null: constant(null),
  undefined: constant(undefined),
  true: constant(true),
  false: constant(false),
  "'a'": constant('a'),
  NaN: constant(NaN),
};

const valueOf = (text: string): Value =>
  values[text] ?? constant(text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text));

function print(value: Value): string {
  switch (value.kind) {
    case 'const':
      return String(value.value);
    case 'exists':
      return `${value.isNegated ? 'missing' : 'exists'} ${value.of}`;
    case 'truth':
      return `${value.isNegated ? 'falsy' : 'truthy'} ${value.of}`;
    default:
      return value.kind;
  }
}

/** The verdict of `left operator right`, negation included. */
function verdictOf(left: string, operator: CompareOperator, right: string): string {
  const test = baseTest(operator, valueOf(left), valueOf(right));
  const verdict = compare(state(), test);
  const not = test.isNegated ? 'not ' : '';
  switch (verdict.kind) {
    case 'decided': {
      if (!isConst(verdict.value)) return not + print(verdict.value);
      return String(Boolean(verdict.value.value) !== test.isNegated);
    }
    case 'depends':
      return `depends on ${verdict.on}`;
    case 'unknown':
      return 'unknown';
  }
}

type Row = readonly [test: string, verdict: string];

function check(rows: readonly Row[]): void {
  it.each(rows)('%s: %s', (test, verdict) => {
    const [left = '', operator = '', right = ''] = test.split(' ');
    expect(verdictOf(left, operator as CompareOperator, right)).toBe(verdict);
  });
}

describe('a live handle', () => {
  check([
    ['live === null', 'false'],
    ['live !== null', 'true'],
    ['null !== live', 'true'],
    ['live == null', 'false'],
    ['live == undefined', 'false'],
    ['live === -1', 'false'],
    ['live !== -1', 'true'],
    ['live === -1n', 'false'],
    ['live === false', 'false'],
    ['live === true', 'false'],
    // Its number is not known.
    ['live === 3', 'unknown'],
    ["live === 'a'", 'unknown'],
    ['live === live', 'true'],
    ['live !== live', 'false'],
    ['live === other', 'false'],
    ['live === lent', 'false'],
    ['lent === live', 'false'],
    ['live === unknown', 'false'],
    ['live === falsy', 'false'],
    ['live === object', 'false'],
    ['live === function', 'false'],
    ['live === pseudo', 'false'],
    ['live === outside', 'unknown'],
    ['live === closed', 'false'],
  ]);
});

describe('the number of a handle is not negative', () => {
  check([
    ['live < 0', 'false'],
    ['live >= 0', 'true'],
    ['0 <= live', 'true'],
    ['-1 < live', 'true'],
    ['live > -1', 'true'],
    ['live <= -1', 'false'],
    ['live <= 0', 'unknown'],
    ['0 < live', 'unknown'],
    ['live > 0', 'unknown'],
    ['live < 7', 'unknown'],
    ['7 > live', 'unknown'],
    ['live < NaN', 'unknown'],
    ['live < null', 'unknown'],
    ['live < other', 'unknown'],
  ]);
});

describe('a handle that may be missing', () => {
  check([
    ['orNull === null', 'missing 3'],
    ['orNull !== null', 'not missing 3'],
    ['null === orNull', 'missing 3'],
    ['orNull == undefined', 'missing 3'],
    ['orNull === undefined', 'false'],
    ['orNull === -1', 'false'],
    ['orMinusOne === -1', 'missing 4'],
    ['orMinusOne !== -1', 'not missing 4'],
    ['orMinusOne === null', 'false'],
    ['orMinusOne < 0', 'missing 4'],
    ['orMinusOne >= 0', 'exists 4'],
    ['0 > orMinusOne', 'missing 4'],
    ['orMinusOne > -1', 'exists 4'],
    ['orUndefined == null', 'missing 5'],
    ['orUndefined === undefined', 'missing 5'],
    ['orUndefined === null', 'false'],
    ['orNull === orNull', 'true'],
    // Both may be missing.
    ['orNull === orUndefined', 'false'],
    ['orNull === live', 'false'],
    ['live === orNull', 'false'],
    ['orNull === 3', 'depends on 3'],
    ['orNull === unknown', 'depends on 3'],
    ['orNull === falsy', 'depends on 3'],
    ['orUnknown === null', 'depends on 6'],
    ['orUnknown === unknown', 'missing 6'],
  ]);
});

describe('a handle of the caller', () => {
  check([
    ['lent === null', 'false'],
    ['lent === unknown', 'unknown'],
    ['lent === falsy', 'false'],
    ['lent === lentOrUnknown', 'unknown'],
    ['lentOrUnknown === null', 'depends on 8'],
  ]);
});

describe('a handle that got out of sight', () => {
  check([
    ['escaped === null', 'false'],
    ['escaped === unknown', 'unknown'],
    // What is made here is like no other.
    ['escaped === live', 'false'],
  ]);
});

describe('whether an acquisition succeeded', () => {
  check([
    ['opened === true', 'exists 3'],
    ['opened === false', 'missing 3'],
    ['opened !== true', 'not exists 3'],
    ['failed === true', 'missing 3'],
    ['failed == false', 'exists 3'],
    ['opened == 1', 'exists 3'],
    ['opened == 0', 'missing 3'],
    ['opened === 1', 'false'],
    ['opened === null', 'false'],
    ['opened == null', 'false'],
    ['opened === opened', 'true'],
    ['opened === failed', 'unknown'],
    ['opened === object', 'false'],
  ]);
});

describe('the truth of an unknown', () => {
  check([
    ['isTrue === true', 'truthy 1'],
    ['isTrue === false', 'falsy 1'],
    ['isFalse === true', 'falsy 1'],
    ['isFalse === false', 'truthy 1'],
    ['isTrue === 1', 'false'],
    ['isTrue == 1', 'truthy 1'],
    ["isTrue === 'a'", 'false'],
    ['isTrue === unknown', 'unknown'],
  ]);
});

describe('an unknown boolean', () => {
  check([
    ['flag === true', 'truthy 4'],
    ['flag === false', 'falsy 4'],
    ['flag == 0', 'falsy 4'],
    ['flag === null', 'false'],
    ['flag === 1', 'false'],
    ['flag === flag', 'true'],
    ['flag === unknown', 'unknown'],
  ]);
});

describe('an unknown', () => {
  check([
    ['unknown === null', 'unknown'],
    ['unknown === unknown', 'true'],
    ['unknown === truthy', 'unknown'],
    ['unknown < 3', 'unknown'],
    ['unknown instanceof function', 'unknown'],
    ["'a' in object", 'unknown'],
    ['truthy === null', 'false'],
    ['truthy == null', 'false'],
    ['truthy === 0', 'false'],
    // `'0' == 0`, and '0' is truthy.
    ['truthy == 0', 'unknown'],
    ['truthy === 3', 'unknown'],
    ['falsy === 3', 'false'],
    ['falsy === null', 'unknown'],
    ['falsy === 0', 'unknown'],
    ['notNullish === null', 'false'],
    ['notNullish == undefined', 'false'],
    ['notNullish === 0', 'unknown'],
  ]);
});

describe('objects, functions and pseudo-handles', () => {
  check([
    ['object === object', 'true'],
    ['object === otherObject', 'false'],
    ['object == otherObject', 'false'],
    ['object === null', 'false'],
    ['null == object', 'false'],
    ['object === 3', 'false'],
    ['object === function', 'false'],
    ['object === unknown', 'unknown'],
    ['object < 3', 'unknown'],
    ['function === null', 'false'],
    ['pseudo === null', 'false'],
    ['pseudo === -1', 'false'],
    ['pseudo === pseudo', 'true'],
    ['pseudo === unknown', 'unknown'],
    ['outside === outside', 'true'],
    ['outside === null', 'unknown'],
    ['outside === object', 'unknown'],
  ]);
});

/* ------------------------------------------------------------------ laws */

const primitive: fc.Arbitrary<Primitive> = fc.oneof(
  fc.constantFrom<Primitive>(
    null,
    undefined,
    true,
    false,
    0,
    -0,
    1,
    -1,
    0n,
    1n,
    -1n,
    NaN,
    Infinity,
    '',
    '0',
    '1',
    'a',
  ),
  fc.integer(),
  fc.string({ maxLength: 3 }),
);

const operators: Record<string, (a: never, b: never) => boolean> = {
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  // eslint-disable-next-line eqeqeq -- the operator itself
  '==': (a, b) => a == b,
  // eslint-disable-next-line eqeqeq -- the operator itself
  '!=': (a, b) => a != b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** What a program would see in the place of each value above; `exists` says which acquisitions succeeded. */
function concrete(value: Value, world: World): unknown {
  switch (value.kind) {
    case 'const':
      return value.value;
    case 'resource': {
      const { exists: existence, failure } = world.state.getResource(value.id);
      if (existence === 'certainly' || world.exists.has(value.id)) return world.handles[value.id];
      return concrete(failure, world);
    }
    case 'exists':
      return world.exists.has(value.of) !== value.isNegated;
    case 'symbol':
      return world.symbols[value.id];
    case 'truth':
      return Boolean(world.symbols[value.of]) !== value.isNegated;
    default:
      return `${value.kind} ${JSON.stringify(value)}`;
  }
}

interface World {
  readonly state: ReturnType<typeof state>;
  readonly exists: ReadonlySet<number>;
  readonly handles: Readonly<Record<number, unknown>>;
  readonly symbols: Readonly<Record<number, unknown>>;
}

const world: fc.Arbitrary<World> = fc
  .record({
    exists: fc.subarray([3, 4, 5, 6, 8]),
    // A value that is compared with itself is taken to be the same, which NaN is not.
    unknown: primitive.filter((value) => !Number.isNaN(value)),
    truthy: primitive.filter(Boolean),
    falsy: primitive.filter((value) => !value && !Number.isNaN(value)),
    flag: fc.boolean(),
    notNullish: primitive.filter((value) => value != null && !Number.isNaN(value)),
    /** Handles from elsewhere may be one and the same; and what the unknown holds may be one. */
    lent: fc.constantFrom(1000, 1004),
    lentToo: fc.constantFrom(1000, 1004),
    escaped: fc.constantFrom(1008, 1012),
    isHandle: fc.constantFrom(null, 1000, 1008),
  })
  .map(
    ({ exists: existing, unknown, truthy, falsy, flag, notNullish, lent, lentToo, escaped, isHandle }) => ({
      state: state(),
      exists: new Set(existing),
      handles: { 1: 4, 2: 8, 3: 12, 4: 16, 5: 20, 6: 24, 7: lent, 8: lentToo, 9: escaped, 10: 28 },
      // A handle that is made here is like no value that was there before.
      symbols: {
        1: isHandle ?? unlike(unknown),
        2: unlike(truthy),
        3: falsy,
        4: flag,
        5: unlike(notNullish),
      },
    }),
  );

/** Some value that is no number of a handle made here. */
const unlike = (value: Primitive): Primitive =>
  typeof value === 'boolean' || !(Number(value) > 3 && Number(value) < 1000) ? value : -5;

describe('laws', () => {
  it('primitives compare as in JavaScript', () => {
    fc.assert(
      fc.property(primitive, primitive, fc.constantFrom(...Object.keys(operators)), (a, b, operator) => {
        const test = baseTest(operator as CompareOperator, constant(a), constant(b));
        const verdict = compare(stateOf({}), test);
        const expected = operators[operator]!(a as never, b as never) !== test.isNegated;
        expect(verdict).toEqual({ kind: 'decided', value: boolean(expected) });
      }),
    );
  });

  it('what is decided is so in every program that the state stands for', () => {
    const operand = fc.oneof(
      fc.constantFrom(...Object.values(values).filter(({ kind }) => !['external', 'lent'].includes(kind))),
      primitive.filter((value) => typeof value !== 'string' && typeof value !== 'bigint').map(constant),
    );
    fc.assert(
      fc.property(
        operand,
        operand,
        fc.constantFrom('===', '!==', '==', '!='),
        world,
        (a, b, operator, seen) => {
          fc.pre(!isOpenFailure(a, b) && !isOpenFailure(b, a));
          const test = baseTest(operator, a, b);
          const verdict = compare(seen.state, test);
          if (verdict.kind !== 'decided') return;
          const found = Boolean(concrete(verdict.value, seen)) !== test.isNegated;
          const [left, right] = [concrete(a, seen), concrete(b, seen)];
          expect(found).toBe(operators[operator]!(left as never, right as never));
        },
      ),
      { numRuns: 3000 },
    );
  });

  // Where the failed acquisition left an unknown in its place, that may be the other handle.
  it.todo('a certain handle of the caller may equal a missing one');

  /** The pair of the line above. */
  function isOpenFailure(a: Value, b: Value): boolean {
    if (a.kind !== 'resource' || b.kind !== 'resource') return false;
    const [one, two] = [state().getResource(a.id), state().getResource(b.id)];
    return one.failure.kind === 'symbol' && two.exists === 'certainly';
  }

  it('equality does not ask for the order of its sides', () => {
    const operand = fc.constantFrom(...Object.values(values));
    fc.assert(
      fc.property(operand, operand, fc.constantFrom('===', '=='), (left, right, operator) => {
        const base = operator;
        const there = compare(state(), { operator: base, left, right });
        const back = compare(state(), { operator: base, left: right, right: left });
        if (there.kind === 'decided' && back.kind === 'decided') expect(back).toEqual(there);
        else expect(there.kind === 'unknown').toBe(back.kind === 'unknown');
      }),
    );
  });

  it('what depends on a handle is asked of one that may be missing', () => {
    const operand = fc.constantFrom(...Object.values(values));
    const operator = fc.constantFrom('===', '==', '<', '<=', 'in', 'instanceof');
    fc.assert(
      fc.property(operand, operand, operator, (left, right, each) => {
        const verdict = compare(state(), { operator: each, left, right });
        if (verdict.kind === 'depends')
          expect(state().getResource(resourceId(verdict.on)).exists).toBe('maybe');
      }),
    );
  });
});
