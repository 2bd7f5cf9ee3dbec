/**
 * What a branch teaches. A fact is a substitution: a symbol that turns out to be `true` becomes the
 * constant everywhere, and a resource that turns out never to have existed leaves the state, each
 * reference to it becoming its failure value.
 *
 * These functions change the state that they are given; `false` (or an empty list) says that the fact
 * contradicts it, so that the path does not exist.
 */
import { compare, TYPEOF } from './compare.ts';
import { PROPERTY } from './state.ts';
import type { Fresh } from './fresh.ts';
import type { State, Term } from './state.ts';
import {
  constant,
  existence,
  FALSE,
  isConst,
  isSame,
  NULL,
  settledExistence,
  TRUE,
  UNDEFINED,
} from './value.ts';
import type { Existence, ResourceId, SymbolId, Value } from './value.ts';

/** The name under which it is remembered whether an unknown value is an array. */
export const IS_ARRAY = 'isArray';

/** Whether a value is truthy; null where that is open. */
export function truthiness(state: State, value: Value): boolean | null {
  switch (value.kind) {
    case 'const':
      return Boolean(value.value);
    case 'object':
    case 'function':
    case 'class':
    case 'lent':
      return true;
    case 'symbol': {
      const { truthy, atLeast } = state.factsOf(value.id);
      return truthy ?? (atLeast !== null && atLeast > 0 ? true : null);
    }
    case 'resource': {
      const resource = state.getResource(value.id);
      if (resource.exists === 'certainly') return true;
      return truthiness(state, resource.failure) === true ? true : null;
    }
    case 'outcome':
      return value.is !== 'no';
    case 'truth':
    case 'exists':
    case 'external':
      return null;
  }
}

/** The boolean `!!value` (or `!value`), as a value. */
export function toBoolean(state: State, value: Value, isNegated: boolean): Value {
  const truthy = truthiness(state, value);
  if (truthy !== null) return truthy === isNegated ? FALSE : TRUE;
  switch (value.kind) {
    case 'symbol':
      return { kind: 'truth', of: value.id, isNegated };
    case 'truth':
      return { ...value, isNegated: value.isNegated !== isNegated };
    case 'exists':
      return existence(value.of, isTruthyWhenMissing(value) !== isNegated);
    case 'resource':
      return existence(value.id, isNegated);
    default:
      throw new Error(`The truth of a ${value.kind} must be asked as a term`);
  }
}

/** The states in which `value` is truthy (or falsy): none, one, or both cases of an unknown failure. */
export function refineTruth(state: State, value: Value, wanted: boolean, isLoopTest: boolean): State[] {
  const truthy = truthiness(state, value);
  if (truthy !== null) return truthy === wanted ? [state] : [];
  switch (value.kind) {
    case 'symbol':
      return refineSymbol(state, value.id, wanted, isLoopTest);
    case 'truth':
      return refineSymbol(state, value.of, wanted !== value.isNegated, isLoopTest);
    case 'exists':
      return onlyIf(state, settleExistence(state, value.of, wanted !== isTruthyWhenMissing(value)));
    case 'resource':
      return refineReference(state, value.id, wanted);
    default:
      return [state];
  }
}

/** 0 says that all went well where the value is a status. */
const isTruthyWhenMissing = ({ as, isNegated }: Existence): boolean => isNegated !== (as === 'status');

const onlyIf = (state: State, isPossible: boolean): State[] => (isPossible ? [state] : []);

function refineSymbol(state: State, id: SymbolId, wanted: boolean, isLoopTest: boolean): State[] {
  if (state.factsOf(id).isMerged && !isLoopTest) state.isDoubtful = true;
  return onlyIf(state, learnTruth(state, id, wanted) && settleTerms(state));
}

function refineReference(state: State, id: ResourceId, wanted: boolean): State[] {
  const { failure } = state.getResource(id);
  const failureTruth = truthiness(state, failure);
  if (failureTruth === false) return onlyIf(state, settleExistence(state, id, wanted));
  const missing = state.fork();
  const live = wanted && settleExistence(state, id, true) ? [state] : [];
  if (!settleExistence(missing, id, false)) return live;
  return [...live, ...refineTruth(missing, failure, wanted, false)];
}

