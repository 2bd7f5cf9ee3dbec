/** From the data of a description to what the engine works with. */
import type { Closing } from '../ir/closing.ts';
import type {
  ApiDescription,
  CallbackArgument,
  Condition,
  Effect,
  Failure,
  KindDescription,
  OperationDescription,
  Path,
  Returns,
} from '../../apis/schema.ts';
import type { Primitive } from '../ir/ir.ts';

export interface HandleKind {
  /** Unique among all APIs. */
  readonly id: string;
  readonly label: string;
  readonly closers: ReadonlySet<string>;
  /** How to close one with nothing else at hand, the usual way first. */
  readonly closings: readonly Closing[];
  readonly disposal: 'sync' | 'async' | null;
  readonly isHarmlessTwice: boolean;
  readonly mayBeDropped: boolean;
  /** The name of the type of its values. */
  readonly type: string;
  /** What `typeof` says of its values; null where that is not known. */
  readonly typeof: 'number' | 'bigint' | 'object' | null;
  /** The least number that a new one is; null where it may be no number. */
  readonly atLeast: number | null;
}

export type Kinds = ReadonlyMap<string, HandleKind>;

/** A path, taken apart: `arg3[0]` is the field `0` of argument 3. */
export interface Place {
  readonly root: 'this' | 'result' | number;
  readonly fields: readonly string[];
}

/** The last argument, where a callback usually stands. */
const LAST_ARGUMENT = -1;

export type KnownCondition =
  | Exclude<Condition, { readonly isKind: string } | { readonly isNotKind: string } | { readonly at: Path }>
  | { readonly at: Place; readonly equals: Primitive }
  | { readonly arg: number; readonly kind: HandleKind; readonly isNot: boolean };

/** An effect that happens only where its condition holds; null for always. */
interface Conditional {
  readonly when: KnownCondition | null;
}

export type OperationEffect =
  | { readonly do: 'use'; readonly on: Place; readonly isUntilSettled: boolean }
  | ({
      readonly do: 'close';
      readonly on: Place;
      /** What closes it; null for the operation itself. */
      readonly by: string | null;
    } & Conditional)
  | ({ readonly do: 'keep'; readonly on: Place } & Conditional)
  | ({ readonly do: 'take'; readonly on: Place; readonly leavesOpen: boolean } & Conditional)
  | MakingEffect
  | {
      readonly do: 'call';
      readonly on: Place;
      readonly isLater: boolean;
      readonly with: readonly CallbackValue[];
      readonly givesResult: boolean;
    }
  | ({ readonly do: 'set'; readonly to: Place; readonly value: Primitive } & Conditional)
  | { readonly do: 'throw' }
  | { readonly do: 'throwIf'; readonly on: Place }
  /** The function under way must close it, or must not: what a tag says. */
  | { readonly do: 'own' | 'borrow'; readonly on: Place }
  | { readonly do: 'either'; readonly ways: readonly (readonly OperationEffect[])[] };

/** An effect that fills a place. */
export type MakingEffect =
  | ({
      readonly do: 'acquire';
      readonly to: Place;
      /** null where no description says of which kind it is. */
      readonly kind: HandleKind | null;
      readonly failure: Failure;
    } & Conditional)
  | ({
      readonly do: 'duplicate';
      readonly of: Place;
      readonly to: Place;
      /** Where it is not known what is duplicated. */
      readonly kind: HandleKind | null;
      readonly failure: Failure;
      readonly ownedWhen: KnownCondition | null;
    } & Conditional)
  | ({
      readonly do: 'lend';
      readonly to: Place;
      readonly kind: HandleKind | null;
      /** Closing it is an error. */
      readonly isBorrowed: boolean;
    } & Conditional)
  | ({ readonly do: 'pass'; readonly of: Place; readonly to: Place } & Conditional);

export type CallbackValue =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'error' }
  | { readonly kind: 'acquire'; readonly handle: HandleKind }
  | { readonly kind: 'lend'; readonly handle: HandleKind }
  | { readonly kind: 'pass'; readonly place: Place };

