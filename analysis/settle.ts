/**
 * From what the runs found to what is reported: one finding for a node and kind, in source order.
 *
 * A finding inside a call stands at the call, unless the callee's own run makes it too: then it is true
 * whoever calls, and it is reported there alone.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Branch, Finding, FindingKind, HandleScope, Replacement, Step } from './finding.ts';
import type { Primitive } from './ir/ir.ts';
import type { Candidate, RawFinding, Recorder } from './solve/recorder.ts';
import { innermost } from './solve/site.ts';
import type { Site } from './solve/site.ts';
import type { Trace } from './solve/trace.ts';

export function settle(recorders: readonly Recorder[]): Finding[] {
  const raw = recorders.flatMap(toldBy);
  const own = new Set(raw.map(({ kind, site }) => keyOf(kind, site)));
  const shown = new Set(
    raw
      .filter(({ standsIn }) => standsIn === undefined)
      .flatMap(({ kind, site }) => insideOf(site).map((inner) => keyOf(kind, inner))),
  );
  const findings = new Map<string, Finding>();
  for (const each of raw) {
    if (insideOf(each.site).some((inner) => own.has(keyOf(each.kind, inner)))) continue;
    if (isShownElsewhere(each, shown)) continue;
    const node = reportNode(each.site.node);
    const key = `${each.kind} ${node.range.join()}`;
    if (!findings.has(key)) findings.set(key, toFinding(each, node));
  }
  return [...findings.values()].sort(
    (a, b) =>
      a.node.range[0] - b.node.range[0] || a.node.range[1] - b.node.range[1] || (a.kind < b.kind ? -1 : 1),
  );
}

interface Told extends RawFinding {
  readonly replacement: Replacement | null;
  readonly isAlways: boolean;
  readonly scope: HandleScope | null;
}

function toldBy(recorder: Recorder): Told[] {
  const standing = recorder.standing();
  // What is passed in the place of a duplicate is the defect: the duplicate needs no other repair.
  const passedOver = new Set(standing.map(({ passed }) => passed.duplicate));
  return [
    ...[...recorder.findings.values(), ...recorder.tests.values()]
      .filter((finding) => finding !== null)
      .map((finding) => ({
        ...finding,
        replacement: null,
        isAlways: isAlways(recorder, finding),
        scope: passedOver.has(finding.site) ? null : (recorder.scopes.get(finding) ?? null),
      })),
    ...standing.map(fromCandidate),
  ];
}

/** Whether nothing would be missing without the close. */
function isAlways({ closes }: Recorder, { kind, site, handleKind }: RawFinding): boolean {
  const outcome = closes.get(site);
  if (kind === 'doubleClose') return outcome === 'doubleClose';
  return kind === 'mismatchedClose' && outcome !== undefined && outcome === handleKind;
}

function fromCandidate({ passed, history, handleKind, replacement, trace }: Candidate): Told {
  return {
    kind: 'passedOriginal',
    site: passed.site,
    handleKind,
    isDuplicate: true,
    history: { ...history, acquired: new Set([passed.duplicate]) },
    input: null,
    trace,
    replacement,
    isAlways: false,
    scope: null,
  };
}

/** The sites that a chain passes, without its own. */
function insideOf(site: Site): Site[] {
  const inside: Site[] = [];
  for (let inner = site.inner; inner !== null; inner = inner.inner) inside.push(inner);
  return inside;
}

/** A duplicate inside an owner leaks with the owner, as any handle. */
const keyOf = (kind: FindingKind, { id }: Site): string =>
  `${kind === 'leakedDuplicate' ? 'leakedHandle' : kind} ${id}`;

/** What is told of a class at another place than the acquisition is not told where a program shows that one to leak. */
function isShownElsewhere({ kind, history, standsIn }: RawFinding, shown: ReadonlySet<string>): boolean {
  return standsIn !== undefined && [...history.acquired].some((site) => shown.has(keyOf(kind, site)));
}

/** The part of a node that a report covers: never a call of many lines. */
function reportNode(node: TSESTree.Node): TSESTree.Node {
  if (node.type === 'ReturnStatement') return node.argument ?? node;
  return node;
}

function toFinding(raw: Told, node: TSESTree.Node): Finding {
  const { history, isDuplicate, handleKind } = raw;
  return {
    kind: raw.kind,
    node,
    handle: {
      name: history.name ?? history.cell,
      label: handleKind?.label ?? 'handle',
      closers: [...(handleKind?.closers ?? [])],
      closings: handleKind?.closings ?? [],
      disposal: handleKind?.disposal ?? null,
      isDuplicate,
      isResult: history.isResult,
      sourceName: history.sourceName,
      failure: 'failure' in raw ? spell(raw.failure) : null,
    },
    witness: witnessOf(raw),
    isAlways: raw.isAlways,
    scope: raw.scope,
    replacement: raw.replacement,
  };
}

function witnessOf({ history, isDuplicate, trace, innerTrace, site, standsIn }: Told): Step[] {
  const start = Math.min(...[...history.acquired].map(({ node }) => node.range[0]));
  const node = innermost(site);
  const branch = branchesOf(innerTrace ?? null).at(-1) ?? null;
  return [
    ...nodesOf(history.acquired).map((made): Step => ({
      kind: isDuplicate ? 'duplicated' : 'acquired',
      node: made,
    })),
    ...branchesOf(trace)
      .filter((each) => each.node.range[0] > start)
      .map((each): Step => ({ kind: 'branch', ...each })),
    ...closesOf(history.closed),
    ...(node === site.node ? [] : [{ kind: 'inside', call: site.node, node, branch } satisfies Step]),
    ...(standsIn === 'overwriting' ? [{ kind: 'overwritten', node: site.node } satisfies Step] : []),
  ];
}

function closesOf(sites: ReadonlySet<Site>): Step[] {
  return nodesOf(sites).map((node) => {
    const [inside] = [...sites].filter((site) => site.node === node).map(innermost);
    return { kind: 'closed', node, inside: inside === undefined || inside === node ? null : inside };
  });
}

/** The places in this function, in source order. */
function nodesOf(sites: ReadonlySet<Site>): TSESTree.Node[] {
  return [...new Set([...sites].map(({ node }) => node))].sort((a, b) => a.range[0] - b.range[0]);
}

function branchesOf(trace: Trace | null): Branch[] {
  const branches: Branch[] = [];
  for (let at = trace; at !== null; at = at.before) {
    branches.unshift({ node: at.node, isTaken: at.isTaken });
  }
  return branches;
}

function spell(value: Primitive): string {
  return typeof value === 'string'
    ? JSON.stringify(value)
    : `${String(value)}${typeof value === 'bigint' ? 'n' : ''}`;
}
