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
  | {
      readonly kind: 'acquired' | 'duplicated' | 'closed inside' | 'inside';
      readonly place: Place;
    }
  /** Where a call closes it, with the place in the callee. */
  | { readonly kind: 'closed'; readonly place: Place; readonly inside: Place | null }
  /** `'ready' is false`, or `this way is taken`. */
  | { readonly kind: 'branch'; readonly place: Place; readonly outcome: string };

const PLACE = String.raw`\d+:\d+`;
const PLACES = `${PLACE}(?: or ${PLACE})*`;
const CLOSED = String.raw`${PLACE}(?: \(inside, at ${PLACE}\))?`;

/** How the text looks that stands for a placeholder, and what it tells. */
interface Placeholder {
  readonly pattern: string;
  readonly read: (text: string) => ToldStep[];
}

const HANDLE: Placeholder = {
  pattern: String.raw`(?:'.+?'(?: \(.+?\))?|[Tt]he .+?(?: from ${PLACES})?)(?:, made .+ at ${PLACE},)?`,
  read: readHandle,
};

const PLACEHOLDERS: Readonly<Record<string, Placeholder>> = {
  handle: HANDLE,
  duplicate: HANDLE,
  closed: { pattern: `(?: at ${CLOSED}(?: or ${CLOSED})*)?`, read: readClosed },
  inside: { pattern: String.raw`(?: \(.+, at ${PLACE}(?:, when .+)?\))?`, read: readInside },
  path: {
    pattern: String.raw`(?: when '.+' is (?:true|false) \(${PLACE}\)| when ${PLACE} is (?:not )?taken| when the loop at ${PLACE} (?:goes round|ends))?`,
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

/** `'hDup' (duplicate of 'h', 12:3)`, `The handle from 12:3`, `'h' (12:3), made inside the call of 'open' at 4:10,`. */
function readHandle(text: string): ToldStep[] {
  const [, handle = text, inside = ''] = new RegExp(`^(.+), made .+ at (${PLACE}),$`, 's').exec(text) ?? [];
  const [, places = ''] = new RegExp(String.raw`(?:\(|, | from )(${PLACES})\)?$`).exec(handle) ?? [];
  const kind = /(?:^[Tt]he |\()duplicate of /.test(handle) ? 'duplicated' : 'acquired';
  return [
    ...placesIn(places).map((place): ToldStep => ({ kind, place })),
    ...placesIn(inside).map((place): ToldStep => ({ kind: 'inside', place })),
  ];
}

/** ` at 7:3 or 9:5 (inside, at 2:5)`. */
function readClosed(text: string): ToldStep[] {
  return (text.match(new RegExp(CLOSED, 'g')) ?? []).flatMap((each) => {
    const [place, inside = null] = placesIn(each);
    return place === undefined ? [] : { kind: 'closed', place, inside };
  });
}

/** ` (inside the call of 'fred.control', at 12:3)`, with ` when 'ready' is false` at its end. */
function readInside(text: string): ToldStep[] {
  const [, place = ''] = new RegExp(String.raw`, at (${PLACE})(?:, when .+)?\)$`, 's').exec(text) ?? [];
  return placesIn(place).map((each) => ({ kind: 'inside', place: each }));
}

/** ` when 'ready' is false (14:7)`, ` when the loop at 14:3 ends`, ` when 14:7 is not taken`. */
function readPath(text: string): ToldStep[] {
  const tested = new RegExp(String.raw`^ when ('.+' is (?:true|false)) \((${PLACE})\)$`, 's').exec(text);
  if (tested !== null) return branch(tested[1] ?? '', tested[2] ?? '');
  const [, loop = '', turn = ''] =
    new RegExp(`^ when the loop at (${PLACE}) (goes round|ends)$`).exec(text) ?? [];
  if (loop !== '') return branch(`the loop ${turn}`, loop);
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
