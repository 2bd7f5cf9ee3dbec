/**
 * Which variables and temporaries are still read after each point where ways meet.
 *
 * A backward pass over the tree. What is live at a loop's head is what its body reads before writing it;
 * feeding that in once more adds nothing there (the transfer of a body is `A ∪ (X − K)`), so one silent pass
 * finds the head and a second one records the points inside.
 */
import { assertNever } from '../assert-never.ts';
import type { FunctionIr, Instr, Label, Local, LocalId, Loop, Node, Store, Temp } from '../ir/ir.ts';
import { canThrow, childrenOf, isInstr, readsOf, writesOf } from '../ir/operands.ts';
import { MAX_FOLLOWED } from './bounds.ts';
import type { Live } from './prune.ts';

/** Temporaries as they are, variables as their complement, properties by name, so that one set holds all. */
type Names = Set<number | string>;
const ofLocal = (local: LocalId): number => ~local;

interface Exits {
  readonly breaks: ReadonlyMap<Label, Names>;
  readonly throws: Names;
  readonly returns: Names;
}

/** The nodes after which ways meet. */
const RECORDED: ReadonlySet<Node['kind']> = new Set<Node['kind']>(['if', 'block', 'tryCatch', 'finally']);

const NOTHING: Names = new Set();

export class Liveness {
  readonly #after = new Map<Node, Names>();
  readonly #entry = new Map<Node, Names>();
  readonly #loopWrites = new Map<Loop, ReadonlySet<LocalId>>();
  readonly #born = new Map<Loop, ReadonlySet<LocalId>>();
  readonly #captured: readonly LocalId[];
  readonly #isOwnCaptured: (local: LocalId) => boolean;
  readonly #isAlwaysLive: (local: LocalId) => boolean;
  /** A slice leaves out what writes an operand that does not matter; that is never live. */
  readonly #written: Set<Temp>;

