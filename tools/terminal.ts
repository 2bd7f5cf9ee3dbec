/** The lives of handles beside the source, for a terminal. */
import { styleText } from 'node:util';
import type { ExplainedFunction } from '../analysis/explain.ts';
import { cellAt, drawFunction, MARKS } from './lifelines.ts';
import type { Lifeline, Mark, Picture } from './lifelines.ts';
import { place, tellFate, tellHandle, tellTitle } from './tell.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<Mark, Style>> = {
  made: 'green',
  duplicated: 'green',
  closed: 'blue',
  outOfSight: 'yellow',
  handedOn: 'cyan',
  leaked: 'red',
  notFollowed: 'yellow',
};

/** This many lines before and after what happens are shown; between, a function is cut. */
const CONTEXT = 2;

export interface TerminalOptions {
  readonly isColored: boolean;
  /** The IR, with the states after each instruction. */
  readonly showsIr: boolean;
}

export function tellFunction(
  explained: ExplainedFunction,
  source: readonly string[],
  { isColored, showsIr }: TerminalOptions,
): string {
  const { handles, givenUp, ir } = explained;
  const paint = (style: Style, text: string): string => (isColored ? styleText(style, text) : text);
  const gaveUp = givenUp === null ? [] : [`  not followed to its end: ${givenUp}`];
  const picture = handles.length === 0 ? [] : [...draw(drawFunction(explained, source), paint), ''];
  const told = handles.flatMap((handle) => [
    `  ${place(handle.node)}  ${tellHandle(handle)}`,
    ...handle.fates.map((fate) => `         ${tellFate(fate)}`),
  ]);
  const lines = handles.length === 0 ? ['  makes no handle'] : told;
  const title = paint('bold', tellTitle(explained));
  return [title, ...gaveUp, ...picture, ...lines, ...(showsIr ? ['', ir.trimEnd()] : [])].join('\n');
}

type Paint = (style: Style, text: string) => string;

function draw(picture: Picture, paint: Paint): string[] {
  const width = String(picture.from + picture.lines.length).length;
  const drawn: string[] = [];
  let isCut = false;
  for (const [index, text] of picture.lines.entries()) {
    const line = picture.from + index;
    if (!isNearEvent(picture, line)) {
      isCut = true;
      continue;
    }
    if (isCut) drawn.push(paint('dim', `  ${'⋮'.padStart(width)}`));
    isCut = false;
    const lanes = Array.from({ length: picture.lanes }, (_, lane) => drawCell(picture, lane, line, paint));
    drawn.push(`  ${paint('dim', String(line).padStart(width))}  ${lanes.join(' ')}  ${text}`.trimEnd());
  }
  return drawn;
}

function isNearEvent({ from, lines, lifelines }: Picture, line: number): boolean {
  if (line === from || line === from + lines.length - 1) return true;
  const isNear = ({ marks }: Lifeline): boolean =>
    [...marks.keys()].some((each) => Math.abs(each - line) <= CONTEXT);
  return lifelines.some(isNear);
}

function drawCell(picture: Picture, lane: number, line: number, paint: Paint): string {
  const cell = cellAt(picture, lane, line);
  if (cell === null) return ' ';
  return cell.mark === null ? paint('dim', '│') : paint(STYLES[cell.mark], MARKS[cell.mark].symbol);
}
