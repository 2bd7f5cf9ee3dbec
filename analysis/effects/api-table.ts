/** API descriptions, decoded for look-up by what a program imports. */
import type {
  ApiDescription,
  Condition,
  Effect,
  Failure,
  OperationDescription,
  Path,
  Returns,
} from '../../apis/schema.ts';
import { printRef } from '../ir/external-ref.ts';
import type { ExternalRef, Primitive } from '../ir/ir.ts';

export interface HandleKind {
  /** Unique among all APIs. */
  readonly id: string;
  readonly label: string;
  readonly closers: ReadonlySet<string>;
}

/** A path, taken apart: `arg3[0]` is the field `0` of argument 3. */
export interface Place {
  readonly root: 'this' | 'result' | number;
  readonly fields: readonly string[];
}

export type OperationEffect =
  | { readonly do: 'use'; readonly on: Place }
  | { readonly do: 'close'; readonly on: Place; readonly when: Condition | null }
  | { readonly do: 'acquire'; readonly to: Place; readonly kind: HandleKind; readonly failure: Failure }
  | {
      readonly do: 'duplicate';
      readonly of: Place;
      readonly to: Place;
      readonly failure: Failure;
      readonly ownedWhen: Condition | null;
    }
  | { readonly do: 'lend'; readonly to: Place; readonly kind: HandleKind };

export interface Operation {
  /** The last part of its name: what a kind's list of closers holds. */
  readonly name: string;
  readonly effects: readonly OperationEffect[];
  readonly returns: Returns | null;
  readonly canThrow: boolean;
}

type Export =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'constant'; readonly value: Primitive };

export class ApiTable {
  readonly #exports = new Map<string, Export>();
  readonly #modules = new Set<string>();

  constructor(apis: Readonly<Record<string, ApiDescription>>) {
    for (const [name, api] of Object.entries(apis)) this.#add(name, api);
  }

  /** Whether a module hands out handles. */
  hasModule(module: string): boolean {
    return this.#modules.has(module);
  }

  findOperation(ref: ExternalRef): Operation | null {
    const found = this.#find(ref);
    return found?.kind === 'operation' ? found.operation : null;
  }

  /** The described constant of this name, boxed because `undefined` is one. */
  findConstant(ref: ExternalRef): { readonly value: Primitive } | null {
    const found = this.#find(ref);
    return found?.kind === 'constant' ? found : null;
  }

  #find(ref: ExternalRef): Export | undefined {
    return this.#exports.get(printRef(ref)) ?? this.#exports.get(printRef(withoutDefault(ref)));
  }

  #add(name: string, api: ApiDescription): void {
    const kinds = new Map<string, HandleKind>();
    for (const [kind, { label, closers }] of Object.entries(api.kinds ?? {})) {
      kinds.set(kind, { id: `${name}/${kind}`, label, closers: new Set(closers) });
    }
    for (const module of api.modules ?? []) {
      if (kinds.size > 0) this.#modules.add(module);
      for (const [constant, value] of Object.entries(api.constants ?? {})) {
        this.#exports.set(printRef({ module, path: [constant] }), { kind: 'constant', value });
      }
      this.#addOperations(module, api.functions ?? {}, kinds);
    }
    this.#addOperations(null, api.globals ?? {}, kinds);
  }

  #addOperations(
    module: string | null,
    descriptions: Readonly<Record<string, OperationDescription>>,
    kinds: ReadonlyMap<string, HandleKind>,
  ): void {
    for (const [path, description] of Object.entries(descriptions)) {
      const operation = decodeOperation(path, description, kinds);
      this.#exports.set(printRef({ module, path: [path] }), { kind: 'operation', operation });
    }
  }
}

/** A default import of a module of named exports is the object of them all. */
function withoutDefault({ module, path }: ExternalRef): ExternalRef {
  return { module, path: path[0] === 'default' ? path.slice(1) : path };
}

function decodeOperation(
  name: string,
  description: OperationDescription,
  kinds: ReadonlyMap<string, HandleKind>,
): Operation {
  return {
    name,
    effects: description.effects.map((effect) => decodeEffect(effect, kinds)),
    returns: description.returns ?? null,
    canThrow: description.throws !== 'never',
  };
}

function decodeEffect(effect: Effect, kinds: ReadonlyMap<string, HandleKind>): OperationEffect {
  switch (effect.do) {
    case 'use':
      return { do: 'use', on: parsePath(effect.on) };
    case 'close':
      return { do: 'close', on: parsePath(effect.on), when: effect.when ?? null };
    case 'acquire':
      return {
        do: 'acquire',
        to: parsePath(effect.to),
        kind: kindNamed(effect.kind, kinds),
        failure: effect.failure,
      };
    case 'duplicate':
      return {
        do: 'duplicate',
        of: parsePath(effect.of),
        to: parsePath(effect.to),
        failure: effect.failure,
        ownedWhen: effect.ownedWhen ?? null,
      };
    case 'lend':
      return { do: 'lend', to: parsePath(effect.to), kind: kindNamed(effect.kind, kinds) };
  }
}

function kindNamed(name: string, kinds: ReadonlyMap<string, HandleKind>): HandleKind {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`No kind '${name}' is described`);
  return kind;
}

const PATH = /^(?:arg(\d+)|this|result)((?:\.[A-Za-z_$][\w$]*|\[\d+\])*)$/;

export function parsePath(path: Path): Place {
  const match = PATH.exec(path);
  if (match === null) throw new Error(`'${path}' is no path`);
  const fields = [...(match[2] ?? '').matchAll(/\.([\w$]+)|\[(\d+)\]/g)].map(
    ([, name, index]) => name ?? index ?? '',
  );
  if (match[1] !== undefined) return { root: Number(match[1]), fields };
  return { root: path.startsWith('this') ? 'this' : 'result', fields };
}
