/** Names of what comes from outside the file. */
import type { ExternalRef } from './ir.ts';

/** `module:a.b`, or `a.b` for a global. Unique for a reference. */
export function printRef({ module, path }: ExternalRef): string {
  return module === null ? path.join('.') : `${module}:${path.join('.')}`;
}

export function memberOf(ref: ExternalRef, name: string): ExternalRef {
  return { module: ref.module, path: [...ref.path, name] };
}

/** Stands for the module that a file is itself. */
export const THIS_FILE = '.';

/** What a body says to itself of a value that a tag speaks of: it is owned, or only borrowed. */
export function tagRef(what: 'own' | 'borrow'): ExternalRef {
  return { module: '@tag', path: [what] };
}
