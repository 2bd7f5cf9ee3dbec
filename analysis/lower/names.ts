/** Names of properties and functions, as far as the syntax says them. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Key } from '../ir/ir.ts';
import type { Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';

const WELL_KNOWN_SYMBOLS = new Set([
  'asyncDispose',
  'asyncIterator',
  'dispose',
  'hasInstance',
  'isConcatSpreadable',
  'iterator',
  'match',
  'matchAll',
  'replace',
  'search',
  'species',
  'split',
  'toPrimitive',
  'toStringTag',
  'unscopables',
]);

/** Type syntax around an expression changes nothing at run time, not even what `this` is in a call. */
export function unwrapTypes(node: TSESTree.Node): TSESTree.Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'TSNonNullExpression':
      case 'TSInstantiationExpression':
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

export function staticKey(name: string): Key {
  return { kind: 'static', name };
}

/** The name of a property as far as it is written down; null where it is computed at run time. */
export function findStaticName(b: Builder, computed: boolean, key: TSESTree.Node): string | null {
  if (!computed) {
    if (key.type === 'Identifier') return key.name;
    if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  }
  const node = unwrapTypes(key);
  if (node.type === 'Literal') {
    if (typeof node.value === 'string') return node.value;
    if (typeof node.value === 'number') return String(node.value);
    if ('bigint' in node) return node.bigint;
    return null;
  }
  if (node.type === 'UnaryExpression' && node.operator === '-' && node.argument.type === 'Literal') {
    return typeof node.argument.value === 'number' ? String(-node.argument.value) : null;
  }
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? null;
  return findWellKnownSymbol(b, node);
}

/** `Symbol.dispose` is `@@dispose`, as ECMA-262 6.1.5.1 writes it. */
function findWellKnownSymbol(b: Builder, node: TSESTree.Node): string | null {
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null;
  if (node.object.type !== 'Identifier' || node.object.name !== 'Symbol') return null;
  if (b.file.bindings.resolve(node.object) !== undefined) return null;
  return WELL_KNOWN_SYMBOLS.has(node.property.name) ? `@@${node.property.name}` : null;
}

export function lowerKey(b: Builder, computed: boolean, key: TSESTree.Node): Key {
  const name = findStaticName(b, computed, key);
  return name === null ? { kind: 'dynamic', temp: lowerExpression(b, key) } : staticKey(name);
}

/** `Fred.control`, `Fred[Symbol.dispose]`, `Fred[…]`. */
export function memberLabel(owner: string, key: string | null): string {
  if (key === null) return owner === '' ? '' : `${owner}[…]`;
  const shown = key.startsWith('@@') ? `[Symbol.${key.slice(2)}]` : key;
  if (owner === '') return shown;
  return shown.startsWith('[') ? `${owner}${shown}` : `${owner}.${shown}`;
}
