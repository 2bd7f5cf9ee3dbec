/**
 * Random programs as a fast-check arbitrary: half of them tidy, the others with errors made in them.
 *
 * Invariant: a program is a function of the random numbers and the features that are switched off.
 */
import fc from 'fast-check';
import type { Arbitrary, Random } from 'fast-check';
import type { Program } from './ast.ts';
import { countStatements } from './ast.ts';
import { breakProgram } from './break.ts';
import { FEATURES, featuresOf } from './features.ts';
import type { Feature } from './features.ts';
import { Choices } from './random.ts';
import { isValid } from './scope.ts';
import { shrinkProgram } from './shrink.ts';
import { TidyGenerator } from './tidy.ts';
import { WildGenerator } from './wild.ts';

export interface GeneratorOptions {
  /** Features that no program has. */
  readonly without?: readonly Feature[];
  /** Features that every program favours. */
  readonly favoured?: readonly Feature[];
}

/** How many statements `main` has. */
export const SIZE = { min: 10, max: 25 } as const;

const MAX_ATTEMPTS = 200;
/** How much likelier a favoured feature is. */
const FAVOUR = 5;
/** How many features a program favours. */
const FAVOURED = 7;

export function programs(options: GeneratorOptions = {}): Arbitrary<Program> {
  return new ProgramArbitrary(new Set(options.without ?? []), options.favoured ?? []);
}

class ProgramArbitrary extends fc.Arbitrary<Program> {
  readonly #without: ReadonlySet<Feature>;
  readonly #favoured: readonly Feature[];

  constructor(without: ReadonlySet<Feature>, favoured: readonly Feature[]) {
    super();
    this.#without = without;
    this.#favoured = favoured;
  }

  override generate(random: Random): fc.Value<Program> {
    const choices = new Choices(random);
    const isTidy = choices.chance(0.5);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const program = this.#make(choices, isTidy);
      if (this.#fits(program)) return new fc.Value(program, undefined);
    }
    throw new Error('No program of the wanted size without these features was found.');
  }

  override canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === 'object' && value !== null && 'helpers' in value && 'main' in value;
  }

  override shrink(program: Program): fc.Stream<fc.Value<Program>> {
    return new fc.Stream(shrinkProgram(program)).map((smaller) => new fc.Value(smaller, undefined));
  }

  #make(choices: Choices, isTidy: boolean): Program {
    const isOn = this.#switches(choices);
    const size = choices.between(SIZE.min - 2, SIZE.max - 5);
    if (!isTidy && choices.chance(0.45)) {
      const wild = new WildGenerator(choices, isOn);
      return { main: wild.main(size), helpers: wild.helpers.all };
    }
    const tidy = new TidyGenerator(choices, isOn);
    const main = tidy.main(size);
    const { all: helpers } = tidy.helpers;
    if (isTidy) return { main, helpers };
    return { main: breakProgram(main, choices.between(1, 3), choices, isOn), helpers };
  }

  /** Some features are rare and would be rarer together: each program favours a few. */
  #switches(choices: Choices): (feature: Feature) => number {
    const off = new Set(this.#without);
    const some = Array.from({ length: FAVOURED }, () => choices.pick(FEATURES));
    const favoured = new Set([...some, ...this.#favoured]);
    // Where any call may throw there is little room for what no finally block covers.
    if (!favoured.has('mayThrow') && choices.chance(0.6)) off.add('mayThrow');
    return (feature) => (off.has(feature) ? 0 : favoured.has(feature) ? FAVOUR : 1);
  }

  #fits(program: Program): boolean {
    const size = countStatements(program.main);
    if (size < SIZE.min || size > SIZE.max || !isValid(program.main)) return false;
    return (
      this.#without.size === 0 || ![...featuresOf(program)].some((feature) => this.#without.has(feature))
    );
  }
}
