/** The tarball as npm itself installs it, in a project that has nothing else. */
import { readdirSync, realpathSync } from 'node:fs';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fixture, modules, run, writeFiles } from '../harness/package.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'handles-installed-')));
const within = (path: string) => join(folder, path);

beforeAll(() => {
  writeFiles(folder, {
    'package.json': '{ "private": true, "type": "module" }',
    'eslint.config.js': `
      import parser from '@typescript-eslint/parser';
      export default [{ files: ['**/*.ts'], languageOptions: { parser } }];
    `,
    'broken.ts': fixture('founding/broken.ts'),
  });
  // No registry is asked: the package needs nothing from there. Its peer is linked below.
  run('npm', ['install', '--offline', '--legacy-peer-deps', inject('tarball')], folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('npm install', () => {
  it('brings the plugin and nothing else', () => {
    expect(readdirSync(within('node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'eslint-plugin-handles',
    ]);
  });

  it('makes its entries known, and no others', () => {
    const load = (entry: string) =>
      run(
        process.execPath,
        ['--input-type=module', '-e', `await import('eslint-plugin-handles${entry}')`],
        folder,
      );
    for (const entry of ['', '/model', '/formatter-sarif']) load(entry);
    expect(() => load('/dist/analysis/analyze.js')).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('makes its commands known', () => {
    symlinkSync(modules('eslint'), within('node_modules/eslint'), 'junction');
    symlinkSync(modules('@typescript-eslint'), within('node_modules/@typescript-eslint'), 'junction');
    expect(run('npx', ['--offline', 'handles-explain', 'broken.ts'], folder)).toContain("duplicate 'out[0]'");
    expect(run('npx', ['--offline', 'handles-describe', 'broken.ts'], folder)).toBe('{}\n');
  });
});
