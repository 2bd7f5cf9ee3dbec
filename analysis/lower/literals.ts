/** Object and array literals. */
import type { TSESTree } from '@typescript-eslint/utils';
import { accessorName } from '../ir/accessor-name.ts';
import type { Argument, Key, Temp } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerArgument } from './calls.ts';
import { lowerExpression } from './expressions.ts';
import { lowerFunction } from './functions.ts';
import { lowerKey, memberLabel, staticKey } from './names.ts';

export function lowerArray(b: Builder, node: TSESTree.ArrayExpression): Temp {
  const elements: (Argument | null)[] = node.elements.map((element) =>
    element === null ? null : lowerArgument(b, element),
  );
  return b.array(node, elements);
}

/**
 * Properties are evaluated in order. An `object` instruction says which objects are spread, and that they may
 * override any of its properties; what follows the last of them overrides it, and is written by `setField`.
 */
export function lowerObject(b: Builder, node: TSESTree.ObjectExpression, name: string): Temp {
  const properties: { key: Key; value: Temp; node: TSESTree.Node }[] = [];
  let overridable = 0;
  const spreads: Temp[] = [];
  for (const element of node.properties) {
    if (element.type === 'SpreadElement') {
      spreads.push(lowerExpression(b, element.argument));
      overridable = properties.length;
      continue;
    }
    const key = lowerKey(b, element.computed, element.key);
    const label = memberLabel(name, key.kind === 'static' ? key.name : null);
    const isKnown = key.kind === 'static' && spreads.length === 0;
    const value = lowerPropertyValue(b, element, label, isKnown);
    properties.push({ key: isKnown ? propertyKey(element, key.name) : key, value, node: element });
  }
  const first = spreads.length === 0 ? properties : properties.slice(0, overridable);
  const object = b.object(
    node,
    first.map(({ key, value }) => ({ key, value })),
    spreads,
  );
  for (const property of properties.slice(first.length)) {
    b.setField(property.node, object, property.key, property.value);
  }
  return object;
}

function propertyKey({ kind }: TSESTree.Property, name: string): Key {
  return staticKey(kind === 'init' ? name : accessorName(kind, name));
}

function lowerPropertyValue(b: Builder, property: TSESTree.Property, label: string, isKnown: boolean): Temp {
  const { value, kind } = property;
  if (value.type !== 'FunctionExpression') return lowerExpression(b, value, label);
  if (kind === 'init' && !property.method) return lowerExpression(b, value, label);
  const functionKind = kind === 'get' ? 'getter' : kind === 'set' ? 'setter' : 'method';
  const closure = b.closure(property, lowerFunction(b, value, { kind: functionKind, name: label }));
  // What an accessor does happens out of sight where it is not known which property it stands for.
  return kind === 'init' || isKnown ? closure : b.escape(property, [closure], 'unsupported');
}
