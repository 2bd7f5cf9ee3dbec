/**
 * From all ways through a body to one operation of the schema. What every way does is said; what only some do, where
 * a boolean that the caller knows decides; and where neither is so the handle is kept, of which nothing follows.
 */
import type { Effect, OperationDescription, Returns } from '../../apis/schema.ts';
import { casesOf, isEnd, joinContents, joinFates, keyOf, NOTHING } from './agreement.ts';
import type { Cases, End } from './agreement.ts';
import {
  endsOf,
  isDuplicate,
  isInOrder,
  isSame,
  targetOf,
  usesOf,
  writeEffects,
  writesOf,
} from './effects.ts';
import type { Content, Outcome, Presence } from './outcomes.ts';
import type { Input } from './probes.ts';

/** Null where an instance is left in a way that effects cannot say. */
export function operationOf(
  outcomes: readonly Outcome[],
  inputs: readonly Input[],
  isAsync: boolean,
): OperationDescription | null {
  if (outcomes.length === 0) return { effects: [], returns: 'never' };
  const joined = inWays(outcomes, inputs, isAsync) ?? asOne(outcomes, inputs);
  if (joined === null) return null;
  const mayThrow = outcomes.some(
    ({ completion }) => completion === 'implicitThrow' || (isAsync && completion === 'throw'),
  );
  return {
    effects: joined.effects,
    ...(joined.returns === null ? {} : { returns: joined.returns }),
    ...(isAsync ? { isAsync } : {}),
    ...(mayThrow ? {} : { throws: 'never' }),
  };
}

/** What calls do and give. */
interface Joined {
  readonly effects: readonly Effect[];
  readonly returns: Returns | null;
}

function asOne(outcomes: readonly Outcome[], inputs: readonly Input[]): Joined | null {
  const returning = outcomes.filter(comesBack);
  if (returning.length > 0) return new Join(returning, outcomes, inputs).joined();
  const thrown = new Join(outcomes, [], inputs).joined();
  return thrown === null ? null : { ...thrown, effects: [...thrown.effects, { do: 'throw' }] };
}

/** More ways than these are told as one. */
const MAX_WAYS = 4;

/**
 * A call that goes one of several ways for reasons of its own: a device that is not there, say. Where the caller may know
 * the reason this would say too much. Null where one operation says it all.
 */
function inWays(outcomes: readonly Outcome[], inputs: readonly Input[], isAsync: boolean): Joined | null {
  const meant = outcomes.filter(({ completion }) => completion !== 'implicitThrow');
  const thrown = meant.filter((outcome) => !comesBack(outcome));
  if (meant.length < 2 || (isAsync && thrown.length > 0)) return null;
  if (!meant.every(({ isIndependent, isExposed }) => isIndependent && !isExposed)) return null;
  if (thrown.length === 0) {
    const whole = new Join(meant, outcomes, inputs);
    if (whole.joined() !== null && !whole.isLossy) return null;
  }
  const ways = new Map<string, Joined>();
  for (const outcome of meant) {
    const way = new Join([outcome], outcomes, inputs, true).joined();
    if (way === null) return null;
    const effects: readonly Effect[] = comesBack(outcome) ? way.effects : [...way.effects, { do: 'throw' }];
    ways.set(JSON.stringify(effects), { ...way, effects });
  }
  const returns = new Map(
    [...ways.values()].flatMap((way) =>
      way.returns === null ? [] : [[JSON.stringify(way.returns), way.returns]],
    ),
  );
  if (ways.size < 2 || ways.size > MAX_WAYS || returns.size > 1) return null;
  const effects: Effect[] = [{ do: 'either', ways: [...ways.values()].map((way) => way.effects) }];
  return { effects, returns: [...returns.values()][0] ?? null };
}

class Join {
  readonly #normal: readonly Outcome[];
  readonly #all: readonly Outcome[];
  readonly #inputs: readonly Input[];
  /** Places whose handles get out of sight in some way that no effect says. */
  readonly #hidden = new Set<string>();
  /** One way of several says also which constant it gives back, for that tells which it was. */
  readonly #isWay: boolean;
  #returns: Returns | null = null;
  /** Whether the ways differ in more than effects can say. */
  isLossy = false;

