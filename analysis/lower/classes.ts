/**
 * Classes, in the order of ECMA-262 15.7.14: the base class, the elements' keys and methods, the class's own
 * name, then static fields and blocks where the class stands. Instance fields become a function of their own,
 * the initializer.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ClassId, ClassIr, FunctionId, Key, Superclass, Temp } from '../ir/ir.ts';
import { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { finishFunction, lowerFunction, lowerHoisted } from './functions.ts';
import { findStaticName, lowerKey, memberLabel, staticKey, unwrapTypes } from './names.ts';
import { bindPattern } from './patterns.ts';
import { isField, isInstanceField, type ClassNode, type FieldNode } from './scopes.ts';
import { lowerStatements } from './statements.ts';

interface Members {
  constructorId: FunctionId | null;
  readonly methods: Map<string, FunctionId>;
  readonly getters: Map<string, FunctionId>;
  readonly setters: Map<string, FunctionId>;
  readonly staticMethods: Map<string, FunctionId>;
}

export function lowerClassDeclaration(b: Builder, node: TSESTree.ClassDeclaration): void {
  if (node.declare) return;
  const value = lowerClass(b, node, node.id?.name ?? 'default', (dst) => {
    if (node.id !== null) bindPattern(b, node.id, dst, 'declare');
  });
  if (node.id === null) b.escapeOnly(node, [value], 'export');
}

/** For one without a scope see `lowerClosure`. */
export function lowerClassExpression(b: Builder, node: TSESTree.ClassExpression, name: string): Temp {
  if (!b.file.bindings.classIds.has(node)) return b.unknown(node);
  return lowerClass(b, node, node.id?.name ?? name, () => {});
}

function lowerClass(b: Builder, node: ClassNode, name: string, declare: (value: Temp) => void): Temp {
  const id = b.file.bindings.classIds.get(node);
  if (id === undefined) throw new Error(`No scope was made for the class at ${node.range[0]}`);
  const decorators = lowerDecorators(b, node.decorators);
  const base = node.superClass === null ? null : lowerExpression(b, node.superClass);
  const members: Members = {
    constructorId: null,
    methods: new Map(),
    getters: new Map(),
    setters: new Map(),
    staticMethods: new Map(),
  };
  const keys = lowerElements(b, node, name, id, members);
  const value = b.class(node, id, base);
  const inner = b.file.bindings.innerNames.get(node);
  if (inner !== undefined) b.store(node, inner, value, true);
  declare(value);
  const initializer = lowerInitializer(b, node, name, id);
  b.file.classes[id] = { id, name, node, superclass: findSuperclass(b, node), initializer, ...members };
  lowerStatics(b, node, value, keys, name);
  if (decorators.length > 0) b.escapeOnly(node, [...decorators, value], 'decorator');
  return value;
}

/* ------------------------------------------------------------------ elements */

/** Defines the methods and evaluates all keys; returns those of static fields, which are written later. */
function lowerElements(
  b: Builder,
  node: ClassNode,
  name: string,
  id: ClassId,
  members: Members,
): Map<FieldNode, Key> {
  const keys = new Map<FieldNode, Key>();
  for (const element of node.body.body) {
    if ('decorators' in element) b.escapeOnly(element, lowerDecorators(b, element.decorators), 'decorator');
    if (element.type === 'MethodDefinition') {
      lowerMethod(b, element, name, id, members, node.superClass !== null);
    } else if (isField(element)) {
      const key = lowerKey(b, element.computed, element.key);
      if (element.static) keys.set(element, key);
    }
  }
  return keys;
}

function lowerDecorators(b: Builder, decorators: readonly TSESTree.Decorator[] | undefined): Temp[] {
  return (decorators ?? []).map((decorator) => lowerExpression(b, decorator.expression));
}

function lowerMethod(
  b: Builder,
  element: TSESTree.MethodDefinition,
  name: string,
  id: ClassId,
  members: Members,
  isDerived: boolean,
): void {
  const node = element.value;
  if (node.type !== 'FunctionExpression') return;
  lowerParameterDecorators(b, node);
  const key = lowerKey(b, element.computed, element.key);
  const known = key.kind === 'static' ? key.name : null;
  const context = { name: memberLabel(name, known), class: id };
  if (element.kind === 'constructor') {
    members.constructorId = lowerFunction(b, node, { ...context, kind: 'constructor', isDerived });
    return;
  }
  const kind = element.kind === 'get' ? 'getter' : element.kind === 'set' ? 'setter' : 'method';
  const method = lowerFunction(b, node, { ...context, kind });
  const table = tableFor(element, members);
  if (known !== null && table !== null) table.set(known, method);
  // No name leads to it: whoever calls it is out of sight.
  else b.escapeOnly(element, [b.closure(element, method)], known === null ? 'dynamicKey' : 'unsupported');
}

