/**
 * Runs fixture programs on the model.
 *
 *     source text --compile once--> scripts --evaluate anew for each run--> main() --> violations, lines
 *
 * A program imports the model by the package's name and exports `main`. It may import other files next to it.
 *
 * Invariant: each run evaluates all modules again, so that what they keep does not outlive a run.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RunCut } from '../../model/choices.ts';
import { currentKernel } from '../../model/current.ts';
import * as modelNamespace from '../../model/index.ts';
import {
  explore,
  sample,
  type Exploration,
  type ExploredViolation,
  type ExploreOptions,
  type SampleOptions,
} from '../../model/index.ts';
import { addDisposableResource, DisposableStack, disposeResources, SuppressedError } from './disposal.ts';
import { createCapture } from './stacks.ts';
import { Script } from './transpile.ts';

/** A violation of a program. */
export interface ProgramViolation extends ExploredViolation {
  /** All lines of the program's own file that a report of this kind may stand on, in order. */
  readonly lines: readonly number[];
}

/** What the runs of a program showed. */
export interface ProgramExploration extends Exploration {
  readonly violations: readonly ProgramViolation[];
}

const MODEL = 'eslint-plugin-handles/model';

/** A plain object: each access to a module's namespace costs a call where modules are transformed. */
const model: Readonly<Record<string, unknown>> = { ...modelNamespace };

/** Compiles a program and explores its `main`. Throws as `loadProgram` and `explore` do. */
export function runProgram(
  sourceText: string,
  fileName: string,
  options: ExploreOptions = {},
): ProgramExploration {
  return loadProgram(sourceText, fileName).explore(options);
}

/**
 * Compiles a program, to be run in more ways than one. Throws a `SyntaxError` if it is none. That it exports no
 * function `main`, or imports what is not there, is an `Error` when it is run.
 */
export function loadProgram(sourceText: string, fileName: string): Program {
  return new Program(sourceText, fileName);
}

/** A compiled program. */
export class Program {
  readonly #entry: Script;
  readonly #scripts = new Map<string, Script>();
  readonly #capture = createCapture(this.#scripts);
  /** What keeps the program from being run at all: no exception of the program's own. */
  #failure: Error | null = null;

  constructor(sourceText: string, fileName: string) {
    this.#entry = new Script(sourceText, fileName);
    this.#scripts.set(this.#entry.name, this.#entry);
  }

  /** Takes all paths; stacks are read by replaying, unless told otherwise. */
  explore(options: ExploreOptions = {}): ProgramExploration {
    return this.#finish(explore(this.#main, { replays: true, captureStack: this.#capture, ...options }));
  }

  /** Takes random paths. */
  sample(options: SampleOptions): ProgramExploration {
    return this.#finish(sample(this.#main, { replays: true, captureStack: this.#capture, ...options }));
  }

  readonly #main = (): unknown => {
    const instances = new Map<Script, Record<string, unknown>>();
    const { main } = this.#evaluate(this.#entry, instances);
    if (typeof main !== 'function') throw this.#fail(`${this.#entry.fileName} exports no function 'main'.`);
    return (main as () => unknown)();
  };

  #evaluate(script: Script, instances: Map<Script, Record<string, unknown>>): Record<string, unknown> {
    const known = instances.get(script);
    if (known !== undefined) return known;
    const exports: Record<string, unknown> = {};
    instances.set(script, exports);
    const require = (specifier: string): unknown =>
      specifier === MODEL ? model : this.#evaluate(this.#import(specifier, script), instances);
    script.evaluate(
      exports,
      require,
      addDisposableResource,
      disposeResources,
      tick,
      DisposableStack,
      SuppressedError,
    );
    return exports;
  }

  #import(specifier: string, importer: Script): Script {
    if (!specifier.startsWith('.')) throw this.#fail(`${importer.fileName} imports '${specifier}'.`);
    const fileName = resolve(dirname(importer.fileName), specifier);
    for (const script of this.#scripts.values()) if (script.fileName === fileName) return script;
    let script: Script;
    try {
      script = new Script(readFileSync(fileName, 'utf8'), fileName);
    } catch (error) {
      throw this.#fail(`${importer.fileName} imports '${specifier}': ${String(error)}`);
    }
    this.#scripts.set(script.name, script);
    return script;
  }

  #fail(message: string): Error {
    return (this.#failure = new Error(message));
  }

  #finish(exploration: Exploration): ProgramExploration {
    if (this.#failure !== null) throw this.#failure;
    const violations = exploration.violations.map((violation) => ({
      ...violation,
      lines: this.#linesOf(violation),
    }));
    return { ...exploration, violations };
  }

  /**
   * The lines of the call stack; where the close at its end is implicit, the lines of the earlier close as
   * well, because of two closes the one is reported that can be read.
   */
  #linesOf({ kind, frames, closedAt = [], isImplicit }: ExploredViolation): readonly number[] {
    const lines = new Set<number>();
    const all = kind === 'doubleClose' && isImplicit ? [...frames, ...closedAt] : frames;
    for (const frame of all) {
      if (frame.file !== this.#entry.fileName) continue;
      for (const line of this.#entry.linesAt(frame)) lines.add(line);
    }
    return [...lines].sort((a, b) => a - b);
  }
}

/** Called by each turn of a loop. Unlike a call of the model it never stops cutting a run that was cut. */
function tick(): void {
  const { course } = currentKernel();
  if (course.isCut) throw new RunCut();
  course.step();
}
