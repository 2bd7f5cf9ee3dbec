/**
 * What the parser knows of declarations in other files, where it was set up to know any (`projectService`).
 * Only the parser's own program is asked: which TypeScript that is, and whether there is one, is not ours to
 * say.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type * as ts from 'typescript';
import type { Declarations } from '../../analysis/settings.ts';
import { DeclaredTags } from './declared-tags.ts';

/** Null where nothing is known of types. */
export function declarationsOf({ parserServices }: Readonly<SourceCode>): Declarations | null {
  const { program, esTreeNodeToTSNodeMap } = parserServices ?? {};
  if (program == null || esTreeNodeToTSNodeMap === undefined) return null;
  const checker = program.getTypeChecker();
  const tags = new DeclaredTags(program);
  return {
    typeNameOf: (node: TSESTree.Node) =>
      nameOf(checker.getNonNullableType(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node)))),
    taggedCallee: (call) => tags.ofCall(esTreeNodeToTSNodeMap.get(call)),
    mayBeTagged: (name) => tags.mayName(name),
  };
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
