/** What the generator has to give, so that zero failures mean something. */
import type { Feature } from './generator/features.ts';
import type { Tally } from './tally.ts';

const VIOLATIONS = [
  'leakedHandle',
  'leakedDuplicate',
  'doubleClose',
  'useAfterClose',
  'mismatchedClose',
] as const;

/** Over 20,000 programs; fewer programs need accordingly fewer of each. */
const FULL = 20_000;
const PER_VIOLATION = 1000;
const PER_PAIR = 50;
/** So few occurrences say nothing about how frequent something is. */
const LUCK = 10;
const CLEAN = { min: 0.3, max: 0.7 } as const;
const SKIPPED = 0.02;

/** Where a tally falls short; pairs are only counted over enough programs to tell. */
export function complaints(tally: Tally, without: readonly Feature[]): string[] {
  const scale = tally.count / FULL;
  const found: string[] = [];
  if (without.length === 0) {
    for (const kind of VIOLATIONS) {
      const wanted = Math.floor(PER_VIOLATION * scale);
      if (tally.violations.get(kind) < wanted)
        found.push(`${kind} occurred in ${tally.violations.get(kind)} programs, not in ${wanted}.`);
    }
    const perPair = PER_PAIR * scale;
    for (const [pair, count] of perPair < LUCK ? [] : tally.rarestPairs()) {
      if (count < perPair) found.push(`${pair} occurred ${count} times.`);
    }
    const clean = tally.clean / tally.count;
    if (clean < CLEAN.min || clean > CLEAN.max)
      found.push(`${(100 * clean).toFixed(1)} % of the programs are clean.`);
  }
  if (tally.skipped.sum > SKIPPED * tally.count) found.push(`${tally.skipped.sum} programs were skipped.`);
  return found;
}
