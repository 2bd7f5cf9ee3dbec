/** What the run of a callee found, told in the run of its caller: each place has the call in front. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Activation } from './activation.ts';
import type { Numbering } from './canonical.ts';
import { closingPlaces } from './events.ts';
import type { RawFinding } from './recorder.ts';
import { uniteHistories } from './resource.ts';
import type { History, PassedOriginal } from './resource.ts';
import type { Site } from './site.ts';
import type { State } from './state.ts';
import type { TableEntry } from './table.ts';

export function tellFindings(
  activation: Activation,
  state: State,
  node: TSESTree.Node,
  table: TableEntry,
  actual: Numbering,
): void {
  if (table.recorder.isCoupled) activation.recorder.isCoupled = true;
  if (state.isDoubtful) return;
  const at = (site: Site): Site => activation.engine.sites.at(node, site);
  for (const finding of table.recorder.findings.values()) tellFinding(activation, state, finding, actual, at);
  for (const candidate of table.recorder.candidates.values()) {
    const passed = map(candidate.passed);
    activation.recorder.addCandidate({
      ...candidate,
      passed,
      history: outward(candidate.history, at),
      replacement: null,
    });
    if (table.recorder.refuted.has(candidate.passed)) activation.recorder.refute([passed]);
  }

  function map({ site, duplicate }: PassedOriginal): PassedOriginal {
    return activation.recorder.passedAt(at(site), at(duplicate));
  }
}

function tellFinding(
  activation: Activation,
  state: State,
  finding: RawFinding,
  actual: Numbering,
  at: (site: Site) => Site,
): void {
  const inner = outward(finding.history, at);
  const id = finding.input === null ? undefined : actual.resources[finding.input];
  const resource = id === undefined ? undefined : state.resources.get(id);
  const input =
    resource === undefined
      ? -1
      : state.inputs.findIndex((value) => value.kind === 'resource' && value.id === id);
  const history =
    resource === undefined ? inner : uniteHistories(resource.history, { ...inner, acquired: new Set() });
  const site = at(finding.site);
  const places = finding.kind === 'doubleClose' ? closingPlaces(history, site) : [site];
  for (const place of places) {
    activation.recorder.add({
      ...finding,
      site: place,
      history,
      input: input === -1 ? null : input,
      trace: state.trace,
      innerTrace: finding.innerTrace ?? finding.trace,
    });
  }
}

/** A callee's names are not the caller's. */
function outward(history: History, at: (site: Site) => Site): History {
  const map = (sites: ReadonlySet<Site>) => new Set([...sites].map(at));
  return { ...history, acquired: map(history.acquired), closed: map(history.closed), name: null, cell: null };
}
