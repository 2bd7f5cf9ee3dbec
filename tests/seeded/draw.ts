/** Chooses faults at random: the same ones for the same seed. */
import fc from 'fast-check';
import type { Mutation } from './mutations.ts';
import type { Source } from './sources.ts';

export interface Fault {
  readonly source: Source;
  readonly mutation: Mutation;
}

/** So many different faults, or all where there are no more. */
export function draw(sources: readonly Source[], count: number, seed: number): Fault[] {
  const all = sources.flatMap((source) => source.mutations.map((mutation) => ({ source, mutation })));
  const [chosen = []] = fc.sample(
    fc.shuffledSubarray(all, {
      minLength: Math.min(count, all.length),
      maxLength: Math.min(count, all.length),
    }),
    {
      numRuns: 1,
      seed,
    },
  );
  return chosen;
}