  constructor(normal: readonly Outcome[], all: readonly Outcome[], inputs: readonly Input[], isWay = false) {
    this.#isWay = isWay;
    this.#normal = normal;
    this.#all = all;
    this.#inputs = inputs;
  }

  joined(): Joined | null {
    const effects = this.#effects();
    return effects === null ? null : { effects, returns: this.#returns };
  }

  #effects(): Effect[] | null {
    const written = this.#writes();
    if (written === null) return null;
    const before: Effect[] = [];
    const ends: Effect[] = [];
    for (const { path, isOpaque, value } of this.#inputs) {
      if (isOpaque) ends.push({ do: 'keep', on: path });
      else if (value.kind === 'resource') {
        const fate = this.#fateOf(path);
        before.push(...usesOf(fate, path));
        ends.push(...endsOf(fate, path));
      }
    }
    if (this.#normal.some(({ isExposed }) => isExposed)) ends.push({ do: 'keep', on: 'this' });
    const toResult = written.filter((effect) => targetOf(effect) === 'result' || isDuplicate(effect));
    const others = written.filter((effect) => !toResult.includes(effect));
    const ordered = [...before, ...toResult, ...ends, ...others];
    return isInOrder(ordered) ? ordered : null;
  }

  /* ---------------------------------------------------------------- what becomes of handles */

  #fateOf(path: string): Cases<End> {
    const present = this.#normal.filter(({ fates }) => fates.get(path) !== 'absent');
    const of = ({ fates }: Outcome): End => fates.get(path) as End;
    const joined = casesOf(present, of, joinFates);
    if (joined === null) this.isLossy = true;
    const fate = this.#hidden.has(path) ? HIDDEN : (joined ?? HIDDEN);
    return this.#isSafeToThrow(path, fate) ? fate : HIDDEN;
  }

