/**
 * Call stacks: capturing them cheaply and reading them late.
 *
 * Most stacks are never looked at (a handle that is closed once needs neither of its two), so capturing
 * only asks V8 to remember the frames, and they are turned into text and parsed when somebody reads them.
 *
 *     user code            frames[1]
 *       user's helper      frames[0]   innermost first
 *         CloseHandle      left out: the model's own, and all that it calls
 *
 * Invariant: `frames` never throws and never holds a frame of the model. Where the engine is not V8, or
 * somebody has replaced the text of stacks by something else, it is empty.
 */

/** One call on a stack: where in the source it was made. */
export interface Frame {
  /** The file as the engine names it: a path, a `file://` URL or the name of an evaluated script. */
  readonly file: string;
  /** Line of the call, from 1. */
  readonly line: number;
  /** Column of the call, from 1. */
  readonly column: number;
  /** The function that made the call, as the engine names it; empty at top level and in unnamed functions. */
  readonly function: string;
  /**
   * True if no such call is written in the source: the language made it, at the end of a `using` scope.
   * Only a `StackCapture` that knows how the program was compiled can tell; the default one never says so.
   */
  readonly isImplicit?: boolean;
}

/** A stack that was captured and may be read later. */
export interface CapturedStack {
  readonly frames: readonly Frame[];
}

/**
 * Captures the stack of the call to `callee`: what is above it, `callee` itself excluded. The default one
 * reads the engine's text, so source maps that the runtime applies to stacks are applied here as well.
 */
export type StackCapture = (callee: StackTop) => CapturedStack;

/** The function whose caller is the innermost frame. */
export type StackTop = (...args: never[]) => unknown;

/** V8's part of `Error`, which the language's own library does not declare. */
interface V8ErrorConstructor {
  stackTraceLimit?: number;
  captureStackTrace?: (holder: object, callee: StackTop) => void;
}

const v8: V8ErrorConstructor = Error;

/** How many calls deep a stack is remembered; V8's default of 10 would lose the outer lines of helpers. */
const FRAME_LIMIT = 50;

/** The function below which frames belong to whoever started the run, and no longer to the program. */
export const ENTRY_NAME = 'enterModelledProgram';

/**
 * Makes V8 remember the stack of the call to `callee` in an object whose `stack` can be read later.
 * Returns an object without a stack where the engine cannot do that.
 */
export function holdStack(callee: StackTop): { readonly stack?: unknown } {
  const holder = {};
  const limit = v8.stackTraceLimit;
  v8.stackTraceLimit = FRAME_LIMIT;
  v8.captureStackTrace?.(holder, callee);
  if (limit === undefined) delete v8.stackTraceLimit;
  else v8.stackTraceLimit = limit;
  return holder;
}

/** The default capture: reads the text that V8 gives for a stack. */
export const captureStack: StackCapture = (callee) => new TextStack(holdStack(callee));

class TextStack implements CapturedStack {
  #holder: { readonly stack?: unknown } | null;
  #frames: readonly Frame[] = [];

  constructor(holder: { readonly stack?: unknown }) {
    this.#holder = holder;
  }

  get frames(): readonly Frame[] {
    if (this.#holder !== null) {
      this.#frames = parseStack(this.#holder.stack);
      this.#holder = null;
    }
    return this.#frames;
  }
}

/** Parses V8's text of a stack. Lines without a place in a file (`at new Promise (<anonymous>)`) are left out. */
export function parseStack(text: unknown): readonly Frame[] {
  const frames: Frame[] = [];
  if (typeof text !== 'string') return frames;
  for (const line of text.split('\n')) {
    const frame = parseFrame(line);
    if (frame === null) continue;
    if (frame.function === ENTRY_NAME) break;
    frames.push(frame);
  }
  return frames;
}

const AT = /^\s+at (?:async )?/;
const PLACE = /^(.*):(\d+):(\d+)$/;
const ALIAS = / \[as [^\]]*\]$/;

function parseFrame(text: string): Frame | null {
  const at = AT.exec(text);
  if (at === null) return null;
  const [callee, place] = splitPlace(text.slice(at[0].length));
  const match = PLACE.exec(place);
  if (match === null) return null;
  const name = callee.replace(ALIAS, '').replace(/^new /, '');
  const isUnnamed = name === 'Object.<anonymous>' || name === '<anonymous>';
  return {
    file: match[1] ?? '',
    line: Number(match[2]),
    column: Number(match[3]),
    function: isUnnamed ? '' : name,
  };
}

/**
 * Splits `callee (place)`. The parenthesis that opens the place is found by matching from the end, because
 * paths may have parentheses, and code from `eval` nests a place in a place.
 */
function splitPlace(text: string): readonly [callee: string, place: string] {
  if (!text.endsWith(')')) return ['', text];
  let depth = 0;
  for (let i = text.length - 1; i > 0; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && --depth === 0) return [text.slice(0, i).trimEnd(), text.slice(i + 1, -1)];
  }
  return ['', text];
}
