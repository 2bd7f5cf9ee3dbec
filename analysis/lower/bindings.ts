/**
 * Who declares what: one walk over the scope manager before anything is lowered.
 *
 *     Identifier --resolve--> local | external | enum member | `arguments` | nothing (a global)
 *
 * It also hands out the ids of functions, classes and locals (scopes are listed in source order) and finds
 * out which function captures which variable. Afterwards lowering looks an identifier up in one map and
 * never searches a scope. Only what the scope managers of espree and of typescript-eslint share is used;
 * in particular neither `node.parent` nor a reference that either of them left unresolved is relied on.
 */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { ClassId, ExternalRef, FunctionId, Local, LocalId } from '../ir/ir.ts';
import {
  findBySearch,
  importRef,
  isAmbient,
  isInstanceField,
  isModuleScope,
  isReassigned,
  isSignature,
  namespaceExports,
  statementsOf,
  unwrapExport,
  type ClassNode,
  type Definition,
  type ModuleNames,
  type Scope,
  type ScopeManager,
  type Variable,
} from './scopes.ts';

export type Binding =
  | {
      readonly kind: 'local';
      readonly local: Local;
      /** Where it names an enum: its declarations, several where they merge. */
      readonly enum?: readonly TSESTree.TSEnumDeclaration[];
      /** Where it names a namespace: the declaring identifier of each export. `N.x` is the variable `x` itself. */
      readonly exports?: ReadonlyMap<string, TSESTree.Identifier>;
    }
  | {
      readonly kind: 'external';
      readonly ref: ExternalRef;
      readonly enum?: readonly TSESTree.TSEnumDeclaration[];
    }
  | { readonly kind: 'enumMember'; readonly name: string; readonly declaration: TSESTree.TSEnumDeclaration }
  | { readonly kind: 'arguments'; readonly function: FunctionId };

type LocalDraft = { -readonly [K in keyof Local]: Local[K] };

export class Bindings {
  readonly #nameModule: ModuleNames;
  readonly locals: LocalDraft[] = [];
  /** By function node, and by class node for the initializer of its fields. */
  readonly functionIds = new Map<TSESTree.Node, FunctionId>();
  readonly classIds = new Map<ClassNode, ClassId>();
  /** The function around each function, by id. */
  readonly outers: (FunctionId | null)[] = [null];
  readonly captures: Set<LocalId>[] = [new Set()];
  /** The variables to set to `undefined` where a function, static block, namespace or the module begins. */
  readonly hoistedVars = new Map<TSESTree.Node, Local[]>();
  /** What a class or function expression calls itself, where that is a variable of its own. */
  readonly innerNames = new Map<TSESTree.Node, Local>();
  /** `this` as arrow functions inside of a function read it: a variable of that function, by its id. */
  readonly thisLocals = new Map<FunctionId, Local>();
  /** The class that a local names for as long as it lives. */
  readonly classOfLocal = new Map<Local, ClassNode>();

  readonly #byIdentifier = new Map<TSESTree.Node, Binding>();
  readonly #byVariable = new Map<Variable, Binding>();
  readonly #drafts: { readonly variable: Variable; readonly local: LocalDraft }[] = [];
  readonly #owners = new Map<Scope, FunctionId>();
  readonly #moduleLevel = new Set<Scope>();
  readonly #ambient = new Set<Scope>();
  readonly #initializerOf = new Map<TSESTree.Node, FunctionId>();
  readonly #arrows = new Set<FunctionId>();
  readonly #written = new Set<Local>();
  /** What namespaces export can be written as `N.x` too. */
  readonly #exported = new Set<TSESTree.Node>();
  /** The statements that stand directly in the body of a function, by that function. */
  readonly #topLevel = new Map<TSESTree.Node, Set<TSESTree.Node>>();

