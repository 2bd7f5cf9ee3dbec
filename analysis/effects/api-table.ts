/** API descriptions, decoded, for look-up by what a program imports and by the type of a receiver. */
import type { ApiDescription, OperationDescription, PropertyDescription } from '../../apis/schema.ts';
import { claimOperation, operationOf } from './tagged.ts';
import type { TaggedSignature } from '../ir/tags.ts';
import { printRef, tagRef, THIS_FILE } from '../ir/external-ref.ts';
import type { ExternalRef, Primitive, Program } from '../ir/ir.ts';
import { decodeKind, decodeOperation, kindNamed } from './decode.ts';
import type { HandleKind, Kinds, Operation, Place } from './decode.ts';
import { moduleName } from '../ir/module-name.ts';
import { closedPlaces } from './operation-places.ts';
import { ANY_MODULE, TriggerNames } from './trigger-names.ts';
import { WrittenTypes } from './written-types.ts';

type Export =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'constructor'; readonly operation: Operation }
  | { readonly kind: 'constant'; readonly value: Primitive };

/** What a property of a described type holds. */
export type Property =
  { readonly type: string } | { readonly lend: HandleKind } | { readonly field: string } | Guard;

/** Has this value exactly while the handle is open, or exactly from its close on. */
export interface Guard {
  readonly tells: 'open' | 'closed';
  readonly equals: Primitive;
}

interface DescribedType {
  readonly methods: Map<string, Operation>;
  readonly properties: Map<string, Property>;
  /** The kind of handle that values of the type are. */
  kind: HandleKind | null;
  hasNativeMembers: boolean;
  /** The fields in which its values keep handles; null where they are no owners. */
  holds: readonly string[] | null;
}

function blankType(): DescribedType {
  return { methods: new Map(), properties: new Map(), kind: null, hasNativeMembers: false, holds: null };
}

const NO_MEMBERS: Pick<DescribedType, 'methods' | 'properties'> = {
  methods: new Map(),
  properties: new Map(),
};

export class ApiTable {
  readonly #exports = new Map<string, Export>();
  readonly #types = new Map<string, DescribedType>();
  /** By the name and the module that exports it, or none: which types are known by that. */
  readonly #named = new Map<string, string>();
  readonly #modules = new Set<string>();
  readonly triggers = new TriggerNames();
  readonly #methodNames = new Set<string>();

