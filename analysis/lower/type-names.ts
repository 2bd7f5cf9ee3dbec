/** What the names of types stand for in a file: what it declares, and what it imports. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { TypeOrigin } from '../ir/ir.ts';
import { importRef } from './scopes.ts';
import type { Definition, ModuleNames, ScopeManager } from './scopes.ts';

const OWN: TypeOrigin = { kind: 'own' };

/** By the name that is written. A name that two scopes declare is the file's own if one of them says so. */
export function typeOrigins(
  { scopes }: ScopeManager,
  nameModule: ModuleNames,
): ReadonlyMap<string, TypeOrigin> {
  const origins = new Map<string, TypeOrigin>();
  for (const { name, defs } of scopes.flatMap(({ variables }) => variables)) {
    for (const origin of defs.map((def) => originOf(def, nameModule))) {
      if (origin !== null) origins.set(name, origins.has(name) ? OWN : origin);
    }
  }
  return origins;
}

function originOf(def: Definition, nameModule: ModuleNames): TypeOrigin | null {
  switch (def.type) {
    case 'ImportBinding': {
      const ref = importRef(def.node, def.parent, nameModule);
      return ref === null ? OWN : { kind: 'imported', ref };
    }
    case 'Type':
      return isAlias(def.node) ? { kind: 'alias', of: def.node.typeAnnotation } : OWN;
    case 'ClassName':
    case 'TSEnumName':
    case 'TSModuleName':
      return OWN;
    default:
      return null;
  }
}

/** With parameters it may be anything. (Parsers leave out what is not there, or say `null`.) */
const isAlias = (node: TSESTree.Node): node is TSESTree.TSTypeAliasDeclaration =>
  node.type === 'TSTypeAliasDeclaration' && node.typeParameters?.params === undefined;