  constructor(scopeManager: ScopeManager, nameModule: ModuleNames) {
    this.#nameModule = nameModule;
    for (const scope of scopeManager.scopes) this.#enterScope(scope);
    for (const scope of scopeManager.scopes) {
      for (const reference of scope.references) this.#resolveReference(reference, scope);
    }
    for (const { variable, local } of this.#drafts) this.#settle(variable, local);
  }

  /** What an identifier stands for; undefined for a global that this file does not declare. */
  resolve(identifier: TSESTree.Node): Binding | undefined {
    return this.#byIdentifier.get(identifier);
  }

  /** The variable by which the inside of a class reads the class; null where it has no name. */
  nameOfClass(node: ClassNode): Local | null {
    const inner = this.innerNames.get(node);
    if (inner !== undefined) return inner;
    const outer = node.id === null ? undefined : this.resolve(node.id);
    return outer?.kind === 'local' ? outer.local : null;
  }

  /* ---------------------------------------------------------------- scopes */

  #enterScope(scope: Scope): void {
    const upper = scope.upper;
    if ((upper !== null && this.#ambient.has(upper)) || isSignature(scope)) {
      this.#ambient.add(scope);
      this.#owners.set(scope, upper === null ? MODULE : this.#ownerOf(upper));
      return;
    }
    this.#owners.set(scope, this.#computeOwner(scope));
    if (
      isModuleScope(scope) ||
      (scope.type === 'tsModule' && upper !== null && this.#moduleLevel.has(upper))
    ) {
      this.#moduleLevel.add(scope);
    }
    if (scope.type === 'class') this.#enterClass(scope.block, this.#ownerOf(scope));
    for (const variable of scope.variables) this.#declare(variable, scope);
  }

  #computeOwner(scope: Scope): FunctionId {
    const upper = scope.upper;
    if (upper === null || isModuleScope(scope)) return MODULE;
    if (scope.type === 'function') {
      const id = this.#addFunction(this.#ownerOf(upper));
      this.functionIds.set(scope.block, id);
      if (scope.block.type === 'ArrowFunctionExpression') this.#arrows.add(id);
      return id;
    }
    if (scope.type === 'class-field-initializer') {
      const initializer = this.#initializerOf.get(scope.block);
      if (initializer !== undefined) return initializer;
    }
    return this.#ownerOf(upper);
  }

  #ownerOf(scope: Scope): FunctionId {
    return this.#owners.get(scope) ?? MODULE;
  }

