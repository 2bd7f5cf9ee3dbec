/** The states at one point: which become one, what is kept of both, and what happens above the bounds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundReached, MAX_COUNTED_TURNS, MAX_FACTS, MAX_STATES } from '../../../analysis/solve/bounds.ts';
import { canonicalize } from '../../../analysis/solve/canonical.ts';
import { Fresh } from '../../../analysis/solve/fresh.ts';
import { refineTruth } from '../../../analysis/solve/refine.ts';
import { historyOf, type Resource } from '../../../analysis/solve/resource.ts';
import { StateSet } from '../../../analysis/solve/state-set.ts';
import type { State } from '../../../analysis/solve/state.ts';
import { extendTrace } from '../../../analysis/solve/trace.ts';
import { constant, FALSE, NULL, TRUE, type Value } from '../../../analysis/solve/value.ts';
import {
  handle,
  localNamed,
  lostFrom,
  resourceId,
  show,
  siteAt,
  stateOf,
  symbol,
  type Parts,
} from './build.ts';
import { build, randomIdentities, randomState, type StateSpec } from './random-state.ts';

/** Identities of merged values: above all that the tests use. */
function freshIdentities(): Fresh {
  const fresh = new Fresh();
  while (fresh.symbol() < 2000);
  return fresh;
}

const setOf = (isLoopHead = false): StateSet =>
  new StateSet(freshIdentities(), isLoopHead ? () => true : null);
const shown = (set: StateSet): string[] => set.states().map(show);

/** A handle that was made on a line, maybe closed on another. */
const made = (line: number, closed: number | null = null, rest: Partial<Resource> = {}): Parts => ({
  locals: { h: handle(line) },
  resources: {
    [line]: {
      typestate: closed === null ? 'open' : 'closed',
      history: { ...historyOf(siteAt(line)), closed: new Set(closed === null ? [] : [siteAt(closed)]) },
      ...rest,
    },
  },
});

const historyIn = (state: State) => [...state.resources.values()][0]!.history;
const linesOf = (sites: ReadonlySet<{ node: { loc: { start: { line: number } } } }>): number[] =>
  [...sites].map(({ node }) => node.loc.start.line).sort((a, b) => a - b);

describe('equal states', () => {
  it('are one, that explains itself by the places of both', () => {
    const set = setOf();
    set.add(stateOf(made(1, 5)));
    set.add(stateOf(made(2, 6)));
    expect(shown(set)).toEqual(['h=#1 | #1 closed']);
    const history = historyIn(set.states()[0]!);
    expect([linesOf(history.acquired), linesOf(history.closed)]).toEqual([
      [1, 2],
      [5, 6],
    ]);
  });

  it('grow by a place, and then are known', () => {
    const set = setOf();
    const first = stateOf(made(1));
    expect(set.add(first)).toBe(first);
    expect(set.add(stateOf(made(2)))).toBe(first);
    expect(set.add(stateOf(made(2)))).toBe(null);
    expect(set.add(stateOf(made(1)))).toBe(null);
  });

  it('have what was lost on either way', () => {
    const lose = (line: number): State => {
      const state = stateOf({ locals: { x: NULL } });
      state.lost = new Map([[String(line), lostFrom(line)]]);
      return state;
    };
    const set = setOf();
    set.add(lose(1));
    expect(set.add(lose(2))).not.toBe(null);
    expect(set.add(lose(1))).toBe(null);
    expect([...set.states()[0]!.lost.keys()]).toEqual(['1', '2']);
  });

  it('tell of each loss by the way on which it was lost', () => {
    const [lossless, losing] = [stateOf({ locals: { x: NULL } }), stateOf({ locals: { x: NULL } })];
    lossless.trace = extendTrace(null, siteAt(1).node, true);
    losing.trace = extendTrace(null, siteAt(1).node, false);
    losing.lost = new Map([['5', lostFrom(5, losing.trace)]]);
    const set = setOf();
    set.add(lossless);
    set.add(losing);
    expect(set.states()[0]!.lost.get('5')?.trace?.isTaken).toBe(false);
  });

  it('are told by the shorter way', () => {
    const set = setOf();
    const short = extendTrace(null, siteAt(1).node, true);
    const long = extendTrace(extendTrace(null, siteAt(2).node, true), siteAt(3).node, false);
    for (const trace of [long, short, long]) {
      const state = stateOf(made(1));
      state.trace = trace;
      set.add(state);
    }
    expect(set.states()[0]!.trace).toBe(short);
  });

  it('return wherever either does', () => {
    const set = setOf();
    for (const line of [3, 4]) {
      const state = stateOf(made(1));
      state.returning = new Set([siteAt(line)]);
      set.add(state);
    }
    expect(linesOf(set.states()[0]!.returning)).toEqual([3, 4]);
  });
});

