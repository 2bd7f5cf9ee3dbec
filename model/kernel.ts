/**
 * The kernel: one handle table, and the rules of what may be done with its entries.
 *
 *     value  4        8        12
 *          .--------.--------.--------.
 *          | closed | open   | open   |   entries: they stay after a close, so that a stale value is known
 *          '--------'---|----'---|----'
 *                       '---v----'
 *                        object           counted (model/objects.ts)
 *
 * Invariants: every value ever handed out has an entry. Values are handed out in order and never again,
 * unless they are recycled: then an acquisition takes the value closed last and replaces its entry, as real
 * kernels do. A failed operation changes nothing but the last error.
 */
import type { ChoicePoint, Course } from './choices.ts';
import type { CapturedStack, StackTop } from './frames.ts';
import { CURRENT_PROCESS, CURRENT_THREAD, DUPLICATE_CLOSE_SOURCE, type HANDLE } from './handle.ts';
import { KernelObject, type ObjectKind } from './objects.ts';
import type { ViolationKind, ViolationRecord } from './violations.ts';

/** A handle as programs pass it: functions that fail give `null`, and cells that were never filled too. */
export type HandleArgument = HANDLE | null | undefined;

/** The function that closes handles of a kind. */
export type Closer = 'CloseHandle' | 'FindClose';

export interface KernelOptions {
  readonly course: Course;
  readonly isRecycling: boolean;
  readonly maxFinds: number;
  /** Captures the stack of a call; `call` is the call's number in the run. */
  readonly capture: (callee: StackTop, call: number) => CapturedStack;
  /** It belongs to a script outside every run. */
  readonly isScript?: boolean;
}

/** Windows' error codes, as far as the model has causes for them. */
export const LastError = {
  none: 0,
  fileNotFound: 2,
  invalidHandle: 6,
  notEnoughMemory: 8,
  noMoreFiles: 18,
} as const;

const FIRST_VALUE = 4;
const VALUE_STEP = 4;
/** Where the values of another process's table begin: far from this one's, so that nobody confuses them. */
const FIRST_FOREIGN_VALUE = 0x4000_0000;

/** One handle: its object, and what this run has done with it. */
class Entry {
  readonly value: HANDLE;
  readonly object: KernelObject;
  readonly isPseudo: boolean;
  readonly isDuplicate: boolean;
  readonly acquired: CapturedStack;
  /** The stack of the close; null while the handle is open. */
  closed: CapturedStack | null = null;
  isUseRecorded = false;
  /** A double or mismatched close has been recorded: there is nothing more to say about this handle. */
  isSettled = false;

  constructor(value: HANDLE, object: KernelObject, acquired: CapturedStack | null, isDuplicate: boolean) {
    this.value = value;
    this.object = object;
    this.isPseudo = acquired === null;
    this.acquired = acquired ?? { frames: [] };
    this.isDuplicate = isDuplicate;
  }

  get closer(): Closer {
    return isSearch(this) ? 'FindClose' : 'CloseHandle';
  }
}

/** A search is no kernel object: it can neither be duplicated nor closed like one. */
function isSearch(entry: Entry): boolean {
  return entry.object.kind === 'find';
}

export class Kernel {
  readonly course: Course;
  readonly maxFinds: number;
  readonly isScript: boolean;
  readonly records: ViolationRecord[] = [];
  lastError: number = LastError.none;

  readonly #isRecycling: boolean;
  readonly #capture: KernelOptions['capture'];
  readonly #entries: Entry[] = [];
  readonly #freeValues: HANDLE[] = [];
  #nextForeign = FIRST_FOREIGN_VALUE;
  readonly #process = new Entry(CURRENT_PROCESS, new KernelObject('process'), null, false);
  readonly #thread = new Entry(CURRENT_THREAD, new KernelObject('thread'), null, false);

  constructor(options: KernelOptions) {
    this.course = options.course;
    this.maxFinds = options.maxFinds;
    this.isScript = options.isScript ?? false;
    this.#isRecycling = options.isRecycling;
    this.#capture = options.capture;
  }

  /** Opens a handle to a new object; null if the acquisition was chosen to fail. */
  acquire(kind: ObjectKind, at: ChoicePoint, callee: StackTop): HANDLE | null {
    if (this.course.decide(at)) return this.#open(new KernelObject(kind), false, callee);
    const isNamed = kind === 'file' || kind === 'find';
    this.lastError = isNamed ? LastError.fileNotFound : LastError.notEnoughMemory;
    return null;
  }

  /** The object of an open handle, for a call that uses it. Null, and a violation if it was closed, otherwise. */
  use(handle: HandleArgument, callee: StackTop): KernelObject | null {
    const object = this.#use(handle, callee)?.object ?? null;
    if (object !== null) object.uses++;
    return object;
  }