  constructor(fn: FunctionIr, body: Node, locals: readonly Local[]) {
    this.#isAlwaysLive = (id) => {
      const local = locals[id];
      return local === undefined || local.owner !== fn.id || local.isCaptured || local.isModuleLevel;
    };
    this.#isOwnCaptured = (id) => {
      const local = locals[id];
      return local?.owner === fn.id && local.isCaptured && !local.isModuleLevel;
    };
    this.#captured = locals
      .filter(({ isCaptured, isConstant }) => isCaptured && !isConstant)
      .map(({ id }) => id);
    this.#written = writtenIn(fn, body);
    this.#before(body, new Set(), { breaks: new Map(), throws: NOTHING, returns: NOTHING }, true);
  }

  /** What is read after a control node. */
  after(node: Node): Live {
    return this.#live(this.#after.get(node));
  }

  /** What is read at the head of a loop, a handler or a finalizer. */
  at(node: Node): Live {
    return this.#live(this.#entry.get(node));
  }

  /** The variables that a loop writes, and those that any function it calls may write. */
  writtenIn(loop: Loop): ReadonlySet<LocalId> {
    let written = this.#loopWrites.get(loop);
    if (written === undefined) this.#loopWrites.set(loop, (written = storesIn(loop, this.#captured)));
    return written;
  }

  /** The captured variables that each turn of a loop has for itself. */
  bornIn(loop: Loop): ReadonlySet<LocalId> {
    let born = this.#born.get(loop);
    if (born === undefined) {
      const carriedOver = this.#entry.get(loop) ?? NOTHING;
      const declared = storesIn(loop, [], (store) => store.isDeclaration && this.#isOwnCaptured(store.local));
      born = new Set([...declared].filter((local) => !carriedOver.has(ofLocal(local))));
      this.#born.set(loop, born);
    }
    return born;
  }

  #live(names: Names = NOTHING): Live {
    return {
      hasTemp: (temp: Temp) => names.has(temp),
      hasLocal: (local: LocalId) => names.has(ofLocal(local)) || this.#isAlwaysLive(local),
      hasProperty: (name: string) => names.has(name),
    };
  }

  /** What is live before `node`; `after` is the function's to change. */
  #before(node: Node, after: Names, exits: Exits, isRecording: boolean): Names {
    if (isInstr(node)) {
      for (const temp of writesOf(node)) after.delete(temp);
      if (node.kind === 'store') after.delete(ofLocal(node.local));
      if (node.kind === 'load') after.add(ofLocal(node.local));
      if (node.kind === 'getField' && node.key.kind === 'static') after.add(node.key.name);
      if (iterates(node)) addAll(after, ITERATED);
      for (const temp of readsOf(node)) if (this.#written.has(temp)) after.add(temp);
      return canThrow(node) ? addAll(after, exits.throws) : after;
    }
    if (isRecording && RECORDED.has(node.kind)) this.#after.set(node, new Set(after));
    switch (node.kind) {
      case 'seq':
        return node.nodes.reduceRight((live, child) => this.#before(child, live, exits, isRecording), after);
      case 'if': {
        const then = this.#before(node.then, new Set(after), exits, isRecording);
        return addAll(this.#before(node.else, after, exits, isRecording), then).add(node.test);
      }
      case 'loop':
        return this.#loop(node, node.body, exits, isRecording);
      case 'block': {
        const breaks = new Map(exits.breaks).set(node.label, new Set(after));
        return this.#before(node.body, after, { ...exits, breaks }, isRecording);
      }
      case 'tryCatch': {
        const handler = this.#before(node.handler, new Set(after), exits, isRecording);
        handler.delete(node.param);
        if (isRecording) this.#entry.set(node.handler, handler);
        return this.#before(node.body, after, { ...exits, throws: handler }, isRecording);
      }
      case 'finally':
        return this.#finally(node.body, node.finalizer, after, exits, isRecording);
      case 'break':
        return new Set(exits.breaks.get(node.label));
      case 'return':
        return node.value === null ? new Set(exits.returns) : new Set(exits.returns).add(node.value);
      case 'throw':
        return new Set(exits.throws).add(node.value);
      case 'unreachable':
        return new Set();
      default:
        return assertNever(node);
    }
  }

  #loop(node: Node, body: Node, exits: Exits, isRecording: boolean): Names {
    const head = this.#before(body, new Set(), exits, false);
    if (isRecording) {
      this.#entry.set(node, new Set(head));
      this.#before(body, new Set(head), exits, true);
    }
    return head;
  }

  /** Every way out of the body leads through the finalizer and then on its own way. */
  #finally(body: Node, finalizer: Node, after: Names, exits: Exits, isRecording: boolean): Names {
    const onward = addAll(addAll(new Set(after), exits.throws), exits.returns);
    for (const names of exits.breaks.values()) addAll(onward, names);
    const entry = this.#before(finalizer, onward, exits, isRecording);
    if (isRecording) this.#entry.set(finalizer, entry);
    const breaks = new Map([...exits.breaks.keys()].map((label) => [label, entry]));
    return this.#before(body, new Set(entry), { breaks, throws: entry, returns: entry }, isRecording);
  }
}

/** Of what is iterated, the length and the first elements are remembered. */
const ITERATED: readonly string[] = [
  'length',
  ...Array.from({ length: MAX_FOLLOWED }, (_, index) => String(index)),
];

function iterates(instr: Instr): boolean {
  switch (instr.kind) {
    case 'iterate':
    case 'step':
    case 'rest':
      return true;
    case 'array':
      return instr.elements.some((element) => element?.isSpread === true);
    case 'call':
    case 'new':
      return instr.args.some(({ isSpread }) => isSpread);
    default:
      return false;
  }
}

function storesIn(
  loop: Loop,
  captured: readonly LocalId[],
  isMeant: (store: Store) => boolean = () => true,
): Set<LocalId> {
  const stores = new Set(captured);
  const visit = (node: Node): void => {
    if (node.kind === 'store' && isMeant(node)) stores.add(node.local);
    if (!isInstr(node)) for (const child of childrenOf(node)) visit(child);
  };
  visit(loop);
  return stores;
}

function writtenIn(fn: FunctionIr, body: Node): Set<Temp> {
  const written = new Set(fn.params);
  if (fn.rest !== null) written.add(fn.rest);
  const visit = (node: Node): void => {
    if (isInstr(node)) for (const temp of writesOf(node)) written.add(temp);
    else for (const child of childrenOf(node)) visit(child);
    if (node.kind === 'tryCatch') written.add(node.param);
  };
  visit(body);
  return written;
}

function addAll(names: Names, more: Iterable<number | string>): Names {
  for (const name of more) names.add(name);
  return names;
}