/** The states of the two ways that a test can go. */
export function branch(state: State, value: Value, fresh: Fresh, isLoopTest = false): [State[], State[]] {
  const test = value.kind === 'external' ? externalTruth(state, value, () => fresh.symbol()) : value;
  const other = state.fork();
  return [refineTruth(state, test, true, isLoopTest), refineTruth(other, test, false, isLoopTest)];
}

/** Both answers to whether a resource exists, as states of their own. */
export function splitExistence(state: State, id: ResourceId): State[] {
  const missing = state.fork();
  return [
    ...onlyIf(state, settleExistence(state, id, true)),
    ...onlyIf(missing, settleExistence(missing, id, false)),
  ];
}

/** Records that a resource exists, and then so did its source; or that it, and then any duplicate of it, never did. */
export function settleExistence(state: State, id: ResourceId, exists: boolean): boolean {
  return (exists ? affirm(state, id) : dismiss(state, id)) && settleTerms(state);
}

function affirm(state: State, id: ResourceId): boolean {
  let next: ResourceId | null = id;
  while (next !== null) {
    const current: ResourceId = next;
    const resource = state.resources.get(current);
    if (resource === undefined || resource.exists === 'certainly') return true;
    state.updateResource(current, { exists: 'certainly' });
    state.rewrite((value) =>
      value.kind === 'exists' && value.of === current ? settledExistence(value, true) : null,
    );
    next = resource.source;
  }
  return true;
}

function dismiss(state: State, id: ResourceId): boolean {
  const resource = state.resources.get(id);
  if (resource === undefined) return true;
  if (resource.exists === 'certainly') return false;
  for (const [other, duplicate] of [...state.resources.entries()]) {
    if (duplicate.source === id && !dismiss(state, other)) return false;
  }
  state.rewrite((value) => {
    if (value.kind === 'exists' && value.of === id) return settledExistence(value, false);
    return value.kind === 'resource' && value.id === id ? resource.failure : null;
  });
  state.resources.delete(id);
  return true;
}

const ZERO: Value = { kind: 'const', value: 0 };
const boolean = (isTrue: boolean): Value => (isTrue ? TRUE : FALSE);

/** Puts what a symbol's truth makes of the booleans that ask for it. */
export function learnTruth(state: State, id: SymbolId, truthy: boolean): boolean {
  const facts = state.factsOf(id);
  if (facts.truthy !== null) return facts.truthy === truthy;
  if (facts.isBoolean) return substitute(state, id, boolean(truthy));
  if (facts.atLeast !== null && !truthy) return substitute(state, id, ZERO);
  state.learn(id, { truthy });
  state.rewrite((value) =>
    value.kind === 'truth' && value.of === id ? boolean(truthy !== value.isNegated) : null,
  );
  return true;
}

/** Puts a value in the place of a symbol everywhere. */
export function substitute(state: State, id: SymbolId, value: Value): boolean {
  const { truthy, isBoolean, atLeast } = state.factsOf(id);
  const found = truthiness(state, value);
  if (truthy !== null && found !== null && truthy !== found) return false;
  if (isBoolean && isConst(value) && typeof value.value !== 'boolean') return false;
  if (atLeast !== null && isConst(value) && !(Number(value.value) >= atLeast)) return false;
  if (value.kind === 'symbol') state.learn(value.id, mergeFacts(state, id, value.id));
  state.rewrite((each) => {
    if (each.kind === 'symbol' && each.id === id) return value;
    return each.kind === 'truth' && each.of === id ? truthOfReplacement(state, value, each.isNegated) : null;
  });
  state.symbols.delete(id);
  return true;
}