export interface Operation {
  /** The last part of its name: what a kind's list of closers holds. */
  readonly name: string;
  readonly effects: readonly OperationEffect[];
  readonly returns: OperationResult | null;
  readonly isAsync: boolean;
  readonly canThrow: boolean;
}

type Placed =
  { readonly native: Path | readonly Path[] } | { readonly exists: Path } | { readonly missing: Path };

export type OperationResult =
  | Exclude<Returns, Placed>
  | { readonly native: readonly Place[] }
  /** Whether there is a handle at this place, or there is none. */
  | { readonly presence: Place; readonly isNegated: boolean };

/** The described type of what a call gives; null where it gives none. */
export function typeOfResult({ returns }: Operation): string | null {
  return typeof returns === 'object' && returns !== null && 'type' in returns ? returns.type : null;
}

export function decodeKind(
  api: string,
  name: string,
  kind: KindDescription,
  all: ApiDescription,
): HandleKind {
  const methods = all.types?.[kind.type ?? name]?.methods;
  return {
    id: `${api}/${name}`,
    label: kind.label,
    closers: new Set(kind.closers),
    closings: kind.closers.flatMap((closer) => closingsOf(closer, all.functions ?? {}, methods ?? {})),
    disposal: disposalOf(new Set(kind.closers)),
    isHarmlessTwice: kind.closeTwice === 'harmless',
    mayBeDropped: kind.mayBeDropped ?? false,
    type: kind.type ?? name,
    typeof: kind.typeof ?? (methods === undefined ? null : 'object'),
    atLeast: kind.atLeast ?? null,
  };
}

type Operations = Readonly<Record<string, OperationDescription>>;

/** Only what closes the handle that is its one argument, or its receiver, whatever else holds. */
function closingsOf(name: string, functions: Operations, methods: Operations): Closing[] {
  const closes = (operation: OperationDescription | undefined, on: Path): operation is OperationDescription =>
    operation?.effects.every((effect) => effect.do !== 'call') === true &&
    operation.effects.some(
      (effect) => effect.do === 'close' && effect.on === on && effect.when === undefined,
    );
  const [method, fn] = [methods[name], functions[name]];
  if (closes(method, 'this')) return [{ kind: 'method', name, isAsync: method.isAsync ?? false }];
  return closes(fn, 'arg0') ? [{ kind: 'function', name, isAsync: fn.isAsync ?? false }] : [];
}

export function disposalOf(closers: ReadonlySet<string>): HandleKind['disposal'] {
  if (closers.has('@@dispose')) return 'sync';
  return closers.has('@@asyncDispose') ? 'async' : null;
}

export function decodeOperation(name: string, description: OperationDescription, kinds: Kinds): Operation {
  return {
    name: name.slice(name.lastIndexOf('.') + 1),
    effects: description.effects.map((effect) => decodeEffect(effect, kinds)),
    returns: decodeReturns(description.returns ?? null),
    isAsync: description.isAsync ?? false,
    canThrow: description.throws !== 'never',
  };
}

function decodeReturns(returns: Returns | null): OperationResult | null {
  if (typeof returns !== 'object' || returns === null) return returns;
  if ('native' in returns) return { native: [returns.native].flat().map(parsePath) };
  if ('exists' in returns) return { presence: parsePath(returns.exists), isNegated: false };
  if ('missing' in returns) return { presence: parsePath(returns.missing), isNegated: true };
  return returns;
}

