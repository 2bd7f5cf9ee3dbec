/** What a branch teaches: states before it, and the states in which its condition came out as wanted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  externalTruth,
  refineTruth,
  settleExistence,
  splitExistence,
  substitute,
  toBoolean,
  truthiness,
} from '../../../analysis/solve/refine.ts';
import { constant, FALSE, NULL, TRUE, UNDEFINED, type Value } from '../../../analysis/solve/value.ts';
import {
  exists,
  falsity,
  handle,
  localNamed,
  missing,
  object,
  resourceId,
  show,
  stateOf,
  symbol,
  symbolId,
  truth,
  type Parts,
} from './build.ts';

interface Case {
  readonly parts: Parts;
  readonly test: Value;
  readonly whenTrue: readonly string[];
  readonly whenFalse: readonly string[];
  readonly isLoopTest?: boolean;
}

function check(cases: Readonly<Record<string, Case>>): void {
  it.each(Object.entries(cases))('%s', (_, { parts, test, whenTrue, whenFalse, isLoopTest = false }) => {
    expect(refineTruth(stateOf(parts), test, true, isLoopTest).map(show)).toEqual(whenTrue);
    expect(refineTruth(stateOf(parts), test, false, isLoopTest).map(show)).toEqual(whenFalse);
  });
}

const maybe = (failure: Value) => ({ exists: 'maybe', failure }) as const;

describe('what is known decides', () => {
  check({
    'a truthy constant': {
      parts: { locals: { x: constant(3) } },
      test: constant(3),
      whenTrue: ['x=3'],
      whenFalse: [],
    },
    'a falsy constant': { parts: { locals: { x: NULL } }, test: NULL, whenTrue: [], whenFalse: ['x=null'] },
    'an object': {
      parts: { locals: { x: object(1) } },
      test: object(1),
      whenTrue: ['x=@1 | @1 {}'],
      whenFalse: [],
    },
    'a handle that is there': {
      parts: { locals: { h: handle(1) } },
      test: handle(1),
      whenTrue: ['h=#1 | #1 open'],
      whenFalse: [],
    },
    'a handle that is closed is still a number': {
      parts: { locals: { h: handle(1) }, resources: { 1: { typestate: 'closed' } } },
      test: handle(1),
      whenTrue: ['h=#1 | #1 closed'],
      whenFalse: [],
    },
    'a handle whose failure value is truthy, too': {
      parts: { locals: { h: handle(1) }, resources: { 1: maybe(constant(-1)) } },
      test: handle(1),
      whenTrue: ['h=#1 | #1 open maybe'],
      whenFalse: [],
    },
    'a symbol that was found to be truthy': {
      parts: { locals: { x: symbol(1) }, symbols: { 1: { truthy: true } } },
      test: symbol(1),
      whenTrue: ['x=?1'],
      whenFalse: [],
    },
    'the negation of a symbol that was found to be falsy': {
      parts: { locals: { x: symbol(1) }, symbols: { 1: { truthy: false } } },
      test: falsity(1),
      whenTrue: ['x=?1'],
      whenFalse: [],
    },
  });
});

describe('a fact is a substitution', () => {
  check({
    'an unknown boolean becomes the constant everywhere': {
      parts: {
        locals: { a: symbol(1), b: symbol(1), c: falsity(1), d: symbol(2) },
        symbols: { 1: { isBoolean: true } },
      },
      test: symbol(1),
      whenTrue: ['a=true b=true c=false d=?1'],
      whenFalse: ['a=false b=false c=true d=?1'],
    },
    'in objects and failure values, too': {
      parts: {
        locals: { h: handle(1), o: object(1) },
        resources: { 1: maybe(symbol(1)) },
        objects: { 1: { fields: new Map([['flag', symbol(1)]]) } },
        symbols: { 1: { isBoolean: true } },
      },
      test: symbol(1),
      whenTrue: ['h=#1 o=@1 | @1 {flag: true} | #1 open maybe'],
      whenFalse: ['h=#1 o=@1 | @1 {flag: false} | #1 open maybe'],
    },
    'what is no boolean stays, and its truth is known': {
      parts: { locals: { a: symbol(1), b: truth(1), c: falsity(1) } },
      test: symbol(1),
      whenTrue: ['a=?1 b=true c=false'],
      whenFalse: ['a=?1 b=false c=true'],
    },
    'a test of a copy of the truth': {
      parts: { locals: { a: symbol(1), b: falsity(1) } },
      test: falsity(1),
      whenTrue: ['a=?1 b=true'],
      whenFalse: ['a=?1 b=false'],
    },
  });
});

describe('whether an acquisition succeeded', () => {
  check({
    'told by its result': {
      parts: { locals: { h: handle(1), ok: exists(1) }, resources: { 1: maybe(NULL) } },
      test: exists(1),
      whenTrue: ['h=#1 ok=true | #1 open'],
      whenFalse: ['h=null ok=false'],
    },
    'told by the negation': {
      parts: {
        locals: { h: handle(1), ok: exists(1), failed: missing(1) },
        resources: { 1: maybe(constant(-1)) },
      },
      test: missing(1),
      whenTrue: ['h=-1 ok=false failed=true'],
      whenFalse: ['h=#1 ok=true failed=false | #1 open'],
    },
    'told by the handle itself': {
      parts: { locals: { h: handle(1) }, resources: { 1: maybe(NULL) } },
      test: handle(1),
      whenTrue: ['h=#1 | #1 open'],
      whenFalse: ['h=null'],
    },
    'both, where failure may leave something truthy': {
      parts: { locals: { h: handle(1) }, resources: { 1: maybe(symbol(1)) } },
      test: handle(1),
      whenTrue: ['h=#1 | #1 open', 'h=?1'],
      whenFalse: ['h=?1'],
    },
    'a typestate is none of its matter': {
      parts: {
        locals: { h: handle(1), ok: exists(1) },
        resources: { 1: { ...maybe(NULL), typestate: 'closed' } },
      },
      test: exists(1),
      whenTrue: ['h=#1 ok=true | #1 closed'],
      whenFalse: ['h=null ok=false'],
    },
  });
});

describe('a duplicate and its source', () => {
  const parts: Parts = {
    locals: { h: handle(1), copy: handle(2), ok: exists(2) },
    resources: { 1: maybe(NULL), 2: { ...maybe(UNDEFINED), isDuplicate: true, source: resourceId(1) } },
  };
  check({
    'a duplicate that exists implies that its source did': {
      parts,
      test: exists(2),
      whenTrue: ['h=#1 copy=#2 ok=true | #1 open | #2 open duplicate of #1'],
      whenFalse: ['h=#1 copy=undefined ok=false | #1 open maybe'],
    },
    'a source that never existed had no duplicate': {
      parts,
      test: handle(1),
      whenTrue: ['h=#1 copy=#2 ok=exists(#2) | #1 open | #2 open maybe duplicate of #1'],
      whenFalse: ['h=null copy=undefined ok=false'],
    },
    'so it goes through a chain': {
      parts: {
        locals: { a: handle(1), b: handle(2), c: handle(3) },
        resources: {
          1: maybe(NULL),
          2: { ...maybe(NULL), isDuplicate: true, source: resourceId(1) },
          3: { ...maybe(NULL), isDuplicate: true, source: resourceId(2) },
        },
      },
      test: handle(3),
      whenTrue: ['a=#1 b=#2 c=#3 | #1 open | #2 open duplicate of #1 | #3 open duplicate of #2'],
      whenFalse: ['a=#1 b=#2 c=null | #1 open maybe | #2 open maybe duplicate of #1'],
    },
    'and back': {
      parts: {
        locals: { a: handle(1), b: handle(2), c: handle(3) },
        resources: {
          1: maybe(NULL),
          2: { ...maybe(NULL), isDuplicate: true, source: resourceId(1) },
          3: { ...maybe(constant(-1)), isDuplicate: true, source: resourceId(2) },
        },
      },
      test: handle(1),
      whenTrue: ['a=#1 b=#2 c=#3 | #1 open | #2 open maybe duplicate of #1 | #3 open maybe duplicate of #2'],
      whenFalse: ['a=null b=null c=-1'],
    },
  });

  it('no way has the duplicate without its source', () => {
    const state = stateOf({
      ...parts,
      resources: { ...parts.resources, 2: { isDuplicate: true, source: resourceId(1) } },
    });
    expect(settleExistence(state, resourceId(1), false)).toBe(false);
  });
});

describe('remembered tests', () => {
  check({
    'an outcome that is known decides': {
      parts: {
        locals: { a: symbol(1), ok: symbol(2) },
        symbols: { 2: { isBoolean: true } },
        terms: [[symbol(1), '<', constant(3), symbol(2)]],
      },
      test: symbol(2),
      whenTrue: ['a=?1 ok=true'],
      whenFalse: ['a=?1 ok=false'],
    },
    'an equality that holds makes its two sides one': {
      parts: {
        locals: { a: symbol(1), b: symbol(3), same: symbol(2) },
        symbols: { 2: { isBoolean: true } },
        terms: [[symbol(1), '===', symbol(3), symbol(2)]],
      },
      test: symbol(2),
      whenTrue: ['a=?1 b=?1 same=true'],
      whenFalse: ['a=?1 b=?2 same=false'],
    },
    'one with a constant puts it in': {
      parts: {
        locals: { mode: symbol(1), isRead: symbol(2), isWrite: symbol(3) },
        symbols: { 2: { isBoolean: true }, 3: { isBoolean: true } },
        terms: [
          [symbol(1), '===', constant('r'), symbol(2)],
          [symbol(1), '===', constant('w'), symbol(3)],
        ],
      },
      test: symbol(2),
      // What the other test asked is decided by that.
      whenTrue: ['mode="r" isRead=true isWrite=false'],
      whenFalse: ['mode=?1 isRead=false isWrite=?2'],
    },
    'a loose equality does not': {
      parts: {
        locals: { mode: symbol(1), isNone: symbol(2) },
        symbols: { 2: { isBoolean: true } },
        terms: [[symbol(1), '==', NULL, symbol(2)]],
      },
      test: symbol(2),
      whenTrue: ['mode=?1 isNone=true'],
      whenFalse: ['mode=?1 isNone=false'],
    },
    'two that contradict each other are no way': {
      parts: {
        locals: { mode: symbol(1), isRead: symbol(2) },
        symbols: { 2: { isBoolean: true } },
        terms: [
          [symbol(1), '===', constant('r'), symbol(2)],
          [symbol(1), '===', constant('w'), TRUE],
        ],
      },
      test: symbol(2),
      whenTrue: [],
      whenFalse: ['mode="w" isRead=false'],
    },
    'an unknown that is equal to a handle is that handle': {
      parts: {
        locals: { h: handle(1), x: symbol(1), same: symbol(2) },
        resources: { 1: { isOwed: false } },
        symbols: { 2: { isBoolean: true } },
        terms: [[symbol(1), '===', handle(1), symbol(2)]],
      },
      test: symbol(2),
      whenTrue: ['h=#1 x=#1 same=true | #1 open lent'],
      whenFalse: ['h=#1 x=?1 same=false | #1 open lent'],
    },
  });

  it('what is not yet decided is kept', () => {
    const [state] = refineTruth(
      stateOf({
        locals: { mode: symbol(1), isRead: symbol(2), isWrite: symbol(3) },
        symbols: { 2: { isBoolean: true }, 3: { isBoolean: true } },
        terms: [
          [symbol(1), '===', constant('r'), symbol(2)],
          [symbol(1), '===', constant('w'), symbol(3)],
        ],
      }),
      symbol(2),
      false,
      false,
    );
    const [after] = refineTruth(state!, symbol(3), true, false);
    expect(show(after!)).toBe('mode="w" isRead=false isWrite=true');
  });
});

describe('a merged symbol', () => {
  const parts: Parts = { locals: { x: symbol(1) }, symbols: { 1: { isMerged: true } } };
  check({
    'makes the way doubtful': {
      parts,
      test: symbol(1),
      whenTrue: ['x=?1 | doubtful'],
      whenFalse: ['x=?1 | doubtful'],
    },
    'but not where a loop ends some time whatever it counts': {
      parts,
      test: symbol(1),
      whenTrue: ['x=?1'],
      whenFalse: ['x=?1'],
      isLoopTest: true,
    },
    'not where it is decided': {
      parts: { ...parts, symbols: { 1: { isMerged: true, truthy: true } } },
      test: symbol(1),
      whenTrue: ['x=?1'],
      whenFalse: [],
    },
  });
});

describe('both answers', () => {
  it('are two states', () => {
    const state = stateOf({ locals: { h: handle(1) }, resources: { 1: maybe(constant(-1)) } });
    expect(splitExistence(state, resourceId(1)).map(show)).toEqual(['h=#1 | #1 open', 'h=-1']);
  });

  it('are one where it is known', () => {
    expect(splitExistence(stateOf({ locals: { h: handle(1) } }), resourceId(1)).map(show)).toEqual([
      'h=#1 | #1 open',
    ]);
  });
});

describe('a value in the place of a symbol', () => {
  it('must be of its truth', () => {
    const parts: Parts = { locals: { x: symbol(1) }, symbols: { 1: { truthy: true } } };
    expect(substitute(stateOf(parts), symbolId(1), NULL)).toBe(false);
    expect(substitute(stateOf(parts), symbolId(1), constant(3))).toBe(true);
  });

  it('must be a boolean where the symbol is one', () => {
    const parts: Parts = { locals: { x: symbol(1) }, symbols: { 1: { isBoolean: true } } };
    expect(substitute(stateOf(parts), symbolId(1), constant('yes'))).toBe(false);
    expect(substitute(stateOf(parts), symbolId(1), TRUE)).toBe(true);
  });

  it('takes over what was known, where it is a symbol itself', () => {
    const state = stateOf({
      locals: { x: symbol(1), y: symbol(2), isX: truth(1) },
      symbols: { 1: { truthy: true, isMerged: true }, 2: { isBoolean: true } },
    });
    expect(substitute(state, symbolId(1), symbol(2))).toBe(true);
    expect(show(state)).toBe('x=?1 y=?1 isX=true');
    expect(state.factsOf(symbolId(2))).toMatchObject({ isBoolean: true, truthy: true, isMerged: true });
  });

  it('answers what was asked of the symbol', () => {
    const state = stateOf({
      locals: { x: symbol(1), isX: truth(1), notX: falsity(1) },
      resources: { 1: maybe(NULL) },
    });
    expect(substitute(state, symbolId(1), handle(1))).toBe(true);
    expect(show(state)).toBe('x=#1 isX=exists(#1) notX=missing(#1) | #1 open maybe');
  });
});

describe('the truth of something outside', () => {
  it('is one question, however often it is asked', () => {
    const state = stateOf({});
    const outside: Value = { kind: 'external', ref: { module: null, path: ['DEBUG'] } };
    let next = 10;
    const fresh = () => symbolId(next++);
    const first = externalTruth(state, outside, fresh);
    expect(externalTruth(state, { ...outside }, fresh)).toEqual(first);
    expect(refineTruth(state, first, true, false)).toHaveLength(1);
    expect(externalTruth(state, outside, fresh)).toEqual(TRUE);
  });
});

describe('laws', () => {
  const parts: Parts = {
    locals: { a: symbol(1), b: symbol(2), h: handle(1), copy: handle(2), g: handle(3), o: object(1) },
    resources: {
      1: maybe(NULL),
      2: { ...maybe(constant(-1)), isDuplicate: true, source: resourceId(1) },
      3: maybe(symbol(1)),
    },
    symbols: { 2: { isBoolean: true }, 3: { isBoolean: true } },
    terms: [[symbol(1), '===', constant('r'), symbol(3)]],
  };
  const condition = fc.constantFrom<Value>(
    symbol(1),
    symbol(2),
    symbol(3),
    truth(1),
    falsity(2),
    handle(1),
    handle(2),
    handle(3),
    exists(1),
    missing(2),
    exists(3),
    object(1),
    NULL,
  );
  /** The values of a state that was refined: a condition that has become something else is asked as that. */
  const now = (state: ReturnType<typeof stateOf>, value: Value): Value => {
    const probe = localNamed('probe');
    return state.locals.get(probe) ?? value;
  };

  it('after a branch its condition is decided, as wanted', () => {
    fc.assert(
      fc.property(condition, fc.boolean(), (test, wanted) => {
        const state = stateOf({ ...parts, locals: { ...parts.locals, probe: test } });
        for (const after of refineTruth(state, test, wanted, false)) {
          expect(truthiness(after, now(after, test))).toBe(wanted);
        }
      }),
    );
  });

  it('at least one way goes on', () => {
    fc.assert(
      fc.property(condition, (test) => {
        const whenTrue = refineTruth(stateOf(parts), test, true, false);
        const whenFalse = refineTruth(stateOf(parts), test, false, false);
        expect(whenTrue.length + whenFalse.length).toBeGreaterThan(0);
      }),
    );
  });

  it('a branch on the negation is the other branch', () => {
    // Asked as a boolean, a handle whose failure may be truthy is asked for its existence alone.
    const simple = condition.filter((value) => value.kind !== 'resource' || value.id !== resourceId(3));
    fc.assert(
      fc.property(simple, fc.boolean(), (test, wanted) => {
        const state = stateOf(parts);
        const negated = toBoolean(state, test, true);
        const ways = refineTruth(state, negated, wanted, false).map(show);
        const others = refineTruth(stateOf(parts), test, !wanted, false).map(show);
        expect(ways).toEqual(others);
      }),
    );
  });

  it('the same branch twice goes the same way, and learns nothing more', () => {
    fc.assert(
      fc.property(condition, fc.boolean(), (test, wanted) => {
        const state = stateOf({ ...parts, locals: { ...parts.locals, probe: test } });
        for (const after of refineTruth(state, test, wanted, false)) {
          const before = show(after);
          const again = now(after, test);
          expect(refineTruth(after.fork(), again, wanted, false).map(show)).toEqual([before]);
          expect(refineTruth(after.fork(), again, !wanted, false)).toEqual([]);
        }
      }),
    );
  });

  it('two branches may be made in either order', () => {
    // A handle whose failure may be truthy as well need not be told apart from it, if its truth is known.
    const plain = condition.filter((value) => value.kind !== 'resource' || value.id !== resourceId(3));
    fc.assert(
      fc.property(plain, fc.boolean(), plain, fc.boolean(), (first, isFirst, second, isSecond) => {
        const ways = (order: readonly (readonly [name: string, wanted: boolean])[]): string[] => {
          let states = [stateOf({ ...parts, locals: { ...parts.locals, p: first, q: second } })];
          for (const [name, wanted] of order) {
            states = states.flatMap((state) =>
              refineTruth(state, state.locals.get(localNamed(name))!, wanted, false),
            );
          }
          return states.map(show).sort();
        };
        const there = ways([
          ['p', isFirst],
          ['q', isSecond],
        ]);
        expect(
          ways([
            ['q', isSecond],
            ['p', isFirst],
          ]),
        ).toEqual(there);
      }),
    );
  });

  it('a state is the caller’s own: the other way is untouched', () => {
    fc.assert(
      fc.property(condition, fc.boolean(), (test, wanted) => {
        const state = stateOf(parts);
        const other = state.fork();
        const before = show(other);
        refineTruth(state, test, wanted, false);
        expect(show(other)).toBe(before);
      }),
    );
  });

  it('no constant is asked twice', () => {
    expect(toBoolean(stateOf({}), NULL, true)).toEqual(TRUE);
    expect(toBoolean(stateOf({}), constant('a'), true)).toEqual(FALSE);
    expect(toBoolean(stateOf({}), object(1), false)).toEqual(TRUE);
  });
});