  /** The object that a value stands for, or last stood for; null if it never stood for any. */
  look(handle: HandleArgument): KernelObject | null {
    return this.#find(handle)?.object ?? null;
  }

  close(handle: HandleArgument, closer: Closer, callee: StackTop): boolean {
    const entry = this.#find(handle);
    if (entry === undefined) return this.#fail();
    if (entry.isPseudo) return true;
    if (entry.closed !== null || entry.closer !== closer) {
      this.#record(entry.closed === null ? 'mismatchedClose' : 'doubleClose', entry, callee);
      entry.isSettled = true;
      return this.#fail();
    }
    this.#close(entry, callee);
    return true;
  }

  duplicate(
    sourceProcess: HandleArgument,
    source: HandleArgument,
    targetProcess: HandleArgument,
    out: [HANDLE | null],
    options: number,
    callee: StackTop,
  ): boolean {
    // Each argument is judged by itself: a second closed one is as wrong as the first.
    const from = this.#use(sourceProcess, callee);
    const to = this.#use(targetProcess, callee);
    const entry = this.#use(source, callee);
    let isMade = false;
    if (entry === null || from?.object !== this.#process.object || to === null || isSearch(entry))
      this.#fail();
    else if (this.course.decide('DuplicateHandle')) isMade = true;
    else this.lastError = LastError.notEnoughMemory;
    if (entry === null) return false;
    // The duplicate is opened before its source is closed: it is never given the source's own value.
    if (isMade) {
      out[0] = to?.object === this.#process.object ? this.#open(entry.object, true, callee) : this.#foreign();
    }
    const isSourceClosed = (options & DUPLICATE_CLOSE_SOURCE) !== 0 && !entry.isPseudo && !isSearch(entry);
    if (isSourceClosed) this.#close(entry, callee);
    return isMade;
  }

  /** Records what is still open: the program has ended. Each handle leaks once, however often this is asked. */
  recordLeaks(): void {
    for (const entry of this.#entries) {
      if (entry.closed !== null || entry.isSettled) continue;
      entry.isSettled = true;
      this.records.push({
        kind: entry.isDuplicate ? 'leakedDuplicate' : 'leakedHandle',
        handle: entry.value,
        at: entry.acquired,
        acquired: entry.acquired,
        closed: null,
      });
    }
  }

  /** The entry of a value that was handed out, open or closed; undefined for failure values and made-up numbers. */
  #find(handle: HandleArgument): Entry | undefined {
    if (typeof handle !== 'number') return undefined;
    if (handle === CURRENT_PROCESS) return this.#process;
    if (handle === CURRENT_THREAD) return this.#thread;
    return this.#entries[indexOf(handle)];
  }

  #use(handle: HandleArgument, callee: StackTop): Entry | null {
    const entry = this.#find(handle);
    if (entry !== undefined && entry.closed === null) return entry;
    if (entry !== undefined && !entry.isUseRecorded) {
      entry.isUseRecorded = true;
      this.#record('useAfterClose', entry, callee);
    }
    this.#fail();
    return null;
  }

  #open(object: KernelObject, isDuplicate: boolean, callee: StackTop): HANDLE {
    const value = this.#freeValues.pop() ?? valueAt(this.#entries.length);
    object.openHandles++;
    this.#entries[indexOf(value)] = new Entry(value, object, this.#stackOf(callee), isDuplicate);
    return value;
  }

  #close(entry: Entry, callee: StackTop): void {
    entry.object.openHandles--;
    entry.closed = this.#stackOf(callee);
    if (this.#isRecycling) this.#freeValues.push(entry.value);
  }

  /** A value of another process's table. Here it stands for nothing. */
  #foreign(): HANDLE {
    return (this.#nextForeign += VALUE_STEP) as HANDLE;
  }

  #record(kind: ViolationKind, entry: Entry, callee: StackTop): void {
    // What a program does on its way out of a cut run says nothing about the program.
    if (entry.isSettled || this.course.isCut) return;
    this.records.push({
      kind,
      handle: entry.value,
      at: this.#stackOf(callee),
      acquired: entry.acquired,
      closed: entry.closed,
    });
  }

  #stackOf(callee: StackTop): CapturedStack {
    return this.#capture(callee, this.course.calls);
  }

  #fail(): false {
    this.lastError = LastError.invalidHandle;
    return false;
  }
}

function valueAt(index: number): HANDLE {
  return (FIRST_VALUE + index * VALUE_STEP) as HANDLE;
}

function indexOf(value: HANDLE): number {
  return (value - FIRST_VALUE) / VALUE_STEP;
}
