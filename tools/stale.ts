/** How two sets of descriptions differ, told by what they describe. */
import { sortedByKey } from '../analysis/sorted.ts';
import { isPlain } from '../rules/shared/check.ts';
import type { Plain } from '../rules/shared/check.ts';

/** What an old text says otherwise than a new one: `./src/owner.ts: functions.makeFred has changed`. */
export function staleness(old: string, fresh: string): string[] {
  const [before, now] = [parse(old), parse(fresh)];
  if (before === null || now === null) return ['it holds no descriptions'];
  return keysOf(before, now).flatMap((module) => {
    const [was, is] = [before[module], now[module]];
    if (was === undefined) return [`${module} is not described`];
    if (is === undefined) return [`${module} is described and exports nothing of the kind`];
    return entriesOf(was, is).map((each) => `${module}: ${each}`);
  });
}

function entriesOf(was: unknown, is: unknown): string[] {
  if (!isPlain(was) || !isPlain(is)) return was === is ? [] : ['has changed'];
  return keysOf(was, is).flatMap((section) => {
    const [before, now] = [was[section], is[section]];
    if (!isPlain(before) || !isPlain(now)) return isEqual(before, now) ? [] : [`${section} has changed`];
    return keysOf(before, now).flatMap((name) => {
      const what = `${section}.${name}`;
      if (!(name in before)) return [`${what} is missing`];
      if (!(name in now)) return [`${what} is there no more`];
      return isEqual(before[name], now[name]) ? [] : [`${what} has changed`];
    });
  });
}

function parse(text: string): Plain | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isPlain(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

const keysOf = (a: Plain, b: Plain): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

/** Formatting and the order of keys say nothing. */
function isEqual(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isPlain(each) ? sortedByKey(Object.entries(each)) : each,
  );
}
