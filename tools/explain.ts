#!/usr/bin/env node
/**
 * `handles-explain FILE[:LINE] [--ir] [--html PAGE] [--coverage]`: what the engine knows of each handle of a file, and
 * why nothing is said of it. Parser and settings are those of the user's own ESLint configuration.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { analyze } from '../analysis/analyze.ts';
import { explain } from '../analysis/explain.ts';
import type { ExplainedFunction } from '../analysis/explain.ts';
import { runCommand } from './command.ts';
import { toHtml } from './html.ts';
import { readSource } from './source.ts';
import type { Source } from './source.ts';
import { tellFunction } from './terminal.ts';

interface Request {
  readonly file: string;
  /** Only what stands around this line. */
  readonly line: number | null;
  readonly showsIr: boolean;
  readonly showsCoverage: boolean;
  /** Where to write the picture; null for none. */
  readonly page: string | null;
}

async function run(request: Request): Promise<number> {
  const source = await readSource(request.file);
  process.stdout.write(`${await answer(source, request)}\n`);
  return 0;
}

async function answer(source: Source, request: Request): Promise<string> {
  if (request.showsCoverage) return coverage(source);
  return request.page === null ? story(source, request) : draw(source, request, request.page);
}

function readArguments(args: readonly string[]): Request | null {
  const options = {
    ir: { type: 'boolean' },
    coverage: { type: 'boolean' },
    html: { type: 'string' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [target, ...others] = positionals;
  if (target === undefined || others.length > 0) return null;
  const [, file = target, line] = /^(.*):(\d+)$/.exec(target) ?? [];
  return {
    file,
    line: line === undefined ? null : Number(line),
    showsIr: values.ir === true,
    showsCoverage: values.coverage === true,
    page: values.html ?? null,
  };
}

function story(source: Source, request: Request): string {
  const told = chosen(source, request);
  const isColored = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const options = { isColored, showsIr: request.showsIr };
  const text = told.map((each) => tellFunction(each, source.lines, options)).join('\n\n');
  return text === '' ? 'No handle is made here.' : text;
}

async function draw(source: Source, request: Request, page: string): Promise<string> {
  const told = chosen(source, request);
  await writeFile(page, toHtml(request.file, told, source.lines));
  return `${page} shows ${told.length === 1 ? 'one function' : `${told.length} functions`} of ${request.file}.`;
}

/** The functions that are asked for: those that make a handle, or the innermost around the line. */
function chosen(
  { ast, scopeManager, settings, host }: Source,
  { line, showsIr }: Request,
): ExplainedFunction[] {
  const functions = explain(ast, scopeManager, settings, host);
  if (line === null) return functions.filter(({ handles }) => showsIr || handles.length > 0);
  const isAround = ({ fn: { node } }: ExplainedFunction): boolean =>
    node.loc.start.line <= line && line <= node.loc.end.line;
  return functions.filter(isAround).slice(-1);
}

/** What was not modelled, counted by reason, most frequent first. */
function coverage({ ast, scopeManager, settings, host }: Source): string {
  const { unmodelled, givenUp } = analyze(ast, scopeManager, settings, 'handles', host);
  const counts = new Map<string, number>();
  for (const reason of [...unmodelled.map((each) => each.reason), ...givenUp.map((each) => each.reason)]) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return 'All of the file is modelled.';
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return sorted.map(([reason, count]) => `${String(count).padStart(5)}  ${reason}`).join('\n');
}

const usage = 'handles-explain FILE[:LINE] [--ir] [--html PAGE] [--coverage]';
await runCommand({ usage, read: readArguments, run });
