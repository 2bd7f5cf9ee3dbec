/** What annotations in the source say of values, read from syntax alone. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ClassIr } from '../ir/ir.ts';

/**
 * The name of the one type that an annotation allows besides `null` and `undefined`, taken apart at its dots; null
 * where there is none.
 */
export function typeNameOf(node: TSESTree.TypeNode | undefined): readonly string[] | null {
  switch (node?.type) {
    case 'TSTypeReference':
      return partsOf(node.typeName);
    case 'TSUnionType': {
      const names = node.types.filter(({ type }) => !EMPTY.has(type)).map(typeNameOf);
      return names.length === 1 ? (names[0] ?? null) : null;
    }
    default:
      return null;
  }
}

/** The name of the only type argument of an annotation. */
export function typeArgumentOf(node: TSESTree.TypeNode | undefined): string | null {
  const [argument, ...more] = node?.type === 'TSTypeReference' ? (node.typeArguments?.params ?? []) : [];
  return more.length > 0 ? null : (typeNameOf(argument)?.at(-1) ?? null);
}

function partsOf(name: TSESTree.EntityName): string[] | null {
  switch (name.type) {
    case 'Identifier':
      return [name.name];
    case 'TSQualifiedName': {
      const left = partsOf(name.left);
      return left === null ? null : [...left, name.right.name];
    }
    default:
      return null;
  }
}

const EMPTY: ReadonlySet<string> = new Set(['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword']);

const NEVER_NULL: ReadonlySet<string> = new Set([
  'TSNumberKeyword',
  'TSStringKeyword',
  'TSBigIntKeyword',
  'TSBooleanKeyword',
  'TSUndefinedKeyword',
  'TSArrayType',
  'TSFunctionType',
]);

/** Whether an annotation leaves no room for `null`. What a name stands for is not looked up. */
export function excludesNull(type: TSESTree.TypeNode | undefined): boolean {
  if (type?.type === 'TSUnionType') return type.types.every(excludesNull);
  return type !== undefined && NEVER_NULL.has(type.type);
}

/** Whether a parameter may be left out and its annotation is a name: then a value that is missing is `undefined`. */
export function isMissingAsUndefined(node: TSESTree.Parameter | undefined): boolean {
  const isOptional = node?.type === 'Identifier' && node.optional;
  return isOptional && typeOfParameter(node)?.type === 'TSTypeReference';
}

/** Whether an annotation names `null`, and not `undefined`: then a value that is missing is `null`. */
export function isMissingAsNull(node: TSESTree.Parameter | undefined): boolean {
  const type = typeOfParameter(node);
  if (type?.type !== 'TSUnionType' || (node?.type === 'Identifier' && node.optional)) return false;
  const names = new Set<string>(type.types.map((each) => each.type));
  return node?.type !== 'AssignmentPattern' && names.has('TSNullKeyword') && !names.has('TSUndefinedKeyword');
}

export function isBooleanParameter(node: TSESTree.Parameter | undefined): boolean {
  return typeOfParameter(node)?.type === 'TSBooleanKeyword';
}

/** The annotation of a parameter, whatever its form. */
export function typeOfParameter(node: TSESTree.Parameter | undefined): TSESTree.TypeNode | undefined {
  switch (node?.type) {
    case 'Identifier':
      return node.typeAnnotation?.typeAnnotation;
    case 'AssignmentPattern':
      return node.left.type === 'Identifier' ? node.left.typeAnnotation?.typeAnnotation : undefined;
    case 'TSParameterProperty':
      return typeOfParameter(node.parameter);
    default:
      return undefined;
  }
}

/** The expression whose method is called. */
export function receiverOf(node: TSESTree.Node): TSESTree.Expression | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  return node.callee.object;
}

/** The annotations of a class's fields, those of parameter properties included. */
export function fieldAnnotations({ node }: ClassIr): ReadonlyMap<string, TSESTree.TypeNode> {
  const types = new Map<string, TSESTree.TypeNode>();
  const add = (name: string | null, type: TSESTree.TypeNode | undefined): void => {
    if (name !== null && type !== undefined) types.set(name, type);
  };
  for (const member of node.body.body) {
    if (member.type === 'PropertyDefinition') add(keyName(member.key), member.typeAnnotation?.typeAnnotation);
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    for (const param of member.value.params) {
      if (param.type !== 'TSParameterProperty') continue;
      const { parameter } = param;
      const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      add(target.name, typeOfParameter(param));
    }
  }
  return types;
}

function keyName(key: TSESTree.PropertyDefinition['key']): string | null {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : null;
}
