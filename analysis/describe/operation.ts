/**
 * From all ways through a body to one operation of the schema. What every way does is said; what only some do, where
 * a boolean that the caller knows decides; and where neither is so the handle is kept, of which nothing follows.
 */
import type { Condition, Effect, OperationDescription, Returns } from '../../apis/schema.ts';
import { defined } from '../defined.ts';
import { writeEffects } from './effects.ts';
import type { Content, Failure, Fate, Outcome, Presence } from './outcomes.ts';
import type { Input } from './probes.ts';

/** Something that holds always, or in each of the two cases of a boolean place. */
type Cases<T> =
  | { readonly kind: 'always'; readonly value: T }
  | { readonly kind: 'depends'; readonly on: string; readonly whenTrue: T; readonly whenFalse: T };

type End = Exclude<Fate, 'absent'>;

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
  const returning = outcomes.filter(({ isReturn }) => isReturn);
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
  const thrown = meant.filter(({ isReturn }) => !isReturn);
  if (meant.length < 2 || (isAsync && thrown.length > 0)) return null;
  if (!meant.every(({ isIndependent, isExposed }) => isIndependent && !isExposed)) return null;
  const whole = asOne(outcomes, inputs);
  const returned = new Join(
    meant.filter(({ isReturn }) => isReturn),
    outcomes,
    inputs,
  );
  if (whole !== null && returned.joined() !== null && !returned.isLossy && thrown.length === 0) return null;
  const ways = new Map<string, Joined>();
  for (const outcome of meant) {
    const way = new Join([outcome], outcomes, inputs, true).joined();
    if (way === null) return null;
    const effects: readonly Effect[] = outcome.isReturn ? way.effects : [...way.effects, { do: 'throw' }];
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
    return this.#all.every(({ isReturn, fates, contents }) => {
      const thrown = fates.get(path);
      if (isReturn || thrown === undefined || ends) return true;
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
    if (cases === null) return null;
    if (cases.kind === 'always') return effectsOf(cases.value, path, undefined);
    const whenTrue = effectsOf(cases.whenTrue, path, when(cases.on, true));
    const whenFalse = effectsOf(cases.whenFalse, path, when(cases.on, false));
    return whenTrue === null || whenFalse === null ? null : [...whenTrue, ...whenFalse];
  }

  /** What some way puts at a place of which nothing can be said. */
  #hideAll(path: string): void {
    for (const { contents } of this.#normal) {
      const content = contents.get(path);
      if (content?.kind === 'pass') this.#hidden.add(content.of);
    }
  }
}

const CLOSED_BY = 'closed by ';
const HIDDEN: Cases<End> = { kind: 'always', value: 'hidden' };
const NOTHING: Content = { kind: 'const', value: undefined };

const isSame = (content: Content, path: string): boolean => content.kind === 'pass' && content.of === path;
const isEnd = (fate: Fate): boolean =>
  fate !== 'absent' && fate !== 'kept' && fate !== 'used' && fate !== 'usedLater';
const when = (at: string, equals: boolean): Condition => ({ at, equals });

/** What the ways agree on, or agree on in each of the two cases of a boolean; null where neither is so. */
function casesOf<T>(
  outcomes: readonly Outcome[],
  of: (outcome: Outcome) => T,
  join: (values: readonly T[]) => T | null,
): Cases<T> | null {
  const agreed = join(outcomes.map(of));
  if (agreed !== null) return { kind: 'always', value: agreed };
  const [first] = outcomes;
  for (const on of first?.guards.keys() ?? []) {
    if (!outcomes.every(({ guards }) => guards.has(on))) continue;
    const side = (is: boolean): T | null =>
      join(outcomes.filter(({ guards }) => guards.get(on) === is).map(of));
    const [whenTrue, whenFalse] = [side(true), side(false)];
    if (whenTrue !== null && whenFalse !== null) return { kind: 'depends', on, whenTrue, whenFalse };
  }
  return null;
}

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

