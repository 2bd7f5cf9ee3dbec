/** Tests and arithmetic on values, folded as far as they are known. */
import type { ArithmeticOperator, Compare, Primitive, Typeof } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { baseTest, compare, TYPEOF } from './compare.ts';
import type { BaseTest } from './compare.ts';
import { escape, letGoOfOutcome } from './events.ts';
import { noteComparison } from './idle-tests.ts';
import { testMembership } from './membership.ts';
import { externalTruth, IS_ARRAY, splitExistence, toBoolean } from './refine.ts';
import { FUNCTION_TYPE } from './state.ts';
import type { State } from './state.ts';
import { constant, FALSE, isConst, TRUE, UNDEFINED } from './value.ts';
import type { SymbolId, Value } from './value.ts';

/** `isWhole`: not split yet by what the test depends on. */
export function compareTemps(activation: Activation, state: State, instr: Compare, isWhole = true): State[] {
  const left = activation.read(state, instr.left);
  const right = activation.read(state, instr.right);
  const test = baseTest(instr.operator, left, right);
  const isMember = testMembership(activation, state, test);
  if (isMember !== null) {
    state.temps.set(instr.dst, isMember);
    return [state];
  }
  const verdict = compare(state, test);
  if (isWhole) noteComparison(activation, state, instr, test, verdict);
  if (verdict.kind === 'depends') {
    return splitExistence(state, verdict.on).flatMap((each) => compareTemps(activation, each, instr, false));
  }
  if (verdict.kind === 'unknown') letGoOfTested(activation, state, left, right);
  const value = verdict.kind === 'decided' ? verdict.value : rememberTest(activation, state, test);
  state.temps.set(instr.dst, test.isNegated ? toBoolean(state, value, true) : value);
  return [state];
}

/** A handle that is tested for what is not known of handles (`fd > 2`): where that leads is not followed. */
function letGoOfTested(activation: Activation, state: State, left: Value, right: Value): void {
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (value.kind === 'resource' && (isConst(other) || other.kind === 'external'))
      escape(activation, state, value);
    letGoOfOutcome(activation, state, value);
  }
}

/** The outcome of a test: decided, or remembered. */
export function testOf(activation: Activation, state: State, test: BaseTest): Value {
  const verdict = compare(state, test);
  return verdict.kind === 'decided' ? verdict.value : rememberTest(activation, state, test);
}

/** The same test of the same values has the same outcome, as long as they are immutable. */
function rememberTest(activation: Activation, state: State, test: BaseTest): Value {
  const { operator, left, right } = test;
  const known = state.findTerm(operator, left, right) ?? state.findTerm(operator, right, left);
  const isSymmetric = operator === '===' || operator === '==';
  if (known !== null && (isSymmetric || state.findTerm(operator, left, right) !== null)) return known;
  const result = activation.unknownBoolean(state);
  const isMerged = [left, right].some((side) => side.kind === 'symbol' && state.factsOf(side.id).isMerged);
  if (isMerged && result.kind === 'symbol') state.learn(result.id, { isMerged });
  if (operator !== 'in') {
    state.terms = [...state.terms, { operator, left, right, result }];
  }
  return result;
}

export function negate(activation: Activation, state: State, value: Value): Value {
  const asked =
    value.kind === 'external' ? externalTruth(state, value, () => activation.engine.fresh.symbol()) : value;
  return toBoolean(state, asked, true);
}

/** What `typeof` says; where a handle may be missing that is a question of its own. */
export function typeofTemp(activation: Activation, state: State, instr: Typeof): State[] {
  const value = activation.read(state, instr.src);
  if (value.kind === 'resource') {
    const { exists, kind, failure } = state.getResource(value.id);
    // Asked before it turned out to be a handle.
    const asked = failure.kind === 'symbol' ? state.findTerm(TYPEOF, failure, UNDEFINED) : null;
    if (asked !== null) {
      state.temps.set(instr.dst, asked);
      return [state];
    }
    const live = kind?.typeof ?? null;
    const isTold = exists === 'certainly' || (isConst(failure) && typeof failure.value === live);
    if (!isTold)
      return splitExistence(state, value.id).flatMap((each) => typeofTemp(activation, each, instr));
    // How other APIs represent their handles is not known, so neither is where a test of it leads.
    if (live === null) escape(activation, state, value);
    const type = live === null ? remember(state, TYPEOF, value, () => activation.unknown()) : constant(live);
    state.temps.set(instr.dst, type);
    return [state];
  }
  state.temps.set(instr.dst, typeOf(activation, state, value));
  return [state];
}

