/** What a module exports, by name: functions and classes of its own, and what it passes on from other modules. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { StaticValue } from '../effects/static-values.ts';
import type { ExternalRef } from '../ir/ir.ts';
import { importRef } from '../lower/scopes.ts';
import type { NameModule } from '../settings.ts';
import type { Engine } from '../solve/engine.ts';

export type Exported =
  | Extract<StaticValue, { kind: 'function' | 'class' | 'external' | 'const' }>
  /** All that another module exports. */
  | { readonly kind: 'all'; readonly module: string };

/** By the names of the exports; `*` and a number for what passes on all of another module. */
export function exportsOf(
  engine: Engine,
  ast: TSESTree.Program,
  imports: ReadonlyMap<string, ExternalRef>,
  nameModule: NameModule,
): Map<string, Exported> {
  const found = new Map<string, Exported>();
  const add = (name: string, value: Exported | null): void => {
    if (value !== null) found.set(name, value);
  };
  for (const statement of ast.body) {
    switch (statement.type) {
      case 'ExportAllDeclaration': {
        const module = nameModule(statement.source.value);
        if (statement.exported === null) add(`*${found.size}`, { kind: 'all', module });
        break;
      }
      case 'ExportDefaultDeclaration':
        add('default', defaultExport(engine, statement.declaration));
        break;
      case 'ExportNamedDeclaration':
        if (statement.source !== null) {
          const module = nameModule(statement.source.value);
          for (const { local, exported } of statement.specifiers)
            add(nameOf(exported), external({ module, path: [nameOf(local)] }));
        } else {
          for (const { local, exported } of statement.specifiers) {
            const ref = imports.get(nameOf(local));
            const value = ref === undefined ? valueOfName(engine, nameOf(local)) : external(ref);
            add(nameOf(exported), value);
          }
          for (const [name, value] of declared(engine, statement.declaration)) add(name, value);
        }
        break;
      default:
        break;
    }
  }
  return found;
}

const nameOf = (node: TSESTree.Identifier | TSESTree.StringLiteral): string =>
  node.type === 'Identifier' ? node.name : node.value;

const external = (ref: ExternalRef): Exported => ({ kind: 'external', ref });

function defaultExport(
  engine: Engine,
  node: TSESTree.ExportDefaultDeclaration['declaration'],
): Exported | null {
  if (node.type === 'Identifier') return valueOfName(engine, node.name);
  return valueOfNode(engine, node);
}

function* declared(
  engine: Engine,
  node: TSESTree.ExportNamedDeclaration['declaration'],
): Iterable<[string, Exported | null]> {
  switch (node?.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      if (node.id !== null) yield [node.id.name, valueOfNode(engine, node)];
      break;
    case 'VariableDeclaration':
      for (const { id, init } of node.declarations) {
        if (id.type !== 'Identifier') continue;
        yield [id.name, valueOfName(engine, id.name)];
        if (node.kind === 'const' && init?.type === 'ObjectExpression')
          yield* methodsOf(engine, id.name, init);
      }
      break;
    case 'TSEnumDeclaration':
      if (!node.declare) yield* membersOf(node);
      break;
    default:
      break;
  }
}

/** The numbers of an enum, as far as they are written down or counted. */
function* membersOf({ id, body }: TSESTree.TSEnumDeclaration): Iterable<[string, Exported]> {
  let next: number | null = 0;
  for (const member of body.members) {
    const { initializer } = member;
    if (initializer?.type === 'Literal' && typeof initializer.value === 'number') next = initializer.value;
    else if (initializer !== undefined) next = null;
    if (next === null || member.id.type !== 'Identifier') continue;
    yield [`${id.name}.${member.id.name}`, { kind: 'const', value: next }];
    next++;
  }
}

/** Functions that are kept in an object: `device.open`. */
function* methodsOf(
  engine: Engine,
  name: string,
  { properties }: TSESTree.ObjectExpression,
): Iterable<[string, Exported | null]> {
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue;
    if (property.kind === 'init') yield [`${name}.${property.key.name}`, valueOfNode(engine, property.value)];
  }
}

function valueOfNode({ program }: Engine, node: TSESTree.Node): Exported | null {
  // The initializer of a class has the node of the class.
  const cls = program.classes.find((each) => each.node === node);
  if (cls !== undefined) return { kind: 'class', id: cls.id };
  const fn = program.functions.find((each) => each.node === node);
  return fn === undefined ? null : { kind: 'function', id: fn.id };
}

function valueOfName({ program, statics }: Engine, name: string): Exported | null {
  const local = program.locals.find((each) => each.isModuleLevel && each.name === name);
  return local === undefined ? null : statics.ofLocal(local.id);
}

/** What is imported, by the names that it has here. */
export function importsOf({ body }: TSESTree.Program, nameModule: NameModule): Map<string, ExternalRef> {
  const imports = new Map<string, ExternalRef>();
  for (const statement of body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      const ref = importRef(specifier, statement, nameModule);
      if (ref !== null) imports.set(specifier.local.name, ref);
    }
  }
  return imports;
}
