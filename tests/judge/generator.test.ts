/**
 * What the generator gives. How often each violation and pair of features occurs takes many programs to tell:
 * `npm run judge` asks for that in full, and here it is asked of fewer.
 */
import { describe, expect, it } from 'vitest';
import { typeCheck } from '../harness/typecheck.ts';
import { countStatements } from './generator/ast.ts';
import { FEATURES, featuresOf } from './generator/features.ts';
import { printProgram } from './generator/print.ts';
import { SIZE } from './generator/program.ts';
import { isValid } from './generator/scope.ts';
import { shrinkProgram } from './generator/shrink.ts';
import { complaints } from './quotas.ts';
import { Tally } from './tally.ts';
import { makeProgram, runTrial } from './trial.ts';

const SEED = 7;

describe('programs', () => {
  it('are the same for the same seed and number', () => {
    for (let number = 0; number < 20; number++) {
      expect(makeProgram(SEED, number, {})).toEqual(makeProgram(SEED, number, {}));
    }
    expect(printProgram(makeProgram(SEED, 0, {}))).not.toBe(printProgram(makeProgram(SEED, 1, {})));
    expect(printProgram(makeProgram(SEED, 0, {}))).not.toBe(printProgram(makeProgram(SEED + 1, 0, {})));
  });

  it('are of medium size', () => {
    for (let number = 0; number < 200; number++) {
      const size = countStatements(makeProgram(SEED, number, {}).main);
      expect(size).toBeGreaterThanOrEqual(SIZE.min);
      expect(size).toBeLessThanOrEqual(SIZE.max);
    }
  });

  it('type-check', () => {
    const sources = new Map<string, string>();
    for (let number = 0; number < 200; number++) {
      sources.set(`judge-${number}.ts`, printProgram(makeProgram(SEED, number, {})));
    }
    // That a test has one outcome only, and what follows is never done, is no mistake here.
    const isDeadCode = ({ code, message }: { readonly code: number; readonly message: string }): boolean =>
      code === 2367 || code === 2678 || message.includes("'never'");
    expect(typeCheck(sources).filter((error) => !isDeadCode(error))).toEqual([]);
  });

  it.each(FEATURES)('do without %s where it is switched off', (feature) => {
    for (let number = 0; number < 15; number++) {
      expect(featuresOf(makeProgram(SEED, number, { without: [feature] }))).not.toContain(feature);
    }
  });

  it('shrink to valid ones that are not larger', () => {
    for (let number = 0; number < 20; number++) {
      const program = makeProgram(SEED, number, {});
      let seen = 0;
      for (const smaller of shrinkProgram(program)) {
        expect(isValid(smaller.main)).toBe(true);
        expect(countStatements(smaller.main)).toBeLessThanOrEqual(countStatements(program.main));
        if (++seen >= 100) break;
      }
      expect(seen).toBeGreaterThan(0);
    }
  });
});

it('gives enough of every violation, and of clean programs', () => {
  const tally = new Tally();
  for (let number = 0; number < 400; number++) tally.add(runTrial(SEED, number, {}));
  expect(complaints(tally, [])).toEqual([]);
});
