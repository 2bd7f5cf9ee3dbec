/** One run of one function: what the transfer functions need to know besides the state. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ClassIr, FunctionIr, Instr, Local, LocalId, Temp } from '../ir/ir.ts';
import type { HandleKind } from '../effects/decode.ts';
import type { Engine } from './engine.ts';
import { escape } from './events.ts';
import type { Recorder } from './recorder.ts';
import { historyOf, NO_FINDINGS, NO_OPERATIONS } from './resource.ts';
import type { Resource } from './resource.ts';
import type { ScopeWatch } from './scope-exits.ts';
import type { Site } from './site.ts';
import { FUNCTION_TYPE } from './state.ts';
import type { HeapObject, ObjectShape, State } from './state.ts';
import { UNDEFINED } from './value.ts';
import type { ObjectId, SymbolId, Value } from './value.ts';

/** Which of the instructions concern the resources that this run is about. */
export type Membership = (instr: Instr) => boolean;

/** What a run is about. */
export interface Subject {
  readonly isMember: Membership;
  /** Whether a handle that a parameter of the function's own run holds is one of them. */
  readonly hasParam?: (param: Temp) => boolean;
}

/** All handles of a function. */
export const EVERYTHING: Subject = { isMember: () => true };

export interface ActivationOptions extends Subject {
  /** Whether an exception that a call may throw counts although this function does not catch it. */
  readonly countsImplicitThrows: boolean;
  readonly depth: number;
  /** The variable of which the run is made, with the ways out of its block. */
  readonly watch?: ScopeWatch | null;
}

/** Where a throw goes: to a handler of this function, to a finalizer, or out. */
export interface ThrowTarget {
  throw(state: State, completion: 'throw' | 'implicitThrow'): void;
  /** Whether a `catch` of this function stands around this point. */
  readonly isHandled: boolean;
}

export class Activation {
  readonly engine: Engine;
  readonly fn: FunctionIr;
  readonly recorder: Recorder;
  readonly options: ActivationOptions;
  /** The instruction under way, set by the interpreter. */
  current: Instr | null = null;
  /** The jump, `return` or `throw` under way; null where a `finally` resumed it. */
  leaving: TSESTree.Node | null = null;
  #borrowedTemps = 0;
  /** Set by the interpreter as it enters and leaves `try` statements. */
  throwTarget: ThrowTarget | null = null;

  constructor(engine: Engine, fn: FunctionIr, recorder: Recorder, options: ActivationOptions) {
    this.engine = engine;
    this.fn = fn;
    this.recorder = recorder;
    this.options = options;
  }

  /**
   * Whether the instruction under way concerns the resources that this run is about: getters and callbacks
   * are calls that no instruction stands for.
   */
  get isMember(): boolean {
    return this.current === null || this.options.isMember(this.current);
  }

  siteOf(instr: Instr): Site {
    return this.engine.sites.at(instr.node);
  }

  localOf(id: LocalId): Local {
    return this.engine.localOf(id);
  }

  /** Runs with temporaries that no instruction of the function names. */
  withTemps<T>(count: number, run: (temps: readonly Temp[]) => T): T {
    const first = this.fn.tempCount + this.#borrowedTemps;
    this.#borrowedTemps += count;
    try {
      return run(Array.from({ length: count }, (_, index) => (first + index) as Temp));
    } finally {
      this.#borrowedTemps -= count;
    }
  }

  /* ---------------------------------------------------------------- values */

  /** An operand. A temporary outside the slice holds something that does not matter. */
  read(state: State, temp: Temp): Value {
    return state.temps.get(temp) ?? this.unknown();
  }

  loadLocal(state: State, id: LocalId): Value {
    const known = state.locals.get(id);
    if (known !== undefined) return known;
    if (this.localOf(id).owner === this.fn.id && this.fn.kind !== 'module') return UNDEFINED;
    // What never changes is no part of a state: the variable's own frame may be gone.
    const fixed = this.engine.fixedValue(id);
    if (fixed !== null) return fixed;
    const value = this.engine.initialValue(state, id) ?? this.#declared(state, id);
    state.locals.set(id, value);
    return value;
  }