  #addFunction(outer: FunctionId): FunctionId {
    this.captures.push(new Set());
    return (this.outers.push(outer) - 1) as FunctionId;
  }

  /** Instance fields run in a function of their own, static ones where the class stands. */
  #enterClass(node: ClassNode, owner: FunctionId): void {
    this.classIds.set(node, this.classIds.size as ClassId);
    const fields = node.body.body.filter(isInstanceField);
    if (fields.length === 0) return;
    const initializer = this.#addFunction(owner);
    this.functionIds.set(node, initializer);
    for (const field of fields) {
      if (field.value !== null) this.#initializerOf.set(field.value, initializer);
    }
  }

  /* ---------------------------------------------------------------- variables */

  #declare(variable: Variable, scope: Scope): void {
    const binding = this.#bind(variable, scope);
    if (binding === undefined) return;
    this.#byVariable.set(variable, binding);
    if (scope.type === 'class') return;
    for (const def of variable.defs) this.#byIdentifier.set(def.name, binding);
  }

  #bind(variable: Variable, scope: Scope): Binding | undefined {
    // The global scope is full of what the environment declares; most of the time here would go to those.
    if (variable.defs.length === 0) return this.#bindArguments(variable, scope);
    const defs = variable.defs.filter((def) => def.type !== 'Type');
    const first = defs[0];
    if (first === undefined) return undefined;
    const enums = defs.filter((def) => def.type === 'TSEnumName').map((def) => def.node);
    const isEnum = enums.length > 0;
    if (defs.every(isAmbient)) {
      // A declared global; only an enum's members are known all the same.
      return isEnum
        ? { kind: 'external', ref: { module: null, path: [variable.name] }, enum: enums }
        : undefined;
    }
    if (first.type === 'ImportBinding') {
      const ref = importRef(first.node, first.parent, this.#nameModule);
      if (ref !== null) return { kind: 'external', ref };
    }
    if (first.type === 'TSEnumMemberName') {
      const declaration = scope.block as TSESTree.TSEnumDeclaration;
      return { kind: 'enumMember', name: variable.name, declaration };
    }
    if (scope.type === 'class') return this.#bindClassName(variable, scope);
    const local = this.#addLocal(variable, scope);
    if (scope.type === 'function-expression-name') this.innerNames.set(scope.block, local);
    if (isEnum) return { kind: 'local', local, enum: enums };
    const exports = namespaceExports(defs);
    if (exports === null) return { kind: 'local', local };
    for (const identifier of exports.values()) this.#exported.add(identifier);
    return { kind: 'local', local, exports };
  }

  #bindArguments(variable: Variable, scope: Scope): Binding | undefined {
    if (variable.name !== 'arguments' || scope.type !== 'function' || isModuleScope(scope)) return undefined;
    return { kind: 'arguments', function: this.#ownerOf(scope) };
  }

  /**
   * A class sees its own name in a scope of its own (ECMA-262 15.7.14). Where the outer name is never
   * reassigned the two can not be told apart, and one local serves both.
   */
  #bindClassName(variable: Variable, scope: Scope): Binding {
    const node = scope.block as ClassNode;
    const outer =
      node.type === 'ClassDeclaration' && node.id !== null ? this.#byIdentifier.get(node.id) : undefined;
    if (outer?.kind === 'local') {
      const declared = scope.upper?.set.get(variable.name);
      if (declared !== undefined && !isReassigned(declared)) return outer;
    }
    const local = this.#addLocal(variable, scope);
    this.innerNames.set(node, local);
    return { kind: 'local', local };
  }

  #addLocal(variable: Variable, scope: Scope): LocalDraft {
    const name = variable.defs[0]?.name;
    const local: LocalDraft = {
      id: this.locals.length as LocalId,
      name: variable.name,
      owner: this.#ownerOf(scope),
      isModuleLevel: this.#moduleLevel.has(scope),
      isCaptured: false,
      isConstant: false,
      node: name?.type === 'Identifier' ? name : null,
    };
    this.locals.push(local);
    this.#drafts.push({ variable, local });
    return local;
  }

  /**
   * The variable in which an arrow function finds `this` (ECMA-262 9.4.3 takes that of the function around
   * it); null for any other function, and where there is none but the module around.
   */
  capturedThis(by: FunctionId): Local | null {
    let owner: FunctionId = by;
    while (this.#arrows.has(owner)) owner = this.outers[owner] ?? MODULE;
    if (owner === by || owner === MODULE) return null;
    return getOrAdd(this.thisLocals, owner, () => this.#addThis(owner));
  }

  #addThis(owner: FunctionId): Local {
    const local: Local = {
      id: this.locals.length as LocalId,
      name: 'this',
      owner,
      isModuleLevel: false,
      isCaptured: true,
      isConstant: true,
      node: null,
    };
    this.locals.push(local);
    return local;
  }

  /* ---------------------------------------------------------------- references */

  #resolveReference(reference: TSESLint.Scope.Reference, scope: Scope): void {
    // Only typescript-eslint knows references from types; they read nothing.
    if ((reference.isValueReference as boolean | undefined) === false) return;
    const variable = reference.resolved ?? findBySearch(reference, scope);
    const binding = variable === null ? undefined : this.#byVariable.get(variable);
    if (binding === undefined) return;
    if (!this.#byIdentifier.has(reference.identifier)) this.#byIdentifier.set(reference.identifier, binding);
    if (binding.kind !== 'local') return;
    if (reference.isWrite() && reference.init !== true) this.#written.add(binding.local);
    this.capture(binding.local, this.#ownerOf(scope));
  }

  /**
   * Notes that a function reads or writes a variable, for it and all functions between it and the owner. What
   * lowering itself reads (`N.x` as `x`, the class as `this` of a static arrow function) is noted there.
   */
  capture(local: Local, by: FunctionId): void {
    for (let id: FunctionId | null = by; id !== null && id !== local.owner; id = this.outers[id] ?? null) {
      const captured = this.captures[id];
      if (captured === undefined || captured.has(local.id)) return;
      captured.add(local.id);
      (local as LocalDraft).isCaptured = true;
    }
  }

  /** What only all references together show: whether the variable is ever written again. */
  #settle(variable: Variable, local: LocalDraft): void {
    const defs = variable.defs.filter((def) => def.type !== 'Type' && !isAmbient(def));
    const first = defs[0];
    if (first === undefined) return;
    // Namespaces and further parts of an enum add to what is there.
    const writing = defs.filter(
      (def) => def === first || (def.type !== 'TSModuleName' && def.type !== 'TSEnumName'),
    );
    const isExportedVariable =
      first.type === 'Variable' && first.parent.kind !== 'const' && this.#exported.has(first.name);
    const isWrittenOnce =
      writing.length === 1 && !isExportedVariable && !this.#written.has(local) && !isReassigned(variable);
    const isVar = defs.some((def) => def.type === 'Variable' && def.parent.kind === 'var');
    if (!isVar) {
      local.isConstant = isWrittenOnce;
    } else if (isWrittenOnce && this.#isPlainVar(first, variable)) {
      local.isConstant = true;
    } else if (defs.every((def) => def.type === 'Variable')) {
      getOrAdd(this.hoistedVars, variable.scope.block, () => []).push(local);
    }
    if (local.isConstant) this.#noteClass(first, local);
  }

  /**
   * `var x = e;` directly in the body of its function, no other write, and no read before it there. Then it
   * is lowered like `const`: that a closure reads the `undefined` before is as rare as a temporal dead zone.
   */
  #isPlainVar(def: Definition, { scope, references }: Variable): boolean {
    if (def.type !== 'Variable' || def.node.init === null) return false;
    const owner = this.#ownerOf(scope);
    const start = def.name.range[0];
    if (
      references.some(({ identifier, from }) => identifier.range[0] < start && this.#ownerOf(from) === owner)
    ) {
      return false;
    }
    const statements = getOrAdd(
      this.#topLevel,
      scope.block,
      () => new Set(statementsOf(scope.block).map(unwrapExport)),
    );
    return statements.has(def.parent);
  }

  #noteClass(def: Definition, local: Local): void {
    if (def.type === 'ClassName') this.classOfLocal.set(local, def.node);
    if (
      def.type === 'Variable' &&
      def.node.id.type === 'Identifier' &&
      def.node.init?.type === 'ClassExpression'
    ) {
      this.classOfLocal.set(local, def.node.init);
    }
  }
}

const MODULE = 0 as FunctionId;

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
