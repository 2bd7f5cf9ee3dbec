/**
 * What the engine knows, told to a person: what became of each handle, and the IR with the states after
 * each instruction. The answer to "why is nothing said of this handle?".
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { printFunction } from './ir/print.ts';
import type { FunctionIr, Node } from './ir/ir.ts';
import { lowerProgram } from './lower/program.ts';
import { NO_HOST } from './settings.ts';
import type { AnalysisSettings, Host } from './settings.ts';
import { isWithin } from './ir/within.ts';
import { BoundReached } from './solve/bounds.ts';
import { EVERYTHING } from './solve/activation.ts';
import { Engine } from './solve/engine.ts';
import { printState } from './solve/print-state.ts';
import { isLeak } from './solve/prune.ts';
import type { Resource } from './solve/resource.ts';
import type { Site } from './solve/site.ts';

/** One way that the life of a handle ends. */
export type Fate =
  | { readonly kind: 'leaked' | 'handedOn' | 'notFollowed' | 'takenOver' }
  | { readonly kind: 'closed' | 'escaped'; readonly at: readonly TSESTree.Node[] };

/** What a function's own run knows of the handles that one place makes. */
export interface HandleStory {
  readonly fn: FunctionIr;
  /** The call that made it. */
  readonly node: TSESTree.Node;
  readonly name: string | null;
  readonly label: string;
  readonly isDuplicate: boolean;
  /** All ways that it ends; more than one where the program has several. */
  readonly fates: readonly Fate[];
}

export interface ExplainedFunction {
  readonly fn: FunctionIr;
  readonly handles: readonly HandleStory[];
  /** The bound that was met; null where the function was followed to its end. */
  readonly givenUp: string | null;
  /** The IR, with the states after each instruction. */
  readonly ir: string;
}

export function explain(
  program: TSESTree.Program,
  scopeManager: Scope.ScopeManager,
  settings: AnalysisSettings,
  { declarations, nameModule }: Host = NO_HOST,
): ExplainedFunction[] {
  const engine = new Engine(lowerProgram(program, scopeManager, nameModule), settings, { declarations });
  return engine.program.functions.map((fn) => explainFunction(engine, fn));
}

function explainFunction(engine: Engine, fn: FunctionIr): ExplainedFunction {
  const states = new Map<Node, Set<string>>();
  const stories = new Map<TSESTree.Node, Telling>();
  engine.observer = (node, after) => {
    const texts = states.get(node) ?? new Set<string>();
    for (const state of after) texts.add(printState(state, engine.program.locals));
    states.set(node, texts);
  };
  engine.onEnd = (resource, isKept) => {
    for (const { node } of resource.history.acquired) tell(stories, node, resource, isKept);
  };
  let givenUp: string | null = fn.givenUp;
  try {
    if (givenUp === null) engine.runOwn(fn, fn.body, EVERYTHING);
  } catch (error) {
    if (!(error instanceof BoundReached)) throw error;
    givenUp = error.bound;
  }
  engine.observer = null;
  engine.onEnd = null;
  // The stories of a function are of what is made in it; what a callee loses is told there.
  const handles = [...stories]
    .filter(([node]) => isWithin(node, fn.node))
    .map(([node, telling]) => toStory(fn, node, telling));
  handles.sort((a, b) => a.node.range[0] - b.node.range[0]);
  const ir = printFunction(fn, engine.program, {
    annotate: (node) => [...(states.get(node) ?? [])].join('  //  '),
  });
  return { fn, handles, givenUp, ir };
}

interface Telling {
  resource: Resource;
  readonly fates: Map<string, Fate>;
}

function tell(
  stories: Map<TSESTree.Node, Telling>,
  node: TSESTree.Node,
  resource: Resource,
  isKept: boolean,
): void {
  const known = stories.get(node) ?? { resource, fates: new Map<string, Fate>() };
  stories.set(node, known);
  if (known.resource.history.name === null) known.resource = resource;
  const fate = fateOf(resource, isKept);
  known.fates.set(
    'at' in fate ? `${fate.kind} ${fate.at.map(({ range }) => range[0]).join()}` : fate.kind,
    fate,
  );
}

function fateOf(resource: Resource, isKept: boolean): Fate {
  const { typestate, history } = resource;
  if (typestate === 'closed') return { kind: 'closed', at: nodesOf(history.closed) };
  if (resource.isSilenced) return { kind: 'notFollowed' };
  if (typestate === 'escaped') return { kind: 'escaped', at: nodesOf(history.escaped) };
  if (typestate === 'gone' || typestate === 'entrusted') return { kind: 'takenOver' };
  return isLeak(resource) && !isKept ? { kind: 'leaked' } : { kind: 'handedOn' };
}

function nodesOf(sites: ReadonlySet<Site>): TSESTree.Node[] {
  return [...new Set([...sites].map(({ node }) => node))].sort((a, b) => a.range[0] - b.range[0]);
}

function toStory(fn: FunctionIr, node: TSESTree.Node, { resource, fates }: Telling): HandleStory {
  const { history, kind, isDuplicate } = resource;
  return {
    fn,
    node,
    name: history.name ?? history.cell,
    label: kind?.label ?? 'handle',
    isDuplicate,
    fates: [...fates.values()],
  };
}
