/**
 * What a body is run on to find out what it does: for each place that its caller can reach a *probe*, a handle of
 * which it can be seen afterwards what became of it, or a boolean of which it can be seen which way it was.
 */
import { defined } from '../defined.ts';
import { isBooleanParameter, typeOfParameter } from '../effects/annotations.ts';
import type { HandleKind } from '../effects/decode.ts';
import type { FunctionIr, Instr, LocalId, Program, Temp } from '../ir/ir.ts';
import { instrsOf, readsOf } from '../ir/operands.ts';
import type { Activation } from '../solve/activation.ts';
import type { State } from '../solve/state.ts';
import type { Value } from '../solve/value.ts';

/** A place that a caller can reach, and what stands there when the body begins. */
export interface Input {
  readonly path: string;
  readonly value: Value;
  /** Whether what becomes of it cannot be followed: it gets out of sight for sure. */
  readonly isOpaque: boolean;
  /** Whether which way the body goes may depend on it without a trace. */
  readonly isComputedWith: boolean;
}

/** An input for each parameter. Null where the body takes arguments in a way that has no places. */
export function probeParameters(activation: Activation, state: State, fn: FunctionIr): Input[] | null {
  if (fn.rest !== null) return null;
  return fn.params.map((param, index): Input => {
    const node = fn.paramNodes[index];
    const type = activation.engine.types.of(typeOfParameter(node));
    const kind = type === null ? null : activation.engine.apis.kindOfType(type);
    const path = `arg${index}`;
    const usage = usageOf(activation.engine.program, new Map([[fn, [param]]]));
    const isComputedWith = usage.asObject || usage.inArithmetic;
    const give = (value: Value, isOpaque = false): Input => ({ path, value, isOpaque, isComputedWith });
    if (isBooleanParameter(node)) return give(activation.unknownBoolean(state));
    if (kind !== null) return give(probe(activation, state, kind));
    if (isText(node)) return give(activation.unknown());
    const isDescribed = type !== null && activation.engine.apis.hasType(type);
    if (isDescribed) return give(activation.unknownOfType(state, type), true);
    return usage.asObject ? give(activation.unknown(), true) : give(probe(activation, state, null));
  });
}

/** Puts the inputs of the parameters, which come first, where the body finds them. */
export function bindParameters(state: State, { params }: FunctionIr, inputs: readonly Input[]): void {
  for (const [index, param] of params.entries()) state.temps.set(param, defined(inputs[index]).value);
}

/** A handle that may be there. */
export function probe(activation: Activation, state: State, kind: HandleKind | null): Value {
  const id = activation.engine.fresh.resource();
  // Owed, so that the success of a call with it is known to be that it exists.
  state.resources.set(id, { ...activation.borrowed(activation.unknown(), kind), isOwed: true });
  return { kind: 'resource', id };
}

function isText(node: FunctionIr['paramNodes'][number] | undefined): boolean {
  const type = typeOfParameter(node)?.type;
  return type === 'TSStringKeyword' || type === 'TSBigIntKeyword';
}

/** What a body does with a value besides to hand it on and to compare it. */
interface Usage {
  /** Looks into it, or calls it: it is nothing that is a handle and no more. */
  readonly asObject: boolean;
  /** Computes with it. */
  readonly inArithmetic: boolean;
}

/** By all temporaries and variables that a value may be found in. */
export function usageOf(program: Program, seeds: ReadonlyMap<FunctionIr, readonly Temp[]>): Usage {
  const locals = new Set<LocalId>();
  const temps = new Map([...seeds].map(([fn, held]) => [fn, new Set(held)]));
  for (let size = -1; size !== sizeOf(temps, locals);) {
    size = sizeOf(temps, locals);
    // Only by variables does a value get from one function into another.
    for (const fn of locals.size === 0 ? seeds.keys() : program.functions) {
      const holding = temps.get(fn) ?? new Set();
      for (const instr of instrsOf(fn.body)) {
        if (instr.kind === 'copy' && holding.has(instr.src)) holding.add(instr.dst);
        else if (instr.kind === 'store' && holding.has(instr.src)) locals.add(instr.local);
        else if (instr.kind === 'load' && locals.has(instr.local)) holding.add(instr.dst);
      }
      if (holding.size > 0) temps.set(fn, holding);
    }
  }
  const some = (is: (instr: Instr, holding: ReadonlySet<Temp>) => boolean): boolean =>
    [...temps].some(([fn, holding]) => instrsOf(fn.body).some((instr) => is(instr, holding)));
  return {
    asObject: some(isLookedInto),
    inArithmetic: some(
      (instr, holding) =>
        (instr.kind === 'arithmetic' || instr.kind === 'typeof') &&
        readsOf(instr).some((temp) => holding.has(temp)),
    ),
  };
}

function isLookedInto(instr: Instr, holding: ReadonlySet<Temp>): boolean {
  switch (instr.kind) {
    case 'getField':
    case 'setField':
      return holding.has(instr.object);
    case 'iterate':
    case 'rest':
      return holding.has(instr.src);
    case 'new':
      return holding.has(instr.callee);
    case 'object':
      return instr.spreads.some((spread) => holding.has(spread));
    case 'call':
      return (
        (instr.callee.kind === 'value' && holding.has(instr.callee.temp)) ||
        (instr.callee.kind === 'method' && holding.has(instr.callee.receiver)) ||
        instr.args.some(({ temp, isSpread }) => isSpread && holding.has(temp))
      );
    default:
      return false;
  }
}

function sizeOf(temps: ReadonlyMap<FunctionIr, ReadonlySet<Temp>>, locals: ReadonlySet<LocalId>): number {
  return [...temps.values()].reduce((sum, { size }) => sum + size, locals.size);
}
