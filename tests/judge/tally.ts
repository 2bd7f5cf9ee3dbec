/** Adds trials up, and tells the sums. */
import { FEATURES } from './generator/features.ts';
import type { Repair } from './compare.ts';
import type { Feature } from './generator/features.ts';
import type { FailureName, Trial } from './trial.ts';

export class Tally {
  count = 0;
  clean = 0;
  bounded = 0;
  readonly times: number[] = [];
  /** The one whose analysis took longest. */
  slowest: Trial | null = null;
  readonly violations = new Counter<string>();
  readonly features = new Counter<Feature>();
  readonly pairs = new Counter<string>();
  readonly failures = new Counter<FailureName>();
  readonly failuresByFeature = new Counter<Feature>();
  readonly repairs = new Counter<Repair>();
  readonly skipped = new Counter<string>();
  readonly givenUp = new Counter<string>();
  readonly failed: Trial[] = [];
  size = 0;

  add(trial: Trial): void {
    this.count++;
    if (trial.skipped !== null) {
      this.skipped.add(trial.skipped);
      return;
    }
    this.size += trial.size;
    this.times.push(trial.analysisTime);
    if (trial.analysisTime > (this.slowest?.analysisTime ?? 0)) this.slowest = trial;
    if (trial.violations.length === 0) this.clean++;
    if (trial.isBounded) this.bounded++;
    for (const repair of trial.repairs) this.repairs.add(repair);
    for (const kind of trial.violations) this.violations.add(kind);
    for (const reason of trial.givenUp) this.givenUp.add(reason);
    const features = FEATURES.filter((feature) => trial.features.includes(feature));
    for (const [index, feature] of features.entries()) {
      this.features.add(feature);
      for (const other of features.slice(index + 1)) this.pairs.add(`${feature} + ${other}`);
    }
    if (trial.failures.length === 0) return;
    this.failed.push(trial);
    for (const failure of trial.failures) this.failures.add(failure);
    for (const feature of features) this.failuresByFeature.add(feature);
  }

  /** Every pair of features, the rarest first. Switched off features are left out. */
  rarestPairs(without: readonly Feature[] = []): [pair: string, count: number][] {
    const on = FEATURES.filter((feature) => !without.includes(feature));
    const all = on.flatMap((feature, index) => on.slice(index + 1).map((other) => `${feature} + ${other}`));
    return all.map((pair): [string, number] => [pair, this.pairs.get(pair)]).sort(([, a], [, b]) => a - b);
  }

  /** Of the times of `analyze` in milliseconds, the one that so many of them do not exceed. */
  time(quantile: number): number {
    const sorted = this.times.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
  }
}

export class Counter<K extends string> {
  readonly #counts = new Map<K, number>();

  add(key: K): void {
    this.#counts.set(key, this.get(key) + 1);
  }

  get(key: K): number {
    return this.#counts.get(key) ?? 0;
  }

  get sum(): number {
    let sum = 0;
    for (const count of this.#counts.values()) sum += count;
    return sum;
  }

  /** The most frequent first. */
  entries(): [K, number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}
