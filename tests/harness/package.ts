/** The package as its users get it: built, packed, and installed in projects that have what a test names. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, shippedFiles } from '../package/sources.ts';

/** As a careful user of today sets up TypeScript: nothing but the declarations of the package and of ESLint. */
export const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
};

export interface Packed {
  readonly tarball: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs what is built, after building it where a source is younger. */
export function pack(destination: string): Packed {
  if (isStale()) run('npm', ['run', 'build'], root);
  const [result] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], root),
  ) as [Packed & { readonly filename: string }];
  return { ...result, tarball: join(destination, result.filename) };
}

/** Whether a source is younger than what was built from it. */
function isStale(): boolean {
  const time = (path: string) => statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return shippedFiles().some((file) => time(file) > time(outputOf(file)));
}

export function outputOf(file: string): string {
  return `dist/${file.replace(/\.ts$/, '.js')}`;
}

/**
 * Lays out node_modules by hand: no registry is asked, and nothing is there but the plugin and what is
 * named. Packages are given by folders, `{ eslint: modules('eslint-9') }`.
 */
export function install(
  directory: string,
  tarball: string,
  packages: Readonly<Record<string, string>>,
): void {
  const target = join(directory, 'node_modules/eslint-plugin-handles');
  mkdirSync(target, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], directory);
  for (const [name, source] of Object.entries(packages)) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(source, link, 'junction');
  }
}

export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

/** A package that this repository itself is developed with. */
export function modules(path: string): string {
  return `${root}node_modules/${path}`;
}

/** A program of `tests/fixtures/`. */
export function fixture(name: string): string {
  return readFileSync(`${root}tests/fixtures/${name}`, 'utf8');
}

/** The output of a command; what it printed is in the error if it fails. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}\n${stdout}${stderr}`, { cause: error });
  return stdout;
}
