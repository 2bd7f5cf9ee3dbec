/**
 * Which functions can touch a handle at all: those that call something described, that name a described
 * type, or that call or make such a function. The rest is not solved, and entered only where it is given a
 * handle or is small.
 */
import { accessorName } from '../ir/accessor-name.ts';
import type {
  Call,
  ClassId,
  FunctionId,
  FunctionIr,
  Instr,
  Key,
  New,
  Node,
  Program,
  Temp,
} from '../ir/ir.ts';
import { chainOf, membersOf } from '../ir/classes.ts';
import { childrenOf, instrsOf } from '../ir/operands.ts';
import { push } from '../push.ts';
import type { Declarations } from '../settings.ts';
import { typeOfParameter } from './annotations.ts';
import type { ApiTable } from './api-table.ts';
import type { Callees } from './callees.ts';
import { DisposableClasses } from './disposable-classes.ts';
import { placesOf } from './operation-places.ts';
import { promiseMethodOf } from './promise-names.ts';
import type { StaticValues } from './static-values.ts';
import { TypesAtHand } from './types-at-hand.ts';
import type { WrittenTypes } from './written-types.ts';

/** A body of this many nodes without a loop costs less to enter than to reason about. */
const SMALL_BODY = 24;

export class Relevance {
  readonly #program: Program;
  readonly #apis: ApiTable;
  readonly #callees: Callees;
  readonly #types: TypesAtHand;
  readonly #written: WrittenTypes;
  /** Something that hands out handles is imported, or the parser knows types: a method's name can be trusted. */
  readonly #trustsNames: boolean;
  readonly #members: ReadonlyMap<string, readonly FunctionId[]>;
  readonly #relevant = new Set<FunctionId>();
  readonly #small = new Set<FunctionId>();
  readonly #callers = new Map<FunctionId, FunctionId[]>();
  readonly disposables: DisposableClasses;

