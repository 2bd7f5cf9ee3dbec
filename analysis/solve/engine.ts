/** The solver of one file: the program, what is known of it as a whole, and the runs of its functions. */
import { defined } from '../defined.ts';
import { ApiTable } from '../effects/api-table.ts';
import { Callees } from '../effects/callees.ts';
import { Captures } from '../effects/captures.ts';
import { Relevance } from '../effects/relevance.ts';
import { StaticValues } from '../effects/static-values.ts';
import type { StaticValue } from '../effects/static-values.ts';
import { WrittenTypes } from '../effects/written-types.ts';
import type {
  ClassId,
  ClassIr,
  ExternalRef,
  FunctionId,
  FunctionIr,
  Local,
  LocalId,
  Node,
  Program,
} from '../ir/ir.ts';
import type { HandleScope } from '../finding.ts';
import { chainOf } from '../ir/classes.ts';
import { childrenOf, isInstr } from '../ir/operands.ts';
import type { AnalysisSettings, Declarations } from '../settings.ts';
import { Activation } from './activation.ts';
import type { Subject } from './activation.ts';
import {
  BoundReached,
  FILE_STEPS_PER_CHARACTER,
  MAX_CALL_DEPTH,
  MAX_CALLEE_STEPS,
  MAX_FILE_STEPS,
  MAX_STEPS,
  MIN_FILE_STEPS,
} from './bounds.ts';
import { moduleValues } from './module-values.ts';
import type { ModuleValue } from './module-values.ts';
import { runBody, runRoot } from './run.ts';
import { Fresh } from './fresh.ts';
import { LaterCalls } from './later-calls.ts';
import { Liveness } from './liveness.ts';
import { enter } from './project.ts';
import type { Entry } from './project.ts';
import { Recorder } from './recorder.ts';
import { historyOf } from './resource.ts';
import type { Resource } from './resource.ts';
import type { ScopeWatch } from './scope-exits.ts';
import { Sites } from './site.ts';
import { State } from './state.ts';
import type { ObjectShape } from './state.ts';
import { CallTable } from './table.ts';
import type { TableEntry } from './table.ts';
import { constant, functionValue } from './value.ts';
import type { Value } from './value.ts';

export type MemberTable = 'methods' | 'getters' | 'setters' | 'staticMethods';

export type Observer = (node: Node, states: readonly State[]) => void;

/**
 * How much of a file is looked at: what can touch a handle, or everything. The findings are the same; that
 * they are is what the second is for, and that no program is too much for the engine.
 */
export type Extent = 'handles' | 'everything';

export interface EngineOptions {
  /** The decoded descriptions of the settings. */
  readonly apis?: ApiTable;
  readonly extent?: Extent;
  /** Null where the parser knows no types. */
  readonly declarations?: Declarations | null;
  /** Whether this engine runs the top level of the module, to find what its constants hold. */
  readonly runsModule?: boolean;
}