describe('doubt', () => {
  const doubtful = (parts: Parts): State => {
    const state = stateOf(parts);
    state.isDoubtful = true;
    return state;
  };

  it('adds nothing to what is certain', () => {
    const set = setOf();
    set.add(stateOf(made(1)));
    expect(set.add(doubtful(made(2)))).toBe(null);
    expect(linesOf(historyIn(set.states()[0]!).acquired)).toEqual([1]);
    expect(set.states()[0]!.isDoubtful).toBe(false);
  });

  it('ends where a certain way leads to the same', () => {
    const set = setOf();
    set.add(doubtful(made(1)));
    expect(set.add(stateOf(made(1)))).not.toBe(null);
    expect(set.states().map((state) => state.isDoubtful)).toEqual([false]);
  });

  it('unites with doubt', () => {
    const set = setOf();
    set.add(doubtful(made(1)));
    expect(set.add(doubtful(made(2)))).not.toBe(null);
    expect(set.add(doubtful(made(1)))).toBe(null);
    expect(set.states().map((state) => state.isDoubtful)).toEqual([true]);
  });
});

describe('facts keep states apart', () => {
  const flagged = (flag: Value, rest: Partial<Resource> = {}): Parts => ({
    locals: { h: handle(1), flag },
    resources: { 1: rest },
  });

  it('as long as they are few', () => {
    const set = setOf();
    set.add(stateOf(flagged(TRUE)));
    set.add(stateOf(flagged(FALSE)));
    expect(shown(set)).toEqual(['h=#1 flag=true | #1 open', 'h=#1 flag=false | #1 open']);
  });

  it('above the bound they are merged, and what differs is marked', () => {
    const set = setOf();
    const count = MAX_FACTS + 10;
    for (let i = 0; i < count; i++) {
      set.add(stateOf({ locals: { h: handle(1), mode: constant(`m${i}`), same: constant('s') } }));
    }
    const states = set.states();
    expect(states.length).toBe(MAX_FACTS + 1);
    const merged = states.at(-1)!;
    expect(show(merged)).toBe('h=#1 mode=?1 same="s" | #1 open');
    const mode = merged.locals.get(localNamed('mode'))!;
    // A branch on it may go where no way goes.
    const [after] = refineTruth(merged, mode, true, false);
    expect(after?.isDoubtful).toBe(true);
  });

  it('a state above the bound says nothing new where a merged one stands for it', () => {
    const set = setOf();
    const mode = (i: number) => stateOf({ locals: { h: handle(1), mode: constant(`m${i}`) } });
    for (let i = 0; i < MAX_FACTS + 1; i++) set.add(mode(i));
    expect(set.add(mode(MAX_FACTS + 5))).toBe(null);
    expect(set.states()).toHaveLength(MAX_FACTS + 1);
  });

  it('what a merged state remembers of tests is what both remember', () => {
    const set = setOf();
    const tested = (i: number): State =>
      stateOf({
        locals: { h: handle(1), x: symbol(1), mode: constant(`m${i}`) },
        terms: [
          [symbol(1), '<', constant(3), TRUE],
          [symbol(1), '<', constant(100 + i), TRUE],
        ],
      });
    for (let i = 0; i < MAX_FACTS + 1; i++) set.add(tested(i));
    const merged = set.states().at(-1)!;
    expect(merged.findTerm('<', symbol(1), constant(3))).toEqual(TRUE);
    expect(merged.terms).toHaveLength(1);
  });

  it('typestates are never merged', () => {
    const set = setOf();
    const states = ['open', 'closed', 'gone', 'escaped'] as const;
    for (let i = 0; i < MAX_FACTS + 5; i++) {
      for (const typestate of states) set.add(stateOf(flagged(constant(`m${i}`), { typestate })));
    }
    const found = new Set(set.states().map((state) => state.getResource(resourceId(1)).typestate));
    expect([...found].sort()).toEqual([...states].sort());
  });

  it('too many shapes are too much', () => {
    const set = setOf();
    expect(() => {
      for (let i = 0; i <= MAX_STATES; i++) {
        const fields = new Map([[`f${i}`, NULL]]);
        set.add(stateOf({ locals: { o: { kind: 'object', id: 1 as never } }, objects: { 1: { fields } } }));
      }
    }).toThrow(BoundReached);
  });
});

