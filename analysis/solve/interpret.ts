/**
 * The definitional interpreter: executing a node with a set of states gives, for each completion of
 * ECMA-262 6.2.4, the states that leave by it (Darais et al., Abstracting Definitional Interpreters,
 * ICFP 2017).
 *
 *              states in
 *                  |
 *             +----v----+
 *             |  node   |----> throw, return, break to a label   (handed to `Exits`)
 *             +----+----+
 *                  |
 *             normal: states out
 *
 * A `finally` runs once, on the states of all ways in; each carries the completion that it resumes. A
 * loop runs its body on the states that are new at its head until there are none.
 */
import { defined } from '../defined.ts';
import { assertNever } from '../assert-never.ts';
import type { Finally, If, Label, LocalId, Loop, Node, Seq, TryCatch } from '../ir/ir.ts';
import { isInstr } from '../ir/operands.ts';
import type { Activation } from './activation.ts';
import { noteCondition } from './idle-tests.ts';
import { BoundReached, MAX_LOOP_ROUNDS } from './bounds.ts';
import type { IsCounter } from './canonical.ts';
import { endTurn } from './closures.ts';
import type { Liveness } from './liveness.ts';
import { prune } from './prune.ts';
import type { Live } from './prune.ts';
import { branch } from './refine.ts';
import { sizeOf } from './state.ts';
import type { State } from './state.ts';
import { StateSet } from './state-set.ts';
import { extendTrace } from './trace.ts';
import { transfer } from './transfer.ts';
import { UNDEFINED } from './value.ts';

/** Where the abrupt completions of a node go. */
export interface Exits {
  return(state: State): void;
  throw(state: State, completion: 'throw' | 'implicitThrow'): void;
  break(label: Label, state: State): void;
  readonly isHandled: boolean;
}

export class Interpreter {
  readonly #activation: Activation;
  readonly #liveness: Liveness;

  constructor(activation: Activation, liveness: Liveness) {
    this.#activation = activation;
    this.#liveness = liveness;
  }

  run(body: Node, state: State, exits: Exits): State[] {
    return this.#execute(body, [state], exits);
  }