export class Engine {
  readonly program: Program;
  readonly settings: AnalysisSettings;
  readonly apis: ApiTable;
  /** What annotations say. */
  readonly types: WrittenTypes;
  readonly statics: StaticValues;
  readonly callees: Callees;
  readonly declarations: Declarations | null;
  readonly #extent: Extent;
  readonly captures: Captures;
  readonly laterCalls = new LaterCalls();
  /** By the constant: the described type of what its function was seen to put into it; null where that differs. */
  readonly #constantTypes = new Map<LocalId, string | null>();
  #relevance: Relevance | null = null;
  readonly fresh = new Fresh();
  readonly sites = new Sites();
  readonly maxCallDepth = MAX_CALL_DEPTH;
  readonly #liveness = new Map<Node, Liveness>();
  readonly #closingFields = new Map<string, boolean>();
  readonly #writers: ReadonlyMap<LocalId, ReadonlySet<FunctionId>>;
  readonly #writtenProperties: ReadonlySet<string>;
  /** Is shown the states after each instruction of a function's own run. */
  observer: Observer | null = null;
  /** Is told of each resource that leaves the states of a run: unreachable, or kept by what outlives it. */
  onEnd: ((resource: Resource, isKept: boolean) => void) | null = null;
  readonly #table = new CallTable((fn, entry, recorder, mode) => {
    const { countsImplicitThrows, isMember, depth } = mode;
    const options = { countsImplicitThrows, isMember: () => isMember, depth };
    return runBody(new Activation(this, fn, recorder, options), fn.body, entry.state);
  });
  #module: ReadonlyMap<LocalId, ModuleValue> | null = null;
  #steps = 0;
  /** Where the run under way, or the callee that it has entered, ends. */
  #maxSteps = MAX_STEPS;
  /** The bodies that are too much to follow where they are called. */
  readonly #cut = new Set<FunctionId>();
  #functionSteps = 0;
  #maxFunctionSteps = Infinity;
  #fileSteps = 0;
  readonly #maxFileSteps: number;

  constructor(program: Program, settings: AnalysisSettings, options: EngineOptions = {}) {
    this.program = program;
    this.settings = settings;
    this.apis = (options.apis ?? new ApiTable(settings.apis)).with(program);
    this.types = new WrittenTypes(program, this.apis);
    this.#extent = options.extent ?? 'handles';
    this.declarations = options.declarations ?? null;
    if (options.runsModule === true) this.#module = new Map();
    this.statics = new StaticValues(program, (id) => this.#moduleConstant(id));
    this.captures = new Captures(program, this.statics);
    this.callees = new Callees(program, this.apis, this.statics, this.declarations);
    this.#writers = writersOf(program);
    this.#writtenProperties = writtenProperties(program);
    this.#maxFileSteps = fileSteps(program);
  }

  /** Runs a function on its own, on arguments of which nothing is known, and says what was found. */
  runOwn(fn: FunctionIr, body: Node, subject: Subject): Recorder {
    return this.#runOwn(fn, body, subject, null);
  }

  /** Runs it once more with a variable kept in sight; null where that is more than the bounds allow. */
  scopeOf(fn: FunctionIr, watch: ScopeWatch, subject: Subject): HandleScope | null {
    try {
      this.#runOwn(fn, watch.body, subject, watch);
      return watch.scope;
    } catch (error) {
      if (!(error instanceof BoundReached)) throw error;
      return null;
    }
  }

  #runOwn(fn: FunctionIr, body: Node, subject: Subject, watch: ScopeWatch | null): Recorder {
    const recorder = new Recorder();
    const countsImplicitThrows = this.settings.exceptions === 'all';
    const options = { ...subject, watch, countsImplicitThrows, depth: 0 };
    const activation = new Activation(this, fn, recorder, options);
    this.withinBounds(() => {
      runRoot(activation, body);
    });
    return recorder;
  }

  /** The runs from here on are about another function, which may take so many steps. */
  startFunction(maxSteps: number): void {
    this.#functionSteps = 0;
    this.#maxFunctionSteps = maxSteps;
  }

  /** Runs what has the steps of one run to go. */
  withinBounds<T>(run: () => T): T {
    this.#steps = 0;
    return run();
  }

  /** The run of a callee from an entry state; null where it needs more than the bounds allow. */
  tabulate(fn: FunctionIr, entry: Entry, caller: Activation, isMember: boolean): TableEntry | null {
    const countsImplicitThrows = caller.handlesThrows;
    const mode = `${countsImplicitThrows ? 'throws' : ''} ${isMember ? '' : 'foreign'}`;
    const depth = caller.options.depth + 1;
    return this.#withinShare(fn, () =>
      this.#table.lookUp(fn, entry, { mode, countsImplicitThrows, isMember, depth }),
    );
  }

  /** null where a callee meets a bound that is its own; so it is then whoever calls it. */
  #withinShare<T>(fn: FunctionIr, run: () => T): T | null {
    if (this.#cut.has(fn.id)) return null;
    const outer = this.#maxSteps;
    this.#maxSteps = Math.min(outer, this.#steps + MAX_CALLEE_STEPS);
    try {
      return run();
    } catch (error) {
      const isOwn = error instanceof BoundReached && (error.bound !== 'MAX_STEPS' || this.#maxSteps < outer);
      if (!isOwn || !error.isOfRun) throw error;
      this.#cut.add(fn.id);
      return null;
    } finally {
      this.#maxSteps = outer;
    }
  }

  /** Which functions can touch a handle; null where everything is looked at. */
  get relevance(): Relevance | null {
    if (this.#extent === 'everything') return null;
    this.#relevance ??= new Relevance(
      this.program,
      this.apis,
      this.callees,
      this.statics,
      this.types,
      this.declarations,
    );
    return this.#relevance;
  }

  countStep(work = 1): void {
    this.#steps += work;
    this.#functionSteps += work;
    this.#fileSteps += work;
    if (this.#fileSteps > this.#maxFileSteps) throw new BoundReached('MAX_FILE_STEPS', false);
    if (this.#functionSteps > this.#maxFunctionSteps) throw new BoundReached('MAX_FUNCTION_STEPS', false);
    if (this.#steps > this.#maxSteps) throw new BoundReached('MAX_STEPS');
  }

  /** What is live where in a body: a function's own, or a slice of it, which is run once and then forgotten. */
  livenessOf(fn: FunctionIr, body: Node): Liveness {
    const known = this.#liveness.get(body);
    if (known !== undefined) return known;
    const liveness = new Liveness(fn, body, this.program.locals);
    if (body === fn.body) this.#liveness.set(body, liveness);
    return liveness;
  }

  /* ---------------------------------------------------------------- the program */

  functionOf(id: FunctionId): FunctionIr {
    return defined(this.program.functions[id]);
  }

  classOf(id: ClassId): ClassIr {
    return defined(this.program.classes[id]);
  }

  readonly localOf = (id: LocalId): Local => defined(this.program.locals[id]);

  externalValue(ref: ExternalRef): Value {
    const described = this.apis.findConstant(ref);
    return described === null ? { kind: 'external', ref } : constant(described.value);
  }

  /** What a variable holds whatever happens; null if that depends. */
  fixedValue(id: LocalId): Value | null {
    const known = this.statics.ofLocal(id);
    return known === null ? null : this.#fromStatic(known);
  }

  /** What a variable of an enclosing function holds before anything is known of a run; null if anything. */
  initialValue(state: State, id: LocalId): Value | null {
    const { isModuleLevel, isConstant } = this.localOf(id);
    const made = isModuleLevel && isConstant ? this.#moduleValues().get(id) : undefined;
    if (made?.type === undefined) return made?.value ?? null;
    const symbol = this.fresh.symbol();
    state.learn(symbol, { type: made.type });
    return { kind: 'symbol', id: symbol };
  }

  /** A function is run after the one that it stands in, so what that one makes is known by then. */
  noteConstant(id: LocalId, type: string | null): void {
    const known = this.#constantTypes.get(id);
    this.#constantTypes.set(id, known === undefined || known === type ? type : null);
  }

  /** The described type of what a constant of an enclosing function holds; null where nothing is known of it. */
  constantType(id: LocalId): string | null {
    return this.#constantTypes.get(id) ?? null;
  }

  #moduleConstant(id: LocalId): StaticValue | null {
    const { isModuleLevel, isConstant } = this.localOf(id);
    const value = isModuleLevel && isConstant ? this.#moduleValues().get(id)?.value : undefined;
    return value?.kind === 'external' ? value : null;
  }

  /**
   * What the module's constants hold once it has run, as far as that needs no state to say. Another engine
   * finds that out, so that what follows from these values is not asked before they are known.
   */
  #moduleValues(): ReadonlyMap<LocalId, ModuleValue> {
    const { program, settings, apis } = this;
    this.#module ??= moduleValues(new Engine(program, settings, { apis, runsModule: true }));
    return this.#module;
  }

  #fromStatic(value: StaticValue): Value {
    switch (value.kind) {
      case 'const':
        return constant(value.value);
      case 'external':
        return this.externalValue(value.ref);
      case 'function':
        return functionValue(value.id);
      case 'class':
        return value;
    }
  }

  /** Whether a function other than this one assigns the variable. */
  isWrittenElsewhere(local: LocalId, fn: FunctionId): boolean {
    return [...(this.#writers.get(local) ?? [])].some((writer) => writer !== fn);
  }

  isWrittenProperty(name: string): boolean {
    return this.#writtenProperties.has(name);
  }

  /* ---------------------------------------------------------------- classes */

  findMember(id: ClassId, name: string, table: MemberTable): FunctionIr | null {
    for (const cls of chainOf(this.program, this.classOf(id))) {
      const member = cls[table].get(name);
      if (member !== undefined) return this.functionOf(member);
    }
    return null;
  }

  hasUnseenBase(cls: ClassIr): boolean {
    return chainOf(this.program, cls).at(-1)?.superclass.kind === 'unseen';
  }

  /** The described type that a field is declared with; null where it has none. */
  fieldType(id: ClassId, field: string): string | null {
    return this.types.ofFields(this.classOf(id)).get(field) ?? null;
  }

  /** Whether an owner of this shape closes the handle that this field holds. */
  closesFieldOf(shape: ObjectShape, field: string): boolean {
    switch (shape.kind) {
      case 'instance':
        return this.closesField(shape.class, field);
      case 'described':
        return this.apis.closesField(shape.type, field);
      default:
        return false;
    }
  }

  /** Whether a method of the class closes the handle that this field holds: then an instance owns it. */
  closesField(id: ClassId, field: string): boolean {
    const key = `${id}.${field}`;
    const known = this.#closingFields.get(key);
    if (known !== undefined) return known;
    this.#closingFields.set(key, false);
    const methods = chainOf(this.program, this.classOf(id)).flatMap((cls) => [...cls.methods.values()]);
    const closes = methods.some((method) => this.#closes(this.functionOf(method), id, field));
    this.#closingFields.set(key, closes);
    return closes;
  }

  #closes(method: FunctionIr, cls: ClassId, field: string): boolean {
    const recorder = new Recorder();
    const options = { countsImplicitThrows: false, isMember: () => true, depth: 0 };
    const activation = new Activation(this, method, recorder, options);
    if (!activation.canEnter(method)) return false;
    const state = new State();
    const handle = this.fresh.resource();
    state.resources.set(handle, {
      ...activation.borrowed(constant(null)),
      exists: 'certainly',
      isOwed: true,
      history: historyOf(null),
    });
    const shape = { kind: 'instance', class: cls } as const;
    const fields = new Map([[field, { kind: 'resource', id: handle } as const]]);
    const self = activation.newObject(state, method.node, shape, fields, true);
    const entry = enter(activation, state, method, self, []);
    const exits = this.tabulate(method, entry, activation, true)?.exits() ?? [];
    return exits.some(({ state: after }) => after.resources.get(handle)?.typestate === 'closed');
  }
}

/** The names of the properties that the file writes, of whatever object. */
function writtenProperties(program: Program): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'setField' && node.key.kind === 'static') names.add(node.key.name);
    if (!isInstr(node)) for (const child of childrenOf(node)) visit(child);
  };
  for (const fn of program.functions) visit(fn.body);
  return names;
}

function writersOf(program: Program): Map<LocalId, Set<FunctionId>> {
  const writers = new Map<LocalId, Set<FunctionId>>();
  const visit = (node: Node, fn: FunctionId): void => {
    if (!isInstr(node)) {
      for (const child of childrenOf(node)) visit(child, fn);
    } else if (node.kind === 'store') {
      const known = writers.get(node.local);
      if (known === undefined) writers.set(node.local, new Set([fn]));
      else known.add(fn);
    }
  };
  for (const fn of program.functions) visit(fn.body, fn.id);
  return writers;
}

/** A file that takes longer to parse may take longer to be analysed. */
function fileSteps({ functions: [module] }: Program): number {
  const characters = module === undefined ? 0 : module.node.range[1] - module.node.range[0];
  return Math.min(MAX_FILE_STEPS, Math.max(MIN_FILE_STEPS, characters * FILE_STEPS_PER_CHARACTER));
}