/** Only what all ways use is used for sure. */
function joinFates(fates: readonly End[]): End | null {
  const found = new Set(fates);
  if (found.size <= 1) return fates[0] ?? 'kept';
  if ([...found].some(isEnd)) return null;
  return found.has('kept') ? 'kept' : 'used';
}

/** Where some ways give a constant in the place of a handle, that is how the call says that it failed. */
function joinContents(contents: readonly Content[]): Content | null {
  const distinct = new Map(contents.map((content) => [keyOf(content), content]));
  if (distinct.size <= 1) return contents[0] ?? NOTHING;
  const constants = [...distinct.values()].filter((content) => content.kind === 'const');
  const made = [...distinct.values()].filter((content) => content.kind !== 'const');
  const handles = new Map(made.map((content) => [keyOf(withFailure(content, 'never')), content]));
  const [handle] = handles.values();
  if (handles.size !== 1 || handle === undefined) return null;
  if (handle.kind !== 'acquire' && handle.kind !== 'duplicate') return null;
  const failures = [
    ...constants.map(({ value }): Failure => ({ value })),
    ...made.flatMap((content) =>
      'failure' in content && content.failure !== 'never' ? [content.failure] : [],
    ),
  ];
  const kinds = new Map(failures.map((failure) => [showFailure(failure), failure]));
  return withFailure(handle, kinds.size === 1 ? defined([...kinds.values()][0]) : 'unknown');
}

function withFailure(content: Content, failure: Failure): Content {
  return content.kind === 'acquire' || content.kind === 'duplicate' ? { ...content, failure } : content;
}

function keyOf(content: Content): string {
  if (content.kind === 'const') return `const ${typeof content.value} ${String(content.value)}`;
  const failure = 'failure' in content ? showFailure(content.failure) : '';
  return JSON.stringify({ ...content, failure });
}

const showFailure = (failure: Failure): string =>
  typeof failure === 'string' ? failure : `${typeof failure.value} ${String(failure.value)}`;

/* ------------------------------------------------------------------ effects */

function usesOf(fate: Cases<End>, on: string): Effect[] {
  if (fate.kind !== 'always') return [];
  if (fate.value === 'used') return [{ do: 'use', on }];
  return fate.value === 'usedLater' ? [{ do: 'use', on, until: 'settled' }] : [];
}

function endsOf(fate: Cases<End>, on: string): Effect[] {
  if (fate.kind === 'always') return endOf(fate.value, on, undefined);
  return [
    ...endOf(fate.whenTrue, on, when(fate.on, true)),
    ...endOf(fate.whenFalse, on, when(fate.on, false)),
  ];
}

function endOf(fate: End, on: string, condition: Condition | undefined): Effect[] {
  const conditional = condition === undefined ? {} : { when: condition };
  switch (fate) {
    case 'gone':
      return [{ do: 'take', on, ...conditional }];
    case 'hidden':
      return [{ do: 'keep', on, ...conditional }];
    case 'kept':
    case 'used':
    case 'usedLater':
      return [];
    default:
      return [{ do: 'close', on, by: fate.slice(CLOSED_BY.length), ...conditional }];
  }
}

/** What leaves a content at a place; null where that cannot be said. */
function effectsOf(content: Content, path: string, condition: Condition | undefined): Effect[] | null {
  if (isSame(content, path)) return [];
  if (content.kind === 'unknown') return path.startsWith('result.') ? [] : null;
  return writeEffects(content, path, condition);
}

const targetOf = (effect: Effect): string | null => ('to' in effect ? effect.to : null);
const isDuplicate = (effect: Effect): boolean => effect.do === 'duplicate';

/** Whether no effect reads a place that an earlier one has written. */
function isInOrder(effects: readonly Effect[]): boolean {
  const written = new Set<string>();
  return effects.every((effect) => {
    const tests = 'when' in effect && 'at' in effect.when ? [effect.when.at] : [];
    const reads = 'of' in effect ? [effect.of, ...tests] : tests;
    const isRead = reads.some((place) => written.has(place));
    const to = targetOf(effect);
    if (to !== null) written.add(to);
    return !isRead;
  });
}
