/** What one way through a body did to what its caller can reach. */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFieldName } from '../effects/decode.ts';
import type { Primitive } from '../ir/ir.ts';
import type { Engine } from '../solve/engine.ts';
import type { Exit } from '../solve/project.ts';
import { innermost } from '../solve/site.ts';
import { reach } from '../solve/reach.ts';
import type { Resource } from '../solve/resource.ts';
import type { HeapObject, State } from '../solve/state.ts';
import { isConst, isSame, UNDEFINED } from '../solve/value.ts';
import type { ObjectId, ResourceId, Value } from '../solve/value.ts';
import type { Input } from './probes.ts';

/** Before the name of what closed a handle. */
export const CLOSED_BY = 'closed by ';

/** What became of a handle. `absent`: there is none on this way. `hidden`: it got out of sight. */
export type Fate =
  'absent' | 'kept' | 'used' | 'usedLater' | 'gone' | 'hidden' | `${typeof CLOSED_BY}${string}`;

/** What stands at a place in the end. */
export type Content =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'const'; readonly value: Primitive }
  /** What stood at a place in the beginning. */
  | { readonly kind: 'pass'; readonly of: string }
  | { readonly kind: 'duplicate'; readonly of: string; readonly failure: Failure }
  | { readonly kind: 'acquire'; readonly handle: string; readonly failure: Failure }
  | { readonly kind: 'owner'; readonly type: string }
  /** Whether there is a handle at a place. */
  | { readonly kind: 'exists'; readonly of: string; readonly isNegated: boolean }
  | { readonly kind: 'object' };

export type Presence = 'absent' | 'present' | 'maybe';

/** `never`: the handle is there for sure. */
export type Failure = 'never' | 'unknown' | { readonly value: Primitive };

export interface Outcome {
  readonly completion: Exit['completion'];
  /** Nothing that the caller knows has a say in whether it goes this way. */
  readonly isIndependent: boolean;
  /** The booleans among the inputs that this way depends on. */
  readonly guards: ReadonlyMap<string, boolean>;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly contents: ReadonlyMap<string, Content>;
  /** Which of the handles are known to be there, or not to be. */
  readonly presence: ReadonlyMap<string, Presence>;
  /** Whether `this` can be reached from out of sight. */
  readonly isExposed: boolean;
}

/** The described type of an object's class; null where it has none. */
export type TypeOfOwner = (object: HeapObject) => string | null;

interface Held {
  readonly path: string;
  readonly value: Value;
}

/** Whether the fields of an object are places of which effects can speak. */
export function hasPlaces({ shape: { kind } }: HeapObject): boolean {
  return kind === 'plain' || kind === 'instance' || kind === 'described';
}

/** Objects in objects are followed this far. */
export const MAX_DEPTH = 3;

export class OutcomeReader {
  readonly #engine: Engine;
  readonly #inputs: readonly Input[];
  readonly #typeOf: TypeOfOwner;
  readonly #told: ReadonlySet<TSESTree.Node>;

  /** `told` are the places whose handles are reported where they are acquired, whoever the caller is. */
  constructor(
    engine: Engine,
    inputs: readonly Input[],
    typeOf: TypeOfOwner,
    told: ReadonlySet<TSESTree.Node> = new Set(),
  ) {
    this.#told = told;
    this.#engine = engine;
    this.#inputs = inputs;
    this.#typeOf = typeOf;
  }

