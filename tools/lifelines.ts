/**
 * The lives of a function's handles, laid out beside its lines: what the terminal and the HTML page draw.
 *
 *     lane 0   lane 1
 *       ●                 const h = open();
 *       │        ◆        const copy = duplicate(h);
 *       ○        │        close(h);
 *                ✗        }
 *
 * Handles whose lives do not overlap share a lane.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { assertNever } from '../analysis/assert-never.ts';
import type { ExplainedFunction, Fate, HandleStory } from '../analysis/explain.ts';

export type Mark = 'made' | 'duplicated' | 'closed' | 'outOfSight' | 'handedOn' | 'leaked' | 'notFollowed';

/** How each mark is drawn, and what it says, in the order of a legend. */
export const MARKS: Readonly<Record<Mark, { readonly symbol: string; readonly says: string }>> = {
  made: { symbol: '●', says: 'made' },
  duplicated: { symbol: '◆', says: 'made as a duplicate' },
  closed: { symbol: '○', says: 'closed' },
  handedOn: { symbol: '▶', says: 'handed on' },
  outOfSight: { symbol: '◌', says: 'out of sight' },
  leaked: { symbol: '✗', says: 'never closed' },
  notFollowed: { symbol: '?', says: 'not followed any further' },
};

export interface Lifeline {
  readonly story: HandleStory;
  readonly lane: number;
  /** The first and the last line of its life, from 1. */
  readonly from: number;
  readonly to: number;
  /** What happens on which line; the weightiest where several things do. */
  readonly marks: ReadonlyMap<number, Mark>;
}

export interface Picture {
  /** The first line, from 1. */
  readonly from: number;
  readonly lines: readonly string[];
  readonly lanes: number;
  readonly lifelines: readonly Lifeline[];
}

export function drawFunction({ fn, handles }: ExplainedFunction, source: readonly string[]): Picture {
  const { start, end } = fn.node.loc;
  const lanes: number[] = [];
  const lifelines = handles.map((story) => {
    const marks = marksOf(story, end.line);
    const from = story.node.loc.start.line;
    const to = Math.max(...marks.keys());
    const free = lanes.findIndex((until) => until < from);
    const lane = free === -1 ? lanes.length : free;
    lanes[lane] = to;
    return { story, lane, from, to, marks };
  });
  return {
    from: start.line,
    lines: source.slice(start.line - 1, end.line),
    lanes: lanes.length,
    lifelines,
  };
}

function marksOf({ node, isDuplicate, fates }: HandleStory, lastLine: number): Map<number, Mark> {
  const marks = new Map<number, Mark>([[node.loc.start.line, isDuplicate ? 'duplicated' : 'made']]);
  for (const fate of fates) {
    const mark = markOf(fate);
    for (const line of linesOf(fate, node.loc.start.line, lastLine)) {
      const known = marks.get(line);
      if (known === undefined || ORDER.indexOf(mark) > ORDER.indexOf(known)) marks.set(line, mark);
    }
  }
  return marks;
}

const ORDER = Object.keys(MARKS);

function markOf({ kind }: Fate): Mark {
  switch (kind) {
    case 'closed':
    case 'leaked':
    case 'handedOn':
    case 'notFollowed':
      return kind;
    case 'escaped':
      return 'outOfSight';
    case 'takenOver':
      return 'handedOn';
    default:
      return assertNever(kind);
  }
}

/** A fate without a place is known where the function ends. */
function linesOf(fate: Fate, from: number, lastLine: number): number[] {
  const lines = 'at' in fate ? fate.at.map(lineOf).filter((line) => from <= line && line <= lastLine) : [];
  return lines.length === 0 ? [lastLine] : lines;
}

const lineOf = ({ loc }: TSESTree.Node): number => loc.start.line;

/** What stands in a lane on a line: a mark, the line of a life, or nothing. */
export function cellAt(
  { lifelines }: Picture,
  lane: number,
  line: number,
): { readonly lifeline: Lifeline; readonly mark: Mark | null } | null {
  const lifeline = lifelines.find((each) => each.lane === lane && each.from <= line && line <= each.to);
  return lifeline === undefined ? null : { lifeline, mark: lifeline.marks.get(line) ?? null };
}
