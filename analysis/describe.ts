/**
 * What a module's exports do to handles, as data: for the programs that import it, and see no more of it than this.
 *
 *     exported function, class ──run on probes──► outcomes ──join──► operations of the schema (apis/schema.ts)
 *
 * What every way through a body does is said; where ways differ and the caller cannot know why, nothing follows from
 * what is said. So a program that is split into files is told less at times, and nothing that is not so.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import type { ApiDescription, OperationDescription, Scalar, TypeDescription } from '../apis/schema.ts';
import { apiTableOf } from './api-tables.ts';
import { ClassDescriber, describeFunction } from './describe/classes.ts';
import { fieldsLookedInto } from './describe/held.ts';
import type { DescribedClass } from './describe/held.ts';
import { exportsOf, importsOf } from './describe/exports.ts';
import type { Exported } from './describe/exports.ts';
import type { TypeOfOwner } from './describe/outcomes.ts';
import { typeNameOf, typeOfParameter } from './effects/annotations.ts';
import type { ClassId, ExternalRef, FunctionIr } from './ir/ir.ts';
import { moduleName } from './ir/module-name.ts';
import { lowerProgram } from './lower/program.ts';
import type { AnalysisSettings, Host } from './settings.ts';
import { BoundReached, MAX_FUNCTION_STEPS } from './solve/bounds.ts';
import { Engine } from './solve/engine.ts';
import { sortedByKey } from './sorted.ts';

export interface DescribedModule {
  /** Null where the exports do nothing to handles. */
  readonly own: ApiDescription | null;
  /** What is passed on from other modules. */
  readonly passedOn: readonly PassedOn[];
}

export type PassedOn =
  /** All that another module exports. */
  | { readonly kind: 'all'; readonly module: string }
  | {
      readonly kind: 'one';
      readonly name: string;
      readonly module: string;
      readonly path: readonly string[];
    };

/** A class that turns out to say more than effects can is taken back, and with it what was said of it. */
const MAX_ROUNDS = 8;

export function describeModule(
  ast: TSESTree.Program,
  scopeManager: Scope.ScopeManager,
  settings: AnalysisSettings,
  host: Host,
  module: string,
): DescribedModule {
  const { declarations, nameModule } = host;
  const options = { declarations, apis: apiTableOf(settings) };
  const engine = new Engine(lowerProgram(ast, scopeManager, nameModule), settings, options);
  const imports = importsOf(ast, nameModule);
  const exported = exportsOf(engine, ast, imports, nameModule);
  return {
    own: new ModuleDescriber(engine, module, imports).describe(exported),
    passedOn: [...exported].flatMap(([name, value]) => passedOn(name, value)),
  };
}

function passedOn(name: string, value: Exported): PassedOn[] {
  if (value.kind === 'all') return [{ kind: 'all', module: value.module }];
  if (value.kind !== 'external' || value.ref.module === null) return [];
  return [{ kind: 'one', name, module: value.ref.module, path: value.ref.path }];
}

class ModuleDescriber {
  readonly #engine: Engine;
  readonly #module: string;
  readonly #imports: ReadonlyMap<string, ExternalRef>;
  /** Classes of which nothing can be said, as far as is known. */
  readonly #silent = new Set<ClassId>();

  constructor(engine: Engine, module: string, imports: ReadonlyMap<string, ExternalRef>) {
    this.#imports = imports;
    this.#engine = engine;
    this.#module = module;
  }