function decodeEffect(effect: Effect, kinds: Kinds): OperationEffect {
  switch (effect.do) {
    case 'use':
      return { do: 'use', on: parsePath(effect.on), isUntilSettled: effect.until === 'settled' };
    case 'throw':
      return effect;
    case 'throwIf':
      return { do: 'throwIf', on: parsePath(effect.on) };
    case 'close':
      return {
        do: 'close',
        on: parsePath(effect.on),
        by: effect.by ?? null,
        when: decodeCondition(effect.when, kinds),
      };
    case 'take':
      return {
        do: 'take',
        on: parsePath(effect.on),
        leavesOpen: effect.leaves === 'open',
        when: decodeCondition(effect.when, kinds),
      };
    case 'keep':
      return { do: effect.do, on: parsePath(effect.on), when: decodeCondition(effect.when, kinds) };
    case 'acquire':
      return {
        do: 'acquire',
        to: parsePath(effect.to),
        kind: kindNamed(effect.kind, kinds),
        failure: effect.failure ?? 'throws',
        when: decodeCondition(effect.when, kinds),
      };
    case 'duplicate':
      return {
        do: 'duplicate',
        of: parsePath(effect.of),
        to: parsePath(effect.to),
        kind: effect.kind === undefined ? null : kindNamed(effect.kind, kinds),
        failure: effect.failure ?? 'throws',
        when: decodeCondition(effect.when, kinds),
        ownedWhen: decodeCondition(effect.ownedWhen, kinds),
      };
    case 'lend':
      return {
        do: 'lend',
        to: parsePath(effect.to),
        kind: kindNamed(effect.kind, kinds),
        isBorrowed: effect.close === 'error',
        when: decodeCondition(effect.when, kinds),
      };
    case 'pass':
      return {
        do: 'pass',
        of: parsePath(effect.of),
        to: parsePath(effect.to),
        when: decodeCondition(effect.when, kinds),
      };
    case 'set':
      return {
        do: 'set',
        to: parsePath(effect.to),
        value: effect.value,
        when: decodeCondition(effect.when, kinds),
      };
    case 'call':
      return {
        do: 'call',
        on: effect.on === undefined ? { root: LAST_ARGUMENT, fields: [] } : parsePath(effect.on),
        isLater: effect.later ?? false,
        with: effect.with.map((value) => decodeCallbackArgument(value, kinds)),
        givesResult: effect.givesResult ?? false,
      };
    case 'either':
      return { do: 'either', ways: effect.ways.map((way) => way.map((each) => decodeEffect(each, kinds))) };
  }
}

function decodeCondition(condition: Condition | undefined, kinds: Kinds): KnownCondition | null {
  if (condition === undefined) return null;
  if ('at' in condition) return { at: parsePath(condition.at), equals: condition.equals };
  const { arg } = condition;
  if ('isKind' in condition) return { arg, kind: kindNamed(condition.isKind, kinds), isNot: false };
  if ('isNotKind' in condition) return { arg, kind: kindNamed(condition.isNotKind, kinds), isNot: true };
  return condition;
}

function decodeCallbackArgument(value: CallbackArgument, kinds: Kinds): CallbackValue {
  if (typeof value === 'string') return { kind: value };
  if ('acquire' in value) return { kind: 'acquire', handle: kindNamed(value.acquire, kinds) };
  if ('lend' in value) return { kind: 'lend', handle: kindNamed(value.lend, kinds) };
  return { kind: 'pass', place: parsePath(value.pass) };
}

export function kindNamed(name: string, kinds: Kinds): HandleKind {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`No kind '${name}' is described`);
  return kind;
}

/** Stands for each element of a list. */
export const EACH = '*';

const NAME = String.raw`#?[A-Za-z_$][\w$]*`;
const PATH = new RegExp(String.raw`^(?:arg(\d+)|this|result)((?:\.${NAME}|\[(?:\d+|\*)\])*)$`);
const FIELD = new RegExp(`^${NAME}$`);

/** Whether a path can name a field that is called so. */
export const isFieldName = (name: string): boolean => FIELD.test(name);

/** Throws where the text is no path. */
export function parsePath(path: Path): Place {
  const match = PATH.exec(path);
  if (match === null) throw new Error(`'${path}' is no path`);
  const fields = [...(match[2] ?? '').matchAll(/\.(#?[\w$]+)|\[(\d+|\*)\]/g)].map(
    ([, name, index]) => name ?? index ?? '',
  );
  if (match[1] !== undefined) return { root: Number(match[1]), fields };
  return { root: path.startsWith('this') ? 'this' : 'result', fields };
}
