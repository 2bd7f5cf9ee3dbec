/** Files of a project that is nowhere but in memory, as the tools read them. */
import { resolve } from 'node:path';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { hostOf } from '../../rules/shared/host.ts';
import { decodeSettings } from '../../rules/shared/settings.ts';
import { describeFiles } from '../../tools/descriptions.ts';
import { parse } from '../analysis/lower/parse.ts';
import type { Names } from '../../tools/descriptions.ts';
import type { Source } from '../../tools/source.ts';

export const ROOT = resolve('/project');

type Settings = Readonly<Record<string, unknown>>;

export function sourceOf(
  name: string,
  text: string,
  settings: Source['settings'] = decodeSettings({}),
): Source {
  const file = resolve(ROOT, name);
  const { ast, scopeManager } = parse(text);
  return {
    file,
    root: ROOT,
    ast,
    scopeManager,
    settings,
    host: hostOf({} as SourceCode, { filename: file, root: ROOT }),
    lines: text.split('\n'),
  };
}

/** What is described of some files, as a setting: JSON has carried it. */
export function describeAll(
  files: ReadonlyMap<string, string>,
  handles: Settings = {},
  names?: Names,
): Readonly<Record<string, unknown>> {
  const settings = decodeSettings({ handles: { root: ROOT, ...handles } });
  const sources = [...files].map(([name, text]) => sourceOf(name, text, settings));
  const described = describeFiles(sources, names);
  return JSON.parse(JSON.stringify(Object.fromEntries(described))) as Record<string, unknown>;
}
