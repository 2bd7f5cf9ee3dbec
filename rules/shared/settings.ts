/**
 * `settings.handles`, decoded. ESLint does not check settings, so this does: a wrong one is an error that
 * names the key, what was found and what is accepted.
 */
import type { AnalysisSettings } from '../../analysis/settings.ts';
import { builtinApis } from '../../apis/index.ts';

const CHOICES = {
  exceptions: ['handled', 'all', 'none'],
  unknownCalls: ['escape', 'borrow'],
} as const;

const KEYS = ['apis', ...Object.keys(CHOICES)];

export function decodeSettings(settings: Readonly<Record<string, unknown>>): AnalysisSettings {
  const handles = settings['handles'] ?? {};
  if (!isRecord(handles)) throw wrong('settings.handles', handles, 'an object');
  for (const key of Object.keys(handles)) {
    if (!KEYS.includes(key))
      throw wrong(`settings.handles.${key}`, handles[key], `one of the keys ${list(KEYS)}`);
  }
  return {
    exceptions: decodeChoice(handles, 'exceptions'),
    unknownCalls: decodeChoice(handles, 'unknownCalls'),
    apis: decodeApis(handles['apis']),
  };
}

function decodeChoice<Key extends keyof typeof CHOICES>(
  handles: Readonly<Record<string, unknown>>,
  key: Key,
): (typeof CHOICES)[Key][number] {
  const found = handles[key] ?? CHOICES[key][0];
  const choice = CHOICES[key].find((each) => each === found);
  if (choice === undefined) throw wrong(`settings.handles.${key}`, found, list(CHOICES[key]));
  return choice;
}

function decodeApis(apis: unknown): AnalysisSettings['apis'] {
  if (apis === undefined) return builtinApis;
  if (!isRecord(apis)) throw wrong('settings.handles.apis', apis, 'an object of API names');
  const chosen = { ...builtinApis };
  for (const [name, value] of Object.entries(apis)) {
    if (value !== false)
      throw wrong(`settings.handles.apis.${name}`, value, '`false`, which turns the API off');
    if (!(name in builtinApis)) {
      throw wrong('settings.handles.apis', name, `the name of an API: ${list(Object.keys(builtinApis))}`);
    }
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the keys are APIs
    delete chosen[name];
  }
  return chosen;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(key: string, found: unknown, accepted: string): Error {
  return new Error(`eslint-plugin-handles: '${key}' is ${show(found)}, but accepted is ${accepted}.`);
}

/** `undefined` and functions have no JSON. */
function show(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  return json ?? String(value);
}

const list = (choices: readonly string[]): string => choices.map((choice) => `'${choice}'`).join(', ');
