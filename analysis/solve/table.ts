/**
 * Runs of callees, memoised by the canonical form of what they start from. A recursive call finds its own
 * entry under way and takes the exits known so far, none at first; the run is repeated until none is added.
 */
import type { FunctionIr } from '../ir/ir.ts';
import { BoundReached } from './bounds.ts';
import type { Entry, Exit } from './project.ts';
import type { Numbering } from './canonical.ts';
import { Recorder } from './recorder.ts';

export interface TableEntry {
  readonly numbering: Numbering;
  readonly recorder: Recorder;
  exits(): readonly Exit[];
}

/** What else than the entry state decides how a run goes. */
export interface RunMode {
  /** Part of the key. */
  readonly mode: string;
  readonly countsImplicitThrows: boolean;
  readonly isMember: boolean;
  readonly depth: number;
}

/** Runs a body from an entry state: its exits, and what it found in the recorder. */
export type RunBody = (fn: FunctionIr, entry: Entry, recorder: Recorder, mode: RunMode) => Exit[];

const MAX_RECURSION_ROUNDS = 12;

class Cell implements TableEntry {
  readonly numbering: Numbering;
  recorder = new Recorder();
  #exits: readonly Exit[] = [];
  isDone = false;
  /** Another run took this one's exits before they were final. */
  isAwaited = false;
  readonly depth: number;

  constructor(numbering: Numbering, depth: number) {
    this.numbering = numbering;
    this.depth = depth;
  }

  exits(): readonly Exit[] {
    return this.#exits;
  }

  startRound(): void {
    this.isAwaited = false;
    this.recorder = new Recorder();
  }

  /** Whether the run added anything to what was known. */
  settle(exits: readonly Exit[]): boolean {
    const isGrown = exits.length > this.#exits.length;
    this.#exits = exits;
    return isGrown;
  }
}

export class CallTable {
  readonly #cells = new Map<string, Cell>();
  readonly #underWay: Cell[] = [];
  readonly #run: RunBody;
  /** The depth of the outermost run under way whose exits were taken before they were final. */
  #lowestAwaited = Infinity;

  constructor(run: RunBody) {
    this.#run = run;
  }

  lookUp(fn: FunctionIr, entry: Entry, mode: RunMode): TableEntry {
    const key = `${fn.id} ${mode.mode} ${entry.key}`;
    const known = this.#cells.get(key);
    if (known !== undefined) {
      if (!known.isDone) {
        known.isAwaited = true;
        this.#lowestAwaited = Math.min(this.#lowestAwaited, known.depth);
      }
      return known;
    }
    return this.#fill(key, fn, entry, mode);
  }

  #fill(key: string, fn: FunctionIr, entry: Entry, mode: RunMode): TableEntry {
    const cell = new Cell(entry.numbering, this.#underWay.length);
    this.#cells.set(key, cell);
    this.#underWay.push(cell);
    const outer = this.#lowestAwaited;
    this.#lowestAwaited = Infinity;
    try {
      this.#iterate(cell, fn, entry, mode);
    } catch (error) {
      // A run that was cut is none, and neither is what leant on it.
      this.#cells.delete(key);
      this.#lowestAwaited = outer;
      throw error;
    } finally {
      this.#underWay.pop();
    }
    cell.isDone = true;
    // A run that leant on an unfinished one further out is not final: it is made again when that one is.
    if (this.#lowestAwaited < cell.depth) this.#cells.delete(key);
    this.#lowestAwaited = Math.min(outer, this.#lowestAwaited < cell.depth ? this.#lowestAwaited : Infinity);
    return cell;
  }

  #iterate(cell: Cell, fn: FunctionIr, entry: Entry, mode: RunMode): void {
    for (let round = 0; round < MAX_RECURSION_ROUNDS; round++) {
      cell.startRound();
      const from = { ...entry, state: entry.state.fork() };
      const isGrown = cell.settle(this.#run(fn, from, cell.recorder, mode));
      if (!cell.isAwaited || !isGrown) return;
    }
    throw new BoundReached('MAX_RECURSION_ROUNDS');
  }
}
