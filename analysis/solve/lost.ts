/**
 * Resources that nothing reaches any more while they are open and owed. Whether they are leaks is known
 * only when the path leaves the function: a path on which the process ends leaks nothing.
 */
import type { Resource } from './resource.ts';
import { uniteHistories } from './resource.ts';
import { shorterTrace } from './trace.ts';
import type { Trace } from './trace.ts';

/** Keyed by acquisition site and being a duplicate, so one entry stands for one report. */
export interface Lost extends Pick<Resource, 'kind' | 'isDuplicate' | 'history' | 'exists' | 'failure'> {
  /** The way on which it was lost; others may have closed it. */
  readonly trace: Trace | null;
}

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
    if (history !== known?.history) {
      const trace = known === undefined ? lost.trace : shorterTrace(known.trace, lost.trace);
      (united ??= new Map(a)).set(key, { ...lost, history, trace });
    }
  }
  return united ?? a;
}
