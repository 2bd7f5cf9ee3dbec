/**
 * Resources that nothing reaches any more while they are open and owed. Whether they are leaks is known
 * only when the path leaves the function: a path on which the process ends leaks nothing.
 */
import type { Resource } from './resource.ts';
import { uniteHistories } from './resource.ts';

/** Keyed by acquisition site and being a duplicate, so one entry stands for one report. */
export type Lost = Pick<Resource, 'kind' | 'isDuplicate' | 'history'>;

/** The two maps as one; `a` itself where `b` adds nothing. */
export function uniteLost(
  a: ReadonlyMap<string, Lost>,
  b: ReadonlyMap<string, Lost>,
): ReadonlyMap<string, Lost> {
  if (a === b || b.size === 0) return a;
  let united: Map<string, Lost> | null = null;
  for (const [key, lost] of b) {
    const known = a.get(key);
    const history = known === undefined ? lost.history : uniteHistories(known.history, lost.history);
    if (history !== known?.history) (united ??= new Map(a)).set(key, { ...lost, history });
  }
  return united ?? a;
}
