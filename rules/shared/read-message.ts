/**
 * Reads a message back: which places it tells of, and what happened there. The inverse of message.ts, for
 * what comes after linting: ESLint hands on nothing of a report but its message, not from its cache and
 * not from its workers either.
 */

/** From 1, both. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type ToldStep =
  | { readonly kind: 'acquired' | 'duplicated' | 'closed' | 'inside'; readonly place: Place }
  /** `'ready' is false`, or `this way is taken`. */
  | { readonly kind: 'branch'; readonly place: Place; readonly outcome: string };

const PLACE = String.raw`\d+:\d+`;
const PLACES = `${PLACE}(?: or ${PLACE})*`;
const HANDLE = String.raw`'.+?'(?: \(.+?\))?|[Tt]he .+?(?: from ${PLACES})?`;

/** How the text looks that stands for a placeholder, and what it tells. */
const PLACEHOLDERS: Readonly<
  Record<string, { readonly pattern: string; readonly read: (text: string) => ToldStep[] }>
> = {
  handle: { pattern: HANDLE, read: readHandle },
  duplicate: { pattern: HANDLE, read: readHandle },
  closed: {
    pattern: `(?: at ${PLACES})?`,
    read: (text) => placesIn(text).map((place) => ({ kind: 'closed', place })),
  },
  inside: {
    pattern: String.raw`(?: \(inside the call, at ${PLACE}\))?`,
    read: (text) => placesIn(text).map((place) => ({ kind: 'inside', place })),
  },
  path: {
    pattern: String.raw`(?: when '.+' is (?:true|false) \(${PLACE}\)| when ${PLACE} is (?:not )?taken)?`,
    read: readPath,
  },
};

const OTHER = { pattern: '.*?', read: (): ToldStep[] => [] };

/** What a message tells that was written after `template`; nothing where it was not. */
export function readMessage(message: string, template: string): ToldStep[] {
  const parts = template.split(/\{\{\s*(\w+)\s*\}\}/);
  const placeholders = parts.filter((_, index) => index % 2 === 1).map((name) => PLACEHOLDERS[name] ?? OTHER);
  const pattern = parts
    .map((part, index) =>
      index % 2 === 1
        ? `(${(PLACEHOLDERS[part] ?? OTHER).pattern})`
        : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const [, ...texts] = new RegExp(`^${pattern}$`, 's').exec(message) ?? [];
  return placeholders.flatMap(({ read }, index) => read(texts[index] ?? ''));
}

/** `'hDup' (duplicate of 'h', 12:3)`, `'h' (12:3)`, `The handle from 12:3`. */
function readHandle(text: string): ToldStep[] {
  const [, places = ''] = new RegExp(String.raw`(?:\(|, | from )(${PLACES})\)?$`).exec(text) ?? [];
  const kind = /(?:^[Tt]he |\()duplicate of /.test(text) ? 'duplicated' : 'acquired';
  return placesIn(places).map((place) => ({ kind, place }));
}

/** ` when 'ready' is false (14:7)`, ` when 14:7 is not taken`. */
function readPath(text: string): ToldStep[] {
  const tested = new RegExp(String.raw`^ when ('.+' is (?:true|false)) \((${PLACE})\)$`, 's').exec(text);
  if (tested !== null) return branch(tested[1] ?? '', tested[2] ?? '');
  const [, place = '', not = ''] = new RegExp(`^ when (${PLACE}) is (not )?taken$`).exec(text) ?? [];
  return branch(`this way is ${not}taken`, place);
}

function branch(outcome: string, places: string): ToldStep[] {
  return placesIn(places).map((place) => ({ kind: 'branch', place, outcome }));
}

function placesIn(text: string): Place[] {
  return [...text.matchAll(/(\d+):(\d+)/g)].map(([, line, column]) => ({
    line: Number(line),
    column: Number(column),
  }));
}
