/** What values lead to: through objects to resources, and through function values to what they capture. */
import type { FunctionId, LocalId } from '../ir/ir.ts';
import type { State } from './state.ts';
import type { ObjectId, ResourceId, SymbolId, Value } from './value.ts';

export interface Reached {
  readonly resources: ReadonlySet<ResourceId>;
  /** Referred to by the success of their acquisition alone: nobody can close them by that. */
  readonly tested: ReadonlySet<ResourceId>;
  readonly objects: ReadonlySet<ObjectId>;
  readonly symbols: ReadonlySet<SymbolId>;
  readonly functions: ReadonlySet<FunctionId>;
}

/** Variables that a function value can read. */
export type CapturesOf = (id: FunctionId) => readonly LocalId[];

export function reach(state: State, roots: Iterable<Value>, capturesOf: CapturesOf): Reached {
  const resources = new Set<ResourceId>();
  const tested = new Set<ResourceId>();
  const objects = new Set<ObjectId>();
  const symbols = new Set<SymbolId>();
  const functions = new Set<FunctionId>();
  const queue: Value[] = [...roots];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    switch (value.kind) {
      case 'resource':
        if (resources.has(value.id)) break;
        resources.add(value.id);
        queue.push(state.getResource(value.id).failure);
        break;
      case 'exists':
        if (!tested.has(value.of)) {
          tested.add(value.of);
          queue.push(state.getResource(value.of).failure);
        }
        break;
      case 'object':
        if (objects.has(value.id)) break;
        objects.add(value.id);
        queue.push(...state.getObject(value.id).fields.values());
        break;
      case 'symbol':
        symbols.add(value.id);
        break;
      case 'truth':
        symbols.add(value.of);
        break;
      case 'function':
        if (functions.has(value.id)) break;
        functions.add(value.id);
        for (const local of capturesOf(value.id)) {
          const captured = state.locals.get(local);
          if (captured !== undefined) queue.push(captured);
        }
        break;
      case 'const':
      case 'class':
      case 'external':
      case 'lent':
      case 'outcome':
        break;
    }
  }
  return { resources, tested, objects, symbols, functions };
}