  /** `self` is the name of the place where the instance stands: `this` for a method, `result` for a constructor. */
  read({ state, completion }: Exit, self: 'this' | 'result' | null): Outcome {
    const isReturn = completion === 'return';
    const hidden: Value[] = [...state.locals.values()];
    const places: Held[] = [];
    const seen = new Set<ObjectId>();
    // Where a constructor throws, nobody gets the instance.
    if (self === 'this' || (self === 'result' && isReturn))
      this.#walk(state, self, state.self, places, hidden, seen, 0);
    if (!isReturn) hidden.push(state.result);
    else if (self !== 'result') this.#walk(state, 'result', state.result, places, hidden, seen, 0);
    const out = reach(state, hidden, this.#engine.captures).resources;
    const fates = new Map(
      this.#inputs.flatMap((input, index): [string, Fate][] =>
        input.value.kind === 'resource'
          ? [[input.path, this.#fateOf(state, input.value.id, state.inputs[index], out)]]
          : [],
      ),
    );
    return {
      completion,
      isIndependent: this.#inputs.every((input, index) => isUntested(state, input, state.inputs[index])),
      guards: this.#guardsOf(state),
      fates,
      contents: new Map(
        places.map(({ path, value }) => [path, this.#contentOf(state, path, value, out, places)]),
      ),
      presence: this.#presence(state, places),
      isExposed: state.self.kind === 'object' && state.getObject(state.self.id).isEscaped,
    };
  }

  /** What leads to what, as far as paths can say it; the rest of what leads to handles is hidden. */
  #walk(
    state: State,
    path: string,
    value: Value,
    places: Held[],
    hidden: Value[],
    seen: Set<ObjectId>,
    depth: number,
  ): void {
    places.push({ path, value });
    if (value.kind === 'function' || value.kind === 'class') hidden.push(value);
    if (value.kind !== 'object' || seen.has(value.id)) return;
    seen.add(value.id);
    const object = state.getObject(value.id);
    if (!hasPlaces(object) || object.isEscaped || depth > MAX_DEPTH) {
      hidden.push(value);
      return;
    }
    for (const [field, held] of object.fields) {
      if (isFieldName(field)) this.#walk(state, `${path}.${field}`, held, places, hidden, seen, depth + 1);
      else hidden.push(held);
    }
  }

  #fateOf(state: State, id: ResourceId, now: Value | undefined, out: ReadonlySet<ResourceId>): Fate {
    if (now?.kind !== 'resource' || now.id !== id) return 'absent';
    const { typestate, history } = state.getResource(id);
    if (typestate === 'escaped' || out.has(id)) return 'hidden';
    // When it is closed by a function that gave control back before, the caller cannot tell.
    if (typestate === 'closed')
      return history.isClosedLater ? 'hidden' : `${CLOSED_BY}${history.closer ?? ''}`;
    if (typestate === 'gone') return 'gone';
    if (history.isUsedLater) return 'usedLater';
    return history.isUsed ? 'used' : 'kept';
  }

  #guardsOf(state: State): Map<string, boolean> {
    const guards = new Map<string, boolean>();
    for (const [index, { path, value }] of this.#inputs.entries()) {
      const now = state.inputs[index];
      if (value.kind === 'symbol' && now !== undefined && isConst(now) && typeof now.value === 'boolean')
        guards.set(path, now.value);
    }
    return guards;
  }

  #presence(state: State, places: readonly Held[]): Map<string, Presence> {
    const presence = new Map<string, Presence>();
    const add = (path: string, value: Value | undefined): void => {
      if (value?.kind === 'resource')
        presence.set(path, state.getResource(value.id).exists === 'maybe' ? 'maybe' : 'present');
      else if (value !== undefined)
        presence.set(path, isConst(value) || value.kind === 'symbol' ? 'absent' : 'maybe');
    };
    for (const { path, value } of places) if (!path.startsWith('result')) add(path, value);
    for (const [index, { path, value }] of this.#inputs.entries()) {
      const now = state.inputs[index];
      if (value.kind !== 'resource' || !path.startsWith('arg')) continue;
      add(path, now !== undefined && isSame(now, value) ? now : UNDEFINED);
    }
    return presence;
  }

  #contentOf(
    state: State,
    path: string,
    value: Value,
    out: ReadonlySet<ResourceId>,
    places: readonly Held[],
  ): Content {
    const source = this.#pathOf(state, value);
    if (source !== null) return { kind: 'pass', of: source };
    switch (value.kind) {
      case 'const':
        return { kind: 'const', value: value.value };
      case 'resource': {
        const resource = state.getResource(value.id);
        const { typestate, isOwed, isSilenced, isBorrowed } = resource;
        const isOurs = typestate === 'open' && isOwed && !isSilenced && !isBorrowed && !out.has(value.id);
        const isTold = [...resource.history.acquired].some((site) => this.#told.has(innermost(site)));
        return isOurs && !isTold ? this.#madeContent(state, resource) : UNKNOWN;
      }
      case 'exists': {
        const handle: Value = { kind: 'resource', id: value.of };
        const of = this.#pathOf(state, handle) ?? places.find((each) => isSame(each.value, handle))?.path;
        return of === undefined || of.startsWith('result')
          ? UNKNOWN
          : { kind: 'exists', of, isNegated: value.isNegated };
      }
      case 'object': {
        const object = state.getObject(value.id);
        if (object.isEscaped) return UNKNOWN;
        const type = this.#typeOf(object);
        if (type !== null) return { kind: 'owner', type };
        return object.shape.kind === 'plain' && path !== 'this' ? { kind: 'object' } : UNKNOWN;
      }
      default:
        return UNKNOWN;
    }
  }

  #madeContent(state: State, { kind, exists, failure, isDuplicate, source }: Resource): Content {
    const failed: Failure =
      exists === 'certainly' ? 'never' : isConst(failure) ? { value: failure.value } : 'unknown';
    const of = isDuplicate && source !== null ? this.#pathOf(state, { kind: 'resource', id: source }) : null;
    if (of !== null) return { kind: 'duplicate', of, failure: failed };
    return kind === null ? UNKNOWN : { kind: 'acquire', handle: kind.id, failure: failed };
  }

  /** The place where a value stood in the beginning. */
  #pathOf(state: State, value: Value): string | null {
    if (value.kind !== 'resource' && value.kind !== 'object' && value.kind !== 'symbol') return null;
    const index = state.inputs.findIndex((input) => isSame(input, value));
    return this.#inputs[index]?.path ?? null;
  }
}

/** Whether nothing was learned of an input on the way. */
function isUntested(state: State, { value, isComputedWith }: Input, now: Value | undefined): boolean {
  if (isComputedWith || now === undefined || !isSame(now, value)) return false;
  const isTested = state.terms.some(({ left, right }) => speaksOf(left, value) || speaksOf(right, value));
  if (isTested) return false;
  if (value.kind === 'resource') {
    const { exists, typestate } = state.getResource(value.id);
    return exists === 'maybe' && typestate !== 'escaped';
  }
  return value.kind !== 'symbol' || state.factsOf(value.id).truthy === null;
}

const speaksOf = (term: Value, value: Value): boolean =>
  isSame(term, value) || (term.kind === 'truth' && value.kind === 'symbol' && term.of === value.id);

const UNKNOWN: Content = { kind: 'unknown' };
