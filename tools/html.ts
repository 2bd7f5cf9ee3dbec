/**
 * The lives of handles beside the source, as one HTML page that needs nothing else: no script, no font, no
 * file beside it.
 */
import type { ExplainedFunction } from '../analysis/explain.ts';
import { drawFunction, MARKS } from './lifelines.ts';
import type { Lifeline, Mark, Picture } from './lifelines.ts';
import { place, tellFate, tellHandle, tellTitle } from './tell.ts';

/** Of a line of source and of a lane, in pixels. */
const LINE = 20;
const LANE = 22;

export function toHtml(
  file: string,
  functions: readonly ExplainedFunction[],
  source: readonly string[],
): string {
  const sections = functions.map((each) => toSection(each, source)).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The handles of ${escapeHtml(file)}</title>
<style>${STYLE}</style>
<h1>The handles of <code>${escapeHtml(file)}</code></h1>
${legend()}
${sections === '' ? '<p>No handle is made here.</p>' : sections}
</html>
`;
}

function legend(): string {
  const items = Object.entries(MARKS).map(
    ([mark, { symbol, says }]) => `<li><span class="${mark}">${symbol}</span> ${says}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

function toSection(explained: ExplainedFunction, source: readonly string[]): string {
  const picture = drawFunction(explained, source);
  const gaveUp =
    explained.givenUp === null
      ? ''
      : `\n<p>It was not followed to its end: ${escapeHtml(explained.givenUp)}.</p>`;
  return `<section>
<h2><code>${escapeHtml(tellTitle(explained))}</code></h2>${gaveUp}
<div class="picture">
${toSvg(picture)}
<ol class="source" start="${picture.from}">${picture.lines.map((line) => `<li><code>${escapeHtml(line)}</code></li>`).join('')}</ol>
</div>
<dl>${explained.handles.map(toEntry).join('')}</dl>
</section>`;
}

function toEntry(handle: ExplainedFunction['handles'][number]): string {
  const fates = handle.fates.map((fate) => `<dd>${escapeHtml(tellFate(fate))}</dd>`);
  return `<dt><code>${place(handle.node)}</code> ${escapeHtml(tellHandle(handle))}</dt>${fates.join('')}`;
}

function toSvg(picture: Picture): string {
  const width = Math.max(picture.lanes, 1) * LANE;
  const height = picture.lines.length * LINE;
  const lives = picture.lifelines.map((lifeline) => toLife(picture, lifeline));
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The lives of the handles beside the source">${lives.join('')}</svg>`;
}

function toLife(picture: Picture, { story, lane, from, to, marks }: Lifeline): string {
  const x = lane * LANE + LANE / 2;
  const y = (line: number): number => (line - picture.from) * LINE + LINE / 2;
  const drawn = [...marks].map(([line, mark]) => toMark(x, y(line), mark));
  const title = [tellHandle(story), ...story.fates.map(tellFate)].join('\n');
  return `<g><title>${escapeHtml(title)}</title><line x1="${x}" y1="${y(from)}" x2="${x}" y2="${y(to)}"/>${drawn.join('')}</g>`;
}

function toMark(x: number, y: number, mark: Mark): string {
  return `<text class="${mark}" x="${x}" y="${y}">${MARKS[mark].symbol}</text>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; --page: #fff; --ink: #1c2024; --dim: #8a9199; --rule: #e3e6e9; --green: #18794e;
  --blue: #0b68cb; --cyan: #0e7490; --amber: #a35200; --red: #ce2c31; }
@media (prefers-color-scheme: dark) { :root { --page: #16181b; --ink: #e6e8ea; --dim: #7d858d; --rule: #2b3035;
  --green: #3dd68c; --blue: #70b8ff; --cyan: #5eead4; --amber: #ffca16; --red: #ff9592; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
code { font: 13px/${LINE}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; }
h1 code, h2 code { font-size: 1em; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; list-style: none; color: var(--dim); }
.picture { display: flex; gap: .5rem; padding: .75rem; border: 1px solid var(--rule); border-radius: 6px;
  overflow-x: auto; }
.picture svg { flex: none; }
.source { margin: 0; padding-left: 3.5rem; color: var(--dim); font: 13px/${LINE}px ui-monospace, monospace; }
.source li { height: ${LINE}px; } .source code { color: var(--ink); }
line { stroke: var(--dim); stroke-width: 2; }
text { text-anchor: middle; dominant-baseline: central; font-size: 15px; paint-order: stroke; stroke: var(--page);
  stroke-width: 5px; }
.made, .duplicated { fill: var(--green); color: var(--green); } .closed { fill: var(--blue); color: var(--blue); }
.handedOn { fill: var(--cyan); color: var(--cyan); } .leaked { fill: var(--red); color: var(--red); }
.outOfSight, .notFollowed { fill: var(--amber); color: var(--amber); }
dt { margin-top: .5rem; } dd { margin-left: 2rem; color: var(--dim); }
`;
