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
const CLEAN = { min: 0.3, max: 0.7 } as const;
const SKIPPED = 0.02;

/** Where a tally falls short. */
export function complaints(tally: Tally, without: readonly Feature[]): string[] {
  const scale = tally.count / FULL;
  const found: string[] = [];
  if (without.length === 0) {
    for (const kind of VIOLATIONS) {
      const wanted = scale < 1 ? allowForLuck(PER_VIOLATION * scale) : PER_VIOLATION;
      if (tally.violations.get(kind) < wanted)
        found.push(`${kind} occurred in ${tally.violations.get(kind)} programs, not in ${wanted}.`);
    }
    const perPair = scale < 1 ? allowForLuck(PER_PAIR * scale) : PER_PAIR;
    for (const [pair, count] of tally.rarestPairs()) {
      if (count < perPair) found.push(`${pair} occurred ${count} times.`);
    }
    const clean = tally.clean / tally.count;
    if (clean < CLEAN.min || clean > CLEAN.max)
      found.push(`${(100 * clean).toFixed(1)} % of the programs are clean.`);
  }
  if (tally.skipped.sum > SKIPPED * tally.count) found.push(`${tally.skipped.sum} programs were skipped.`);
  return found;
}

/** Of few programs the share of one kind varies: three standard deviations below what is expected pass. */
function allowForLuck(expected: number): number {
  return Math.max(0, Math.floor(expected - 3 * Math.sqrt(expected)));
}
