/**
 * Counted objects: what handles stand for. A handle is not counted, its object is.
 *
 *     h ----.
 *            >---> object  <---- itself, while it is a running thread or process
 *     hDup -'
 *
 * Invariant: an object is alive while it has an open handle or runs. Closing the last handle of a running
 * thread therefore ends the handle and not the thread.
 */

/** What an object is. A `find` is an open search: a handle of its own kind, closed by `FindClose`. */
export type ObjectKind = 'file' | 'event' | 'thread' | 'process' | 'find';

/** What can be seen of an object at one moment. */
export interface ObjectState {
  readonly kind: ObjectKind;
  /** How many handles to it are open; pseudo-handles are none. */
  readonly openHandles: number;
  /** True if it is a thread or process that has not ended, and so refers to itself. */
  readonly isRunning: boolean;
  /** Its reference count: `openHandles`, and one more while it runs. */
  readonly references: number;
  /** False once the last reference is gone. */
  readonly isAlive: boolean;
  /** How many calls have used it through any handle; stale uses of a recycled value are among them. */
  readonly uses: number;
  /** What a thread ended with; null before it ended, and for all that is no thread. */
  readonly exitCode: number | null;
}

/** An object inside the kernel. */
export class KernelObject {
  readonly kind: ObjectKind;
  openHandles = 0;
  isRunning: boolean;
  uses = 0;
  exitCode: number | null = null;
  /** How many entries a search has given so far, the first one apart. */
  finds = 0;
  /** How often it has been read; handles to one object share their place in it. */
  reads = 0;

  constructor(kind: ObjectKind) {
    this.kind = kind;
    this.isRunning = kind === 'thread' || kind === 'process';
  }

  /** Ends a thread: it refers to itself no longer. */
  exit(code: number): void {
    this.isRunning = false;
    this.exitCode = code;
  }

  state(): ObjectState {
    const references = this.openHandles + (this.isRunning ? 1 : 0);
    return {
      kind: this.kind,
      openHandles: this.openHandles,
      isRunning: this.isRunning,
      references,
      isAlive: references > 0,
      uses: this.uses,
      exitCode: this.exitCode,
    };
  }
}
