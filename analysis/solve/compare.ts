/**
 * Tests of two values, decided as far as the state decides them.
 *
 * A live handle equals no failure value, no other live handle and nothing that is no handle. Whether a
 * reference holds a handle at all may be open; then the test comes out as that question (`exists`).
 */
import type { CompareOperator, Primitive } from '../ir/ir.ts';
import type { Resource } from './resource.ts';
import type { State } from './state.ts';
import { existence, FALSE, isConst, isSame, settledExistence, TRUE } from './value.ts';
import type { Existence, Outcome, ResourceId, Value } from './value.ts';

/** The name under which the type of an unknown value is remembered. */
export const TYPEOF = 'typeof';

/** The tests that remain once negations and mirror images are taken away. */
export type BaseOperator = '===' | '==' | '<' | '<=' | 'instanceof' | 'in';

export interface BaseTest {
  readonly operator: BaseOperator;
  readonly left: Value;
  readonly right: Value;
  readonly isNegated: boolean;
}

/** `a !== b` is `!(a === b)` and `a > b` is `b < a`. (`a >= b` is no `!(a < b)`: NaN.) */
export function baseTest(operator: CompareOperator, left: Value, right: Value): BaseTest {
  switch (operator) {
    case '!==':
      return { operator: '===', left, right, isNegated: true };
    case '!=':
      return { operator: '==', left, right, isNegated: true };
    case '>':
      return { operator: '<', left: right, right: left, isNegated: false };
    case '>=':
      return { operator: '<=', left: right, right: left, isNegated: false };
    default:
      return { operator, left, right, isNegated: false };
  }
}

export type Verdict =
  | { readonly kind: 'decided'; readonly value: Value }
  | { readonly kind: 'unknown' }
  /** Decided once it is known whether this resource exists. */
  | { readonly kind: 'depends'; readonly on: ResourceId };

const UNKNOWN: Verdict = { kind: 'unknown' };
const decided = (isTrue: boolean): Verdict => ({ kind: 'decided', value: isTrue ? TRUE : FALSE });

export function compare(state: State, { operator, left, right }: Omit<BaseTest, 'isNegated'>): Verdict {
  if (operator === 'instanceof' && isConst(left)) return decided(false);
  if (isConst(left) && isConst(right)) return comparePrimitives(operator, left.value, right.value);
  const isEquality = operator === '===' || operator === '==';
  if (isEquality && isSame(left, right)) return decided(true);
  if (left.kind === 'resource') return compareResource(state, operator, left.id, right, false);
  if (right.kind === 'resource') return compareResource(state, operator, right.id, left, true);
  const counted = compareCount(state, operator, left, right);
  if (counted !== null) return counted;
  if (!isEquality) return UNKNOWN;
  return (
    compareIdentity(state, operator, left, right) ?? compareIdentity(state, operator, right, left) ?? UNKNOWN
  );
}

/** Of an integer only its lower bound is known. That it is 0, if that is the bound, is the same as its truth. */
function compareCount(state: State, operator: BaseOperator, left: Value, right: Value): Verdict | null {
  if (operator === 'instanceof' || operator === 'in') return null;
  const isMirrored = right.kind === 'symbol';
  const [symbol, other] = isMirrored ? [right, left] : [left, right];
  if (symbol.kind !== 'symbol' || !isConst(other) || typeof other.value !== 'number') return null;
  const { atLeast } = state.factsOf(symbol.id);
  if (atLeast === null) return null;
  const at = (count: number): boolean =>
    isMirrored ? holds(operator, other.value, count) : holds(operator, count, other.value);
  const [atBound, above, beyond] = [at(atLeast), at(atLeast + 1), at(Infinity)];
  // Monotonic or an equality: what holds at the bound, above it and in the end holds for all in between.
  const isEquality = operator === '===' || operator === '==';
  if (above !== beyond || (isEquality && other.value > atLeast)) return null;
  if (atBound === above) return decided(above);
  if (atLeast !== 0) return null;
  return { kind: 'decided', value: { kind: 'truth', of: symbol.id, isNegated: !above } };
}

