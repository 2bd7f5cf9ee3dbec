/** A user's project on disk: the packed plugin, a linter, and files that are linted from the command line. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { inject, onTestFinished } from 'vitest';
import { install, modules, writeFiles } from '../harness/package.ts';
import { root } from '../package/sources.ts';

/** A package of `tests/e2e/package.json`. */
export function hosts(path: string): string {
  return `${root}tests/e2e/node_modules/${path}`;
}

/** The newest of each version that the plugin promises to work with. */
export const ESLINTS: readonly (readonly [name: string, folder: string])[] = [
  ['ESLint 10', modules('eslint')],
  ['ESLint 9', hosts('eslint-9')],
];

export interface Exit {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'handles-project-')));

  constructor(packages: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
    install(this.folder, inject('tarball'), packages);
    this.write({ 'package.json': '{ "private": true, "type": "module" }', ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    writeFiles(this.folder, files);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  /** Runs a program of `node_modules`, given by its file, as `npx` would. */
  run(program: string, ...args: string[]): Exit {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(this.folder, 'node_modules', program), ...args],
      { cwd: this.folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    return { status, stdout, stderr };
  }

  /** Runs a line of a script, in which `npx` finds ESLint. */
  shell(command: string, env: Readonly<Record<string, string>> = {}): Exit {
    const bin = join(this.folder, 'node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    if (!existsSync(join(bin, 'eslint'))) symlinkSync('../eslint/bin/eslint.js', join(bin, 'eslint'));
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return { status, stdout, stderr };
  }

  eslint(...args: string[]): Exit {
    return this.run('eslint/bin/eslint.js', ...args);
  }

  /** What ESLint says of the files, as `leak.js:4:13 handles/no-leaked-handle`. */
  reports(...args: string[]): string[] {
    const { stdout, stderr } = this.eslint('-f', 'json', ...args);
    if (stdout === '') throw new Error(stderr);
    return (JSON.parse(stdout) as ESLint.LintResult[]).flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, column, message }) => {
        const file = filePath.slice(this.folder.length + 1).replaceAll('\\', '/');
        return `${file}:${line}:${column} ${ruleId ?? message}`;
      }),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** A project that is gone when the test is. */
export function project(...args: ConstructorParameters<typeof Project>): Project {
  const made = new Project(...args);
  onTestFinished(() => {
    made.remove();
  });
  return made;
}