  constructor(apis: Readonly<Record<string, ApiDescription>>) {
    const own = new Map(Object.entries(apis).map(([name, api]) => [api, this.#addKinds(name, api)]));
    // Another API's kinds go by the names of their types, or by its own before theirs.
    const kinds = new Map(
      [...this.#types].flatMap(([type, { kind }]): [string, HandleKind][] =>
        kind === null
          ? []
          : [
              [type, kind],
              [kind.id, kind],
            ],
      ),
    );
    for (const named of own.values()) for (const kind of named.values()) kinds.set(kind.id, kind);
    for (const [api, named] of own) {
      this.#add(api, new Map([...kinds, ...named]));
      this.triggers.add(api);
    }
  }

  /** A table that also knows what the tags of one file say. */
  with(program: Pick<Program, 'tags' | 'typeOrigins'>): ApiTable {
    const { signatures, functions } = program.tags;
    if (signatures.length === 0 && functions.size === 0) return this;
    const table = new ApiTable({});
    for (const [name, each] of this.#exports) table.#exports.set(name, each);
    for (const [name, type] of this.#types) table.#types.set(name, type);
    for (const [name, types] of this.#named) table.#named.set(name, types);
    for (const [from, to] of [
      [this.#modules, table.#modules],
      [this.#methodNames, table.#methodNames],
    ] as const) {
      for (const name of from) to.add(name);
    }
    for (const what of ['own', 'borrow'] as const) {
      table.#exports.set(printRef(tagRef(what)), { kind: 'operation', operation: claimOperation(what) });
    }
    const types = new WrittenTypes(program, this);
    for (const signature of signatures) table.#addTagged(signature, types);
    return table;
  }

  #addTagged(signature: TaggedSignature, types: WrittenTypes): void {
    const type = types.of(signature.returnType);
    const operation = operationOf(signature, type === null ? null : this.kindOfType(type));
    if (signature.type === null) {
      this.#exports.set(printRef({ module: null, path: [signature.name] }), { kind: 'operation', operation });
      return;
    }
    const id = this.typeFrom(THIS_FILE, signature.type) ?? `${THIS_FILE}/${signature.type}`;
    const known = this.#types.get(id) ?? this.#addType(id, signature.type, THIS_FILE);
    this.#types.set(id, { ...known, methods: new Map(known.methods).set(signature.name, operation) });
    this.#methodNames.add(signature.name);
  }

  /** Whether a module hands out handles. */
  hasModule(module: string): boolean {
    return this.#modules.has(module) || this.#modules.has(ANY_MODULE);
  }

  /** Whether some described type has a method of this name. */
  hasMethod(name: string): boolean {
    return this.#methodNames.has(name) || this.isNative(name);
  }

  /** Whether a native function of this name is described. */
  isNative(name: string): boolean {
    return this.findOperation(nativeRef(name)) !== null;
  }

  /** What is described of the values of a type. */
  membersOf(type: string): Pick<DescribedType, 'methods' | 'properties'> {
    return this.#types.get(type) ?? NO_MEMBERS;
  }

  findOperation(ref: ExternalRef): Operation | null {
    const found = this.#find(ref);
    return found?.kind === 'operation' ? found.operation : null;
  }

  findConstructor(ref: ExternalRef): Operation | null {
    const found = this.#find(ref);
    return found?.kind === 'constructor' ? found.operation : null;
  }

  /** What is described of a function or a class. */
  findCallable(ref: ExternalRef): Operation | null {
    const found = this.#find(ref);
    return found === undefined || found.kind === 'constant' ? null : found.operation;
  }

  /** The described constant of this name, boxed because `undefined` is one. */
  findConstant(ref: ExternalRef): { readonly value: Primitive } | null {
    const found = this.#find(ref);
    return found?.kind === 'constant' ? found : null;
  }

  findMethod(type: string, name: string): Operation | null {
    const described = this.#types.get(type);
    const method = described?.methods.get(name) ?? null;
    return method ?? (described?.hasNativeMembers === true ? this.findOperation(nativeRef(name)) : null);
  }

  /** Whether the members of a type are native functions. */
  hasNativeMembers(type: string): boolean {
    return this.#types.get(type)?.hasNativeMembers === true;
  }

  findProperty(type: string, name: string): Property | null {
    return this.#types.get(type)?.properties.get(name) ?? null;
  }

  /** The fields in which values of a type keep handles; null where they are no owners. */
  fieldsHeldBy(type: string): readonly string[] | null {
    return this.#types.get(type)?.holds ?? null;
  }

  /** Whether a method of the type closes what a value keeps in this field: then the value owns it. */
  closesField(type: string, field: string): boolean {
    const methods = [...(this.#types.get(type)?.methods.values() ?? [])];
    const isField = ({ root, fields }: Place): boolean =>
      root === 'this' && fields.length === 1 && fields[0] === field;
    return methods.some(({ effects }) => closedPlaces(effects).some(isField));
  }

  /** The kind of handle that values of a type are; null where they are none. */
  kindOfType(type: string): HandleKind | null {
    return this.#types.get(type)?.kind ?? null;
  }

  hasType(type: string): boolean {
    return this.#types.has(type);
  }

  /**
   * The described type of this name that a module exports, or this file declares; null where there is none. What
   * no module exports may be any API's: a file that says nothing of a name has it from somewhere.
   */
  typeFrom(module: string | null, name: string): string | null {
    return (
      this.#named.get(printRef({ module, path: [name] })) ??
      this.#named.get(printRef({ module: ANY_MODULE, path: [name] })) ??
      (module === null && this.hasType(name) ? name : null)
    );
  }

  #find(ref: ExternalRef): Export | undefined {
    const modules = ref.module === null ? [null] : [ref.module, ANY_MODULE];
    for (const module of modules) {
      for (const path of spellings(ref.path)) {
        const known = this.#exports.get(printRef({ module, path }));
        if (known !== undefined) return known;
      }
    }
    return undefined;
  }

  #addKinds(name: string, api: ApiDescription): Kinds {
    const kinds = new Map<string, HandleKind>();
    for (const [kind, description] of Object.entries(api.kinds ?? {})) {
      kinds.set(kind, decodeKind(name, kind, description, api));
    }
    const modules = (api.modules ?? []).map(moduleName);
    for (const kind of kinds.values()) this.#addType(kind.type, kind.type, ...modules).kind = kind;
    return kinds;
  }

  #add(api: ApiDescription, kinds: Kinds): void {
    const modules = (api.modules ?? []).map(moduleName);
    for (const module of modules) {
      if (handsOutHandles(api)) this.#modules.add(module);
      for (const [constant, value] of Object.entries(api.constants ?? {})) {
        this.#exports.set(printRef({ module, path: [constant] }), { kind: 'constant', value });
      }
      this.#addOperations(module, 'operation', api.functions ?? {}, kinds);
      this.#addOperations(module, 'constructor', api.constructors ?? {}, kinds);
    }
    if (modules.length === 0) this.#addOperations(null, 'constructor', api.constructors ?? {}, kinds);
    this.#addOperations(null, 'operation', api.globals ?? {}, kinds);
    for (const [type, { methods, properties, members, holds }] of Object.entries(api.types ?? {})) {
      const described = this.#addType(type, type, ...modules);
      this.#addMembers(described, methods ?? {}, properties ?? {}, kinds);
      if (holds !== undefined) described.holds = holds;
      if (members === 'native') described.hasNativeMembers = true;
    }
  }

  #addType(id: string, name: string, ...modules: readonly string[]): DescribedType {
    for (const module of modules.length === 0 ? [null] : modules)
      this.#named.set(printRef({ module, path: [name.slice(name.lastIndexOf('.') + 1)] }), id);
    let type = this.#types.get(id);
    if (type === undefined) {
      type = blankType();
      this.#types.set(id, type);
    }
    return type;
  }

  #addMembers(
    type: DescribedType,
    methods: Readonly<Record<string, OperationDescription>>,
    properties: Readonly<Record<string, PropertyDescription>>,
    kinds: Kinds,
  ): void {
    for (const [name, description] of Object.entries(methods)) {
      type.methods.set(name, decodeOperation(name, description, kinds));
      this.#methodNames.add(name);
    }
    for (const [name, property] of Object.entries(properties)) {
      type.properties.set(name, 'lend' in property ? { lend: kindNamed(property.lend, kinds) } : property);
    }
  }

  #addOperations(
    module: string | null,
    kind: 'operation' | 'constructor',
    descriptions: Readonly<Record<string, OperationDescription>>,
    kinds: Kinds,
  ): void {
    for (const [name, description] of Object.entries(descriptions)) {
      const operation = decodeOperation(name, description, kinds);
      this.#exports.set(printRef({ module, path: [name] }), { kind, operation });
    }
  }
}

/** Whether one can have handles of it: kinds of its own, or of other APIs. */
function handsOutHandles({ kinds = {}, types = {}, functions = {} }: ApiDescription): boolean {
  const isOwner = Object.values(types).some(({ holds }) => holds !== undefined);
  const makes = (operation: OperationDescription): boolean =>
    operation.effects.some((effect) => effect.do === 'acquire' || effect.do === 'duplicate');
  return isOwner || Object.keys(kinds).length > 0 || Object.values(functions).some(makes);
}

/** A function of the operating system's libraries, by its name alone. */
export function nativeRef(name: string): ExternalRef {
  return { module: 'native', path: [name] };
}

/** A default import of a module of named exports is the object of them all, and a module may be its default export. */
function spellings(path: ExternalRef['path']): (typeof path)[] {
  if (path.length === 0) return [path, ['default']];
  return path[0] === 'default' ? [path, path.slice(1)] : [path];
}