function typeOf(activation: Activation, state: State, value: Exclude<Value, { kind: 'resource' }>): Value {
  switch (value.kind) {
    case 'const':
      return constant(typeof value.value);
    case 'object': {
      const { kind } = state.getObject(value.id).shape;
      return constant(kind === 'resolve' || kind === 'reject' ? 'function' : 'object');
    }
    case 'function':
    case 'class':
      return constant('function');
    case 'truth':
      return constant('boolean');
    case 'exists':
      return value.as === 'boolean' ? constant('boolean') : activation.unknown();
    case 'symbol':
      if (state.factsOf(value.id).type === FUNCTION_TYPE) return constant('function');
      return remember(state, TYPEOF, value, () => activation.unknown());
    case 'outcome':
    case 'external':
    case 'lent':
      return activation.unknown();
  }
}

/** What `Array.isArray` says. */
export function isArray(activation: Activation, state: State, value: Value): Value {
  switch (value.kind) {
    case 'object':
      return state.getObject(value.id).shape.kind === 'array' ? TRUE : FALSE;
    case 'symbol':
      return remember(state, IS_ARRAY, value, () => activation.unknownBoolean(state));
    case 'external':
      return activation.unknownBoolean(state);
    default:
      return FALSE;
  }
}

/** What is asked of one and the same value has one answer. */
function remember(
  state: State,
  operator: string,
  value: Extract<Value, { kind: 'symbol' | 'resource' }>,
  make: () => Value,
): Value {
  const known = state.findTerm(operator, value, UNDEFINED);
  if (known !== null) return known;
  const result = make();
  const isMerged = value.kind === 'symbol' && state.factsOf(value.id).isMerged;
  if (isMerged && result.kind === 'symbol') state.learn(result.id, { isMerged });
  state.terms = [...state.terms, { operator, left: value, right: UNDEFINED, result }];
  return result;
}

export function compute(
  activation: Activation,
  state: State,
  operator: ArithmeticOperator,
  left: Value,
  right: Value,
): Value {
  if (isConst(left) && isConst(right)) {
    const value = fold(operator, left.value, right.value);
    if (value !== null) return constant(value);
  }
  for (const side of [left, right]) letGoOfOutcome(activation, state, side);
  const result = activation.unknown();
  if (result.kind === 'symbol') learnBound(state, result.id, operator, left, right);
  const isMerged = [left, right].some((side) => side.kind === 'symbol' && state.factsOf(side.id).isMerged);
  if (isMerged && result.kind === 'symbol') state.learn(result.id, { isMerged });
  return result;
}

/** A few more or less than a count is a count, as long as it is not negative. */
function learnBound(
  state: State,
  id: SymbolId,
  operator: ArithmeticOperator,
  left: Value,
  right: Value,
): void {
  if (left.kind !== 'symbol' || !isConst(right) || !Number.isInteger(right.value)) return;
  const { atLeast } = state.factsOf(left.id);
  if (atLeast === null || (operator !== '+' && operator !== '-')) return;
  const bound = atLeast + Number(right.value) * (operator === '+' ? 1 : -1);
  if (bound >= 0) state.learn(id, { atLeast: bound });
}

function fold(operator: ArithmeticOperator, a: Primitive, b: Primitive): Primitive {
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) {
    return typeof a === 'symbol' || typeof b === 'symbol' ? null : `${String(a)}${String(b)}`;
  }
  if (typeof a !== 'number') return null;
  if (operator === 'neg') return -a;
  if (operator === '~') return ~a;
  return typeof b === 'number' ? foldNumbers(operator, a, b) : null;
}

function foldNumbers(operator: Exclude<ArithmeticOperator, 'neg' | '~'>, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '>>>':
      return a >>> b;
  }
}
