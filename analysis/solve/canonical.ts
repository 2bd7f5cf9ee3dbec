/**
 * The canonical form of a state: the text that two states share exactly when nothing that can still
 * happen tells them apart.
 *
 * Places are written in a fixed order and whatever they refer to is numbered by first visit, so that
 * neither identities nor the order of events show. Sites, closing places and witnesses are left out on
 * purpose: with the acquisition site in the key, one variable assigned n times would cost n states.
 *
 * The *shape* is the same text with every scalar masked: what typestates there are and what points where.
 */
import { defined } from '../defined.ts';
import { printRef } from '../ir/external-ref.ts';
import { isScalar } from './value.ts';
import type { FunctionValue, ObjectId, ResourceId, SymbolId, Value } from './value.ts';
import type { HeapObject, ObjectShape, State, Term } from './state.ts';
import type { LocalId } from '../ir/ir.ts';
import type { Resource } from './resource.ts';

export interface Canonical {
  readonly key: string;
  readonly shape: string;
  /** The key with numbers masked: what is the same in two turns of a counted loop. */
  readonly uncounted: string;
  /** The resources by their number. */
  readonly resources: readonly ResourceId[];
}

/** A scalar's place: what holds it, and where in there. */
export interface Slot {
  readonly holder: 'self' | 'result' | 'input' | 'pending' | 'local' | 'temp' | 'field' | 'failure';
  readonly id: number;
  readonly field: string;
  readonly value: Value;
  /** The value as the key has it. */
  readonly code: string;
}

/** `isCounter` says which variables may count the turns of a loop; null where none is under way. */
export function canonicalize(state: State, isCounter: IsCounter | null = null): Canonical {
  const shape: string[] = [];
  const uncounted = isCounter === null ? null : { parts: [], isCounter };
  const walk = new Walk(state, { shape, uncounted });
  walk.run();
  const key = walk.key.join(' ');
  return {
    key,
    shape: shape.join(' '),
    uncounted: uncounted === null ? key : uncounted.parts.join(' '),
    resources: walk.resources,
  };
}

/** Every place that holds a scalar, in canonical order: the same order for two states of one shape. */
export function scalarSlots(state: State): { slots: readonly Slot[]; terms: ReadonlyMap<string, Term> } {
  const slots: Slot[] = [];
  const walk = new Walk(state, { slots });
  walk.run();
  return { slots, terms: walk.terms };
}

/** What a walk numbers, for mapping one state's values to another's. */
export interface Numbering {
  readonly resources: readonly ResourceId[];
  readonly objects: readonly ObjectId[];
  readonly symbols: readonly SymbolId[];
}

export function canonicalNumbering(state: State): Numbering & { readonly key: string } {
  const walk = new Walk(state);
  walk.run();
  return { resources: walk.resources, objects: walk.objects, symbols: walk.symbols, key: walk.key.join(' ') };
}

const EXISTENCE_CODES = { boolean: '', bool: 'b', status: 's' } as const;

/** Variables that a loop writes. */
export type IsCounter = (local: LocalId) => boolean;

/** What a walk writes down besides the key. */
interface Writing {
  readonly shape?: string[];
  readonly uncounted?: { readonly parts: string[]; readonly isCounter: IsCounter } | null;
  readonly slots?: Slot[];
}

class Walk {
  readonly key: string[] = [];
  readonly resources: ResourceId[] = [];
  readonly objects: ObjectId[] = [];
  readonly symbols: SymbolId[] = [];
  readonly terms = new Map<string, Term>();
  readonly #state: State;
  readonly #writing: Writing;
  readonly #resourceNumbers = new Map<ResourceId, number>();
  readonly #objectNumbers = new Map<ObjectId, number>();
  readonly #symbolNumbers = new Map<SymbolId, number>();

  constructor(state: State, writing: Writing = {}) {
    this.#state = state;
    this.#writing = writing;
  }