  constructor(
    program: Program,
    apis: ApiTable,
    callees: Callees,
    statics: StaticValues,
    written: WrittenTypes,
    declarations: Declarations | null,
  ) {
    this.#written = written;
    this.#program = program;
    this.#apis = apis;
    this.#callees = callees;
    this.#members = membersByName(program, statics);
    this.#types = new TypesAtHand(program, apis, callees, written, declarations);
    this.#trustsNames =
      declarations !== null ||
      program.functions.some(({ body }) => instrsOf(body).some((instr) => isImport(instr, apis)));
    this.#spread(this.#indexCalls());
    const touching = new Set(this.#relevant);
    this.disposables = new DisposableClasses(program, (id) => touching.has(id));
    this.#spread(program.functions.filter((fn) => this.#makesDisposable(fn)).map(({ id }) => id));
  }

  isRelevant(fn: FunctionIr): boolean {
    return this.#relevant.has(fn.id);
  }

  isRelevantClass(id: ClassId): boolean {
    return this.#membersOf(id).some((member) => this.#relevant.has(member));
  }

  isSmall(fn: FunctionIr): boolean {
    return this.#small.has(fn.id);
  }

  /** Whether a call can do something to a handle, or make one. */
  mayTouch(fn: FunctionIr, instr: Call | New): boolean {
    if (this.#touches(fn, instr) || this.#makes(fn, instr)) return true;
    if (this.#calls(fn, instr).some((id) => this.#relevant.has(id))) return true;
    const { kind } = this.#callees.targetOf(fn, instr);
    if (kind !== 'dynamic') return false;
    if (this.#callees.callbacksOf(fn, instr).some((id) => this.#relevant.has(id))) return true;
    // What a promise is made with; a function value; a method of a described type, or of a promise.
    return (
      instr.kind === 'new' ||
      instr.callee.kind !== 'method' ||
      instr.callee.key.kind !== 'static' ||
      this.#types.hasMethod(instr.callee.key.name) ||
      promiseMethodOf(instr.callee.key.name) !== null
    );
  }

  /** Finds out who calls whom, and gives the functions that touch handles by themselves. */
  #indexCalls(): FunctionId[] {
    const callers = this.#callers;
    const touching: FunctionId[] = [];
    for (const fn of this.#program.functions) {
      const instrs = instrsOf(fn.body);
      if (instrs.length <= SMALL_BODY && !hasLoop(fn.body)) this.#small.add(fn.id);
      if (this.#namesType(fn) || instrs.some((instr) => this.#touches(fn, instr))) touching.push(fn.id);
      for (const callee of instrs.flatMap((instr) => this.#calls(fn, instr))) {
        push(callers, callee, fn.id);
      }
    }
    return touching;
  }

  /** What calls a function that is relevant is so, too. */
  #spread(queue: FunctionId[]): void {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (this.#relevant.has(id)) continue;
      this.#relevant.add(id);
      queue.push(...(this.#callers.get(id) ?? []));
    }
  }

  #makesDisposable(fn: FunctionIr): boolean {
    return this.#program.classes.length > 0 && instrsOf(fn.body).some((instr) => this.#makes(fn, instr));
  }

  /** Whether an instruction makes an instance that is a handle itself. */
  #makes(fn: FunctionIr, instr: Instr): boolean {
    if (instr.kind !== 'new') return false;
    const target = this.#callees.targetOf(fn, instr);
    return target.kind === 'class' && this.disposables.kindOf(target.class.id) !== null;
  }

  #namesType(fn: FunctionIr): boolean {
    if (fn.paramNodes.some((node) => this.#written.of(typeOfParameter(node)) !== null)) return true;
    const cls = fn.class === null ? undefined : this.#program.classes[fn.class];
    return cls !== undefined && this.#written.ofFields(cls).size > 0;
  }

  #touches(fn: FunctionIr, instr: Instr): boolean {
    if (instr.kind === 'store') {
      return (
        this.#written.of(this.#program.locals[instr.local]?.node?.typeAnnotation?.typeAnnotation) !== null
      );
    }
    if (instr.kind !== 'call' && instr.kind !== 'new') return false;
    const target = this.#callees.targetOf(fn, instr);
    if (target.kind !== 'operation') return this.#trustsNames && this.#isDescribedMethod(instr);
    const { effects, returns } = target.operation;
    return placesOf(effects).length > 0 || (typeof returns === 'object' && returns !== null);
  }

  /** A call of a method that some described type has of which the file can have values. */
  #isDescribedMethod(instr: Call | New): boolean {
    if (instr.kind === 'new' || instr.callee.kind !== 'method' || instr.callee.key.kind !== 'static')
      return false;
    return this.#types.hasMethod(instr.callee.key.name);
  }

  #calls(fn: FunctionIr, instr: Instr): FunctionId[] {
    const members = this.#members;
    if (instr.kind === 'closure') return [instr.function];
    if (instr.kind === 'class') return this.#membersOf(instr.class);
    if (instr.kind === 'getField' || instr.kind === 'setField') {
      if (instr.key.kind !== 'static') return [];
      const { name } = instr.key;
      const own = accessorName(instr.kind === 'getField' ? 'get' : 'set', name);
      return [...(members.get(name) ?? []), ...(members.get(own) ?? [])];
    }
    if (instr.kind !== 'call' && instr.kind !== 'new') return [];
    const target = this.#callees.targetOf(fn, instr);
    if (target.kind === 'body') return [target.fn.id];
    if (target.kind === 'class') return this.#membersOf(target.class.id);
    if (target.kind === 'super' && fn.class !== null) return this.#membersOf(fn.class);
    const callee = instr.kind === 'call' && instr.callee.kind === 'method' ? instr.callee.key : null;
    return callee?.kind === 'static' ? [...(members.get(callee.name) ?? [])] : [];
  }

  /** All that an instance of a class, or of its base, runs. */
  #membersOf(id: ClassId): FunctionId[] {
    const cls = this.#program.classes[id];
    return cls === undefined ? [] : chainOf(this.#program, cls).flatMap(membersOf);
  }
}

function isImport(instr: Instr, apis: ApiTable): boolean {
  return instr.kind === 'external' && instr.ref.module !== null && apis.hasModule(instr.ref.module);
}

/** Methods and accessors of classes, and the functions that properties are given. */
function membersByName({ classes, functions }: Program, statics: StaticValues): Map<string, FunctionId[]> {
  const members = new Map<string, FunctionId[]>();
  for (const { methods, getters, setters, staticMethods } of classes) {
    for (const [name, id] of [...methods, ...getters, ...setters, ...staticMethods]) push(members, name, id);
  }
  for (const fn of functions) {
    for (const [key, value] of instrsOf(fn.body).flatMap(propertiesOf)) {
      const held = key.kind === 'static' ? statics.ofTemp(fn, value) : null;
      if (key.kind === 'static' && held?.kind === 'function') push(members, key.name, held.id);
    }
  }
  return members;
}

function propertiesOf(instr: Instr): [Key, Temp][] {
  if (instr.kind === 'setField') return [[instr.key, instr.src]];
  return instr.kind === 'object' ? instr.properties.map(({ key, value }) => [key, value]) : [];
}

function hasLoop(node: Node): boolean {
  return node.kind === 'loop' || childrenOf(node).some(hasLoop);
}
