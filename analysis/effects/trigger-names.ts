/**
 * The names that give a file away as one that may touch handles. Some do so alone: those of types of handles, and of
 * functions that every program has. Others are *sources*, modules and types of which handles may be had: they
 * count only together with the name of something that does more than to use a handle.
 */
import type { ApiDescription, Effect, OperationDescription } from '../../apis/schema.ts';
import { moduleName } from '../ir/module-name.ts';

type Operations = Readonly<Record<string, OperationDescription>>;

export const ANY_MODULE = '*';

const NO_OPERATIONS: Operations = {};

export class TriggerNames {
  readonly #alone = new Set<string>();
  /** For each module the names to look for. */
  readonly #modules = new Map<string, Set<string>>();
  readonly #sources = new Set<string>();
  /** Methods that do more than to use a handle. */
  readonly #methods = new Set<string>();

  add(api: ApiDescription): void {
    const { modules = [], kinds = {}, types = {}, globals = NO_OPERATIONS } = api;
    const { functions = NO_OPERATIONS, constructors = NO_OPERATIONS } = api;
    // A kind that is closed by functions alone need not be a type: its name may be any word, such as `key`.
    for (const [name, { type }] of Object.entries(kinds)) {
      if (type !== undefined || name in types) this.#alone.add(type ?? name);
    }
    for (const [type, { methods = NO_OPERATIONS }] of Object.entries(types)) {
      this.#sources.add(type);
      for (const [name, method] of Object.entries(methods)) if (endsSearch(method)) this.#methods.add(name);
    }
    this.#addGlobals(globals);
    const exported = { ...functions, ...constructors };
    if (modules.length === 0 || modules.includes(ANY_MODULE)) this.#addGlobals(exported);
    for (const module of modules.map(moduleName)) {
      const names = this.#modules.get(module) ?? new Set();
      for (const name of activeNames(exported)) names.add(name);
      this.#modules.set(module, names);
    }
  }

  #addGlobals(operations: Operations): void {
    for (const [path, operation] of Object.entries(operations)) {
      if (operation.effects.length > 0) this.#alone.add(lastPart(path));
      else if (isActive(operation)) this.#sources.add(lastPart(path));
    }
  }

  /** Whether a name, wherever it stands, is enough. */
  isEnough(name: string): boolean {
    return this.#alone.has(name);
  }

  /** The names that make a file one to look at where it imports this module. */
  ofModule(module: string): ReadonlySet<string> | null {
    return this.#modules.get(moduleName(module)) ?? null;
  }

  /** The same for a file where this name stands. */
  ofSource(name: string): ReadonlySet<string> | null {
    return this.#sources.has(name) ? this.#methods : null;
  }
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function activeNames(operations: Operations): string[] {
  return Object.entries(operations)
    .filter(([, operation]) => isActive(operation))
    .map(([path]) => lastPart(path));
}

/** Whether a call does more than to need handles. */
function isActive({ effects, returns }: OperationDescription): boolean {
  return effects.some((effect) => !isPassive(effect)) || typeof returns === 'object';
}

/** What only leads on to another type ends at some method that does more. */
function endsSearch({ effects, returns }: OperationDescription): boolean {
  const isNative = typeof returns === 'object' && 'native' in returns;
  return isNative || effects.some((effect) => !isPassive(effect));
}

function isPassive(effect: Effect): boolean {
  return effect.do === 'use' || effect.do === 'keep' || effect.do === 'throwIf' || effect.do === 'set';
}
