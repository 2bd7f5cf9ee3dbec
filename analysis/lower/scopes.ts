/** Small questions about scopes, variables and their definitions, for either scope manager. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { ExternalRef } from '../ir/ir.ts';

export type Scope = TSESLint.Scope.Scope;
export type ScopeManager = TSESLint.Scope.ScopeManager;
export type Variable = TSESLint.Scope.Variable;
export type Definition = TSESLint.Scope.Definition;
/** From what an import says to what the module is called. */
export type ModuleNames = (specifier: string) => string;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;
export type FieldNode = TSESTree.PropertyDefinition | TSESTree.AccessorProperty;

/** Scopes whose variables live as long as the module; for CommonJS there is a function scope on the program. */
export function isModuleScope(scope: Scope): boolean {
  return scope.block.type === 'Program';
}

/** Scopes that exist for types alone, functions without a body and whatever is only declared. */
export function isSignature(scope: Scope): boolean {
  switch (scope.type) {
    case 'functionType':
    case 'type':
    case 'mappedType':
    case 'conditionalType':
      return true;
    case 'function':
      return !hasBody(scope.block);
    case 'tsModule':
      return scope.block.declare;
    case 'class':
      return scope.block.declare;
    default:
      return false;
  }
}

function hasBody(node: TSESTree.Node): boolean {
  return node.type !== 'TSDeclareFunction' && node.type !== 'TSEmptyBodyFunctionExpression';
}

/** Declares something that is defined elsewhere: `declare const x`, an overload, an assigned global. */
export function isAmbient(def: Definition): boolean {
  switch (def.type) {
    case 'FunctionName':
      return !hasBody(def.node);
    case 'Variable':
      return def.parent.declare;
    case 'ClassName':
    case 'TSEnumName':
    case 'TSModuleName':
      return def.node.declare;
    case 'ImplicitGlobalVariable':
      return true;
    default:
      return false;
  }
}

/** Written anywhere but where it is declared. */
export function isReassigned(variable: Variable): boolean {
  return variable.references.some((reference) => reference.isWrite() && reference.init !== true);
}

/**
 * Finds what an unresolved reference names. Scope managers leave references unresolved that run time might
 * resolve otherwise: to `var` and functions of a script, and to anything around a direct `eval`.
 */
export function findBySearch(reference: TSESLint.Scope.Reference, from: Scope): Variable | null {
  const { name, range } = reference.identifier as TSESTree.Identifier;
  for (let scope: Scope | null = from; scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable === undefined || !variable.defs.some((def) => def.type !== 'Type')) continue;
    if (!isHiddenFromDefaults(variable, scope, range[0])) return variable;
  }
  return null;
}

/** The default of a parameter does not see what the body declares (ECMA-262 10.2.11, step 28). */
function isHiddenFromDefaults(variable: Variable, scope: Scope, position: number): boolean {
  if (scope.type !== 'function' || !('body' in scope.block) || scope.block.body == null) return false;
  const body = scope.block.body;
  if (Array.isArray(body) || position >= body.range[0]) return false;
  return variable.defs.every((def) => def.name.range[0] >= body.range[0]);
}

export function isField(element: TSESTree.ClassElement): element is FieldNode {
  if (element.type !== 'PropertyDefinition' && element.type !== 'AccessorProperty') return false;
  return !element.declare;
}

export function isInstanceField(element: TSESTree.ClassElement): element is FieldNode {
  return isField(element) && !element.static;
}

/** What an import names; null for `import a = b.c`, which is a variable like any other. */
export function importRef(
  node: TSESTree.Node,
  parent: TSESTree.Node,
  nameModule: ModuleNames,
): ExternalRef | null {
  if (node.type === 'TSImportEqualsDeclaration') {
    const reference = node.moduleReference;
    if (reference.type !== 'TSExternalModuleReference') return null;
    return { module: nameModule(reference.expression.value), path: [] };
  }
  if (parent.type !== 'ImportDeclaration') return null;
  const module = nameModule(parent.source.value);
  if (node.type === 'ImportNamespaceSpecifier') return { module, path: [] };
  if (node.type !== 'ImportSpecifier') return { module, path: ['default'] };
  const imported = node.imported;
  return { module, path: [imported.type === 'Identifier' ? imported.name : imported.value] };
}

/** The statements that stand directly in the body of a function, module, namespace or static block. */
export function statementsOf(block: TSESTree.Node): readonly TSESTree.Node[] {
  const body = 'body' in block ? block.body : undefined;
  if (Array.isArray(body)) return body;
  return body != null && 'body' in body && Array.isArray(body.body) ? body.body : [];
}

/** `export const x = 1` declares like `const x = 1`. */
export function unwrapExport(statement: TSESTree.Node): TSESTree.Node {
  if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration')
    return statement;
  return statement.declaration ?? statement;
}

/** The names that a namespace exports; null where the variable is no namespace. */
export function namespaceExports(defs: readonly Definition[]): Map<string, TSESTree.Identifier> | null {
  const declarations = defs.filter((def) => def.type === 'TSModuleName').map((def) => def.node);
  if (declarations.length === 0) return null;
  const names = new Map<string, TSESTree.Identifier>();
  for (const declaration of declarations) {
    for (const statement of declaration.body?.body ?? []) {
      if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null) continue;
      for (const identifier of declaredNames(statement.declaration)) names.set(identifier.name, identifier);
    }
  }
  return names;
}

function declaredNames(declaration: TSESTree.ExportDeclaration): readonly TSESTree.Identifier[] {
  switch (declaration.type) {
    case 'VariableDeclaration':
      return declaration.declarations.flatMap(({ id }) => namesIn(id));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
    case 'TSImportEqualsDeclaration':
      return declaration.id?.type === 'Identifier' ? [declaration.id] : [];
    default:
      return [];
  }
}

/** The identifiers that a pattern declares. */
export function namesIn(pattern: TSESTree.Node): TSESTree.Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}
