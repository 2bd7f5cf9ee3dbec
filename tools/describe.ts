#!/usr/bin/env node
/**
 * `handles-describe PATTERN… [--module NAME=FILE] [--check FILE]`: what the engine knows of each exported function and
 * class, as descriptions for `settings.handles.apis`. Parser and settings are those of the user's own ESLint
 * configuration.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeFiles, print } from './descriptions.ts';
import type { Names } from './descriptions.ts';
import { readSources } from './source.ts';
import { staleness } from './stale.ts';

const USAGE = 'Usage: handles-describe PATTERN… [--module NAME=FILE]… [--check FILE]';

interface Request {
  readonly patterns: readonly string[];
  /** What some files are called by those that import them otherwise than by a path. */
  readonly names: Names;
  /** The descriptions to compare with; null where new ones are to be written. */
  readonly check: string | null;
}

async function main(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  if (request === null) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  try {
    const described = print(describeFiles(await readSources(request.patterns), request.names));
    if (request.check === null) {
      process.stdout.write(described);
      return 0;
    }
    return await check(described, request.check);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function check(described: string, file: string): Promise<number> {
  const stale = staleness(await readFile(file, 'utf8'), described);
  if (stale.length === 0) return 0;
  process.stderr.write(`${file} is stale:\n${stale.map((each) => `  ${each}\n`).join('')}`);
  return 1;
}

/** null where they are no request. */
function readArguments(args: readonly string[]): Request | null {
  const options = {
    check: { type: 'string' },
    module: { type: 'string', multiple: true },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const names = (values.module ?? []).map((each) => each.split('='));
    const isWrong = names.some((each) => each.length !== 2 || each.includes(''));
    if (positionals.length === 0 || isWrong) return null;
    return {
      patterns: positionals,
      names: new Map(names.map(([name = '', file = '']) => [name, file])),
      check: values.check ?? null,
    };
  } catch {
    return null;
  }
}

process.exitCode = await main(process.argv.slice(2));
