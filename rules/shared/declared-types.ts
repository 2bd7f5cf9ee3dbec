/**
 * What the parser knows of declared types, where it was set up to know any (`projectService`). Only the
 * parser's own program is asked: which TypeScript that is, and whether there is one, is not ours to say.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type * as ts from 'typescript';
import type { TypeNameOf } from '../../analysis/settings.ts';

/** Null where nothing is known of types. */
export function declaredTypes({ parserServices }: Readonly<SourceCode>): TypeNameOf | null {
  const { program, esTreeNodeToTSNodeMap } = parserServices ?? {};
  if (program == null || esTreeNodeToTSNodeMap === undefined) return null;
  const checker = program.getTypeChecker();
  return (node: TSESTree.Node) =>
    nameOf(checker.getNonNullableType(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node))));
}

/**
 * Handles are described by the names of libraries and platforms, so only what a declaration file declares
 * counts: a class of the program that has such a name is something else.
 */
function nameOf(type: ts.Type): string | null {
  // `type HANDLE = …` is known by that name, and a class or interface by its own.
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const isLibrary = symbol?.declarations?.some((each) => each.getSourceFile().isDeclarationFile) === true;
  return isLibrary ? symbol.name : null;
}
