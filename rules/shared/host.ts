/** What the engine may ask of the linter about a file: declared types, and which file of the project an import names. */
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import type { Host, NameModule } from '../../analysis/settings.ts';
import { declarationsOf } from './declarations.ts';

/** Where a file is, and where the paths of descriptions begin. */
export interface Location {
  readonly filename: string;
  readonly root: string;
}

export function hostOf(sourceCode: Readonly<SourceCode>, location: Location): Host {
  return { declarations: declarationsOf(sourceCode), nameModule: moduleNames(location) };
}

/** `../owner.js` in `src/jobs/main.ts` is `./src/owner.js`, seen from the root. */
export function moduleNames({ filename, root }: Location): NameModule {
  const file = isAbsolute(filename) ? filename : `${root}/${filename}`;
  return (specifier) => (isRelative(specifier) ? pathFrom(root, `${file}/../${specifier}`) : specifier);
}

/** A path in the form in which descriptions name files. (Not all that a linter runs in has Node's `path`.) */
export function pathFrom(root: string, file: string): string {
  const [from, to] = [partsOf(root), partsOf(file)];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = from.slice(shared).map(() => '..');
  return [...(up.length === 0 ? ['.'] : up), ...to.slice(shared)].join('/');
}

/** The parts of a whole path, without `.` and `..`. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split(/[\\/]/)) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts;
}

const isAbsolute = (path: string): boolean => /^(?:[\\/]|[A-Za-z]:)/.test(path);
const isRelative = (specifier: string): boolean => /^\.\.?(?:\/|$)/.test(specifier);
