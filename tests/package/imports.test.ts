/**
 * Imports run one way:
 *
 *     index, formatters -> rules -> analysis -> apis (the schema's types)        model
 *                tools ---^   \________________/^
 *
 *     in analysis:   analyze -> solve -> effects -> ir
 *                    analyze -> groups -> effects -> ir
 *                    analyze -> lower -> ir
 *
 * and what is shipped loads nothing from outside at run time, so that it works beside any TypeScript,
 * any ESLint that is its peer, or none at all.
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root, shippedFiles } from './sources.ts';

interface Import {
  readonly from: string;
  /** A file of this repository, or a module's name. */
  readonly to: string;
  readonly isRelative: boolean;
  readonly isTypeOnly: boolean;
  readonly line: number;
}

const files = shippedFiles();
const imports = files.flatMap((file) => importsOf(file, readFileSync(root + file, 'utf8')));

const engine = ['analysis/lower', 'analysis/groups', 'analysis/solve', 'analysis/effects', 'analysis/ir'];
/** What the engine is asked with and what it answers with. */
const contract = ['analysis/settings', 'analysis/finding'];

/** The layers, from the top down, and what each may import besides itself. `types` allows `import type` only. */
const layers: Record<string, { readonly imports?: readonly string[]; readonly types?: readonly string[] }> = {
  index: { imports: ['rules'] },
  tools: { imports: ['rules', 'analysis', ...contract, 'analysis/ir'], types: engine },
  formatters: { imports: ['rules'] },
  rules: { imports: ['analysis', ...contract, 'apis', 'apis/schema'], types: engine },
  // `analysis/analyze.ts` and its neighbours; the folders of the engine have layers of their own.
  analysis: { imports: [...engine, ...contract], types: ['apis/schema'] },
  'analysis/solve': {
    imports: ['analysis/effects', 'analysis/ir'],
    types: [...contract, 'apis/schema'],
  },
  'analysis/groups': { imports: ['analysis/effects', 'analysis/ir'], types: [...contract, 'apis/schema'] },
  'analysis/lower': { imports: ['analysis/ir'] },
  'analysis/effects': { imports: ['analysis/ir'], types: ['analysis/settings', 'apis/schema'] },
  'analysis/settings': { types: ['apis/schema'] },
  'analysis/finding': { types: ['analysis/ir'] },
  'analysis/ir': {},
  apis: { imports: ['apis/schema'] },
  'apis/schema': {},
  model: {},
};

/** Files without imports that any layer of `analysis/` may use. */
const leaves = new Set(['analysis/assert-never.ts', 'analysis/defined.ts', 'analysis/push.ts']);

/**
 * Folders whose files may call each other in a circle, as what they follow does: an expression holds a
 * function, which holds statements, which hold expressions; and solving a call solves a body with calls.
 */
const recursiveFolders = new Set(['analysis/lower', 'analysis/solve']);

describe('imports', () => {
  it('stay in the package', () => {
    expect(imports.filter((each) => each.isRelative && !files.includes(each.to)).map(show)).toEqual([]);
  });

  it('run one way', () => {
    expect(imports.filter((each) => each.isRelative && !isAllowed(each)).map(show)).toEqual([]);
  });

  it('form no cycle, but where the matter itself is recursive', () => {
    expect(findCycle()).toEqual([]);
  });

  it('load nothing from outside at run time', () => {
    const { dependencies = {} } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const isDependency = (name: string) =>
      Object.keys(dependencies).some((each) => name === each || name.startsWith(`${each}/`));
    const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
    const isAllowedAtRuntime = ({ from, to }: Import) =>
      isDependency(to) ||
      (/^(?:formatters|model)\//.test(from) && isBuiltin(to)) ||
      // The commands run under Node, in the user's own ESLint.
      (from.startsWith('tools/') && (isBuiltin(to) || to === 'eslint'));
    expect(
      imports.filter((each) => !each.isRelative && !each.isTypeOnly && !isAllowedAtRuntime(each)).map(show),
    ).toEqual([]);
  });

  it('leave the leaves without imports', () => {
    expect(imports.filter((each) => leaves.has(each.from)).map(show)).toEqual([]);
  });
});

describe('the reading of imports', () => {
  const read = (text: string) => importsOf('rules/a.ts', text).map(({ to, isTypeOnly }) => [to, isTypeOnly]);

  it.each([
    ["import a from 'm'", false],
    ["import * as a from 'm'", false],
    ["import 'm'", false],
    ["import a = require('m')", false],
    ["export { a } from 'm'", false],
    ["export * from 'm'", false],
    ["const a = await import('m')", false],
    ["const a = require('m')", false],
    // It is erased to `import {} from 'm'`, which loads m.
    ["import { type A } from 'm'", false],
    ["import type { A } from 'm'", true],
    ["export type { A } from 'm'", true],
    ["let a: import('m').A", true],
    ["let a: typeof import('m')", true],
  ])('%s', (text, isTypeOnly) => {
    expect(read(text)).toEqual([['m', isTypeOnly]]);
  });

  it('resolves relative ones', () => {
    expect(read("import a from '../analysis/analyze.ts'")).toEqual([['analysis/analyze.ts', false]]);
  });
});

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const add = (specifier: ts.Node | undefined, isTypeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const isRelative = specifier.text.startsWith('.');
    found.push({
      from: file,
      to: isRelative ? posix.join(posix.dirname(file), specifier.text) : specifier.text,
      isRelative,
      isTypeOnly,
      line: source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node.moduleReference.expression, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
      if (isRequire || expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The most specific layer that a file belongs to. */
function layerOf(file: string): string {
  const path = file.replace(/\.ts$/, '');
  const candidates = Object.keys(layers).filter((layer) => path === layer || path.startsWith(`${layer}/`));
  return candidates.sort((a, b) => b.length - a.length)[0] ?? `no layer (${file})`;
}

function isAllowed({ from, to, isTypeOnly }: Import): boolean {
  const [source, target] = [layerOf(from), layerOf(to)];
  if (source === target || (source.startsWith('analysis') && leaves.has(to))) return true;
  const { imports: any = [], types = [] } = layers[source] ?? {};
  return any.includes(target) || (isTypeOnly && types.includes(target));
}

/** The files of one forbidden cycle in order, by depth-first search; empty if there is none. */
function findCycle(): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const search = (file: string): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const each of imports) {
      if (each.from !== file || !each.isRelative || isWithinRecursiveFolder(each)) continue;
      const cycle = search(each.to);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of files) {
    const cycle = search(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function isWithinRecursiveFolder({ from, to }: Import): boolean {
  return [...recursiveFolders].some((folder) => [from, to].every((file) => file.startsWith(`${folder}/`)));
}

function show({ from, to, line, isTypeOnly }: Import): string {
  return `${from}:${line} imports ${isTypeOnly ? 'the types of ' : ''}${to}`;
}