function tableFor(element: TSESTree.MethodDefinition, members: Members): Map<string, FunctionId> | null {
  if (element.kind === 'method') return element.static ? members.staticMethods : members.methods;
  if (element.static) return null;
  return element.kind === 'get' ? members.getters : members.setters;
}

function lowerParameterDecorators(b: Builder, node: TSESTree.FunctionExpression): void {
  for (const param of node.params) {
    b.escapeOnly(param, lowerDecorators(b, param.decorators), 'decorator');
  }
}

/* ------------------------------------------------------------------ fields */

function lowerInitializer(b: Builder, node: ClassNode, name: string, id: ClassId): FunctionId | null {
  const initializerId = b.file.bindings.functionIds.get(node);
  if (initializerId === undefined) return null;
  const inner = new Builder(b.file, initializerId);
  const body = inner.region(node.body, () => {
    for (const element of node.body.body) {
      if (isInstanceField(element)) lowerInstanceField(inner, element, node, name);
    }
  });
  finishFunction(inner, {
    node,
    body,
    context: { kind: 'initializer', name: memberLabel(name, 'initializer'), class: id },
  });
  return initializerId;
}

function lowerInstanceField(b: Builder, element: FieldNode, node: ClassNode, name: string): void {
  if (element.value === null && node.superClass !== null && element.typeAnnotation !== undefined) {
    // `h: HANDLE;` may only tell the type of what the base class has set.
    return;
  }
  const object = b.this(element);
  // A computed key was evaluated with the class; which one it was is not known here.
  const known = findStaticName(b, element.computed, element.key);
  const key: Key = known === null ? { kind: 'dynamic', temp: b.unknown(element.key) } : staticKey(known);
  b.setField(element, object, key, lowerFieldValue(b, element, memberLabel(name, known)));
}

function lowerFieldValue(b: Builder, element: FieldNode, label: string): Temp {
  return element.value === null ? b.constant(element, undefined) : lowerExpression(b, element.value, label);
}

/** Static fields and blocks run once, right here, and `this` is the class in them. */
function lowerStatics(
  b: Builder,
  node: ClassNode,
  value: Temp,
  keys: Map<FieldNode, Key>,
  name: string,
): void {
  const outer = b.statics;
  b.statics = { temp: value, self: b.file.bindings.nameOfClass(node) };
  for (const element of node.body.body) {
    if (element.type === 'StaticBlock') {
      lowerHoisted(b, element);
      lowerStatements(b, element.body);
    } else if (isField(element) && element.static) {
      const key = keys.get(element);
      if (key === undefined) continue;
      const label = memberLabel(name, key.kind === 'static' ? key.name : null);
      b.setField(element, value, key, lowerFieldValue(b, element, label));
    }
  }
  b.statics = outer;
}

function findSuperclass(b: Builder, node: ClassNode): Superclass {
  if (node.superClass === null) return { kind: 'none' };
  const base = unwrapTypes(node.superClass);
  const binding = base.type === 'Identifier' ? b.file.bindings.resolve(base) : undefined;
  const baseNode = binding?.kind === 'local' ? b.file.bindings.classOfLocal.get(binding.local) : undefined;
  const id = baseNode === undefined ? undefined : b.file.bindings.classIds.get(baseNode);
  return id === undefined ? { kind: 'unseen' } : { kind: 'class', id };
}

/**
 * A class that extends itself, directly or through others, throws where it is evaluated: its base is not
 * initialized yet (ECMA-262 15.7.14, step 8). Nothing is known of such a base.
 */
export function withoutCycles(classes: readonly ClassIr[]): ClassIr[] {
  const isOwnBase = (cls: ClassIr): boolean => {
    const bases = new Set<ClassIr>();
    for (let at = baseOf(classes, cls); at !== undefined && !bases.has(at); at = baseOf(classes, at))
      bases.add(at);
    return bases.has(cls);
  };
  return classes.map((cls) => (isOwnBase(cls) ? { ...cls, superclass: { kind: 'unseen' } } : cls));
}

const baseOf = (classes: readonly ClassIr[], { superclass }: ClassIr): ClassIr | undefined =>
  superclass.kind === 'class' ? classes[superclass.id] : undefined;
