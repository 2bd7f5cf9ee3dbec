/**
 * What a keystroke costs: editors lint the whole file again, and our rules are to take no more than 50
 * milliseconds of that. The time is what ESLint itself measures for each rule. Two files of 2,000 lines are typed
 * in: programs as users write them, and fixtures, of which nearly every line is about a handle. On a machine that is
 * busy, or slow, the parser is the measure.
 */
import { readFileSync } from 'node:fs';
import { parse } from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { modules } from '../harness/package.ts';
import { listFiles, root } from '../package/sources.ts';
import { project } from './project.ts';

const LINES = 2000;
const BUDGET = 50;
const TIMES_PARSING = 2;
/** What the work costs shows in the quietest of a few rounds. */
const ROUNDS = 6;

const CONFIG = `
import parser from '@typescript-eslint/parser';
import handles from 'eslint-plugin-handles';

export default [
  { files: ['**/*.ts'], languageOptions: { parser } },
  handles.configs.recommended,
];
`;

interface Times {
  readonly rules: number;
  readonly parsing: number;
}

/** What one letter cost, as `type.mjs` prints it. */
interface Keystroke extends Times {
  readonly errors: number;
  readonly fatal: number;
}

describe('a keystroke in a file of 2,000 lines costs our rules 50 milliseconds in the median, or what parsing costs twice', () => {
  it.each([
    ['programs as users write them', usersPrograms, 0],
    ['fixtures', fixtures, 10],
  ])('%s', (_, programs, defects) => {
    const text = joined(programs());
    expect(text.split('\n').length).toBeGreaterThan(LINES);
    const editor = project(
      { eslint: modules('eslint'), '@typescript-eslint/parser': modules('@typescript-eslint/parser') },
      {
        'eslint.config.js': CONFIG,
        'long.ts': text,
        'type.mjs': readFileSync(`${root}tests/e2e/type.mjs`, 'utf8'),
      },
    );
    let best: Times = { rules: Infinity, parsing: 0 };
    for (let round = 0; round < ROUNDS && !isQuick(best); round++) {
      const { stdout, stderr } = editor.run('../type.mjs', 'long.ts');
      expect(stderr).toBe('');
      const keystrokes = JSON.parse(stdout) as Keystroke[];
      for (const { errors, fatal } of keystrokes) {
        expect(fatal).toBe(0);
        expect(errors).toBeGreaterThanOrEqual(defects);
      }
      const rules = median(keystrokes.map((each) => each.rules));
      if (rules < best.rules) best = { rules, parsing: median(keystrokes.map((each) => each.parsing)) };
    }
    console.log(`a keystroke: ${best.rules.toFixed(0)} ms, and ${best.parsing.toFixed(0)} ms to parse`);
    expect(best).toSatisfy(isQuick);
  });
});

const isQuick = ({ rules, parsing }: Times): boolean => rules <= BUDGET || rules <= TIMES_PARSING * parsing;

interface Program {
  readonly imports: readonly TSESTree.ImportDeclaration[];
  /** All else. */
  readonly body: string;
}

/** Again and again until there are enough lines, each in a namespace of its own. */
function joined(programs: readonly Program[]): string {
  const imports = new Map<string, string>();
  const parts: string[] = [];
  for (let lines = 0; lines <= LINES;) {
    const { imports: needed, body } = programs[parts.length % programs.length]!;
    for (const { specifiers, source } of needed) {
      for (const each of specifiers)
        imports.set(each.local.name, `import ${named(each)} from ${source.raw};`);
    }
    const part = `namespace Part${parts.length} {${body}}`;
    parts.push(part);
    lines += part.split('\n').length;
  }
  return `${[...imports.values(), ...parts].join('\n')}\n`;
}

function named({ type, local, ...others }: TSESTree.ImportClause): string {
  switch (type) {
    case 'ImportDefaultSpecifier':
      return local.name;
    case 'ImportNamespaceSpecifier':
      return `* as ${local.name}`;
    default:
      return `{ ${'imported' in others && 'name' in others.imported ? others.imported.name : ''} as ${local.name} }`;
  }
}

const fixtures = (): Program[] =>
  listFiles('tests/fixtures', '.ts')
    .map((file) => program(file))
    .filter(
      ({ imports }) => imports.length === 1 && imports[0]?.source.value === 'eslint-plugin-handles/model',
    );

const usersPrograms = (): Program[] =>
  listFiles('tests/seeded/programs', '.ts')
    .filter((file) => !/\.d\.ts$|-api\.ts$/.test(file))
    .map((file) => program(file));

function program(file: string): Program {
  const text = readFileSync(`${root}${file}`, 'utf8');
  const imports = parse(text, { range: true }).body.filter((each) => each.type === 'ImportDeclaration');
  const body = imports.reduceRight((rest, { range }) => rest.slice(0, range[0]) + rest.slice(range[1]), text);
  return { imports, body };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Infinity;
}
