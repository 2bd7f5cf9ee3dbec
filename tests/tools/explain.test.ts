/** `handles-explain` as its users run it: built, in a project with its own ESLint configuration. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package/sources.ts';

const project = mkdtempSync(join(tmpdir(), 'handles-explain-'));
symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'dir');
cpSync(join(root, 'tests/fixtures/founding/broken.ts'), join(project, 'broken.ts'));
writeFileSync(join(project, 'plain.js'), 'export const answer = 42;\n');
writeFileSync(join(project, 'wrong.js'), 'const = 1;\n');
writeFileSync(
  join(project, 'eslint.config.mjs'),
  `import parser from '@typescript-eslint/parser';
export default [{ files: ['**/*.ts'], languageOptions: { parser } }];
`,
);

afterAll(() => {
  rmSync(project, { recursive: true });
});

function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/tools/explain.js'), ...args],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  return { status, output: stdout + stderr };
}

describe('handles-explain', () => {
  it('tells of each handle what made it and what became of it', () => {
    expect(run('broken.ts')).toEqual({
      status: 0,
      output: `makeFred (13:1)
  15:3  duplicate 'out[0]'
         is never closed: a leak

main (19:8)
  20:13  handle 'h'
         is closed at 22:3
`,
    });
  });

  it('tells of the function around a line, with its IR and states', () => {
    const { status, output } = run('broken.ts:15', '--ir');
    expect(status).toBe(0);
    expect(output).toMatch(/^makeFred \(13:1\)/);
    expect(output).toMatch(/DuplicateHandle\(.*open maybe duplicate of #1/);
  });

  it('counts what is not modelled', () => {
    expect(run('broken.ts', '--coverage')).toEqual({ status: 0, output: 'All of the file is modelled.\n' });
  });

  it('says so where there is nothing to tell', () => {
    expect(run('plain.js')).toEqual({ status: 0, output: 'No handle is made here.\n' });
  });

  it.each([
    [['nowhere.ts'], 1, /ENOENT.*nowhere\.ts/],
    [['wrong.js'], 1, /wrong\.js: Parsing error/],
    [[], 2, /^Usage: handles-explain/],
    [['a.ts', 'b.ts'], 2, /^Usage/],
    [['a.ts', '--all'], 2, /^Usage/],
  ])('%j is answered by one line', (args, status, says) => {
    const answer = run(...args);
    expect(answer.status).toBe(status);
    expect(answer.output).toMatch(says);
    expect(answer.output.trim().split('\n')).toHaveLength(1);
  });
});
