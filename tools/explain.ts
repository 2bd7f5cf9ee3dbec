#!/usr/bin/env node
/**
 * `handles-explain FILE[:LINE] [--ir] [--coverage]`: what the engine knows of each handle of a file, and
 * why nothing is said of it. Parser and settings are those of the user's own ESLint configuration.
 */
import { readFile } from 'node:fs/promises';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Scope } from '@typescript-eslint/utils/ts-eslint';
import { ESLint } from 'eslint';
import type { Rule } from 'eslint';
import { analyze } from '../analysis/analyze.ts';
import { explain } from '../analysis/explain.ts';
import type { ExplainedFunction, Fate, HandleStory } from '../analysis/explain.ts';
import { decodeSettings } from '../rules/shared/settings.ts';

const USAGE = 'Usage: handles-explain FILE[:LINE] [--ir] [--coverage]';

interface Source {
  readonly ast: TSESTree.Program;
  readonly scopeManager: Scope.ScopeManager;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface Request {
  readonly file: string;
  /** Only what stands around this line. */
  readonly line: number | null;
  readonly showsIr: boolean;
  readonly showsCoverage: boolean;
}

async function main(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  if (request === null) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  try {
    const source = await parse(request.file);
    process.stdout.write(`${request.showsCoverage ? coverage(source) : story(source, request)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function readArguments(args: readonly string[]): Request | null {
  const flags = args.filter((arg) => arg.startsWith('--'));
  const [target, ...others] = args.filter((arg) => !arg.startsWith('--'));
  if (target === undefined || others.length > 0) return null;
  if (flags.some((flag) => flag !== '--ir' && flag !== '--coverage')) return null;
  const [, file = target, line] = /^(.*):(\d+)$/.exec(target) ?? [];
  return {
    file,
    line: line === undefined ? null : Number(line),
    showsIr: flags.includes('--ir'),
    showsCoverage: flags.includes('--coverage'),
  };
}

/** Parses the file as the user's ESLint does: a rule that does nothing but look sees what all rules see. */
async function parse(file: string): Promise<Source> {
  const seen: Source[] = [];
  const look: Rule.RuleModule = {
    create: ({ sourceCode, settings }) => {
      seen.push({
        ast: sourceCode.ast as unknown as TSESTree.Program,
        scopeManager: sourceCode.scopeManager as unknown as Scope.ScopeManager,
        settings,
      });
      return {};
    },
  };
  const eslint = new ESLint({
    overrideConfig: {
      plugins: { 'handles-explain': { rules: { look } } },
      rules: { 'handles-explain/look': 'error' },
    },
  });
  const [result] = await eslint.lintText(await readFile(file, 'utf8'), { filePath: file });
  const [source] = seen;
  if (source !== undefined) return source;
  const [message] = result?.messages ?? [];
  throw new Error(
    message === undefined ? `${file}: ESLint does not lint this file` : `${file}: ${message.message}`,
  );
}

function story({ ast, scopeManager, settings }: Source, { line, showsIr }: Request): string {
  const functions = explain(ast, scopeManager, decodeSettings(settings));
  const chosen = functions.filter(({ fn, handles }) => {
    if (line === null) return showsIr || handles.length > 0;
    return fn.node.loc.start.line <= line && line <= fn.node.loc.end.line;
  });
  // Of functions in one another the innermost is meant.
  const told = line === null ? chosen : chosen.slice(-1);
  const text = told.map((each) => tellFunction(each, showsIr)).join('\n\n');
  return text === '' ? 'No handle is made here.' : text;
}

function tellFunction({ fn, handles, givenUp, ir }: ExplainedFunction, showsIr: boolean): string {
  const title = `${fn.name === '' ? fn.kind : fn.name} (${place(fn.node)})`;
  const gaveUp = givenUp === null ? [] : [`  not followed to its end: ${givenUp}`];
  const lines = handles.length === 0 ? ['  makes no handle'] : handles.flatMap(tellHandle);
  return [title, ...gaveUp, ...lines, ...(showsIr ? ['', ir.trimEnd()] : [])].join('\n');
}

function tellHandle({ node, name, label, isDuplicate, fates }: HandleStory): string[] {
  const what = `${isDuplicate ? 'duplicate' : label}${name === null ? '' : ` '${name}'`}`;
  return [`  ${place(node)}  ${what}`, ...fates.map((fate) => `         ${tellFate(fate)}`)];
}

function tellFate(fate: Fate): string {
  switch (fate.kind) {
    case 'closed':
      return `is closed at ${places(fate.at)}`;
    case 'escaped':
      return `gets out of sight at ${places(fate.at)}: nothing is owed from there on`;
    case 'leaked':
      return 'is never closed: a leak';
    case 'handedOn':
      return 'is handed on: returned, or kept by what outlives the function';
    case 'takenOver':
      return 'is taken over by an owner out of sight';
    case 'notFollowed':
      return 'is not followed any further: an error was found before, or too many like it are alive';
  }
}

const place = ({ loc: { start } }: TSESTree.Node): string => `${start.line}:${start.column + 1}`;
const places = (nodes: readonly TSESTree.Node[]): string =>
  nodes.map(place).join(' or ') || 'a place inside a call';

/** What was not modelled, counted by reason, most frequent first. */
function coverage({ ast, scopeManager, settings }: Source): string {
  const { unmodelled, givenUp } = analyze(ast, scopeManager, decodeSettings(settings));
  const counts = new Map<string, number>();
  for (const reason of [...unmodelled.map((each) => each.reason), ...givenUp.map((each) => each.reason)]) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return 'All of the file is modelled.';
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return sorted.map(([reason, count]) => `${String(count).padStart(5)}  ${reason}`).join('\n');
}

process.exitCode = await main(process.argv.slice(2));
