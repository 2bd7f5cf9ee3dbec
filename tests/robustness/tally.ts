/** Adds surveys up, and tells the sums. */
import { Counter } from '../judge/tally.ts';
import { isSlow } from './survey.ts';
import type { Report, Survey } from './survey.ts';

type Done = Extract<Survey, { kind: 'done' }>;

export class Tally {
  files = 0;
  parsed = 0;
  /** Files with a function that can touch a handle. */
  triggered = 0;
  touching = 0;
  givenUp = 0;
  parse = 0;
  analysis = 0;
  readonly unparsed: string[] = [];
  readonly failed: { readonly file: string; readonly error: string }[] = [];
  readonly slow: Done[] = [];
  readonly reasons = new Counter<string>();
  readonly unmodelledFunctions: string[] = [];
  readonly reports: Report[] = [];
  readonly #slowest: Done[] = [];

  add(survey: Survey): void {
    this.files++;
    if (survey.kind === 'unparsed') {
      this.unparsed.push(`${survey.file}: ${survey.message}`);
      return;
    }
    this.parsed++;
    if (survey.kind === 'failed') this.failed.push(survey);
    else this.#addDone(survey);
  }

  #addDone(survey: Done): void {
    this.parse += survey.parse;
    this.analysis += survey.analysis;
    if (survey.touching > 0) this.triggered++;
    this.touching += survey.touching;
    this.givenUp += new Set(survey.givenUp.map(({ fn }) => fn)).size;
    for (const { fn, reason } of survey.givenUp) {
      this.reasons.add(reason);
      this.unmodelledFunctions.push(`${fn}: ${reason}`);
    }
    this.reports.push(...survey.reports);
    if (isSlow(survey.parse, survey.analysis)) this.slow.push(survey);
    this.#slowest.push(survey);
    if (this.#slowest.length > 1000) this.#keepSlowest(100);
  }

  slowest(count: number): readonly Done[] {
    this.#keepSlowest(100);
    return this.#slowest.slice(0, count);
  }

  #keepSlowest(count: number): void {
    this.#slowest.sort((a, b) => b.analysis - a.analysis).splice(count);
  }
}