describe('the head of a loop', () => {
  const turn = (i: number, rest: Readonly<Record<string, Value>> = {}): State =>
    stateOf({ locals: { h: handle(1), i: constant(i), ...rest } });

  it('counts exactly at first', () => {
    const set = setOf(true);
    for (let i = 0; i < MAX_COUNTED_TURNS; i++) expect(set.add(turn(i))).not.toBe(null);
    expect(set.states()).toHaveLength(MAX_COUNTED_TURNS);
  });

  it('and then no more, so that it ends', () => {
    const set = setOf(true);
    for (let i = 0; i < MAX_COUNTED_TURNS; i++) set.add(turn(i));
    const merged = set.add(turn(MAX_COUNTED_TURNS));
    expect(show(merged!)).toBe('h=#1 i=?1 | #1 open');
    expect(set.add(turn(MAX_COUNTED_TURNS + 1))).toBe(null);
    expect(set.add(turn(1000))).toBe(null);
  });

  it('keeps what every turn has', () => {
    const set = setOf(true);
    for (let i = 0; i <= MAX_COUNTED_TURNS; i++) set.add(turn(i, { n: constant(10), s: symbol(7) }));
    expect(show(set.states().at(-1)!)).toBe('h=#1 i=?1 n=10 s=?2 | #1 open');
  });

  it('merges counters alone: another flag is another turn', () => {
    const set = setOf(true);
    for (let i = 0; i < MAX_COUNTED_TURNS; i++) set.add(turn(i, { flag: TRUE }));
    expect(show(set.add(turn(9, { flag: FALSE }))!)).toBe('h=#1 i=9 flag=false | #1 open');
  });

  it('elsewhere numbers are facts like others', () => {
    const set = setOf();
    for (let i = 0; i <= MAX_COUNTED_TURNS; i++) set.add(turn(i));
    expect(set.states()).toHaveLength(MAX_COUNTED_TURNS + 1);
  });
});

describe('laws', () => {
  const keysOf = (set: StateSet): string[] =>
    set
      .states()
      .map((state) => canonicalize(state).key)
      .sort();
  const fill = (specs: readonly StateSpec[]): StateSet => {
    const set = setOf();
    for (const spec of specs) set.add(build(spec));
    return set;
  };

  it('the same state twice says nothing new', () => {
    fc.assert(
      fc.property(randomState, randomIdentities, (spec, ids) => {
        const set = setOf();
        expect(set.add(build(spec))).not.toBe(null);
        expect(set.add(build(spec, ids))).toBe(null);
        expect(set.states()).toHaveLength(1);
      }),
    );
  });

  it('below the bounds the order of arrival does not matter', () => {
    fc.assert(
      fc.property(fc.array(randomState, { maxLength: 8 }), (specs) => {
        expect(keysOf(fill([...specs].reverse()))).toEqual(keysOf(fill(specs)));
      }),
    );
  });

  it('nor does it for what explains a state', () => {
    fc.assert(
      fc.property(
        randomState,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (spec, lines) => {
          const specs = lines.map((line) => ({
            ...spec,
            self: { kind: 'resource', at: 0 } as const,
            resources: spec.resources.map((each) => ({ ...each, line })),
          }));
          const explain = (set: StateSet): number[][] =>
            set.states().map((state) => linesOf(state.getResource(resourceId(1)).history.acquired));
          expect(explain(fill([...specs].reverse()))).toEqual(explain(fill(specs)));
          expect(explain(fill(specs))).toEqual([[...new Set(lines)].sort((a, b) => a - b)]);
        },
      ),
    );
  });

  it('what is added is there, or something more general in its place', () => {
    fc.assert(
      fc.property(fc.array(randomState, { maxLength: 8 }), (specs) => {
        const keys = keysOf(fill(specs));
        for (const spec of specs) expect(keys).toContain(canonicalize(build(spec)).key);
      }),
    );
  });

  it('a loop head comes to rest on whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.array(randomState, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 60 }),
        (specs, turns) => {
          const set = setOf(true);
          let last = -1;
          for (let turn = 0; turn < turns; turn++) {
            for (const spec of specs) {
              const counted = { ...spec, locals: [...spec.locals, { kind: 'const', value: turn } as const] };
              if (set.add(build(counted)) !== null) last = turn;
            }
          }
          expect(last).toBeLessThan(turns - 1);
        },
      ),
      { numRuns: 30 },
    );
  });
});