  #execute(node: Node, states: State[], exits: Exits): State[] {
    if (states.length === 0) return states;
    if (isInstr(node)) {
      this.#activation.throwTarget = exits;
      this.#activation.current = node;
      this.#activation.leaving = null;
      const after: State[] = [];
      for (const state of states) {
        this.#activation.engine.countStep();
        after.push(...transfer(this.#activation, state, node));
      }
      if (this.#activation.options.depth === 0) this.#activation.engine.observer?.(node, after);
      return after;
    }
    switch (node.kind) {
      case 'seq':
        return this.#seq(node, states, exits);
      case 'if':
        return this.#if(node, states, exits);
      case 'loop':
        return this.#loop(node, states, exits);
      case 'block':
        return this.#block(node, node.label, node.body, states, exits);
      case 'tryCatch':
        return this.#tryCatch(node, states, exits);
      case 'finally':
        return this.#finally(node, states, exits);
      case 'break':
        this.#activation.leaving = node.node;
        for (const state of states) exits.break(node.label, state);
        return [];
      case 'return':
        this.#activation.leaving = node.node;
        for (const state of states) {
          state.result = node.value === null ? UNDEFINED : this.#activation.read(state, node.value);
          state.returning = new Set([this.#activation.engine.sites.at(node.node)]);
          exits.return(state);
        }
        return [];
      case 'throw':
        this.#activation.leaving = node.node;
        for (const state of states) {
          state.result = this.#activation.read(state, node.value);
          exits.throw(state, 'throw');
        }
        return [];
      case 'unreachable':
        return [];
      default:
        return assertNever(node);
    }
  }

  #seq(node: Seq, states: State[], exits: Exits): State[] {
    const { watch } = this.#activation.options;
    const isWatched = watch?.region === node;
    const ways = isWatched ? watch.around(this.#activation, exits) : exits;
    const ended = node.nodes.reduce((live, child) => this.#execute(child, live, ways), states);
    if (isWatched) watch.noteEnd(this.#activation, ended);
    return ended;
  }

  /** Lets states meet: what is dead is dropped, equal ones become one. */
  #meet(live: Live, isCounter: IsCounter | null = null): Meeting {
    const { watch } = this.#activation.options;
    const kept =
      watch == null
        ? live
        : { ...live, hasLocal: (local: LocalId) => local === watch.local || live.hasLocal(local) };
    return new Meeting(this.#activation, kept, isCounter);
  }

  #if(node: If, states: State[], exits: Exits): State[] {
    const then: State[] = [];
    const otherwise: State[] = [];
    for (const state of states) {
      const value = this.#activation.read(state, node.test);
      noteCondition(this.#activation, state, node, value);
      const [whenTrue, whenFalse] = branch(state, value, this.#activation.engine.fresh, node.isLoopTest);
      const isOpen = whenTrue.length > 0 && whenFalse.length > 0;
      for (const each of whenTrue) then.push(isOpen ? told(each, node, true) : each);
      for (const each of whenFalse) otherwise.push(isOpen ? told(each, node, false) : each);
    }
    const after = this.#meet(this.#liveness.after(node));
    for (const state of this.#execute(node.then, then, exits)) after.add(state);
    for (const state of this.#execute(node.else, otherwise, exits)) after.add(state);
    return after.states();
  }

  #loop(node: Loop, states: State[], exits: Exits): State[] {
    const written = this.#liveness.writtenIn(node);
    const head = this.#meet(this.#liveness.at(node), (local) => written.has(local));
    const born = this.#liveness.bornIn(node);
    const arrive = (state: State): State[] => {
      endTurn(this.#activation, state, born);
      return head.add(state);
    };
    let frontier = states.flatMap(arrive);
    for (let round = 0; frontier.length > 0; round++) {
      if (round >= MAX_LOOP_ROUNDS) throw new BoundReached('MAX_LOOP_ROUNDS');
      const turned = this.#execute(
        node.body,
        frontier.map((state) => state.fork()),
        exits,
      );
      frontier = [...new Set(turned.flatMap(arrive))];
    }
    return [];
  }

  #block(node: Node, label: Label, body: Node, states: State[], exits: Exits): State[] {
    const after = this.#meet(this.#liveness.after(node));
    const inside: Exits = {
      ...bound(exits),
      break: (target, state) => {
        if (target === label) after.add(state);
        else exits.break(target, state);
      },
    };
    for (const state of this.#execute(body, states, inside)) after.add(state);
    return after.states();
  }

  #tryCatch(node: TryCatch, states: State[], exits: Exits): State[] {
    const caught = this.#meet(this.#liveness.at(node.handler));
    const inside: Exits = { ...bound(exits), isHandled: true, throw: (state) => void caught.add(state) };
    const after = this.#meet(this.#liveness.after(node));
    for (const state of this.#execute(node.body, states, inside)) after.add(state);
    const handled = caught.states();
    for (const state of handled) {
      state.temps.set(node.param, state.result);
      state.result = UNDEFINED;
    }
    for (const state of this.#execute(node.handler, handled, exits)) after.add(state);
    return after.states();
  }

  #finally(node: Finally, states: State[], exits: Exits): State[] {
    const entry = this.#meet(this.#liveness.at(node.finalizer));
    const suspend = (state: State, completion: string): void => {
      state.pending = [...state.pending, { completion, value: state.result }];
      state.result = UNDEFINED;
      entry.add(state);
    };
    const labels = new Map<string, Label>();
    const inside: Exits = {
      isHandled: exits.isHandled,
      return: (state) => {
        suspend(state, 'return');
      },
      throw: (state, completion) => {
        suspend(state, completion);
      },
      break: (label, state) => {
        labels.set(`break ${label}`, label);
        suspend(state, `break ${label}`);
      },
    };
    for (const state of this.#execute(node.body, states, inside)) suspend(state, 'normal');
    return this.#resume(node, entry.states(), exits, labels);
  }

  /** Runs the finalizer. Where it completes normally the suspended completion goes on; else its own wins. */
  #resume(node: Finally, states: State[], exits: Exits, labels: ReadonlyMap<string, Label>): State[] {
    const drop = (state: State): State => {
      state.pending = state.pending.slice(0, -1);
      return state;
    };
    const inside: Exits = {
      isHandled: exits.isHandled,
      return: (state) => {
        exits.return(drop(state));
      },
      throw: (state, completion) => {
        exits.throw(drop(state), completion);
      },
      break: (label, state) => {
        exits.break(label, drop(state));
      },
    };
    const after = this.#meet(this.#liveness.after(node));
    const ended = this.#execute(node.finalizer, states, inside);
    this.#activation.leaving = null;
    for (const state of ended) {
      const { completion, value } = defined(state.pending.at(-1));
      state.result = value;
      drop(state);
      if (completion === 'normal') after.add(state);
      else if (completion === 'return') exits.return(state);
      else if (completion === 'throw' || completion === 'implicitThrow') exits.throw(state, completion);
      else exits.break(defined(labels.get(completion)), state);
    }
    return after.states();
  }
}

/** Comparing this power of two of places costs about as much as stepping an instruction. */
const PLACES_A_STEP = 3;

class Meeting {
  readonly #activation: Activation;
  readonly #live: Live;
  readonly #set: StateSet;

  constructor(activation: Activation, live: Live, isCounter: IsCounter | null) {
    this.#activation = activation;
    this.#live = live;
    this.#set = new StateSet(activation.engine.fresh, isCounter);
  }

  /** The state of the set that grew, if any. */
  add(state: State): State[] {
    prune(state, this.#live, this.#activation.engine);
    this.#activation.engine.countStep(1 + (sizeOf(state) >> PLACES_A_STEP));
    const grown = this.#set.add(state);
    return grown === null ? [] : [grown];
  }

  states(): State[] {
    return this.#set.states();
  }
}

function told(state: State, node: If, isTaken: boolean): State {
  state.trace = extendTrace(state.trace, node.node, isTaken);
  return state;
}

/** The exits as plain functions, so that some can be replaced. */
function bound(exits: Exits): Exits {
  return {
    isHandled: exits.isHandled,
    return: (state) => {
      exits.return(state);
    },
    throw: (state, completion) => {
      exits.throw(state, completion);
    },
    break: (label, state) => {
      exits.break(label, state);
    },
  };
}
