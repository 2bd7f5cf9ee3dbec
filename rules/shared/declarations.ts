/**
 * What the parser knows of declarations in other files, where it was set up to know any (`projectService`).
 * Only the parser's own program is asked: which TypeScript that is, and whether there is one, is not ours to
 * say.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type * as ts from 'typescript';
import type { DeclaredType, Declarations } from '../../analysis/settings.ts';
import { DeclaredTags } from './declared-tags.ts';

/** Null where nothing is known of types. */
export function declarationsOf({ parserServices }: Readonly<SourceCode>): Declarations | null {
  const { program, esTreeNodeToTSNodeMap } = parserServices ?? {};
  if (program == null || esTreeNodeToTSNodeMap === undefined) return null;
  const checker = program.getTypeChecker();
  const tags = new DeclaredTags(program);
  return {
    typeOf: (node: TSESTree.Node) =>
      declaredType(
        checker,
        checker.getNonNullableType(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node))),
      ),
    documentedCallee: (call) => tags.ofCall(esTreeNodeToTSNodeMap.get(call)),
    mayBeTagged: (name) => tags.mayName(name),
  };
}

/**
 * Handles are described by the names of libraries and platforms, so only what a declaration file declares
 * counts: a class of the program that has such a name is something else.
 */
function declaredType(checker: ts.TypeChecker, type: ts.Type): DeclaredType | null {
  // `type HANDLE = …` is known by that name, and a class or interface by its own.
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const declaration = symbol?.declarations?.find((each) => each.getSourceFile().isDeclarationFile);
  return symbol === undefined || declaration === undefined
    ? null
    : { module: moduleOf(checker, declaration), name: symbol.name };
}

const PACKAGE = /.*\/node_modules\/(?:@types\/)?((?:@[^/]+\/)?[^/]+)\//;

/** The module of a declaration: the one that it is written to declare, or else the package of its file. */
function moduleOf(checker: ts.TypeChecker, declaration: ts.Declaration): string | null {
  for (let node: ts.Node = declaration; !isFile(node); node = node.parent) {
    // `declare module 'm'` has a string for a name, and `declare global` is in a module and yet of none.
    if ('name' in node && 'body' in node && isModuleName(node.name)) {
      const name = node.name.getText();
      if (name === 'global') return null;
      if (/^['"]/.test(name)) return node.name.text;
    }
  }
  const file = declaration.getSourceFile();
  if (checker.getSymbolAtLocation(file) === undefined) return null;
  return PACKAGE.exec(file.fileName)?.[1] ?? file.fileName;
}

const isFile = (node: ts.Node): boolean => 'fileName' in node;

const isModuleName = (name: unknown): name is ts.ModuleName =>
  typeof name === 'object' && name !== null && 'text' in name && 'getText' in name;
