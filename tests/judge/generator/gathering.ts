/** Functions that open, give back or close several handles at once, by what they do for their callers. */
import type { HelperRole } from './ast.ts';
import type { Feature } from './features.ts';

/** A function without its name; the body is told the name, so that it can call itself. */
export interface Variant {
  readonly head: string;
  readonly body: (name: string) => readonly string[];
  readonly shows: readonly Feature[];
}

function variants(head: string, ...ways: readonly (readonly [Feature[], ...string[]])[]): Variant[] {
  return ways.map(([shows, ...body]) => ({
    head,
    body: (name) => body.map((line) => line.replaceAll('SELF', name)),
    shows,
  }));
}

export const GATHERING: Partial<Record<HelperRole, readonly Variant[]>> = {
  openAll: variants(
    '(): (HANDLE | null)[]',
    [[], "return [CreateEvent(), CreateFile('all')];"],
    [[], 'const hs: (HANDLE | null)[] = [];', 'while (choose()) hs.push(CreateEvent());', 'return hs;'],
    [
      [],
      'const hs: (HANDLE | null)[] = [];',
      'for (let at = 0; at < 2; at++) {',
      "  const h = CreateFile('all');",
      '  if (h !== INVALID_HANDLE_VALUE) hs.push(h);',
      '}',
      'return hs;',
    ],
    [[], 'const first = CreateThread();', 'return choose() ? [first] : [CreateEvent(), first];'],
    [['callback'], "return ['a', 'b'].map((each) => CreateFile(each));"],
    [['callback'], 'return Array.from({ length: 2 }, () => CreateEvent());'],
  ),
  openTuple: variants(
    '(): [HANDLE | null, HANDLE | null]',
    [[], "return [CreateEvent(), CreateFile('second')];"],
    [[], 'const first = CreateThread();', 'const second = CreateEvent();', 'return [first, second];'],
    [
      [],
      'const first = CreateEvent();',
      'if (first === null) return [null, null];',
      'return [first, CreateEvent()];',
    ],
  ),
  openRecord: variants(
    '(): { first: HANDLE | null; second?: HANDLE | null }',
    [[], "return { first: CreateEvent(), second: CreateFile('second') };"],
    [[], 'const first = CreateThread();', 'const second = CreateEvent();', 'return { first, second };'],
    [[], 'const first = CreateThread();', 'return choose() ? { first } : { first, second: CreateEvent() };'],
    [
      [],
      'const made: { first: HANDLE | null; second?: HANDLE | null } = { first: CreateEvent() };',
      'if (made.first !== null) made.second = CreateEvent();',
      'return made;',
    ],
  ),
  closeAll: variants(
    '(hs: (HANDLE | null)[]): void',
    [[], 'for (const h of hs) CloseHandle(h);'],
    [[], 'for (const h of hs) {', '  if (h === null) continue;', '  CloseHandle(h);', '}'],
    [[], 'for (let at = 0; at < hs.length; at++) CloseHandle(hs[at]);'],
    [[], 'for (let at = hs.length - 1; at >= 0; at--) CloseHandle(hs[at]);'],
    [[], 'while (hs.length > 0) CloseHandle(hs.pop());'],
    [[], 'let h: HANDLE | null | undefined;', 'while ((h = hs.shift()) !== undefined) CloseHandle(h);'],
    [[], 'for (const h of hs.splice(0)) CloseHandle(h);'],
    [['callback'], 'hs.forEach((h) => CloseHandle(h));'],
    [['callback'], 'hs.forEach(CloseHandle);'],
    [['callback'], 'hs.filter((h) => h !== null).forEach((h) => {', '  CloseHandle(h);', '});'],
    [
      ['recursion', 'unpacking'],
      'const [first, ...rest] = hs;',
      'if (first === undefined) return;',
      'CloseHandle(first);',
      'SELF(rest);',
    ],
  ),
};