function compareIdentity(state: State, operator: '===' | '==', a: Value, b: Value): Verdict | null {
  switch (a.kind) {
    case 'object':
    case 'function':
    case 'class':
    case 'lent':
      // None of these equals a primitive, save by conversion, or another such value.
      return b.kind === 'symbol' || b.kind === 'external' ? null : decided(false);
    case 'truth':
      return isConst(b) ? compareBoolean(operator, a, b.value) : null;
    case 'exists':
      if (!isConst(b)) return null;
      return a.as === 'boolean' ? compareBoolean(operator, a, b.value) : compareNative(operator, a, b.value);
    case 'outcome': {
      const holds = isConst(b) ? outcomeEquals(operator, a.is, b.value) : null;
      return holds === null ? null : decided(holds);
    }
    case 'symbol': {
      const { truthy, isBoolean, isNeverNull, isNeverUndefined } = state.factsOf(a.id);
      if (!isConst(b)) return null;
      if (isBoolean) return compareBoolean(operator, { kind: 'truth', of: a.id, isNegated: false }, b.value);
      if (isNeverNull && b.value === null && operator === '===') return decided(false);
      if (isNeverUndefined && b.value === undefined && operator === '===') return decided(false);
      if (truthy === true && !b.value) return operator === '===' ? decided(false) : whenNullish(b);
      if (truthy === false && b.value) return operator === '===' ? decided(false) : null;
      return state.isNullish(b) && isKnownNotNullish(state, a) ? decided(false) : null;
    }
    default:
      return null;
  }
}

/** `x == null` holds for no truthy value; `x == 0` may, by conversion. */
function whenNullish(b: Value): Verdict | null {
  return isConst(b) && (b.value === null || b.value === undefined) ? decided(false) : null;
}

function isKnownNotNullish(state: State, value: Value): boolean {
  return state.terms.some(
    (term) =>
      (term.operator === TYPEOF && isSame(term.left, value) && isTypeOfSome(term.result)) ||
      (term.operator === '==' &&
        isSame(term.left, value) &&
        state.isNullish(term.right) &&
        isSame(term.result, FALSE)),
  );
}

/** What `typeof` says of neither `null` nor `undefined`. */
function isTypeOfSome(type: Value): boolean {
  return isConst(type) && type.value !== 'object' && type.value !== 'undefined';
}

function compareBoolean(
  operator: '===' | '==',
  value: Extract<Value, { kind: 'truth' | 'exists' }>,
  other: Primitive,
): Verdict {
  const whenTrue = holds(operator, true, other);
  const whenFalse = holds(operator, false, other);
  if (whenTrue === whenFalse) return decided(whenTrue);
  return { kind: 'decided', value: whenTrue ? value : { ...value, isNegated: !value.isNegated } };
}

/** A BOOL or a status: equal to what it is in one of the two cases. */
function compareNative(operator: '===' | '==', value: Existence, other: Primitive): Verdict {
  const [whenLive, whenMissing] = [true, false].map((exists) => {
    const settled = settledExistence(value, exists);
    if (isConst(settled)) return holds(operator, settled.value, other);
    return settled.kind === 'outcome' ? outcomeEquals(operator, settled.is, other) : null;
  });
  if (typeof whenLive !== 'boolean' || typeof whenMissing !== 'boolean')
    return { kind: 'depends', on: value.of };
  if (whenLive === whenMissing) return decided(whenLive);
  return { kind: 'decided', value: existence(value.of, !whenLive) };
}

/** null where an error's code is compared with another. */
function outcomeEquals(operator: '===' | '==', is: Outcome, other: Primitive): boolean | null {
  switch (is) {
    case 'yes':
      return other === true || holds(operator, 1, other);
    case 'no':
      return other === false || holds(operator, 0, other);
    case 'code':
      return typeof other === 'number' && other !== 0 ? null : false;
  }
}

