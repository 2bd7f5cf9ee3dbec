/**
 * `settings.handles`, decoded. ESLint does not check settings, so this does: a wrong one is an error that
 * names the key, what was found and what is accepted.
 */
import type { AnalysisSettings } from '../../analysis/settings.ts';
import type { ApiDescription } from '../../apis/schema.ts';
import { builtinApis } from '../../apis/index.ts';
import { isPlain, list, WrongSetting } from './check.ts';
import type { Plain } from './check.ts';
import { checkReferences, decodeDescription } from './descriptions.ts';

const CHOICES = {
  exceptions: ['handled', 'all', 'none'],
  unknownCalls: ['escape', 'borrow'],
} as const;

const KEYS = ['apis', 'root', ...Object.keys(CHOICES)];

export interface Settings extends AnalysisSettings {
  /** The folder from which descriptions give the paths of files; null for that in which ESLint runs. */
  readonly root: string | null;
}

/** A linter passes the same settings for every file of a config. */
const decodedBefore = new WeakMap<Plain, Settings>();

export function decodedSettings(settings: Plain): Settings {
  let decoded = decodedBefore.get(settings);
  if (decoded === undefined) decodedBefore.set(settings, (decoded = decodeSettings(settings)));
  return decoded;
}

export function decodeSettings(settings: Plain): Settings {
  const handles = settings['handles'] ?? {};
  if (!isPlain(handles)) throw new WrongSetting('settings.handles', handles, 'an object');
  for (const key of Object.keys(handles)) {
    if (!KEYS.includes(key)) {
      throw new WrongSetting(`settings.handles.${key}`, handles[key], `one of the keys ${list(KEYS)}`);
    }
  }
  return {
    exceptions: decodeChoice(handles, 'exceptions'),
    unknownCalls: decodeChoice(handles, 'unknownCalls'),
    apis: decodeApis(handles['apis']),
    root: decodeRoot(handles['root']),
  };
}

function decodeRoot(root: unknown): string | null {
  if (root === undefined) return null;
  if (typeof root !== 'string' || root === '')
    throw new WrongSetting('settings.handles.root', root, 'the path of a folder');
  return root;
}

function decodeChoice<Key extends keyof typeof CHOICES>(
  handles: Plain,
  key: Key,
): (typeof CHOICES)[Key][number] {
  const found = handles[key] ?? CHOICES[key][0];
  const choice = CHOICES[key].find((each) => each === found);
  if (choice === undefined) throw new WrongSetting(`settings.handles.${key}`, found, list(CHOICES[key]));
  return choice;
}

/** The built-in descriptions, without those that are turned off, and with the user's own. */
function decodeApis(apis: unknown): AnalysisSettings['apis'] {
  if (apis === undefined) return builtinApis;
  if (!isPlain(apis)) throw new WrongSetting('settings.handles.apis', apis, 'an object of API names');
  const chosen = new Map<string, ApiDescription>(Object.entries(builtinApis));
  for (const [name, value] of Object.entries(apis)) {
    const path = `settings.handles.apis.${name}`;
    if (value !== false) chosen.set(name, decodeDescription(value, path));
    else if (!chosen.delete(name)) {
      throw new WrongSetting(
        path,
        value,
        `a description; only these can be turned off: ${list(Object.keys(builtinApis))}`,
      );
    }
  }
  for (const [name, value] of Object.entries(apis)) checkMade(value, `settings.handles.apis.${name}`, chosen);
  for (const [name, api] of chosen) {
    if (name in apis) checkReferences(api, chosen, `settings.handles.apis.${name}`);
  }
  return Object.fromEntries(chosen);
}

/** What a method is said to make must be described, by whichever API. */
function checkMade(api: unknown, path: string, apis: ReadonlyMap<string, ApiDescription>): void {
  if (!isPlain(api) || !isPlain(api['makes'])) return;
  const known = [...apis.values()].flatMap(({ kinds = {} }) =>
    Object.entries(kinds).map(([name, { type }]) => type ?? name),
  );
  for (const [method, type] of Object.entries(api['makes'])) {
    if (!known.includes(String(type))) {
      throw new WrongSetting(`${path}.makes.${method}`, type, 'the name of a class that is described');
    }
  }
}
