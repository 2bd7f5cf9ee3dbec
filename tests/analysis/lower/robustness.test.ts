/** Lowering takes whatever a parser takes: files that other people wrote, for other purposes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { printProgram } from '../../../analysis/ir/print.ts';
import { lowerProgram } from '../../../analysis/lower/program.ts';
import { checkInvariants } from './invariants.ts';
import { parse, parseWithEspree, type Parsed } from './parse.ts';

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const SAMPLE = 300;
const MAX_BYTES = 300_000;

/** Every nth file, so that the sample is the same for the same packages. */
function sample(): string[] {
  const files = readdirSync(NODE_MODULES, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|mjs|cjs|ts|mts|cts|tsx|jsx)$/.test(name))
    .filter((name) => !name.startsWith('.'))
    .sort();
  const step = Math.max(1, Math.floor(files.length / SAMPLE));
  return files
    .filter((_, index) => index % step === 0)
    .filter((name) => statSync(join(NODE_MODULES, name)).isFile())
    .filter((name) => statSync(join(NODE_MODULES, name)).size < MAX_BYTES);
}

/** null for files that are no program of this kind (templates, other dialects). */
function tryParse(parser: typeof parse, source: string, name: string): Parsed | null {
  for (const sourceType of ['module', 'commonjs'] as const) {
    try {
      return parser(source, { sourceType, jsx: /\.[jt]sx$/.test(name) });
    } catch {
      continue;
    }
  }
  return null;
}

it('lets what it does not know escape, and lowers the functions inside', () => {
  const { ast, scopeManager } = parse(
    'const h = f(); x = { a: () => h }; if (h) { function g() { return class { m() {} }; } }',
  );
  const visit = (node: object): void => {
    for (const child of Object.values(node) as unknown[]) {
      if (typeof child !== 'object' || child === null || child === (node as { parent?: unknown }).parent)
        continue;
      visit(child);
    }
    if (!('type' in node)) return;
    if (node.type === 'ObjectExpression') node.type = 'RecordExpression';
    if (node.type === 'IfStatement') node.type = 'MatchStatement';
  };
  visit(ast);
  const program = lowerProgram(ast, scopeManager);
  checkInvariants(program);
  expect(printProgram(program)).toMatch(/escape \(unsupported\)/);
  expect(program.functions.map(({ name }) => name)).toEqual(['', '', 'g', 'm']);
});

it('passes by functions that scope managers do not see', () => {
  const { ast, scopeManager } = parse('[(() => h)(), (class { m() {} })()] = list;');
  const program = lowerProgram(ast, scopeManager);
  checkInvariants(program);
  expect(program.functions).toHaveLength(1);
});

describe('files of installed packages are lowered', () => {
  const files = sample();

  it.each([
    ['parsed by typescript-eslint', parse, files],
    ['parsed by espree', parseWithEspree, files.filter((name) => /js$/.test(name))],
  ] as const)('%s', (_, parser, names) => {
    let lowered = 0;
    for (const name of names) {
      const parsed = tryParse(parser, readFileSync(join(NODE_MODULES, name), 'utf8'), name);
      if (parsed === null) continue;
      try {
        const program = lowerProgram(parsed.ast, parsed.scopeManager);
        checkInvariants(program);
        printProgram(program);
      } catch (error) {
        throw new Error(`In ${name}`, { cause: error });
      }
      lowered++;
    }
    expect(lowered).toBeGreaterThan(names.length * 0.9);
  });
});
