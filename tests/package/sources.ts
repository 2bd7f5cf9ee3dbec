import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replaceAll('\\', '/');

/** The files under a folder of the repository, as paths from its root with forward slashes, sorted. */
export function listFiles(folder: string, extension: string): string[] {
  return readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/').slice(root.length))
    .sort();
}

/** Every source file that is compiled into the package, as tsconfig.json says. */
export function shippedFiles(): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  return ts
    .parseJsonConfigFileContent(config, ts.sys, root)
    .fileNames.map((file) => file.slice(root.length))
    .sort();
}
