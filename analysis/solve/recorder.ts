/**
 * What one run of one function found, before it is settled. A run that is superseded throws its recorder
 * away; what a callee's run found is told to each caller with the call put in front.
 */
import type { FindingKind, HandleScope, Replacement } from '../finding.ts';
import type { Compare, If, Primitive } from '../ir/ir.ts';
import type { HandleKind } from '../effects/decode.ts';
import type { History, PassedOriginal } from './resource.ts';
import { uniteHistories } from './resource.ts';
import type { Site } from './site.ts';
import type { Trace } from './trace.ts';
import { shorterTrace } from './trace.ts';

export interface RawFinding {
  readonly kind: FindingKind;
  /** Where the report stands, in the function of this run. */
  readonly site: Site;
  readonly handleKind: HandleKind | null;
  readonly isDuplicate: boolean;
  readonly history: History;
  /** The place of the resource among the inputs of the run; null for one that was made in it. */
  readonly input: number | null;
  readonly trace: Trace | null;
  /** The branches inside the call that it happened in. */
  readonly innerTrace?: Trace | null;
  /** Not where the handle is acquired, but where another takes its place in a field, or a class names its base. */
  readonly standsIn?: 'overwriting' | 'inheriting';
  /** What stands for the handle where its acquisition failed, for a finding that speaks of that. */
  readonly failure?: Primitive;
}

/** A passed original that stands until something shows the duplicate to be of use. */
export interface Candidate {
  readonly passed: PassedOriginal;
  readonly history: History;
  readonly handleKind: HandleKind | null;
  readonly replacement: Replacement | null;
  readonly trace: Trace | null;
}

/** It worked, was wrong, or was that of another kind than this. */
export type CloseOutcome = 'closed' | 'doubleClose' | 'borrowedClose' | HandleKind;

export class Recorder {
  readonly findings = new Map<string, RawFinding>();
  readonly candidates = new Map<PassedOriginal, Candidate>();
  readonly refuted = new Set<PassedOriginal>();
  /** Tests that told nothing whenever a path came to them; null where one told something. */
  readonly tests = new Map<Compare | If, RawFinding | null>();
  /** Of the variable that holds what leaks, where that is known. */
  readonly scopes = new Map<RawFinding, HandleScope>();
  /** What a close at each place came to; null where that depends on the path. */
  readonly closes = new Map<Site, CloseOutcome | null>();
  /** The path depended on a call's failure that came of a dead handle: other groups may hang on it. */
  isCoupled = false;
  readonly #passed = new Map<string, PassedOriginal>();

  add(finding: RawFinding): void {
    const key = `${finding.kind} ${finding.site.id} ${finding.input ?? [...finding.history.acquired].map(({ id }) => id).join()}`;
    const known = this.findings.get(key);
    const united =
      known === undefined
        ? finding
        : {
            ...known,
            history: uniteHistories(known.history, finding.history),
            trace: shorterTrace(known.trace, finding.trace),
          };
    this.findings.set(key, united);
  }

  addClose(site: Site, outcome: CloseOutcome): void {
    const known = this.closes.get(site);
    this.closes.set(site, known === undefined || known === outcome ? outcome : null);
  }

  addTest(test: Compare | If, finding: RawFinding | null): void {
    const known = this.tests.get(test);
    if (known === undefined || finding === null) this.tests.set(test, finding);
  }

  /** One object for one hand-over of the original of one duplicate. */
  passedAt(site: Site, duplicate: Site): PassedOriginal {
    const key = `${site.id} ${duplicate.id}`;
    let passed = this.#passed.get(key);
    if (passed === undefined) this.#passed.set(key, (passed = { site, duplicate }));
    return passed;
  }

  addCandidate(candidate: Candidate): void {
    if (!this.candidates.has(candidate.passed)) this.candidates.set(candidate.passed, candidate);
  }

  refute(candidates: Iterable<PassedOriginal>): void {
    for (const candidate of candidates) this.refuted.add(candidate);
  }

  leaks(): RawFinding[] {
    return [...this.findings.values()].filter(
      ({ kind }) => kind === 'leakedHandle' || kind === 'leakedDuplicate',
    );
  }

  /**
   * The candidates that nothing refuted: at most one for a duplicate, the first. Where the program never ends,
   * or ends the process, the duplicate does not leak, and nothing was passed in its place for nothing.
   */
  standing(): Candidate[] {
    const first = new Map<Site, Candidate>();
    const leaks = [...this.findings.values()].filter(({ kind }) => kind === 'leakedDuplicate');
    const leaked = new Set(leaks.map(({ site }) => site));
    for (const candidate of this.candidates.values()) {
      if (this.refuted.has(candidate.passed) || !leaked.has(candidate.passed.duplicate)) continue;
      const { duplicate, site } = candidate.passed;
      const known = first.get(duplicate);
      if (known === undefined || startOf(site) < startOf(known.passed.site)) first.set(duplicate, candidate);
    }
    return [...first.values()];
  }
}

const startOf = (site: Site): number => site.node.range[0];
