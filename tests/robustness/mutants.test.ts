/** Nothing that parses makes the engine throw, however little sense it makes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { analyze } from '../../analysis/analyze.ts';
import { lowerProgram } from '../../analysis/lower/program.ts';
import { builtinApis } from '../../apis/index.ts';
import { checkInvariants } from '../analysis/lower/invariants.ts';
import { listFiles, root } from '../package/sources.ts';
import { drawing, mutantOf, tryParse, type Source } from './mutants.ts';

const MUTANTS = 200;
const SEED = 1;

/** Programs that people would write, and those that show what each construct is lowered to. */
const sources: readonly Source[] = [
  ...listFiles('tests/fixtures', '.ts'),
  ...listFiles('tests/seeded/programs', '.ts'),
  ...listFiles('tests/analysis/lower/fixtures', '.ir'),
].map((name) => {
  const [text = ''] = readFileSync(root + name, 'utf8').split(/^-{70,}$/m);
  return { name, text, options: { jsx: name.includes('jsx') } };
});

const exceptionModes = ['handled', 'all', 'none'] as const;
const unknownCallModes = ['escape', 'borrow'] as const;
const extents = ['handles', 'everything'] as const;

/** Fails with the program that makes the engine throw. */
function analyzeMutant(seed: number): boolean {
  const draw = drawing(seed);
  const one = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  const mutant = mutantOf(one(sources), one(sources), draw);
  const parsed = mutant === null ? null : tryParse(mutant);
  if (mutant === null || parsed === null) return false;
  const { ast, scopeManager } = parsed;
  const settings = {
    exceptions: one(exceptionModes),
    unknownCalls: one(unknownCallModes),
    apis: builtinApis,
  };
  try {
    checkInvariants(lowerProgram(ast, scopeManager));
    analyze(ast, scopeManager, settings, one(extents));
  } catch (error) {
    throw new Error(`Seed ${seed}, of ${mutant.name}:\n${mutant.text}`, { cause: error });
  }
  return true;
}

it('takes mutants of programs', () => {
  let analyzed = 0;
  for (let seed = SEED; analyzed < MUTANTS; seed++) if (analyzeMutant(seed)) analyzed++;
  expect(analyzed).toBe(MUTANTS);
});