  run(): void {
    const state = this.#state;
    if (state.isSuspended) this.#mark('later');
    this.#value('self', 0, '', state.self);
    this.#value('result', 0, '', state.result);
    for (const [index, value] of state.inputs.entries()) this.#value('input', index, '', value);
    for (const [index, { completion, value }] of state.pending.entries()) {
      this.#mark(`|${completion}`);
      this.#value('pending', index, '', value);
    }
    for (const id of [...state.exposed].sort(ascending)) this.#mark(`^${id}`);
    for (const id of [...state.locals.keys()].sort(ascending)) {
      this.#mark(`v${id}`);
      this.#value('local', id, '', defined(state.locals.get(id)));
    }
    for (const id of [...state.temps.keys()].sort(ascending)) {
      this.#mark(`$${id}`);
      this.#value('temp', id, '', defined(state.temps.get(id)));
    }
    for (let index = 0; index < this.objects.length; index++) this.#object(defined(this.objects[index]));
    for (let index = 0; index < this.resources.length; index++)
      this.#resource(defined(this.resources[index]));
    this.#terms();
  }

  /** What is part of the shape. */
  #mark(text: string): void {
    this.key.push(text);
    this.#writing.shape?.push(text);
    this.#writing.uncounted?.parts.push(text);
  }

  #value(holder: Slot['holder'], id: number, field: string, value: Value): void {
    if (value.kind === 'resource') return this.#mark(`r${this.#numberResource(value.id)}`);
    if (value.kind === 'object') return this.#mark(`o${this.#numberObject(value.id)}`);
    if (!isScalar(value)) return this.#mark(this.#code(value));
    const code = this.#code(value);
    const { shape, uncounted, slots } = this.#writing;
    this.key.push(code);
    shape?.push('*');
    if (uncounted != null) {
      const mayCount = holder === 'field' || (holder === 'local' && uncounted.isCounter(id as LocalId));
      uncounted.parts.push(mayCount && isCount(value, this.#state) ? '#' : code);
    }
    slots?.push({ holder, id, field, value, code });
  }

  #code(value: Value): string {
    switch (value.kind) {
      case 'const':
        return typeof value.value === 'string'
          ? JSON.stringify(value.value)
          : `${typeof value.value}:${String(value.value)}`;
      case 'resource':
        return `r${this.#numberResource(value.id)}`;
      case 'object':
        return `o${this.#numberObject(value.id)}`;
      case 'symbol':
        return `s${number(this.#symbolNumbers, this.symbols, value.id)}${this.#facts(value.id)}`;
      case 'truth':
        return `${value.isNegated ? '!' : '?'}${number(this.#symbolNumbers, this.symbols, value.of)}${this.#facts(value.of)}`;
      case 'exists':
        return `${value.isNegated ? 'E' : 'e'}${EXISTENCE_CODES[value.as]}${this.#numberResource(value.of)}`;
      case 'outcome':
        return value.is;
      case 'function':
        return this.#function(value);
      case 'class':
        return `k${value.id}`;
      case 'external':
        return `x${printRef(value.ref)}`;
      case 'lent':
        return `l${value.name}`;
    }
  }

  /** Cells come in the order of their variables. */
  #function({ id, cells, self }: FunctionValue): string {
    const carried = [...cells]
      .sort(([a], [b]) => a - b)
      .map(([local, cell]) => `${local}:${cell === null ? '-' : this.#numberObject(cell)}`);
    if (self !== null) carried.push(`this:${this.#numberObject(self)}`);
    return carried.length === 0 ? `f${id}` : `f${id}(${carried.join()})`;
  }

  #facts(id: SymbolId): string {
    const facts = this.#state.symbols.get(id);
    if (facts === undefined) return '';
    return `${facts.isBoolean ? 'b' : ''}${facts.truthy === null ? '' : facts.truthy ? 'T' : 'F'}${facts.isNeverNull ? 'n' : ''}${facts.isNeverUndefined ? 'u' : ''}${facts.atLeast === null ? '' : `>${facts.atLeast}`}${facts.isMerged ? 'm' : ''}${facts.type ?? ''}`;
  }

  #numberResource(id: ResourceId): number {
    return number(this.#resourceNumbers, this.resources, id);
  }

  #numberObject(id: ObjectId): number {
    return number(this.#objectNumbers, this.objects, id);
  }

  #object(id: ObjectId): void {
    const object = this.#state.getObject(id);
    this.#mark(`{${shapeText(object)}`);
    for (const name of [...object.fields.keys()].sort()) {
      this.#mark(name);
      this.#value('field', id, name, defined(object.fields.get(name)));
    }
    this.#mark('}');
  }

  #resource(id: ResourceId): void {
    const resource = this.#state.getResource(id);
    const needed = [...resource.neededBy].flatMap((each) => this.#objectNumbers.get(each) ?? []);
    this.#mark(
      `<${resourceText(resource, this.#sourceNumber(resource))}${needed.map((each) => `&${each}`).join('')}`,
    );
    this.#value('failure', id, '', resource.failure);
  }

  /** A source that no place refers to any more tells nothing apart. */
  #sourceNumber(resource: Resource): string {
    const source = resource.source === null ? undefined : this.#resourceNumbers.get(resource.source);
    return source === undefined ? '' : String(source);
  }

  #terms(): void {
    const uncounted = this.#writing.uncounted?.parts;
    const counts = new Set<string>();
    for (const term of this.#state.terms) {
      const code = `${this.#code(term.left)}${term.operator}${this.#code(term.right)}=${this.#code(term.result)}`;
      this.terms.set(code, term);
      if (isCount(term.left, this.#state) || isCount(term.right, this.#state)) counts.add(code);
    }
    for (const code of [...this.terms.keys()].sort()) {
      this.key.push(code);
      if (!counts.has(code)) uncounted?.push(code);
    }
  }
}