  /** A call that throws has done nothing, but that what it was to end may be gone. */
  #isSafeToThrow(path: string, fate: Cases<End>): boolean {
    const ends = fate.kind === 'always' && isEnd(fate.value);
    return this.#all.every(({ completion, fates, contents }) => {
      const thrown = fates.get(path);
      if (completion === 'return' || thrown === undefined || ends) return true;
      const isElsewhere = [...contents].some(
        ([place, content]) => content.kind === 'pass' && content.of === path && place !== path,
      );
      return !isEnd(thrown) && !isElsewhere;
    });
  }

  /* ---------------------------------------------------------------- what stands where */

  #writes(): Effect[] | null {
    const paths = new Set(this.#normal.flatMap(({ contents }) => [...contents.keys()]));
    const result = this.#resultOf();
    const effects: Effect[] = [];
    for (const path of [...paths].sort()) {
      const isResult = path === 'result' || path.startsWith('result.');
      if (isResult && result === null) this.#hideAll(path);
      else if (path === 'result') effects.push(...(result ?? []));
      else {
        const written = this.#writesTo(path);
        if (written !== null) effects.push(...written);
        else if (isResult) this.#hideAll(path);
        else return null;
      }
    }
    return effects;
  }

  /** Null where the ways differ in what they give back. */
  #resultOf(): Effect[] | null {
    this.#returns = this.#predicate();
    if (this.#returns !== null) return [];
    this.#hideTested();
    const joined = this.#mayFail(joinContents(this.#normal.map((outcome) => this.#given(outcome))));
    if (joined === null || joined.kind === 'unknown' || this.#tellsByFields()) {
      if (joined?.kind !== 'unknown' && this.#givesHandles()) this.isLossy = true;
      return null;
    }
    if (joined.kind === 'owner') this.#returns = { type: joined.type };
    return joined.kind === 'const' && !this.#isWay ? [] : writeEffects(joined, 'result', undefined);
  }

  /** A handle that is there on some ways only, for reasons that the caller may know, may not be told of at all. */
  #mayFail(joined: Content | null): Content | null {
    if (joined?.kind !== 'acquire' && joined?.kind !== 'duplicate') return joined;
    const isAlways = this.#normal.every(({ contents }) => contents.get('result')?.kind === joined.kind);
    const isFree = this.#normal.every(({ isIndependent }) => isIndependent);
    return isAlways || isFree || joined.kind === 'duplicate' ? joined : null;
  }

  /** Whether the result says exactly whether there is a handle at some place. */
  #predicate(): Returns | null {
    const places = new Set(this.#normal.flatMap(({ presence }) => [...presence.keys()]));
    for (const place of [...places].sort()) {
      const said = this.#normal.map((outcome) => saidOf(outcome, place));
      if (said.includes(null)) continue;
      const whenThere = new Set(said.flatMap((each) => each?.present ?? []));
      const whenNot = new Set(said.flatMap((each) => each?.absent ?? []));
      if (whenThere.size !== 1 || whenNot.size !== 1) continue;
      const [isTrueThere] = whenThere;
      const [isTrueElse] = whenNot;
      if (isTrueThere !== isTrueElse) return isTrueThere === true ? { exists: place } : { missing: place };
    }
    return null;
  }

  /** Where the result hangs on whether there is a handle, and does not say so alone, the caller learns too little. */
  #hideTested(): void {
    const contents = this.#normal.map((outcome) => this.#given(outcome));
    const isOne = new Set(contents.map(keyOf)).size <= 1;
    for (const content of contents) if (content.kind === 'exists') this.#hidden.add(content.of);
    if (isOne) return;
    for (const { path, value } of this.#inputs) {
      if (value.kind !== 'resource') continue;
      const known = new Set(this.#normal.map(({ presence }) => presence.get(path)));
      const passes = contents.some((content) => content.kind === 'pass' && content.of === path);
      if (known.size > 1 && !passes) this.#hidden.add(path);
    }
  }

  #givesHandles(): boolean {
    return this.#normal.some(({ contents }) =>
      [...contents].some(
        ([path, { kind }]) =>
          (path === 'result' || path.startsWith('result.')) &&
          (kind === 'acquire' || kind === 'duplicate' || kind === 'pass'),
      ),
    );
  }

  /** Whether constants in what is given back tell which way it was, and so whether there is a handle beside them. */
  #tellsByFields(): boolean {
    if (!this.#givesHandles()) return false;
    const constants = this.#normal.map(({ contents }) =>
      [...contents].flatMap(([path, content]) =>
        path.startsWith('result.') && content.kind === 'const' ? `${path} ${keyOf(content)}` : [],
      ),
    );
    return new Set(constants.map((each) => each.join())).size > 1;
  }

  /** What one way gives back. Where a handle was not there, what was in its place may be passed on all the same. */
  #given({ contents, fates }: Outcome): Content {
    const content = contents.get('result') ?? NOTHING;
    if (content.kind !== 'const' || (content.value !== null && content.value !== undefined)) return content;
    const passed = this.#normal.map((other) => other.contents.get('result'));
    return passed.find((other) => other?.kind === 'pass' && fates.get(other.of) === 'absent') ?? content;
  }

  /** Null where the ways differ in what they leave at a place. */
  #writesTo(path: string): Effect[] | null {
    const isMissing = ({ fates }: Outcome): boolean => fates.get(path) === 'absent';
    const isEmpty = (outcome: Outcome): boolean => {
      const content = outcome.contents.get(path) ?? NOTHING;
      return isMissing(outcome) && (isSame(content, path) || content.kind !== 'acquire');
    };
    const telling = this.#normal.filter((outcome) => !isEmpty(outcome));
    const cases = casesOf(telling, ({ contents }) => contents.get(path) ?? NOTHING, joinContents);
    return cases === null ? null : writesOf(cases, path);
  }

  /** What some way puts at a place of which nothing can be said. */
  #hideAll(path: string): void {
    for (const { contents } of this.#normal) {
      const content = contents.get(path);
      if (content?.kind === 'pass') this.#hidden.add(content.of);
    }
  }
}

const comesBack = ({ completion }: Outcome): boolean => completion === 'return';

const HIDDEN: Cases<End> = { kind: 'always', value: 'hidden' };

/** What a way shows of the result where there is a handle at a place, and where there is none; null for no boolean. */
function saidOf(
  { contents, presence }: Outcome,
  place: string,
): { readonly present: boolean[]; readonly absent: boolean[] } | null {
  const result = contents.get('result');
  if (result?.kind === 'exists' && result.of === place)
    return { present: [!result.isNegated], absent: [result.isNegated] };
  const known: Presence | undefined = presence.get(place);
  if (result?.kind !== 'const' || typeof result.value !== 'boolean' || known === undefined) return null;
  return {
    present: known === 'absent' ? [] : [result.value],
    absent: known === 'present' ? [] : [result.value],
  };
}
