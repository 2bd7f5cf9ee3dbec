/**
 * A resource: one acquisition's handle, and its typestate.
 *
 *                  acquire, duplicate
 *                         |
 *                         v       close
 *       hand over       open --------------> closed --+
 *       out of sight   / |                     ^      | close: double close
 *                     v  | escape              |      | use:   use after close
 *                   gone v                     |
 *                     escaped -----------------+
 *                                   close
 *
 * `gone`: an owner out of sight has it, so a close is a double close and a use a use after close.
 * `entrusted`: the same, but it can still be used: that owner closes it later.
 * `escaped`: nobody knows who closes it; nothing is owed any more, but a visible close still closes.
 */
import type { HandleKind } from '../effects/decode.ts';
import type { FindingKind, Replacement } from '../finding.ts';
import type { LocalId } from '../ir/ir.ts';
import type { Site } from './site.ts';
import type { ObjectId, ResourceId, Value } from './value.ts';

export type Typestate = 'open' | 'closed' | 'gone' | 'entrusted' | 'escaped';

export interface Resource {
  readonly typestate: Typestate;
  /** `maybe` until the acquisition's outcome is tested; a use alone does not show it. */
  readonly exists: 'certainly' | 'maybe';
  /** null for a handle that came from outside, of which the kind is not known. */
  readonly kind: HandleKind | null;
  /** What its references hold where the acquisition failed. */
  readonly failure: Value;
  /** The resource that it duplicates, as long as the state knows that one. */
  readonly source: ResourceId | null;
  readonly isDuplicate: boolean;
  /** Whether this frame, or an object that it holds, must close it; not so for what the caller lent. */
  readonly isOwed: boolean;
  /** Operations under way that need it until they are done (promises.ts). */
  readonly neededBy: ReadonlySet<ObjectId>;
  /** Somebody else's: closing it is an error. */
  readonly isBorrowed: boolean;
  /** The kinds of finding that this path has already made of it. */
  readonly reported: ReadonlySet<FindingKind>;
  /** After an error that makes all that follows guesswork, the path says no more about it. */
  readonly isSilenced: boolean;
  readonly history: History;
}

/**
 * What explains a resource. None of it tells two states apart: where states merge, histories unite.
 */
export interface History {
  readonly acquired: ReadonlySet<Site>;
  readonly closed: ReadonlySet<Site>;
  /** The name of what closed it. */
  readonly closer: string | null;
  /** Where it got out of sight. */
  readonly escaped: ReadonlySet<Site>;
  /** The first variable that held it. */
  readonly name: string | null;
  /** The variable of the function under way that first held it. */
  readonly variable: LocalId | null;
  /** Whether the call that made it gives it as its result, rather than into a cell. */
  readonly isResult: boolean;
  /** The out-cell that it was written to, as the program spells it. */
  readonly cell: string | null;
  /** The name of what it duplicates. */
  readonly sourceName: string | null;
  /** The place in the source that last led to it. */
  readonly holder: Holder | null;
  /** Duplicates of it that nothing leads to any more and nobody closed, by where they were made. */
  readonly idle: Idle;
  /** Hand-overs of its original that stand as errors unless it is used from here on. */
  readonly passedInstead: ReadonlySet<PassedOriginal>;
  /** Hand-overs of it to code out of sight that stand as errors unless it is closed here later. */
  readonly passedOut: ReadonlySet<PassedOriginal>;
  /** Whether the function under way used it, closed it or handed it on. */
  readonly isTouched: boolean;
  /** Whether the function under way used or closed it. */
  readonly isUsed: boolean;
  /** Whether it used it after it had given control back, as an asynchronous function. */
  readonly isUsedLater: boolean;
  /** Whether it closed it then. */
  readonly isClosedLater: boolean;
  /** How the function under way handed it over. */
  readonly handedOver: HandOver;
}

