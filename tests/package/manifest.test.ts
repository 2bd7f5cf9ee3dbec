/** What package.json and the lock file promise, where npm itself would not complain. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from './sources.ts';

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  dependencies?: Record<string, string>;
};
const { devDependencies, peerDependencies, dependencies = {} } = manifest;

const PINNED = /^(?:npm:.+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

describe('package.json', () => {
  it('pins what it is developed with', () => {
    expect(Object.entries(devDependencies).filter(([, version]) => !PINNED.test(version))).toEqual([]);
  });

  it('tests with the oldest ESLint that it promises to work with', () => {
    const oldest = /^\^(.+?) /.exec(peerDependencies['eslint'] ?? '')?.[1];
    expect(devDependencies['eslint-9']).toBe(`npm:eslint@${oldest}`);
  });

  it('takes typescript-eslint at one version', () => {
    // Two versions bring two copies of their scope manager, whose classes are no types of each other.
    const versions = Object.entries(devDependencies).filter(([name]) => /^@?typescript-eslint\b/.test(name));
    expect(new Set(versions.map(([, version]) => version)).size).toBe(1);
  });

  it('brings nothing along', () => {
    expect(dependencies).toEqual({});
  });
});

describe('the programs of the end-to-end tests', () => {
  it('are pinned', () => {
    const { devDependencies: programs } = JSON.parse(
      readFileSync(`${root}tests/e2e/package.json`, 'utf8'),
    ) as typeof manifest;
    expect(Object.entries(programs).filter(([, version]) => !PINNED.test(version))).toEqual([]);
  });
});

describe.each(['package-lock.json', 'tests/e2e/package-lock.json'])('%s', (lock) => {
  it('leaves it to the user where packages come from', () => {
    expect(readFileSync(root + lock, 'utf8')).not.toContain('"resolved"');
  });
});