function compareResource(
  state: State,
  operator: BaseOperator,
  id: ResourceId,
  other: Value,
  isMirrored: boolean,
): Verdict {
  const resource = state.getResource(id);
  const whenLive = compareLive(state, operator, resource, other, isMirrored);
  if (resource.exists === 'certainly') return whenLive === null ? UNKNOWN : decided(whenLive);
  const failed = { operator, left: resource.failure, right: other };
  const whenFailed = compare(state, isMirrored ? { operator, left: other, right: resource.failure } : failed);
  if (whenLive === null || whenFailed.kind !== 'decided' || !isConst(whenFailed.value)) {
    return whenLive === null && whenFailed.kind === 'unknown' ? UNKNOWN : { kind: 'depends', on: id };
  }
  if (whenFailed.value.value === whenLive) return decided(whenLive);
  return { kind: 'decided', value: existence(id, !whenLive) };
}

/** How a live handle compares; null where it cannot be said. */
function compareLive(
  state: State,
  operator: BaseOperator,
  resource: Resource,
  other: Value,
  isMirrored: boolean,
): boolean | null {
  if (operator === '<' || operator === '<=') return compareOrder(operator, resource, other, isMirrored);
  if (operator !== '===' && operator !== '==') return null;
  switch (other.kind) {
    case 'resource':
      // Two handles from outside may be one and the same; one that is made here is like no other.
      return isFresh(resource) || isFresh(state.getResource(other.id)) ? false : null;
    case 'symbol':
      return isFresh(resource) || state.factsOf(other.id).truthy === false ? false : null;
    case 'const':
      // Where it cannot be seen how a failure shows, whatever it is compared with is a way to ask for one.
      return isFailureValue(other.value) ||
        resource.failure.kind === 'symbol' ||
        isZero(resource, other.value) ||
        isOfOtherType(resource, operator, other.value) ||
        (typeof other.value === 'number' && isBelow(resource, other.value))
        ? false
        : null;
    case 'external':
      return resource.failure.kind === 'symbol' ? false : null;
    default:
      return false;
  }
}

const isFresh = (resource: Resource): boolean => resource.isOwed && resource.typestate !== 'escaped';

/** Nothing that is handed out anew is 0: there it stands for no handle, or for one that was there before. */
const isZero = (resource: Resource, value: Primitive): boolean =>
  isFresh(resource) && (value === 0 || value === 0n);

/** The constants that APIs use to say that there is no handle. */
function isFailureValue(value: Primitive): boolean {
  return value === null || value === undefined || value === -1 || value === -1n || typeof value === 'boolean';
}

function isOfOtherType({ kind }: Resource, operator: '===' | '==', value: Primitive): boolean {
  return operator === '===' && kind !== null && kind.typeof !== null && typeof value !== kind.typeof;
}

const isBelow = (resource: Resource, value: number): boolean => value < leastOf(resource);

/** Handles that are numbers are not negative. */
const leastOf = (resource: Resource): number => (isFresh(resource) ? (resource.kind?.atLeast ?? 0) : 0);

function compareOrder(
  operator: '<' | '<=',
  resource: Resource,
  other: Value,
  isMirrored: boolean,
): boolean | null {
  if (!isConst(other) || typeof other.value !== 'number') return null;
  const bound = other.value;
  const least = leastOf(resource);
  if (isMirrored) return bound < least || (operator === '<=' && bound === least) ? true : null;
  return bound < least || (operator === '<' && bound === least) ? false : null;
}

function comparePrimitives(operator: BaseOperator, left: Primitive, right: Primitive): Verdict {
  if (operator === 'in' || operator === 'instanceof') return UNKNOWN;
  return decided(holds(operator, left, right));
}

function holds(operator: '===' | '==' | '<' | '<=', left: Primitive, right: Primitive): boolean {
  // The operands are primitives, so JavaScript's own operators give ECMA-262's answer without side effects.
  const a = left as number;
  const b = right as number;
  switch (operator) {
    case '===':
      return left === right;
    case '==':
      // eslint-disable-next-line eqeqeq -- this is what the program asked
      return left == right;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
  }
}
