/** Changes of programs at one place, shared by what breaks programs and what shrinks them. */
import type { Block, Statement } from './ast.ts';
import { childBlocks, withChildBlocks } from './ast.ts';

/** The program with another list of statements in the place of a block; `path` is a place's (scope.ts). */
export function editBlock(main: Block, path: readonly number[], edit: (block: Block) => Block): Block {
  const [index, child, ...rest] = path;
  if (index === undefined || child === undefined) return edit(main);
  return main.map((statement, at) => {
    if (at !== index) return statement;
    const blocks = childBlocks(statement).map((block, which) =>
      which === child ? editBlock(block, rest, edit) : block,
    );
    return withChildBlocks(statement, blocks);
  });
}

/** The program with some statements in the place of `count` others. */
export function splice(
  main: Block,
  { path, index }: { readonly path: readonly number[]; readonly index: number },
  count: number,
  statements: readonly Statement[],
): Block {
  return editBlock(main, path, (block) => [
    ...block.slice(0, index),
    ...statements,
    ...block.slice(index + count),
  ]);
}

/** A statement and where it stands. */
export interface Located {
  readonly path: readonly number[];
  readonly index: number;
  readonly statement: Statement;
}

/** All statements, outer ones before those in them. */
export function* locate(block: Block, path: readonly number[] = []): Generator<Located> {
  for (const [index, statement] of block.entries()) {
    yield { path, index, statement };
    for (const [child, inner] of childBlocks(statement).entries())
      yield* locate(inner, [...path, index, child]);
  }
}
