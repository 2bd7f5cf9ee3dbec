/**
 * What each construct is lowered to. A fixture holds a program and, below a line, its IR: write the program,
 * run `vitest -u`, and read what it became.
 *
 * The first line may say how the program is parsed: `// script`, `// commonjs`, `// jsx`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { printProgram } from '../../../analysis/ir/print.ts';
import { lowerProgram } from '../../../analysis/lower/program.ts';
import { checkInvariants } from './invariants.ts';
import { parse, parseWithEspree, type Parsed, type ParseOptions } from './parse.ts';

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));
const LINE = `\n${'-'.repeat(78)}\n\n`;

const fixtures = readdirSync(FOLDER).filter((name) => name.endsWith('.ir'));

function sourceOf(name: string): string {
  const [source = ''] = readFileSync(FOLDER + name, 'utf8').split(LINE);
  return source;
}

function optionsOf(source: string): ParseOptions {
  const [, word] = /^\/\/ (script|commonjs|jsx)\n/.exec(source) ?? [];
  if (word === 'jsx') return { jsx: true };
  return word === 'script' || word === 'commonjs' ? { sourceType: word } : {};
}

function print({ ast, scopeManager }: Parsed): string {
  const program = lowerProgram(ast, scopeManager);
  checkInvariants(program);
  return printProgram(program);
}

describe('lowering', () => {
  it.each(fixtures)('%s', async (name) => {
    const source = sourceOf(name);
    expect(source.split('\n').length).toBeLessThan(25);
    const printed = print(parse(source, optionsOf(source)));
    await expect(source + LINE + printed).toMatchFileSnapshot(FOLDER + name);
  });
});

describe('lowering what espree parsed gives the same', () => {
  const isJavaScript = (name: string): boolean => {
    const source = sourceOf(name);
    try {
      parseWithEspree(source, optionsOf(source));
      return true;
    } catch {
      return false;
    }
  };

  it.each(fixtures.filter(isJavaScript))('%s', (name) => {
    const source = sourceOf(name);
    const options = optionsOf(source);
    expect(print(parseWithEspree(source, options))).toBe(print(parse(source, options)));
  });
});