const ascending = (a: number, b: number): number => a - b;

function number<Id>(numbers: Map<Id, number>, order: Id[], id: Id): number {
  let known = numbers.get(id);
  if (known === undefined) {
    known = order.length;
    numbers.set(id, known);
    order.push(id);
  }
  return known;
}

/** A number, or what several numbers were merged to. */
function isCount(value: Value, state: State): boolean {
  if (value.kind === 'symbol') {
    const { isMerged, atLeast } = state.factsOf(value.id);
    return isMerged || atLeast !== null;
  }
  return value.kind === 'const' && (typeof value.value === 'number' || typeof value.value === 'bigint');
}

function shapeText(object: HeapObject): string {
  const { shape, isOpen, isEscaped } = object;
  return `${shapeKind(shape)}${isOpen ? '+' : ''}${isEscaped ? '^' : ''}`;
}

/** How far an iterator has come is part of what it is: no turns of a loop over a collection are merged. */
function shapeKind(shape: ObjectShape): string {
  switch (shape.kind) {
    case 'instance':
      return `new${shape.class}`;
    case 'described':
      return `new ${shape.type}`;
    case 'promise':
      return shape.mayReject ? 'promise?' : 'promise';
    case 'iterator':
      return `${shape.gives}@${shape.next}`;
    case 'cell':
      return `cell${shape.local}`;
    case 'plain':
      return `plain${shape.type ?? ''}`;
    default:
      return shape.kind;
  }
}

function resourceText(resource: Resource, source: string): string {
  const flags = [
    resource.typestate,
    resource.exists === 'maybe' ? 'maybe' : '',
    resource.kind?.id ?? '',
    resource.isDuplicate ? 'dup' : '',
    source === '' ? '' : `of${source}`,
    resource.isOwed ? '' : 'lent',
    resource.isBorrowed ? 'borrowed' : '',
    resource.isSilenced ? 'silent' : '',
    ...[...resource.reported].sort(),
  ];
  return flags.join(',');
}
