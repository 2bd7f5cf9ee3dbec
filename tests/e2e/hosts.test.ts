/** The plugin in other hosts: versions of ESLint and TypeScript, oxlint, and the parsers of Vue and Svelte. */
import { readdirSync } from 'node:fs';
import type { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPILER_OPTIONS, fixture, modules } from '../harness/package.ts';
import { listFiles, root } from '../package/sources.ts';
import { hosts, Project, project } from './project.ts';

const PARSER = { '@typescript-eslint/parser': modules('@typescript-eslint/parser') };

const CONFIG = `
import parser from '@typescript-eslint/parser';
import handles from 'eslint-plugin-handles';

export default [
  { files: ['**/*.ts'], languageOptions: { parser } },
  handles.configs.recommended,
];
`;

/** As `flags/late.ts:4:13 handles/no-leaked-handle: …`, sorted. */
type Reports = readonly string[];

describe('all fixtures', () => {
  let all: Project;
  let expected: Reports;

  beforeAll(() => {
    const programs = listFiles('tests/fixtures', '.ts').map((file) => file.replace('tests/fixtures/', ''));
    all = new Project(
      { eslint: modules('eslint'), 'eslint-9': hosts('eslint-9'), oxlint: hosts('oxlint'), ...PARSER },
      {
        'eslint.config.js': CONFIG,
        '.oxlintrc.json': JSON.stringify({
          jsPlugins: ['eslint-plugin-handles'],
          plugins: [],
          categories: { correctness: 'off' },
          rules: Object.fromEntries(
            listFiles('docs/rules', '.md').map((page) => [
              page.replace(/^docs\/rules\/(.*)\.md$/, 'handles/$1'),
              'error',
            ]),
          ),
        }),
        ...Object.fromEntries(programs.map((name) => [`src/${name}`, fixture(name)])),
      },
    );
    expected = eslintReports(all, 'eslint');
  });

  afterAll(() => {
    all.remove();
  });

  it('are reported by ESLint 10', () => {
    expect(expected.length).toBeGreaterThan(100);
  });

  it('are reported the same by ESLint 9', () => {
    expect(eslintReports(all, 'eslint-9')).toEqual(expected);
  });

  it('are reported the same by oxlint, which has a parser of its own', () => {
    expect(oxlintReports(all)).toEqual(expected);
  });
});

