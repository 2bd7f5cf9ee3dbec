/** Checks of plain data: each says where, what was found, and what is accepted. */

/** A setting that is not as it has to be. */
export class WrongSetting extends Error {
  constructor(path: string, found: unknown, accepted: string) {
    super(`eslint-plugin-handles: '${path}' is ${show(found)}, but accepted is ${accepted}.`);
  }
}

/** Throws a `WrongSetting` where the value at the path is not as it has to be. */
export type Check = (value: unknown, path: string) => void;

export type Plain = Readonly<Record<string, unknown>>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const list = (choices: readonly string[]): string => choices.map((choice) => `'${choice}'`).join(', ');

export const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') throw new WrongSetting(path, value, 'a text');
};

export const index: Check = (value, path) => {
  if (!Number.isInteger(value)) throw new WrongSetting(path, value, 'the index of an argument');
};

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') throw new WrongSetting(path, value, '`true` or `false`');
};

export const scalar: Check = (value, path) => {
  if (typeof value === 'object' && value !== null) throw new WrongSetting(path, value, 'a primitive value');
};

export function oneOf(...choices: readonly string[]): Check {
  return (value, path) => {
    if (!choices.some((choice) => choice === value)) throw new WrongSetting(path, value, list(choices));
  };
}

export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw new WrongSetting(path, value, 'a list');
    for (const [position, item] of value.entries()) check(item, `${path}[${position}]`);
  };
}

/** A text, or a list of them. */
export const textOrList: Check = (value, path) => {
  if (Array.isArray(value)) listOf(text)(value, path);
  else if (typeof value !== 'string' || value === '')
    throw new WrongSetting(path, value, 'a text, or a list of them');
};

export function recordOf(check: Check): Check {
  return (value, path) => {
    if (!isPlain(value)) throw new WrongSetting(path, value, 'an object');
    for (const [key, item] of Object.entries(value)) check(item, `${path}.${key}`);
  };
}

/** An object with these keys and no other; all of `required` must be there. */
export function objectOf(keys: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isPlain(value)) throw new WrongSetting(path, value, 'an object');
    for (const [key, item] of Object.entries(value)) {
      const check = keys[key];
      if (check === undefined)
        throw new WrongSetting(`${path}.${key}`, item, `one of the keys ${list(Object.keys(keys))}`);
      check(item, `${path}.${key}`);
    }
    for (const key of required) {
      if (!(key in value)) throw new WrongSetting(`${path}.${key}`, undefined, 'required');
    }
  };
}

/** Chooses the check by what the value says it is. */
export function variant(key: string, checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isPlain(value)) throw new WrongSetting(path, value, 'an object');
    const chosen = value[key];
    const check = typeof chosen === 'string' ? checks[chosen] : undefined;
    if (check === undefined) throw new WrongSetting(`${path}.${key}`, chosen, list(Object.keys(checks)));
    check(value, path);
  };
}

/** A text out of a few, or an object that has one of these keys. */
export function textOr(choices: readonly string[], byKey: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (choices.some((choice) => choice === value)) return;
    const key = isPlain(value) ? Object.keys(byKey).find((each) => each in value) : undefined;
    const check = key === undefined ? undefined : byKey[key];
    const accepted = [
      ...choices.map((choice) => `'${choice}'`),
      ...Object.keys(byKey).map((each) => `{ ${each}: … }`),
    ];
    if (check === undefined) throw new WrongSetting(path, value, accepted.join(', '));
    check(value, path);
  };
}

/** `undefined` and functions have no JSON. */
function show(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  return json ?? String(value);
}
