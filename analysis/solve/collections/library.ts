/** Functions and constructors of ECMA-262 that make collections, or look into objects as if they were some. */
import { callGiven } from '../built-in-calls.ts';
import type { Call, ExternalRef, New } from '../../ir/ir.ts';
import type { Activation } from '../activation.ts';
import type { Returned } from '../calls.ts';
import { MAX_ELEMENTS, MAX_FOLLOWED } from '../bounds.ts';
import { isArray } from '../evaluate.ts';
import { escape } from '../events.ts';
import { settleTerms, substitute } from '../refine.ts';
import type { HeapObject, State } from '../state.ts';
import { constant, isConst, UNDEFINED } from '../value.ts';
import type { Value } from '../value.ts';
import { one } from './call.ts';
import { append, asElement, newCollection, valuesOf } from './contents.ts';
import { drain } from './iterate.ts';
import { fill } from './keyed.ts';

/** A call of one of these functions. The arguments hold as long as no other call is made. */
export interface LibraryCall {
  readonly activation: Activation;
  readonly instr: Call | New;
  readonly args: readonly Value[];
}

/** null where it cannot be told what the call gives. */
type Attempt = (call: LibraryCall, state: State) => Returned[] | null;

function arrayOf(
  { activation, instr }: LibraryCall,
  state: State,
  values: readonly Value[],
  isOpen = false,
): Value {
  return newCollection(activation, state, instr.node, 'array', values.map(asElement), isOpen);
}

/** An object of which all fields are known, and no accessors hidden behind them. */
function plainObject(state: State, value: Value | undefined): HeapObject | null {
  const object = value?.kind === 'object' ? state.getObject(value.id) : null;
  return object?.shape.kind === 'plain' ? object : null;
}

/** What `Object.values` and its like list. */
function listing(list: (call: LibraryCall, state: State, name: string, value: Value) => Value): Attempt {
  return (call, state) => {
    const [target] = call.args;
    const isArray = target?.kind === 'object' && state.getObject(target.id).shape.kind === 'array';
    const object = isArray ? state.getObject(target.id) : plainObject(state, target);
    if (object === null) return null;
    const fields: (readonly [string, Value])[] = isArray
      ? valuesOf(object).map((value, index) => [String(index), value])
      : [...object.fields];
    const listed = fields.map(([name, value]) => list(call, state, name, value));
    return one(state, arrayOf(call, state, listed, object.isOpen));
  };
}

const pair = (call: LibraryCall, state: State, name: string, value: Value): Value =>
  arrayOf(call, state, [constant(name), value]);

const same: Attempt = ({ args }, state) => one(state, args[0] ?? UNDEFINED);

/** Copies the fields of all others to the first. */
const assign: Attempt = ({ args }, state) => {
  const [target, ...sources] = args;
  if (target?.kind !== 'object' || plainObject(state, target) === null) return null;
  const objects = sources.map((source) => plainObject(state, source));
  if (objects.some((object) => object === null || object.isOpen)) return null;
  if (state.getObject(target.id).isEscaped) return null;
  for (const object of objects) {
    for (const [name, value] of object?.fields ?? []) state.setField(target.id, name, value);
  }
  return one(state, target);
};

const fromEntries: Attempt = ({ activation, instr, args }, state) => {
  const { values, isOpen } = drain(activation, state, instr.node, args[0] ?? UNDEFINED);
  const fields = new Map<string, Value>();
  let isWhole = !isOpen;
  for (const entry of values) {
    const [key, value] = entry.kind === 'object' ? valuesOf(state.getObject(entry.id)) : [];
    if (key !== undefined && value !== undefined && isConst(key)) fields.set(String(key.value), value);
    else {
      escape(activation, state, entry);
      isWhole = false;
    }
  }
  return one(state, activation.newObject(state, instr.node, { kind: 'plain' }, fields, !isWhole));
};

/** `Array.from(iterable, map?)`, and `Array.from({ length }, map)`. */
const from: Attempt = (call, state) => {
  const [source, callback] = call.args;
  const length = source?.kind === 'object' ? plainObject(state, source)?.fields.get('length') : undefined;
  if (length !== undefined) return makeMany(call, state, length, callback);
  const { values, isOpen } = drain(call.activation, state, call.instr.node, source ?? UNDEFINED);
  if (callback !== undefined) return mapped(call, state, values, isOpen, callback);
  return one(state, arrayOf(call, state, values, isOpen));
};

/**
 * As many as a length says; those above the bound on elements are not listed anyway. Of a length that is not
 * known the first few are tried.
 */
