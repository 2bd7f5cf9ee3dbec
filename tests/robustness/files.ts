/** The source files of installed packages: programs that many people wrote, for other purposes. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const NODE_MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** All source files below a folder, relative to it, in a fixed order. Tools put their caches where a dot begins the name. */
export function sourceFiles(folder: string = NODE_MODULES): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !/(?:^|\/)\./.test(name))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/** So many of them; the same ones for the same seed. */
export function sample<T>(from: readonly T[], count: number, seed: number): T[] {
  const rest = [...from];
  const random = randomNumbers(seed);
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    const at = Math.floor(random() * rest.length);
    chosen.push(rest[at]!);
    rest[at] = rest.at(-1)!;
    rest.pop();
  }
  return chosen;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
