/**
 * Reads stacks of programs that the harness compiled: V8's call sites, without going through text, and
 * with their places in the source.
 *
 * Invariants: only calls made by a known script are frames; there are none of the harness or of what runs it.
 * The call at the end of a `using` scope is placed at the declaration of what is disposed of.
 */
import { holdStack, type CapturedStack, type Frame, type StackCapture } from '../../model/index.ts';
import { ENTRY_NAME } from '../../model/frames.ts';
import { currentDisposal, DISPOSAL_NAME, type Disposal } from './disposal.ts';
import type { Place, Script } from './transpile.ts';

/** The scripts of a program by their names on stacks. */
export type Scripts = ReadonlyMap<string, Script>;

type Holder = ReturnType<typeof holdStack>;

/** Captures stacks of a program made of these scripts. */
export function createCapture(scripts: Scripts): StackCapture {
  return (callee) => new SiteStack(holdStack(callee), currentDisposal(), scripts);
}

class SiteStack implements CapturedStack {
  readonly #holder: Holder;
  readonly #disposal: Disposal | null;
  readonly #scripts: Scripts;
  #frames: readonly Frame[] | null = null;

  constructor(holder: Holder, disposal: Disposal | null, scripts: Scripts) {
    this.#holder = holder;
    this.#disposal = disposal;
    this.#scripts = scripts;
  }

  get frames(): readonly Frame[] {
    return (this.#frames ??= readFrames(this.#holder, this.#disposal, this.#scripts));
  }
}

function readFrames(holder: Holder, innermost: Disposal | null, scripts: Scripts): readonly Frame[] {
  const frames: Frame[] = [];
  let disposal = innermost;
  /** What the next frame disposes of, if a disposal lies between it and the one before. */
  let implicit: Disposal | null = null;
  for (const site of readSites(holder)) {
    const name = site.getFunctionName() ?? '';
    const script = scripts.get(site.getFileName() ?? '');
    if (script === undefined) {
      if (name === ENTRY_NAME) break;
      if (name === DISPOSAL_NAME && disposal !== null) {
        implicit = disposal;
        disposal = disposal.outer;
      }
      continue;
    }
    const place = placeOf(site, script, implicit?.declaration ?? null);
    if (place !== null) {
      frames.push({
        file: script.fileName,
        ...place,
        function: name,
        ...(implicit !== null && { isImplicit: true }),
      });
    }
    implicit = null;
  }
  return frames;
}

function placeOf(site: NodeJS.CallSite, script: Script, declaration: number | null): Place | null {
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (line === null || column === null) return null;
  return declaration === null ? script.place(line, column) : script.placeOfUsing(line, column, declaration);
}

function readSites(holder: Holder): readonly NodeJS.CallSite[] {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, all) => all;
  const sites = holder.stack as readonly NodeJS.CallSite[];
  if (descriptor === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
  else Object.defineProperty(Error, 'prepareStackTrace', descriptor);
  return sites;
}
