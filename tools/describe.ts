#!/usr/bin/env node
/**
 * `handles-describe PATTERN… [--module NAME=FILE] [--check FILE]`: what the engine knows of each exported function and
 * class, as descriptions for `settings.handles.apis`. Parser and settings are those of the user's own ESLint
 * configuration.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { describeFiles, print } from './descriptions.ts';
import type { Names } from './descriptions.ts';
import { readSources } from './source.ts';
import { staleness } from './stale.ts';

interface Request {
  readonly patterns: readonly string[];
  /** What some files are called by those that import them otherwise than by a path. */
  readonly names: Names;
  /** The descriptions to compare with; null where new ones are to be written. */
  readonly check: string | null;
}

async function run(request: Request): Promise<number> {
  const described = print(describeFiles(await readSources(request.patterns), request.names));
  if (request.check !== null) return check(described, request.check);
  process.stdout.write(described);
  return 0;
}

async function check(described: string, file: string): Promise<number> {
  const stale = staleness(await readFile(file, 'utf8'), described);
  if (stale.length === 0) return 0;
  process.stderr.write(`${file} is stale:\n${stale.map((each) => `  ${each}\n`).join('')}`);
  return 1;
}

function readArguments(args: readonly string[]): Request | null {
  const options = {
    check: { type: 'string' },
    module: { type: 'string', multiple: true },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const names = (values.module ?? []).map((each) => each.split('='));
  const isWrong = names.some((each) => each.length !== 2 || each.includes(''));
  if (positionals.length === 0 || isWrong) return null;
  return {
    patterns: positionals,
    names: new Map(names.map(([name = '', file = '']) => [name, file])),
    check: values.check ?? null,
  };
}

const usage = 'handles-describe PATTERN… [--module NAME=FILE]… [--check FILE]';
await runCommand({ usage, read: readArguments, run });