describe('TypeScript', () => {
  const files = {
    'eslint.config.ts': `
      import { defineConfig } from 'eslint/config';
      import handles from 'eslint-plugin-handles';

      export default defineConfig([{ plugins: { handles }, extends: ['handles/recommended'] }]);
    `,
    'eslint.config.js': CONFIG,
    'program.ts': `
      import { CloseHandle, CreateFile, INVALID_HANDLE_VALUE, type HANDLE } from 'eslint-plugin-handles/model';

      export function check(): void {
        const h: HANDLE = CreateFile('device');
        if (h !== INVALID_HANDLE_VALUE) CloseHandle(h);
        CloseHandle(h);
      }
    `,
    'tsconfig.json': JSON.stringify({
      compilerOptions: COMPILER_OPTIONS,
      files: ['eslint.config.ts', 'program.ts'],
    }),
  };

  describe.each([
    ['5.9', hosts('typescript-5.9'), 'bin/tsc'],
    ['6.0', modules('typescript'), 'bin/tsc'],
    ['7.0', hosts('typescript-7'), 'bin/tsc'],
  ])('%s', (version, typescript, tsc) => {
    it('checks the configuration and the declarations that it sees', () => {
      const checked = project({ eslint: modules('eslint'), typescript }, files);
      const tool = checked.run(`typescript/${tsc}`, '--version');
      expect(tool.stdout).toContain(`Version ${version}`);
      expect(checked.run(`typescript/${tsc}`, '-p', '.')).toEqual({ status: 0, stdout: '', stderr: '' });
    });

    it('stands beside the plugin, which loads none', () => {
      const beside = project(
        { eslint: modules('eslint'), typescript },
        { 'eslint.config.js': CONFIG.replace(/import parser.*|\{ files: .*/g, ''), 'program.js': 'open();' },
      );
      expect(beside.eslint('program.js')).toEqual({ status: 0, stdout: '', stderr: '' });
    });
  });

  it('5.9 parses what is linted', () => {
    // Each package is found by the way that leads to it, so that the parser takes this TypeScript.
    const packages = readdirSync(`${root}node_modules`).filter((name) => !name.startsWith('.'));
    const old = project(
      {
        ...Object.fromEntries(packages.map((name) => [name, modules(name)])),
        typescript: hosts('typescript-5.9'),
      },
      {
        ...files,
        'eslint.config.js': `
          import ts from 'typescript';
          if (!ts.version.startsWith('5.9')) throw new Error(ts.version);
          ${CONFIG}
        `,
      },
    );
    const env = { NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main' };
    const { stdout, stderr } = old.shell('node node_modules/eslint/bin/eslint.js -f json program.ts', env);
    expect(stderr).toBe('');
    const [result] = JSON.parse(stdout) as ESLint.LintResult[];
    expect(result?.messages.map(({ ruleId, line }) => `${line} ${ruleId}`)).toEqual([
      '7 handles/no-double-close',
    ]);
  });

  it('7 checks a project whose linter parses with 6, as typescript-eslint needs it', () => {
    const both = project(
      {
        eslint: modules('eslint'),
        ...PARSER,
        '@typescript/native': hosts('typescript-7'),
        typescript: modules('typescript'),
      },
      files,
    );
    expect(both.run('@typescript/native/bin/tsc', '-p', '.').status).toBe(0);
    expect(both.reports('program.ts')).toEqual(['program.ts:7:9 handles/no-double-close']);
  });
});

describe('components', () => {
  const SCRIPT = `
import { CloseHandle, CreateFile } from 'eslint-plugin-handles/model';

const ready = true;
export function open(name) {
  const h = CreateFile(name);
  if (name === '') return;
  CloseHandle(h);
}
`;

  const config = (name: string) => `
    import * as parser from '${name}-eslint-parser';
    import handles from 'eslint-plugin-handles';

    const files = ['**/*.${name}'];
    export default [
      { files, languageOptions: { parser } },
      { ...handles.configs.recommended, files },
    ];
  `;

  const lint = (name: string, component: string) => {
    const made = project(
      {
        eslint: modules('eslint'),
        [`${name}-eslint-parser`]: hosts(`${name}-eslint-parser`),
      },
      { 'eslint.config.js': config(name), [`component.${name}`]: component },
    );
    // An error of the engine is thrown and not kept quiet.
    const { stdout, stderr } = made.shell(`npx eslint -f json component.${name}`, { HANDLES_RETHROW: '1' });
    expect(stderr).toBe('');
    const [result] = JSON.parse(stdout) as ESLint.LintResult[];
    return result?.messages.map(
      ({ ruleId, line, column, message }) => `${line}:${column} ${ruleId ?? message}`,
    );
  };

  it('of Vue are linted where they are script', () => {
    expect(
      lint(
        'vue',
        `<script>${SCRIPT}</script>\n<template><p v-if="ready" @click="open('a')">{{ ready }}</p></template>\n`,
      ),
    ).toEqual(['6:13 handles/no-leaked-handle']);
  });

  it('of Vue with a setup script are', () => {
    const setup = SCRIPT.replace('export ', '');
    expect(lint('vue', `<template><p>{{ ready }}</p></template>\n<script setup>${setup}</script>\n`)).toEqual(
      ['7:13 handles/no-leaked-handle'],
    );
  });

  it('of Svelte are', () => {
    expect(
      lint(
        'svelte',
        `<script>${SCRIPT}</script>\n{#if ready}<p onclick={() => open('a')}>{ready}</p>{/if}\n<style>p { color: red }</style>\n`,
      ),
    ).toEqual(['6:13 handles/no-leaked-handle']);
  });
});

function eslintReports(of: Project, eslint: string): Reports {
  const { stdout, stderr } = of.run(`${eslint}/bin/eslint.js`, '-f', 'json', 'src');
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as ESLint.LintResult[])
    .flatMap(({ filePath, messages }) =>
      messages.map(
        ({ ruleId, line, column, message }) =>
          `${filePath.slice(of.folder.length + 5)}:${line}:${column} ${ruleId}: ${message}`,
      ),
    )
    .sort();
}

interface OxlintReport {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
  readonly labels: readonly [{ readonly span: { readonly line: number; readonly column: number } }];
}

function oxlintReports(of: Project): Reports {
  const { stdout, stderr } = of.run('oxlint/bin/oxlint', '-f', 'json', 'src');
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly OxlintReport[] };
  return diagnostics
    .map(({ filename, code, message, labels: [{ span }] }) => {
      const rule = code.replace(/^(.*)\((.*)\)$/, '$1/$2');
      return `${filename.replace(/^src\//, '')}:${span.line}:${span.column} ${rule}: ${message}`;
    })
    .sort();
}
