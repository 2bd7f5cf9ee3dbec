/**
 * How the block of a variable is left, and what the handle in it is by then: what a repair has to know.
 *
 * The function runs once more with that variable kept in sight. The nodes behind its declaration that belong to
 * its block become a region of their own, and whatever leaves the region is noted:
 *
 *     const h = open();      <- declaration
 *     if (bad) return;       \
 *     use(h);                 > region      exits: return {open}, end {closed}
 *     close(h);              /
 *
 * All paths are noted, doubtful ones too, so that what holds at an exit holds whatever the program does.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { HandleScope, Outcome, ScopeExit } from '../finding.ts';
import type { Local, LocalId, Node } from '../ir/ir.ts';
import { childrenOf, isInstr } from '../ir/operands.ts';
import { isWithin } from '../ir/within.ts';
import type { Activation } from './activation.ts';
import type { Exits } from './interpret.ts';
import { reach } from './reach.ts';
import type { Resource } from './resource.ts';
import { innermost } from './site.ts';
import type { State } from './state.ts';
import { isConst } from './value.ts';
import type { ResourceId, Value } from './value.ts';

interface NotedExit {
  readonly kind: ScopeExit['kind'];
  readonly node: TSESTree.Node | null;
  readonly outcomes: Set<Outcome>;
  readonly closes: Set<TSESTree.Node>;
}

export class ScopeWatch {
  readonly local: LocalId;
  /** The body to run, in which `region` is the rest of the block. */
  readonly body: Node;
  readonly region: Node;
  readonly #variable: TSESTree.Identifier;
  readonly #block: TSESTree.Node;
  readonly #exits = new Map<string, NotedExit>();

  private constructor(local: Local, variable: TSESTree.Identifier, block: TSESTree.Node, parts: Parts) {
    this.local = local.id;
    this.body = parts.body;
    this.region = parts.region;
    this.#variable = variable;
    this.#block = block;
  }

  /** null where the variable is not declared in a list of statements, once and for all. */
  static of(local: Local, body: Node): ScopeWatch | null {
    const { node, isConstant, isModuleLevel } = local;
    const block = node === null || !isConstant || isModuleLevel ? null : blockOf(node);
    if (node === null || block === null) return null;
    const parts = divide(body, local.id, block);
    return parts === null ? null : new ScopeWatch(local, node, block, parts);
  }

  get scope(): HandleScope {
    return { variable: this.#variable, exits: [...this.#exits.values()] };
  }

  /** The ways out of the region, each noted before it is gone. */
  around(activation: Activation, exits: Exits): Exits {
    return {
      isHandled: exits.isHandled,
      return: (state) => {
        this.#note(activation, state, 'return');
        exits.return(state);
      },
      throw: (state, completion) => {
        this.#note(activation, state, completion === 'throw' ? 'throw' : 'exception');
        exits.throw(state, completion);
      },
      break: (label, state) => {
        this.#note(activation, state, 'jump');
        exits.break(label, state);
      },
    };
  }

  noteEnd(activation: Activation, states: readonly State[]): void {
    for (const state of states) this.#note(activation, state, 'end');
  }

  #note(activation: Activation, state: State, kind: ScopeExit['kind']): void {
    const node = kind === 'end' || kind === 'exception' ? null : activation.leaving;
    const key = `${kind} ${node === null ? '' : node.range.join('-')}`;
    let exit = this.#exits.get(key);
    if (exit === undefined)
      this.#exits.set(key, (exit = { kind, node, outcomes: new Set(), closes: new Set() }));
    const value = state.locals.get(this.local);
    if (value?.kind !== 'resource') {
      exit.outcomes.add(missing(value));
      return;
    }
    const resource = state.getResource(value.id);
    exit.outcomes.add(this.#outcomeOf(activation, state, value.id, resource));
    if (resource.exists === 'maybe') exit.outcomes.add(missing(resource.failure));
    for (const site of resource.history.closed)
      exit.closes.add(innermost(site) === site.node ? site.node : this.#block);
  }

  #outcomeOf(activation: Activation, state: State, id: ResourceId, resource: Resource): Outcome {
    if (resource.typestate === 'closed') return 'closed';
    if (resource.typestate !== 'open' || !resource.isOwed || resource.isSilenced) return 'kept';
    const { resources } = reach(state, this.#outlive(activation, state), activation.engine.captures);
    return resources.has(id) ? 'kept' : 'open';
  }

  /** What is there after the block. */
  #outlive(activation: Activation, state: State): Value[] {
    const outside = [...state.locals.entries()].filter(([local]) => {
      const { node } = activation.localOf(local);
      return node === null || !isWithin(node, this.#block);
    });
    const pending = state.pending.map(({ value }) => value);
    return [state.self, state.result, ...state.inputs, ...pending, ...outside.map(([, value]) => value)];
  }
}

/** What stands for a handle that is not there. */
function missing(value: Value | undefined): Outcome {
  if (value === undefined || !isConst(value)) return 'unknown';
  return value.value === null || value.value === undefined ? 'nullish' : 'marker';
}

/** The list of statements that a variable is declared in. */
function blockOf(variable: TSESTree.Identifier): TSESTree.Node | null {
  // Trees that no linter has walked have no parents.
  const declarator = variable.parent as TSESTree.Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id !== variable) return null;
  const { parent: block, kind } = declarator.parent;
  const isPlain = kind === 'const' || kind === 'let';
  return isPlain && (block.type === 'BlockStatement' || block.type === 'StaticBlock') ? block : null;
}

interface Parts {
  readonly body: Node;
  readonly region: Node;
}

/** The body with a region of its own for what stands behind the declaration, in its block. */
function divide(node: Node, local: LocalId, block: TSESTree.Node): Parts | null {
  if (isInstr(node)) return null;
  if (node.kind === 'seq') {
    const at = node.nodes.findIndex(
      (each) => each.kind === 'store' && each.isDeclaration && each.local === local,
    );
    if (at !== -1) {
      const end = node.nodes.findIndex((each, index) => index > at && !isWithin(each.node, block));
      const rest = node.nodes.slice(at + 1, end === -1 ? undefined : end);
      const region: Node = { kind: 'seq', node: block, nodes: rest, index: node.index, parent: node };
      const after = end === -1 ? [] : node.nodes.slice(end);
      return { region, body: { ...node, nodes: [...node.nodes.slice(0, at + 1), region, ...after] } };
    }
  }
  for (const child of childrenOf(node)) {
    const parts = divide(child, local, block);
    if (parts !== null) return { region: parts.region, body: withChild(node, child, parts.body) };
  }
  return null;
}

function withChild(node: Node, child: Node, changed: Node): Node {
  const change = (each: Node): Node => (each === child ? changed : each);
  switch (node.kind) {
    case 'seq':
      return { ...node, nodes: node.nodes.map(change) };
    case 'if':
      return { ...node, then: change(node.then), else: change(node.else) };
    case 'loop':
    case 'block':
      return { ...node, body: change(node.body) };
    case 'tryCatch':
      return { ...node, body: change(node.body), handler: change(node.handler) };
    case 'finally':
      return { ...node, body: change(node.body), finalizer: change(node.finalizer) };
    default:
      return node;
  }
}
