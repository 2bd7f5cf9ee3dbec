/** What package.json and the lock file promise, where npm itself would not complain. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from './sources.ts';

const {
  devDependencies,
  peerDependencies,
  dependencies = {},
} = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  dependencies?: Record<string, string>;
};

describe('package.json', () => {
  it('pins what it is developed with', () => {
    expect(
      Object.entries(devDependencies).filter(([, version]) => !/^(?:npm:.+@)?\d+\.\d+\.\d+$/.test(version)),
    ).toEqual([]);
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

describe('package-lock.json', () => {
  it('leaves it to the user where packages come from', () => {
    expect(readFileSync(`${root}package-lock.json`, 'utf8')).not.toContain('"resolved"');
  });
});