function mergeFacts(state: State, a: SymbolId, b: SymbolId) {
  const [one, two] = [state.factsOf(a), state.factsOf(b)];
  return {
    isBoolean: one.isBoolean || two.isBoolean,
    truthy: one.truthy ?? two.truthy,
    isNeverNull: one.isNeverNull || two.isNeverNull,
    isNeverUndefined: one.isNeverUndefined || two.isNeverUndefined,
    atLeast:
      one.atLeast === null || two.atLeast === null
        ? (one.atLeast ?? two.atLeast)
        : Math.max(one.atLeast, two.atLeast),
    isMerged: one.isMerged || two.isMerged,
    type: one.type ?? two.type,
  };
}

function truthOfReplacement(state: State, value: Value, isNegated: boolean): Value {
  return value.kind === 'external' ? boolean(!isNegated) : toBoolean(state, value, isNegated);
}

/**
 * Draws the consequences among the remembered tests: one that has become decidable must agree with its
 * outcome, and an equality that holds makes its two sides one.
 */
export function settleTerms(state: State): boolean {
  for (let term = findRipe(state); term !== null; term = findRipe(state)) {
    const settled = term;
    state.terms = state.terms.filter((each) => each !== settled.term);
    if (!settled.apply()) return false;
  }
  return true;
}

interface RipeTerm {
  readonly term: Term;
  readonly apply: () => boolean;
}

function findRipe(state: State): RipeTerm | null {
  for (const term of state.terms) {
    const { operator, left, right, result } = term;
    if (operator === 'truthy' || operator === PROPERTY) continue;
    if (operator === IS_ARRAY) continue;
    if (operator === TYPEOF) {
      const apply = settleType(state, left, result);
      if (apply !== null) return { term, apply };
      continue;
    }
    const verdict = compare(state, { operator: operator as '===', left, right });
    if (verdict.kind === 'decided') return { term, apply: () => unify(state, result, verdict.value) };
    const missing = missingValue(state, term);
    if (left.kind === 'symbol' && missing !== null)
      return { term, apply: () => substitute(state, left.id, missing) };
    if (operator !== '===' || !isSame(result, TRUE)) continue;
    if (left.kind === 'symbol') return { term, apply: () => substitute(state, left.id, right) };
    if (right.kind === 'symbol') return { term, apply: () => substitute(state, right.id, left) };
  }
  return null;
}

/** What a value is that is nullish, where it can only be one of the two. */
function missingValue(state: State, { operator, left, right, result }: Term): Value | null {
  const isNullish = operator === '==' && isSame(result, TRUE) && state.isNullish(right);
  if (!isNullish || left.kind !== 'symbol') return null;
  const { isNeverNull, isNeverUndefined } = state.factsOf(left.id);
  if (isNeverNull === isNeverUndefined) return null;
  return isNeverNull ? UNDEFINED : NULL;
}

/** The type of a value that has become known, and what a known type says of its value. */
function settleType(state: State, value: Value, type: Value): (() => boolean) | null {
  if (isConst(value)) {
    const known = constant(typeof value.value);
    return () => (type.kind === 'symbol' ? substitute(state, type.id, known) : isSame(type, known));
  }
  const isUndefined = isConst(type) && type.value === 'undefined' && value.kind === 'symbol';
  return isUndefined ? () => substitute(state, value.id, UNDEFINED) : null;
}

/** Makes two booleans, each known or not, one. */
function unify(state: State, a: Value, b: Value): boolean {
  if (isSame(a, b)) return true;
  if (isConst(a)) return refineTruth(state, b, Boolean(a.value), true).length > 0;
  if (isConst(b)) return refineTruth(state, a, Boolean(b.value), true).length > 0;
  return a.kind === 'symbol' ? substitute(state, a.id, b) : true;
}

/** The truth of something outside the file, remembered so that asking twice gives one answer. */
export function externalTruth(state: State, value: Value, fresh: () => SymbolId): Value {
  const known = state.findTerm('truthy', value, UNDEFINED);
  if (known !== null) return known;
  const id = fresh();
  state.learn(id, { isBoolean: true });
  const result: Value = { kind: 'symbol', id };
  state.terms = [...state.terms, { operator: 'truthy', left: value, right: UNDEFINED, result }];
  return result;
}
