/** Who holds a resource: this frame's own variables, or something that outlives or owns it. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Replacement } from '../finding.ts';
import type { Local } from '../ir/ir.ts';
import { isWithin } from '../ir/within.ts';
import type { Activation } from './activation.ts';
import { reach } from './reach.ts';
import type { Holder } from './resource.ts';
import { isOwner } from './state.ts';
import type { State } from './state.ts';
import { isSame, UNDEFINED } from './value.ts';
import type { ResourceId, Value } from './value.ts';

/** Whether nothing holds it but variables, out-cells and literals of this frame. */
export function heldByFrame(activation: Activation, state: State, id: ResourceId): boolean {
  const others: Value[] = [state.self, ...state.inputs];
  for (const [local, value] of state.locals.entries()) {
    if (activation.localOf(local).owner !== activation.fn.id) others.push(value);
  }
  for (const [objectId, object] of state.objects.entries()) {
    if (isOwner(object) || object.shape.kind === 'cell') others.push({ kind: 'object', id: objectId });
  }
  return !reach(state, others, activation.engine.captures).resources.has(id);
}

/** What holds the resource and can be written at `node`: a variable, or an element of one. */
export function nameHolding(
  activation: Activation,
  state: State,
  id: ResourceId,
  node: TSESTree.Node,
): Replacement | null {
  const holders = holdersOf(state, id, activation.engine);
  return holders.find(({ local }) => isVisible(activation.localOf(local), node))?.replacement ?? null;
}

/** The variables that hold a resource directly, and then the elements of variables that do. */
export function holdersOf(
  state: State,
  id: ResourceId,
  { localOf }: Pick<Activation['engine'], 'localOf'>,
): Holder[] {
  const isIt = (value: Value): boolean => value.kind === 'resource' && value.id === id;
  const { exists, failure } = state.getResource(id);
  // What throws when it fails has a type without `null`.
  const isNeverMissing = exists === 'certainly' && isSame(failure, UNDEFINED);
  const direct: Holder[] = [];
  const elements: Holder[] = [];
  for (const [local, value] of state.locals.entries()) {
    const { name } = localOf(local);
    if (isIt(value)) {
      const replacement = { text: name, isNullable: !isNeverMissing && isNullable(localOf(local)) };
      direct.push({ local, replacement });
    }
    if (value.kind !== 'object') continue;
    const object = state.getObject(value.id);
    const { shape } = object;
    if (shape.kind !== 'plain' && shape.kind !== 'array' && !isOwner(object)) continue;
    for (const [field, held] of object.fields) {
      if (isIt(held))
        elements.push({ local, replacement: { text: spellElement(name, [field]), isNullable: true } });
    }
  }
  return [...direct, ...elements];
}

/** Without types, only an asserted initializer says that a variable's type leaves no room for `null`. */
function isNullable({ node }: Local): boolean {
  const parent = node?.parent;
  if (parent?.type !== 'VariableDeclarator') return true;
  return parent.init?.type !== 'TSNonNullExpression' && parent.init?.type !== 'TSAsExpression';
}

/** The variable of this function that holds it; null where none does. */
export function variableHolding(activation: Activation, state: State, id: ResourceId): string | null {
  for (const [local, value] of state.locals.entries()) {
    const { owner, name } = activation.localOf(local);
    if (value.kind === 'resource' && value.id === id && owner === activation.fn.id) return name;
  }
  return null;
}

/** A declared variable whose block encloses the place, and that is declared before it. */
export function isVisible(local: Local, node: TSESTree.Node): boolean {
  if (local.node === null || local.node.range[0] > node.range[0]) return false;
  let scope: TSESTree.Node | undefined = local.node.parent;
  while (scope !== undefined && !SCOPES.has(scope.type)) scope = scope.parent;
  return scope === undefined || isWithin(node, scope);
}

const SCOPES: ReadonlySet<string> = new Set([
  'Program',
  'BlockStatement',
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
  'StaticBlock',
  'TSModuleBlock',
]);

/** `out[0]`, `options.handle`. */
export function spellElement(name: string, fields: readonly string[]): string {
  return name + fields.map(accessor).join('');
}

function accessor(field: string): string {
  if (/^\d+$/.test(field)) return `[${field}]`;
  return /^[A-Za-z_$][\w$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;
}

/** The owners that hold a resource in a field that their class closes, as `object.field`. */
export function ownersOf(engine: Activation['engine'], state: State, id: ResourceId): ReadonlySet<string> {
  const owners = new Set<string>();
  for (const [objectId, { shape, fields }] of state.objects.entries()) {
    for (const [field, value] of fields) {
      if (value.kind === 'resource' && value.id === id && engine.closesFieldOf(shape, field)) {
        owners.add(`${objectId}.${field}`);
      }
    }
  }
  return owners;
}

/** Whether an open duplicate of it is owed and waits for use, or has come to nothing. */
export function hasIdleDuplicate(state: State, id: ResourceId): boolean {
  if (state.getResource(id).history.idle.size > 0) return true;
  for (const { source, isDuplicate, typestate, isOwed } of state.resources.values()) {
    if (source === id && isDuplicate && isOwed && typestate === 'open') return true;
  }
  return false;
}
