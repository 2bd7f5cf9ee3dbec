/** What the generator asks of fast-check's random numbers. */
import type { Random } from 'fast-check';

const STEPS = 1 << 24;

export class Choices {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An integer, both bounds included. */
  between(min: number, max: number): number {
    return this.#random.nextInt(min, max);
  }

  chance(probability: number): boolean {
    return this.#fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.between(0, from.length - 1)]!;
  }

  #fraction(): number {
    return this.#random.nextInt(0, STEPS - 1) / STEPS;
  }

  /** One of the keys whose weight is not 0; undefined if there is none. */
  weigh<K extends string>(weights: Readonly<Record<K, number>>): K | undefined {
    const entries = Object.entries(weights) as [K, number][];
    let at = this.#fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return entries.find(([, weight]) => weight > 0 && (at -= weight) < 0)?.[0];
  }
}
