/** How two sets of descriptions differ, told by what they describe. */

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
  if (!isRecord(was) || !isRecord(is)) return was === is ? [] : ['has changed'];
  return keysOf(was, is).flatMap((section) => {
    const [before, now] = [was[section], is[section]];
    if (!isRecord(before) || !isRecord(now)) return isEqual(before, now) ? [] : [`${section} has changed`];
    return keysOf(before, now).flatMap((name) => {
      const what = `${section}.${name}`;
      if (!(name in before)) return [`${what} is missing`];
      if (!(name in now)) return [`${what} is there no more`];
      return isEqual(before[name], now[name]) ? [] : [`${what} has changed`];
    });
  });
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

/** Formatting and the order of keys say nothing. */
function isEqual(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([x], [y]) => (x < y ? -1 : 1))) : each,
  );
}
