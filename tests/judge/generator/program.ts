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
/** How many features a program favours; of so many attempts the one is taken that shows the most of them. */
const FAVOURED = 4;
const ATTEMPTS = 16;

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
    const favoured = this.#favour(choices);
    let best: Program | null = null;
    let most = -1;
    for (let attempt = 0; attempt < MAX_ATTEMPTS && (attempt < ATTEMPTS || best === null); attempt++) {
      const program = this.#make(choices, isTidy, favoured);
      if (!this.#fits(program)) continue;
      const shown = [...featuresOf(program)].filter((feature) => favoured.has(feature)).length;
      if (shown > most) [best, most] = [program, shown];
      if (shown === favoured.size) break;
    }
    if (best === null) throw new Error('No program of the wanted size without these features was found.');
    return new fc.Value(best, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === 'object' && value !== null && 'helpers' in value && 'main' in value;
  }

  override shrink(program: Program): fc.Stream<fc.Value<Program>> {
    return new fc.Stream(shrinkProgram(program)).map((smaller) => new fc.Value(smaller, undefined));
  }

  #make(choices: Choices, isTidy: boolean, favoured: ReadonlySet<Feature>): Program {
    const isOn = this.#switches(choices, favoured);
    const size = choices.between(SIZE.min - 2, SIZE.max - 8);
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
  #favour(choices: Choices): ReadonlySet<Feature> {
    const on = FEATURES.filter((feature) => !this.#without.has(feature));
    return new Set([...this.#favoured, ...Array.from({ length: FAVOURED }, () => choices.pick(on))]);
  }

  #switches(choices: Choices, favoured: ReadonlySet<Feature>): (feature: Feature) => number {
    const off = new Set(this.#without);
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