function makeMany(call: LibraryCall, state: State, length: Value, callback: Value | undefined): Returned[] {
  const make = (each: State, count: number): Returned[] => {
    const holes = Array.from({ length: count }, () => UNDEFINED);
    return callback === undefined
      ? one(each, arrayOf(call, each, holes))
      : mapped(call, each, holes, false, callback);
  };
  if (isConst(length)) return make(state, Math.min(Number(length.value) || 0, MAX_ELEMENTS + 1));
  return Array.from({ length: MAX_FOLLOWED }, (_, count) => count).flatMap((count) => {
    const each = state.fork();
    const isPossible =
      length.kind !== 'symbol' || (substitute(each, length.id, constant(count)) && settleTerms(each));
    return isPossible ? make(each, count) : [];
  });
}

/** The results stand in an array in a temporary while the callback is called for each value. */
function mapped(
  call: LibraryCall,
  state: State,
  values: readonly Value[],
  isOpen: boolean,
  callback: Value,
): Returned[] {
  const { activation, instr } = call;
  return activation.withTemps(2, ([made, given]) => {
    if (made === undefined || given === undefined) return [];
    state.temps.set(made, arrayOf(call, state, []));
    state.temps.set(given, arrayOf(call, state, values, isOpen));
    let live = [state];
    for (let index = 0; index < values.length; index++) {
      live = live.flatMap((each) => {
        activation.engine.countStep();
        const source = activation.read(each, given);
        const value = source.kind === 'object' ? valuesOf(each.getObject(source.id))[index] : undefined;
        const args = [value ?? UNDEFINED, constant(index)];
        return callGiven(activation, each, instr, callback, args).map((returned) => {
          const array = activation.read(returned.state, made);
          if (array.kind === 'object')
            append(activation, returned.state, array.id, asElement(returned.result));
          return returned.state;
        });
      });
    }
    return live.map((each) => {
      const result = activation.read(each, made);
      each.temps.delete(made);
      each.temps.delete(given);
      return { state: each, result };
    });
  });
}

const FUNCTIONS: ReadonlyMap<string, Attempt> = new Map<string, Attempt>([
  ['Array', constructArray],
  ['Array.from', from],
  ['Array.of', (call, state) => one(state, arrayOf(call, state, call.args))],
  [
    'Array.isArray',
    ({ activation, args }, state) => one(state, isArray(activation, state, args[0] ?? UNDEFINED)),
  ],
  ['Object.values', listing((_call, _state, _name, value) => value)],
  ['Object.keys', listing((_call, _state, name) => constant(name))],
  ['Object.entries', listing(pair)],
  ['Object.assign', assign],
  ['Object.fromEntries', fromEntries],
  ['Object.freeze', same],
  ['Object.seal', same],
  ['Object.preventExtensions', same],
]);

const keyed =
  (kind: 'map' | 'set'): Attempt =>
  ({ activation, instr, args }, state) => {
    const [source] = args;
    const isEmpty = source === undefined || (isConst(source) && (source.value ?? null) === null);
    const given = isEmpty ? { values: [], isOpen: false } : drain(activation, state, instr.node, source);
    const made = newCollection(
      activation,
      state,
      instr.node,
      kind,
      [],
      given.isOpen && given.values.length === 0,
    );
    if (made.kind === 'object') {
      fill(activation, state, made.id, given.values);
      if (given.isOpen) state.objects.set(made.id, { ...state.getObject(made.id), isOpen: true });
    }
    return one(state, made);
  };

const CONSTRUCTORS: ReadonlyMap<string, Attempt> = new Map<string, Attempt>([
  ['Array', constructArray],
  ['Map', keyed('map')],
  ['Set', keyed('set')],
  ['DisposableStack', newStack],
  ['AsyncDisposableStack', newStack],
]);

/** `new Array(n)` has n holes, any other use lists its elements (23.1.1.1). */
function constructArray(call: LibraryCall, state: State): Returned[] {
  const [length] = call.args;
  const isLength = call.args.length === 1 && length !== undefined && !isNoNumber(length);
  return isLength ? makeMany(call, state, length, undefined) : one(state, arrayOf(call, state, call.args));
}

const isNoNumber = (value: Value): boolean =>
  value.kind === 'resource' || value.kind === 'object' || (isConst(value) && typeof value.value !== 'number');

function newStack({ activation, instr }: LibraryCall, state: State): Returned[] {
  return one(state, newCollection(activation, state, instr.node, 'stack', []));
}

/** What a function of the language does; null where it is none of these, or it cannot be told. */
export function callLibrary(call: LibraryCall, state: State, ref: ExternalRef): Returned[] | null {
  if (ref.module !== null) return null;
  const name = ref.path.join('.');
  return (call.instr.kind === 'new' ? CONSTRUCTORS : FUNCTIONS).get(name)?.(call, state) ?? null;
}