  describe(exported: ReadonlyMap<string, Exported>): ApiDescription | null {
    const classes = this.#classes();
    const functions = new Map<string, OperationDescription>();
    const constructors = new Map<string, OperationDescription>();
    const constants = new Map<string, Scalar>();
    for (const [name, value] of exported) {
      if (value.kind === 'function') {
        const operation = this.#function(this.#engine.functionOf(value.id));
        if (operation !== null) functions.set(name, operation);
      } else if (value.kind === 'class') {
        const described = classes.get(value.id);
        if (described !== undefined) constructors.set(name, described.constructor);
        for (const [method, id] of this.#engine.classOf(value.id).staticMethods) {
          const operation = this.#function(this.#engine.functionOf(id));
          if (operation !== null) functions.set(`${name}.${method}`, operation);
        }
      } else if (value.kind === 'const' && isPlainNumber(value.value)) {
        constants.set(name, value.value);
      }
    }
    if (functions.size + constructors.size + constants.size === 0) return null;
    const types = new Map([...classes].map(([id, { type }]) => [this.#typeName(id), type]));
    return {
      modules: [this.#module],
      ...section('constants', constants),
      ...section('functions', functions),
      ...section('constructors', constructors),
      ...section('types', given([...functions.values(), ...constructors.values()], types)),
    };
  }

  #typeName(id: ClassId): string {
    return `${this.#module}#${this.#engine.classOf(id).name}`;
  }

  readonly #typeOf: TypeOfOwner = ({ shape }) => {
    if (shape.kind === 'described') return shape.type;
    if (shape.kind !== 'instance' || this.#silent.has(shape.class)) return null;
    return this.#engine.relevance?.isRelevantClass(shape.class) === false
      ? null
      : this.#typeName(shape.class);
  };

  /** The classes of the module that can be described. */
  #classes(): Map<ClassId, DescribedClass> {
    const { program, relevance } = this.#engine;
    const relevant = program.classes.filter(
      ({ id, name }) => name !== '' && relevance?.isRelevantClass(id) !== false,
    );
    // A name that two of them have says of neither what it is.
    const names = relevant.map(({ name }) => name);
    for (const { id, name } of relevant)
      if (names.indexOf(name) !== names.lastIndexOf(name)) this.#silent.add(id);
    if (relevant.length === 0) return new Map();
    const lookedInto = fieldsLookedInto(program);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const described = new Map<ClassId, DescribedClass>();
      const before = this.#silent.size;
      for (const cls of relevant) {
        if (this.#silent.has(cls.id)) continue;
        const describer = new ClassDescriber(this.#engine, cls, this.#typeOf, lookedInto);
        const each = this.#within(() => describer.describe());
        if (each === null) this.#silent.add(cls.id);
        else described.set(cls.id, withType(each, this.#typeName(cls.id)));
      }
      if (this.#silent.size === before) return described;
    }
    for (const { id } of relevant) this.#silent.add(id);
    return new Map();
  }

  #function(fn: FunctionIr): OperationDescription | null {
    if (!this.#isOfInterest(fn)) return null;
    const operation = this.#within(() => describeFunction(this.#engine, fn, this.#typeOf));
    return operation === null || saysNothing(operation, fn) ? null : operation;
  }

  /** Whether a function can touch a handle, is given some, or never returns. */
  #isOfInterest(fn: FunctionIr): boolean {
    const { relevance, callees } = this.#engine;
    if (relevance?.isRelevant(fn) !== false || callees.bodyDiverges(fn)) return true;
    return fn.paramNodes.some((node) => this.#isHandleType(typeNameOf(typeOfParameter(node))?.[0] ?? null));
  }

  /** Whether a type comes from a module that hands out handles. */
  #isHandleType(type: string | null): boolean {
    const module = type === null ? null : (this.#imports.get(type)?.module ?? null);
    return module !== null && this.#engine.apis.hasModule(moduleName(module));
  }

  /** Null where a bound is met. */
  #within<T>(run: () => T | null): T | null {
    this.#engine.startFunction(MAX_FUNCTION_STEPS);
    try {
      return this.#engine.withinBounds(run);
    } catch (error) {
      if (!(error instanceof BoundReached)) throw error;
      return null;
    }
  }
}

function withType({ constructor, type }: DescribedClass, name: string): DescribedClass {
  return { constructor: { ...constructor, returns: { type: name } }, type };
}

/** The types of what operations give, and of what the methods of these give. */
function given(
  operations: readonly OperationDescription[],
  types: ReadonlyMap<string, TypeDescription>,
): Map<string, TypeDescription> {
  const found = new Map<string, TypeDescription>();
  const visit = ({ returns }: OperationDescription): void => {
    const name = typeof returns === 'object' && 'type' in returns ? returns.type : '';
    const type = types.get(name);
    if (type === undefined || found.has(name)) return;
    found.set(name, type);
    for (const method of Object.values(type.methods ?? {})) visit(method);
  };
  for (const operation of operations) visit(operation);
  return found;
}

/** Of a call of which nothing is said it is taken that its arguments get out of sight. */
function saysNothing({ effects, returns, isAsync }: OperationDescription, { params }: FunctionIr): boolean {
  if (returns !== undefined) return false;
  if (effects.length === 0) return params.length === 0 || isAsync === true;
  return effects.every((effect) => effect.do === 'keep' && effect.when === undefined);
}

const isPlainNumber = (value: Scalar): boolean =>
  (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean';

function section<T>(name: string, entries: ReadonlyMap<string, T>): Record<string, Record<string, T>> {
  return entries.size === 0 ? {} : { [name]: sortedByKey(entries) };
}
