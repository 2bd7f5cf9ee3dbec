/** Functions: their parameters, the head of their body, and the closure that stands where they are written. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ClassId, FunctionId, FunctionKind, Node, Temp } from '../ir/ir.ts';
import { numberNodes } from '../ir/number.ts';
import { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { staticKey } from './names.ts';
import { bindPattern } from './patterns.ts';
import { lowerStatements } from './statements.ts';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

export interface FunctionContext {
  readonly kind: FunctionKind;
  readonly name: string;
  readonly class?: ClassId;
  /** Its class has a base class, so `this` begins with `super()`. */
  readonly isDerived?: boolean;
}

/**
 * A function where it is written. One that names itself sees that name in a scope of its own (15.2.5). Scope managers
 * make no scope for one in the callee of `[(() => {})()] = list`, which parsers of TypeScript let pass.
 */
export function lowerClosure(b: Builder, node: FunctionNode, name: string): Temp {
  if (!b.file.bindings.functionIds.has(node)) return b.unknown(node);
  const id = lowerFunction(b, node, { kind: 'function', name: node.id?.name ?? name });
  const closure = b.closure(node, id);
  const self = b.file.bindings.innerNames.get(node);
  if (self !== undefined) b.store(node, self, closure, true);
  return closure;
}

export function lowerFunction(outer: Builder, node: FunctionNode, context: FunctionContext): FunctionId {
  const file = outer.file;
  const id = file.bindings.functionIds.get(node);
  if (id === undefined) throw new Error(`No scope was made for the function at ${node.range[0]}`);
  const b = new Builder(file, id);
  if (node.type === 'ArrowFunctionExpression' && outer.statics !== null)
    b.statics = { ...outer.statics, temp: null };
  const params: Temp[] = [];
  const paramNodes: TSESTree.Parameter[] = [];
  let rest: Temp | null = null;
  for (const param of node.params) {
    if (isThisParameter(param)) continue;
    paramNodes.push(param);
    if (param.type === 'RestElement') rest = b.temp();
    else params.push(b.temp());
  }
  b.tags = file.tags.functions.get(node) ?? null;
  const body = b.region(node.body, () => {
    lowerParameterTags(b, paramNodes, params);
    lowerParameters(b, paramNodes, params, rest);
    lowerParameterProperties(b, node, context);
    lowerBody(b, node);
  });
  const isAsync = node.async;
  const isGenerator = node.generator;
  finishFunction(b, { node, body, context, params, paramNodes, rest, isAsync, isGenerator });
  return id;
}

interface Finished {
  readonly node: TSESTree.Node;
  readonly body: Node;
  readonly context: FunctionContext;
  readonly params?: readonly Temp[];
  readonly paramNodes?: readonly TSESTree.Parameter[];
  readonly rest?: Temp | null;
  readonly isAsync?: boolean;
  readonly isGenerator?: boolean;
}

/** Numbers a lowered body and enters the function in the file's list. */
export function finishFunction(b: Builder, finished: Finished): void {
  const { bindings, functions } = b.file;
  const { context } = finished;
  const body = bindThis(b, finished.node, finished.body);
  numberNodes(body);
  functions[b.id] = {
    id: b.id,
    kind: context.kind,
    name: context.name,
    node: finished.node,
    outer: bindings.outers[b.id] ?? null,
    class: context.class ?? null,
    isAsync: finished.isAsync ?? false,
    isGenerator: finished.isGenerator ?? false,
    params: finished.params ?? [],
    paramNodes: finished.paramNodes ?? [],
    rest: finished.rest ?? null,
    captures: [...(bindings.captures[b.id] ?? [])],
    tags: b.tags,
    body,
    tempCount: b.tempCount,
    givenUp: b.file.giveUpReason(b.id),
  };
}

/** The arrow functions inside, lowered by now, may read `this` as a variable of the function. */
function bindThis(b: Builder, node: TSESTree.Node, body: Node): Node {
  const local = b.file.bindings.thisLocals.get(b.id);
  if (local === undefined) return body;
  return b.before(body, () => {
    b.store(node, local, b.this(node), true);
  });
}

/** `function f(this: Window)` declares a type and no parameter. */
function isThisParameter(param: TSESTree.Parameter): boolean {
  return param.type === 'Identifier' && param.name === 'this';
}

/** A body says to itself what its tags say to others. */
function lowerParameterTags(b: Builder, nodes: readonly TSESTree.Parameter[], params: readonly Temp[]): void {
  for (const [index, tag] of b.tags?.params ?? []) {
    const [node, param] = [nodes[index], params[index]];
    if (node === undefined || param === undefined || tag === 'duplicates') continue;
    b.claim(node, tag === 'borrows' ? 'borrow' : 'own', param);
  }
}

function lowerParameters(
  b: Builder,
  nodes: readonly TSESTree.Parameter[],
  params: readonly Temp[],
  rest: Temp | null,
): void {
  for (const [index, node] of nodes.entries()) {
    const value = node.type === 'RestElement' ? rest : params[index];
    if (value == null) continue;
    bindPattern(b, node.type === 'RestElement' ? node.argument : node, value, 'declare');
  }
}

/** `constructor(private h: HANDLE)`: TypeScript assigns `this.h` as soon as there is a `this`. */
function lowerParameterProperties(b: Builder, node: FunctionNode, context: FunctionContext): void {
  const properties = node.params.filter((param) => param.type === 'TSParameterProperty');
  if (properties.length === 0) return;
  const assign = (): void => {
    for (const { parameter } of properties) {
      const name = parameter.type === 'Identifier' ? parameter : parameter.left;
      b.setField(parameter, b.this(parameter), staticKey(name.name), lowerExpression(b, name));
    }
  };
  if (context.isDerived === true && callsSuper(node)) b.afterSuper = assign;
  else assign();
}

/** TypeScript wants `super()` as a statement of the constructor's own where there are parameter properties. */
function callsSuper(node: FunctionNode): boolean {
  if (node.body.type !== 'BlockStatement') return false;
  return node.body.body.some(
    (statement) =>
      statement.type === 'ExpressionStatement' &&
      statement.expression.type === 'CallExpression' &&
      statement.expression.callee.type === 'Super',
  );
}

function lowerBody(b: Builder, node: FunctionNode): void {
  lowerHoisted(b, node);
  if (node.body.type === 'BlockStatement') lowerStatements(b, node.body.body);
  else b.return(node.body, lowerExpression(b, node.body));
}

/** `var` variables exist, as `undefined`, from the start of their function (ECMA-262 10.2.11, step 27). */
export function lowerHoisted(b: Builder, scope: TSESTree.Node): void {
  for (const local of b.file.bindings.hoistedVars.get(scope) ?? []) {
    const node = local.node ?? scope;
    b.store(node, local, b.constant(node, undefined), true);
  }
}