/** A variable, or an element of what it holds, that holds a handle. */
export interface Holder {
  readonly local: LocalId;
  readonly replacement: Replacement;
}

export type Idle = ReadonlyMap<Site, IdleDuplicate>;

export interface IdleDuplicate {
  readonly kind: HandleKind | null;
  readonly history: History;
  /** Every way here has made it. */
  readonly isCertain: boolean;
}

/** `owner`: to something seen that closes it. `unseen`: to code out of sight. */
export type HandOver = 'no' | 'owner' | 'unseen';

/** A place where an original was handed over while its duplicate lay idle. */
export interface PassedOriginal {
  readonly site: Site;
  readonly duplicate: Site;
}

export const NO_OPERATIONS: ReadonlySet<ObjectId> = new Set();
export const NO_FINDINGS: ReadonlySet<FindingKind> = new Set();
export const NO_SITES: ReadonlySet<Site> = new Set();
const NO_DUPLICATES: Idle = new Map();
export const NO_HAND_OVERS: ReadonlySet<PassedOriginal> = new Set();

export function historyOf(acquired: Site | null): History {
  return {
    acquired: acquired === null ? NO_SITES : new Set([acquired]),
    closed: NO_SITES,
    closer: null,
    escaped: NO_SITES,
    name: null,
    variable: null,
    isResult: false,
    cell: null,
    sourceName: null,
    holder: null,
    idle: NO_DUPLICATES,
    passedInstead: NO_HAND_OVERS,
    passedOut: NO_HAND_OVERS,
    isTouched: false,
    isUsed: false,
    isUsedLater: false,
    isClosedLater: false,
    handedOver: 'no',
  };
}

/** The two histories as one; `a` itself where `b` adds nothing, so that growth can be seen. */
export function uniteHistories(a: History, b: History): History {
  if (a === b) return a;
  const united: History = {
    acquired: unite(a.acquired, b.acquired),
    closed: unite(a.closed, b.closed),
    closer: a.closer ?? b.closer,
    escaped: unite(a.escaped, b.escaped),
    name: a.name ?? b.name,
    variable: a.variable ?? b.variable,
    isResult: a.isResult || b.isResult,
    cell: a.cell ?? b.cell,
    sourceName: a.sourceName ?? b.sourceName,
    holder: a.holder ?? b.holder,
    idle: uniteIdle(a.idle, b.idle),
    passedInstead: unite(a.passedInstead, b.passedInstead),
    passedOut: unite(a.passedOut, b.passedOut),
    isTouched: a.isTouched || b.isTouched,
    isUsed: a.isUsed || b.isUsed,
    isUsedLater: a.isUsedLater || b.isUsedLater,
    isClosedLater: a.isClosedLater || b.isClosedLater,
    handedOver: a.handedOver === 'no' ? b.handedOver : a.handedOver,
  };
  const isGrown = (Object.keys(united) as (keyof History)[]).some((key) => united[key] !== a[key]);
  return isGrown ? united : a;
}

/** `a` itself where `b` adds nothing. */
export function unite<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  if (a === b || b.size === 0) return a;
  let united: Set<T> | null = null;
  for (const item of b) {
    if (!a.has(item)) (united ??= new Set(a)).add(item);
  }
  return united ?? a;
}

/** `a` itself where `b` adds nothing. What only some ways have made is no longer there for sure. */
function uniteIdle(a: Idle, b: Idle): Idle {
  if (a === b) return a;
  const united = new Map<Site, IdleDuplicate>();
  for (const site of new Set([...a.keys(), ...b.keys()])) {
    const [one, two] = [a.get(site), b.get(site)];
    const known = one ?? two;
    if (known === undefined) continue;
    const isCertain = one?.isCertain === true && two?.isCertain === true;
    united.set(site, known.isCertain === isCertain ? known : { ...known, isCertain });
  }
  const isGrown = [...united].some(([site, duplicate]) => a.get(site) !== duplicate);
  return isGrown ? united : a;
}
