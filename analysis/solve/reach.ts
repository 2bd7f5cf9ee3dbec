/** What values lead to: through objects to resources, and through function values to what they capture. */
import type { CapturedBy } from '../effects/captures.ts';
import type { LocalId } from '../ir/ir.ts';
import type { State } from './state.ts';
import { carriedBy } from './value.ts';
import type { ObjectId, ResourceId, SymbolId, Value } from './value.ts';

export interface Reached {
  readonly resources: ReadonlySet<ResourceId>;
  /** Referred to by the success of their acquisition alone: nobody can close them by that. */
  readonly tested: ReadonlySet<ResourceId>;
  readonly objects: ReadonlySet<ObjectId>;
  readonly symbols: ReadonlySet<SymbolId>;
  /** Variables that functions find in the frames that run. */
  readonly captured: ReadonlySet<LocalId>;
}

export function reach(state: State, roots: Iterable<Value>, captures: CapturedBy): Reached {
  const resources = new Set<ResourceId>();
  const tested = new Set<ResourceId>();
  const objects = new Set<ObjectId>();
  const symbols = new Set<SymbolId>();
  const captured = new Set<LocalId>();
  const queue: Value[] = [...roots];
  const capture = (locals: readonly LocalId[], cells?: ReadonlyMap<LocalId, ObjectId | null>): void => {
    for (const local of locals) {
      if (captured.has(local) || cells?.has(local) === true) continue;
      captured.add(local);
      const value = state.locals.get(local);
      if (value !== undefined) queue.push(value);
    }
  };
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
      case 'object': {
        if (objects.has(value.id)) break;
        objects.add(value.id);
        const { shape, fields } = state.getObject(value.id);
        queue.push(...fields.values());
        if (shape.kind === 'instance') capture(captures.ofClass(shape.class));
        break;
      }
      case 'symbol':
        symbols.add(value.id);
        break;
      case 'truth':
        symbols.add(value.of);
        break;
      case 'function':
        for (const id of carriedBy(value)) if (!objects.has(id)) queue.push({ kind: 'object', id });
        capture(captures.ofFunction(value.id), value.cells);
        break;
      case 'class':
        capture(captures.ofClass(value.id));
        break;
      case 'const':
      case 'external':
      case 'lent':
      case 'outcome':
        break;
    }
  }
  return { resources, tested, objects, symbols, captured };
}
