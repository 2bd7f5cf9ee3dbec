/**
 * Programs that use the APIs as their users do, clean as they are, with one fault put into them at a time. `npm run
 * seeded` puts more of them, also into the sources of a published package, and prints what is missed.
 */
import { describe, expect, it } from 'vitest';
import { draw } from './draw.ts';
import { MUTATIONS } from './mutations.ts';
import { programs } from './sources.ts';
import { lint, tryOut } from './trial.ts';

const COUNT = 40;
const SEED = 1;

const sources = programs();

describe('programs without a fault', () => {
  it.each(sources.map((source) => [source.name, source] as const))('%s is clean', (_, { text, settings }) => {
    expect(lint(text, settings)).toEqual([]);
  });

  it('are twenty or more, and open and close in them', () => {
    expect(sources.length).toBeGreaterThanOrEqual(20);
    for (const { name, mutations } of sources) expect(mutations.length, name).toBeGreaterThan(0);
  });

  it('can get faults of all kinds', () => {
    const names = new Set(sources.flatMap(({ mutations }) => mutations.map(({ name }) => name)));
    expect([...names].sort()).toEqual([...MUTATIONS].sort());
  });
});

describe('faults', () => {
  const trials = draw(sources, COUNT, SEED).map(({ source, mutation }) => tryOut(source, mutation));

  it('are reported on the right line, four of five or more', () => {
    const missed = trials.filter(({ isCaught }) => !isCaught);
    const places = missed.map(({ source, mutation }) => `${source.name}:${mutation.line} ${mutation.name}`);
    expect(places.length, places.join('\n')).toBeLessThanOrEqual(COUNT / 5);
  });

  it('make no other report appear, move or go', () => {
    const beside = trials.flatMap(({ source, extras }) => extras.map((extra) => `${source.name} ${extra}`));
    expect(beside).toEqual([]);
  });
});