  /** A variable of an enclosing function, of which at most the type is known; `this` of a method. */
  #declared(state: State, id: LocalId): Value {
    const { name, node, owner } = this.localOf(id);
    const cls = this.engine.functionOf(owner).class;
    if (name === 'this' && cls !== null) return this.instanceFromOutside(state, this.engine.classOf(cls));
    const type = this.engine.types.of(node?.typeAnnotation?.typeAnnotation) ?? this.engine.constantType(id);
    return type === null ? this.unknown() : this.unknownOfType(state, type);
  }

  unknown(): Value {
    return { kind: 'symbol', id: this.engine.fresh.symbol() };
  }

  unknownBoolean(state: State): Value {
    const id = this.engine.fresh.symbol();
    state.learn(id, { isBoolean: true });
    return { kind: 'symbol', id };
  }

  /** An integer that is not less than this. */
  unknownCount(state: State, atLeast: number): Value {
    const id = this.engine.fresh.symbol();
    state.learn(id, { atLeast });
    return { kind: 'symbol', id };
  }

  unknownOfType(state: State, type: string): Value {
    const id = this.engine.fresh.symbol();
    state.learn(id, { type });
    return { kind: 'symbol', id };
  }

  /** A function of which nothing but that is known. */
  unknownFunction(state: State): Value {
    const id = this.engine.fresh.symbol();
    state.learn(id, { truthy: true, type: FUNCTION_TYPE });
    return { kind: 'symbol', id };
  }

  /** The described type of a value; null where it has none. */
  typeOf(state: State, value: Value): string | null {
    switch (value.kind) {
      case 'resource':
        return state.getResource(value.id).kind?.type ?? null;
      case 'symbol':
        return state.factsOf(value.id).type;
      case 'lent':
        return value.type;
      case 'object': {
        const { shape } = state.getObject(value.id);
        if (shape.kind === 'described') return shape.type;
        return shape.kind === 'plain' ? (shape.type ?? null) : null;
      }
      default:
        return null;
    }
  }

  /** What is said of the type of a value counts where nothing was said before. */
  learnType(state: State, id: SymbolId, type: string | null): void {
    if (type !== null && state.factsOf(id).type === null) state.learn(id, { type });
  }

  /** Learns from the declared type of an expression what its value is, where syntax says nothing of it. */
  askType(state: State, value: Value, node: TSESTree.Node | null): void {
    const { apis, declarations } = this.engine;
    if (declarations === null || node === null || value.kind !== 'symbol') return;
    if (state.factsOf(value.id).type !== null) return;
    const type = declarations.typeOf(node);
    if (type !== null) this.learnType(state, value.id, apis.typeFrom(type.module, type.name));
  }

  /** A handle that the caller lent: open, and not this frame's to close. */
  borrowed(failure: Value, kind: HandleKind | null = null): Resource {
    return {
      typestate: 'open',
      exists: 'maybe',
      kind,
      failure,
      source: null,
      isDuplicate: false,
      isOwed: false,
      neededBy: NO_OPERATIONS,
      isBorrowed: false,
      reported: NO_FINDINGS,
      isSilenced: false,
      history: historyOf(null),
    };
  }

  newObject(
    state: State,
    node: TSESTree.Node,
    shape: ObjectShape,
    fields: ReadonlyMap<string, Value>,
    isOpen: boolean,
  ): Value {
    const id = this.engine.fresh.object();
    const object: HeapObject = { shape, fields, isOpen, isEscaped: false, node };
    state.objects.set(id, object);
    return { kind: 'object', id };
  }

  newInstance(state: State, cls: ClassIr, node: TSESTree.Node): Value {
    const shape: ObjectShape = { kind: 'instance', class: cls.id };
    return this.newObject(state, node, shape, new Map(), this.engine.hasUnseenBase(cls));
  }

  /** An instance of which nothing is known but its class. */
  instanceFromOutside(state: State, cls: ClassIr): Value {
    return this.newObject(state, this.fn.node, { kind: 'instance', class: cls.id }, new Map(), true);
  }

  findMember(
    state: State,
    id: ObjectId,
    name: string,
    table: 'methods' | 'getters' | 'setters',
  ): FunctionIr | null {
    const { shape } = state.getObject(id);
    return shape.kind === 'instance' ? this.engine.findMember(shape.class, name, table) : null;
  }

  ownClass(): ClassIr | null {
    return this.fn.class === null ? null : this.engine.classOf(this.fn.class);
  }

  /** Whether a call of a body of this file is followed into it. */
  canEnter(fn: FunctionIr): boolean {
    const isPlain = !fn.isGenerator && fn.givenUp === null;
    return isPlain && this.options.depth < this.engine.maxCallDepth;
  }

  /* ---------------------------------------------------------------- exceptions */

  /** A call that may throw before it does anything. */
  throwImplicitly(state: State): void {
    if (this.#counts()) this.#throw(state.fork(), this.unknown(), false);
  }

  /** An unseen callee may throw after it took or closed what it was given: closing that is right, and so is not. */
  throwUnseen(state: State, args: readonly Value[]): void {
    if (!this.#counts()) return;
    const thrown = state.fork();
    for (const value of args) escape(this, thrown, value);
    this.#throw(thrown, this.unknown(), false);
  }

  /** An exception out of a body of this file. */
  throwFrom(state: State, exception: Value, isExplicit: boolean): void {
    if (isExplicit || this.#counts()) this.#throw(state, exception, isExplicit);
  }

  get handlesThrows(): boolean {
    return this.#counts();
  }

  #counts(): boolean {
    const { exceptions } = this.engine.settings;
    if (exceptions === 'none') return false;
    return this.options.countsImplicitThrows || this.throwTarget?.isHandled === true;
  }

  #throw(state: State, exception: Value, isExplicit: boolean): void {
    state.result = exception;
    this.throwTarget?.throw(state, isExplicit ? 'throw' : 'implicitThrow');
  }

  /** Code out of sight may call what the module exports, and so change what the module's variables hold. */
  exposeModule(state: State): void {
    for (const [id, value] of [...state.locals.entries()]) {
      const local = this.localOf(id);
      if (!local.isModuleLevel || value.kind === 'function') continue;
      if (value.kind === 'resource' || value.kind === 'object') escape(this, state, value);
      if (!local.isConstant && this.engine.isWrittenElsewhere(id, this.fn.id))
        state.locals.set(id, this.unknown());
    }
  }
}
