/**
 * One program as three files: its classes, its helpers, and its `main`. Each keeps its lines, so a report stands in the
 * same line wherever its program is written.
 */
import * as parser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';

/** By the names of the files. */
export type Files = ReadonlyMap<string, string>;

type Part = 'main' | 'helpers' | 'owners';

const PARTS: readonly Part[] = ['main', 'helpers', 'owners'];

/** Null for a program that has nothing to put elsewhere, or whose parts write variables that they share. */
export function split(source: string): Files | null {
  const { body } = parser.parse(source, { range: true, loc: true });
  const parts = body.map(partOf);
  const used = new Set(parts.filter((part) => part !== 'all'));
  if (used.size < 2 || sharesVariables(source, body, parts)) return null;
  const names = new Map(
    PARTS.map((part) => [part, body.flatMap((node, i) => (parts[i] === part ? namesOf(node) : []))]),
  );
  return new Map(
    PARTS.filter((part) => used.has(part)).map((part) => [
      `${part}.ts`,
      textOf(part, source, body, parts, names),
    ]),
  );
}

function textOf(
  part: Part,
  source: string,
  body: readonly TSESTree.ProgramStatement[],
  parts: readonly (Part | 'all')[],
  names: ReadonlyMap<Part, readonly string[]>,
): string {
  let text = source;
  for (const [index, node] of [...body.entries()].reverse()) {
    const [start, end] = node.range;
    if (parts[index] === part && !node.type.startsWith('Export'))
      text = `${text.slice(0, start)}export ${text.slice(start)}`;
    else if (parts[index] !== part && parts[index] !== 'all') {
      // What stands above a statement speaks of it.
      const from = index === 0 ? start : (body[index - 1]?.range[1] ?? 0);
      text = text.slice(0, from) + text.slice(from, end).replace(/[^\n]/g, '') + text.slice(end);
    }
  }
  const imports = PARTS.filter((other) => other !== part).flatMap((other) => {
    const used = (names.get(other) ?? []).filter((name) => new RegExp(`(?<![.\\w])${name}\\b`).test(text));
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from './${other}.js'; `];
  });
  const at = body[0]?.range[0] ?? 0;
  return text.slice(0, at) + imports.join('') + text.slice(at);
}

/** Types, and what is imported, are repeated. */
function partOf(node: TSESTree.ProgramStatement): Part | 'all' {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
      return 'all';
    case 'ClassDeclaration':
      return 'owners';
    case 'FunctionDeclaration':
    case 'VariableDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return 'helpers';
    case 'ExportNamedDeclaration':
      return node.declaration?.type === 'FunctionDeclaration' && node.declaration.id?.name === 'main'
        ? 'main'
        : node.declaration === null
          ? 'main'
          : partOf(node.declaration as TSESTree.ProgramStatement);
    default:
      return 'main';
  }
}

function namesOf(node: TSESTree.ProgramStatement): string[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return [node.id.name];
    case 'TSEnumDeclaration':
      return [node.id.name];
    case 'TSModuleDeclaration':
      return node.id.type === 'Identifier' ? [node.id.name] : [];
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    case 'ExportNamedDeclaration':
      return node.declaration === null ? [] : namesOf(node.declaration as TSESTree.ProgramStatement);
    default:
      return [];
  }
}

/** An import cannot be written. */
function sharesVariables(
  source: string,
  body: readonly TSESTree.ProgramStatement[],
  parts: readonly (Part | 'all')[],
): boolean {
  const variables = body.flatMap((node) =>
    node.type === 'VariableDeclaration' && node.kind !== 'const' ? namesOf(node) : [],
  );
  return body.some(
    ({ range }, index) =>
      parts[index] !== 'helpers' &&
      variables.some((name) => new RegExp(`\\b${name}\\b`).test(source.slice(...range))),
  );
}
