/**
 * States made by hand, for what a table says better than a program.
 *
 *     stateOf({ locals: { h: handle(1), ok: exists(1) }, resources: { 1: { exists: 'maybe' } } })
 *
 * Resources, objects and symbols are named by numbers; those that are not listed are open and certain
 * handles of this frame, empty objects, and symbols of which nothing is known.
 */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { Local, LocalId } from '../../../analysis/ir/ir.ts';
import type { Lost } from '../../../analysis/solve/lost.ts';
import { printState } from '../../../analysis/solve/print-state.ts';
import { historyOf, NO_FINDINGS, type Resource } from '../../../analysis/solve/resource.ts';
import { Sites, type Site } from '../../../analysis/solve/site.ts';
import { State, type HeapObject, type SymbolFacts, type Term } from '../../../analysis/solve/state.ts';
import type { Trace } from '../../../analysis/solve/trace.ts';
import {
  FALSE,
  NULL,
  TRUE,
  type ObjectId,
  type ResourceId,
  type SymbolId,
  type Value,
} from '../../../analysis/solve/value.ts';

export const resourceId = (id: number): ResourceId => id as ResourceId;
export const objectId = (id: number): ObjectId => id as ObjectId;
export const symbolId = (id: number): SymbolId => id as SymbolId;

export const handle = (id: number): Value => ({ kind: 'resource', id: resourceId(id) });
export const object = (id: number): Value => ({ kind: 'object', id: objectId(id) });
export const symbol = (id: number): Value => ({ kind: 'symbol', id: symbolId(id) });
/** `!!symbol` */
export const truth = (of: number): Value => ({ kind: 'truth', of: symbolId(of), isNegated: false });
/** `!symbol` */
export const falsity = (of: number): Value => ({ kind: 'truth', of: symbolId(of), isNegated: true });
/** Whether the acquisition succeeded. */
export const exists = (of: number): Value => ({
  kind: 'exists',
  of: resourceId(of),
  isNegated: false,
  as: 'boolean',
});
/** Whether it failed. */
export const missing = (of: number): Value => ({
  kind: 'exists',
  of: resourceId(of),
  isNegated: true,
  as: 'boolean',
});

export interface Parts {
  readonly locals?: Readonly<Record<string, Value>>;
  readonly resources?: Readonly<Record<number, Partial<Resource>>>;
  readonly objects?: Readonly<Record<number, Partial<HeapObject>>>;
  readonly symbols?: Readonly<Record<number, Partial<SymbolFacts>>>;
  /** Tests that were made: left, operator, right, outcome. */
  readonly terms?: readonly (readonly [
    left: Value,
    operator: Term['operator'],
    right: Value,
    result: Value,
  ])[];
}

export function stateOf({
  locals = {},
  resources = {},
  objects = {},
  symbols = {},
  terms = [],
}: Parts): State {
  names = Object.keys(locals);
  const state = new State();
  for (const [id, parts] of Object.entries(resources)) {
    state.resources.set(resourceId(Number(id)), { ...OPEN, ...parts });
  }
  for (const [id, parts] of Object.entries(objects)) {
    state.objects.set(objectId(Number(id)), { ...EMPTY, ...parts });
  }
  for (const [id, facts] of Object.entries(symbols)) state.learn(symbolId(Number(id)), facts);
  for (const [name, value] of Object.entries(locals)) state.locals.set(localNamed(name), value);
  state.terms = terms.map(([left, operator, right, result]) => ({ left, operator, right, result }));
  for (const value of [...Object.values(locals), ...fieldsOf(state), ...failuresOf(state)])
    list(state, value);
  return state;
}

const OPEN: Resource = {
  typestate: 'open',
  exists: 'certainly',
  kind: null,
  failure: NULL,
  source: null,
  isDuplicate: false,
  isOwed: true,
  isBorrowed: false,
  reported: NO_FINDINGS,
  neededBy: new Set(),
  isSilenced: false,
  history: historyOf(null),
};

const EMPTY: HeapObject = {
  shape: { kind: 'plain' },
  fields: new Map(),
  isOpen: false,
  isEscaped: false,
  node: null,
};

/** A handle or object that is mentioned is there. */
function list(state: State, value: Value): void {
  if (value.kind === 'resource' && !state.resources.has(value.id)) state.resources.set(value.id, OPEN);
  if (value.kind === 'exists' && !state.resources.has(value.of)) state.resources.set(value.of, OPEN);
  if (value.kind === 'object' && !state.objects.has(value.id)) state.objects.set(value.id, EMPTY);
}

const fieldsOf = (state: State): Value[] =>
  [...state.objects.values()].flatMap(({ fields }) => [...fields.values()]);
const failuresOf = (state: State): Value[] => [...state.resources.values()].map(({ failure }) => failure);

/* ------------------------------------------------------------------ variables */

/** Of the states of a test, which must name the same ones in the same order. */
let names: readonly string[] = [];

export function localNamed(name: string): LocalId {
  const at = names.indexOf(name);
  if (at < 0) throw new Error(`No variable '${name}'`);
  return at as LocalId;
}

export const show = (state: State): string =>
  printState(
    state,
    names.map((name) => ({ name }) as Local),
  );

/* ------------------------------------------------------------------ verdicts and places */

export const boolean = (isTrue: boolean): Value => (isTrue ? TRUE : FALSE);

const sites = new Sites();
const nodes = new Map<number, TSESTree.Node>();

/** A place in the source, by its line. */
export function siteAt(line: number): Site {
  let node = nodes.get(line);
  if (node === undefined) {
    const position = { line, column: 0 };
    node = {
      type: AST_NODE_TYPES.DebuggerStatement,
      range: [line, line],
      loc: { start: position, end: position },
    } as TSESTree.Node;
    nodes.set(line, node);
  }
  return sites.at(node);
}

/** A handle that was made on a line, and that nothing leads to any more. */
export const lostFrom = (line: number, trace: Trace | null = null): Lost => ({
  kind: null,
  isDuplicate: false,
  exists: 'certainly',
  failure: NULL,
  history: historyOf(siteAt(line)),
  trace,
});
