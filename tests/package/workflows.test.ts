/** The workflows are valid, and run nothing that this repository does not have. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from './sources.ts';

const workflows = listFiles('.github/workflows', '.yml').map(
  (file) => [file, readFileSync(root + file, 'utf8')] as const,
);

describe.each(workflows)('%s', (_, text) => {
  it('is valid YAML', async () => {
    await format(text, { parser: 'yaml' });
  });

  it('runs what there is', () => {
    const scripts = [...text.matchAll(/run: (?:bash|node) (\S+)/g)].map(([, script = '']) => script);
    expect(scripts).not.toEqual([]);
    expect(scripts.filter((script) => !existsSync(root + script))).toEqual([]);
  });

  it('may do no more than it needs', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  });
});

describe('the release', () => {
  const { repository, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    repository: { url: string };
    version: string;
  };

  it('is published with provenance, after all tests', () => {
    const [, release] = workflows.find(([file]) => file.endsWith('release.yml'))!;
    expect(release).toMatch(/id-token: write/);
    expect(release).toMatch(/run: bash \.ci\/run\n[^]*run: npm publish --provenance/);
  });

  it('says where it is built', () => {
    // npm refuses provenance where this is another repository than the one that builds.
    expect(repository.url).toMatch(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/);
  });

  it.each([
    ['v0.0.0', `The tag is 'v0.0.0', and package.json has the version ${version}.`],
    [`v${version}`, ''],
  ])('of %s is held against package.json', (tag, says) => {
    const { stderr } = spawnSync(process.execPath, ['tests/package/check-release.mjs', tag], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr.includes('The tag is')).toBe(says !== '');
    expect(stderr).toContain(says);
  });
});
