/**
 * Tests of handles that tell nothing, since they come out the same whatever became of the handle:
 *
 *     const copy = duplicate(h);    if (h === copy)     two handles are never equal, whatever is behind them
 *     const h = open('a');          if (h === null)     where a failed `open` gives -1
 *     const h = open('a');          if (!h)             and -1 counts as true
 *
 * What is said of a test has to hold on each path to it. Only constants are looked at: a variable that is
 * assigned again may hold its old value where an exception came before, which is a path that need not count.
 */
import type { FindingKind } from '../finding.ts';
import type { Compare, If } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import type { BaseTest, Verdict } from './compare.ts';
import type { State } from './state.ts';
import { isConst } from './value.ts';
import type { ResourceId, Value } from './value.ts';

type IdleTest = Extract<FindingKind, 'handleComparison' | 'deadFailureTest'>;

export function noteComparison(
  activation: Activation,
  state: State,
  instr: Compare,
  test: BaseTest,
  verdict: Verdict,
): void {
  if (!activation.isMember) return;
  const { engine, fn } = activation;
  const operands = [instr.left, instr.right];
  // Where one of two handles does not exist, they are different for another reason: that speaks for nothing.
  const areValues = operands.every((temp) => engine.statics.ofTemp(fn, temp) === null);
  if (areValues && isFalse(verdict) && (isConst(test.left) || isConst(test.right))) return;
  const areFixed = operands.every((temp) => engine.statics.isFixed(fn, temp));
  const kind = areFixed ? kindOf(state, test, verdict) : null;
  // An element may be missing, whatever is known of it.
  const isAsked = kind === 'deadFailureTest' && operands.some((temp) => engine.statics.isElement(fn, temp));
  note(activation, state, instr, subjectOf(state, test), isAsked ? null : kind);
}

/** The operand that is spoken of: of a handle and its duplicate the latter. */
function subjectOf(state: State, { left, right }: BaseTest): Value {
  if (left.kind !== 'resource') return right;
  return right.kind === 'resource' && state.getResource(right.id).isDuplicate ? right : left;
}

/** A handle in the place of a condition. */
export function noteCondition(activation: Activation, state: State, node: If, value: Value): void {
  const failure = value.kind === 'resource' ? state.getResource(value.id).failure : value;
  const isIdle = isConst(failure) && Boolean(failure.value);
  const { fn, engine } = activation;
  const isFixed = engine.statics.isFixed(fn, node.test) && !engine.statics.isElement(fn, node.test);
  note(activation, state, node, value, isIdle && isFixed ? 'deadFailureTest' : null);
}

function note(
  activation: Activation,
  state: State,
  test: Compare | If,
  handle: Value,
  kind: IdleTest | null,
): void {
  if (handle.kind !== 'resource' || kind === null || state.isDoubtful)
    return activation.recorder.addTest(test, null);
  const { isSilenced, isDuplicate, history, failure, kind: handleKind } = state.getResource(handle.id);
  const site = activation.engine.sites.at(test.node);
  const told = { kind, site, handleKind, isDuplicate, history, input: null, trace: null };
  const finding = isConst(failure) ? { ...told, failure: failure.value } : told;
  // Of a handle of another group only its existence is known.
  activation.recorder.addTest(test, isSilenced ? null : finding);
}

function kindOf(state: State, { operator, left, right }: BaseTest, verdict: Verdict): IdleTest | null {
  if (operator !== '===' && operator !== '==') return null;
  if (left.kind === 'resource' && right.kind === 'resource')
    return areDuplicates(state, left.id, right.id) ? 'handleComparison' : null;
  if (!isFalse(verdict)) return null;
  const [handle, other] = left.kind === 'resource' ? [left, right] : [right, left];
  if (handle.kind !== 'resource' || !isConst(other)) return null;
  const { exists, failure } = state.getResource(handle.id);
  // Where a failure is an exception, a test may stand there for a value that came another way.
  return isConst(failure) && exists === 'maybe' ? 'deadFailureTest' : null;
}

const isFalse = (verdict: Verdict): boolean =>
  verdict.kind === 'decided' && isConst(verdict.value) && verdict.value.value === false;

function areDuplicates(state: State, a: ResourceId, b: ResourceId): boolean {
  const [one, two] = [state.getResource(a).source, state.getResource(b).source];
  return a !== b && (one === b || two === a || (one !== null && one === two));
}
