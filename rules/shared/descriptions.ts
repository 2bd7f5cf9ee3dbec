/**
 * API descriptions that users write in `settings.handles.apis`: checked against the schema of
 * apis/schema.ts, and written out in full where they are given in the short form.
 */
import type { ApiDescription, Effect, OperationDescription, ShortDescription } from '../../apis/schema.ts';
import {
  flag,
  index,
  isPlain,
  list,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  scalar,
  text,
  textOr,
  textOrList,
  variant,
  WrongSetting,
} from './check.ts';
import type { Check } from './check.ts';

const PATH = /^(?:arg\d+|this|result)(?:\.#?[A-Za-z_$][\w$]*|\[(?:\d+|\*)\])*$/;

const place: Check = (value, path) => {
  if (typeof value !== 'string' || !PATH.test(value)) {
    throw new WrongSetting(
      path,
      value,
      "a place such as 'this', 'arg0', 'arg3[0]', 'arg1[*]', 'result' or 'result.value'",
    );
  }
};

const failure = textOr(['unchanged', 'throws', 'unknown'], { value: objectOf({ value: scalar }, ['value']) });

const condition = textOr([], {
  at: objectOf({ at: place, equals: scalar }, ['equals']),
  bit: objectOf({ arg: index, bit: index }, ['arg']),
  noBit: objectOf({ arg: index, noBit: index }, ['arg']),
  oneOf: objectOf({ arg: index, field: text, oneOf: listOf(scalar) }, ['arg']),
  is: objectOf({ arg: index, is: oneOf('lent'), orOneOf: listOf(scalar) }, ['arg']),
  isKind: objectOf({ arg: index, isKind: text }, ['arg']),
  isNotKind: objectOf({ arg: index, isNotKind: text }, ['arg']),
  equals: objectOf({ arg: index, field: text, equals: scalar }, ['arg']),
  differs: objectOf({ arg: index, field: text, differs: scalar }, ['arg']),
});

const callbackArgument = textOr(['unknown', 'error'], {
  acquire: objectOf({ acquire: text }),
  lend: objectOf({ lend: text }),
  pass: objectOf({ pass: place }),
});

const what = oneOf(
  'use',
  'close',
  'take',
  'keep',
  'acquire',
  'duplicate',
  'lend',
  'pass',
  'set',
  'call',
  'throw',
  'throwIf',
  'either',
);
const onPlace = objectOf({ do: what, on: place }, ['on']);
const onPlaceWhen = objectOf({ do: what, on: place, when: condition }, ['on']);

const effect: Check = variant('do', {
  use: objectOf({ do: what, on: place, until: oneOf('settled') }, ['on']),
  throw: objectOf({ do: what }),
  throwIf: onPlace,
  close: objectOf({ do: what, on: place, by: text, when: condition }, ['on']),
  take: objectOf({ do: what, on: place, when: condition, leaves: oneOf('open') }, ['on']),
  keep: onPlaceWhen,
  acquire: objectOf({ do: what, to: place, kind: text, failure, when: condition }, ['to', 'kind']),
  duplicate: objectOf(
    { do: what, of: place, to: place, kind: text, failure, when: condition, ownedWhen: condition },
    ['of', 'to'],
  ),
  lend: objectOf({ do: what, to: place, kind: text, close: oneOf('error', 'harmless'), when: condition }, [
    'to',
    'kind',
  ]),
  pass: objectOf({ do: what, of: place, to: place, when: condition }, ['of', 'to']),
  set: objectOf({ do: what, to: place, value: scalar, when: condition }, ['to']),
  call: objectOf({ do: what, on: place, later: flag, with: listOf(callbackArgument), givesResult: flag }, [
    'with',
  ]),
  either: (value, path) => {
    either(value, path);
  },
});

const either = objectOf({ do: what, ways: listOf(listOf(effect)) }, ['ways']);

const operation = objectOf(
  {
    effects: listOf(effect),
    returns: textOr(['success', 'bool', 'status', 'boolean', 'scalar', 'list', 'never'], {
      type: objectOf({ type: text }),
      exists: objectOf({ exists: place }),
      missing: objectOf({ missing: place }),
      native: objectOf({
        native: (value, path) => {
          (Array.isArray(value) ? listOf(place) : place)(value, path);
        },
      }),
    }),
    isAsync: flag,
    throws: oneOf('never'),
  },
  ['effects'],
);

const closeTwice = oneOf('error', 'harmless');

const description = objectOf({
  modules: listOf(text),
  kinds: recordOf(
    objectOf(
      {
        label: text,
        closers: listOf(text),
        closeTwice,
        mayBeDropped: flag,
        type: text,
        typeof: oneOf('number', 'bigint', 'object'),
        atLeast: index,
      },
      ['label', 'closers'],
    ),
  ),
  functions: recordOf(operation),
  constants: recordOf(scalar),
  constructors: recordOf(operation),
  globals: recordOf(operation),
  types: recordOf(
    objectOf({
      methods: recordOf(operation),
      properties: recordOf(
        textOr([], {
          type: objectOf({ type: text }),
          lend: objectOf({ lend: text }),
          field: objectOf({ field: text }),
          tells: objectOf({ tells: oneOf('open', 'closed'), equals: scalar }, ['equals']),
        }),
      ),
      members: oneOf('native'),
      holds: listOf(text),
    }),
  ),
});

const short = objectOf(
  {
    type: text,
    close: textOrList,
    from: listOf(text),
    isAsync: flag,
    duplicate: text,
    makes: recordOf(text),
    closeTwice,
    modules: listOf(text),
  },
  ['type', 'close'],
);

/** A description in full. Throws a `WrongSetting` that names the key where it is none. */
export function decodeDescription(value: unknown, path: string): ApiDescription {
  if (!isPlain(value))
    throw new WrongSetting(path, value, 'a description, or `false`, which turns the API off');
  if ('type' in value) {
    short(value, path);
    return expand(value as unknown as ShortDescription);
  }
  description(value, path);
  return value;
}

/** Checks what a description names: its own parts, and the kinds of other descriptions. */
export function checkReferences(
  api: ApiDescription,
  all: ReadonlyMap<string, ApiDescription>,
  path: string,
): void {
  checkKinds(api, all, path);
  checkClosers(api, path);
  if (api.functions !== undefined && (api.modules ?? []).length === 0) {
    throw new WrongSetting(
      `${path}.modules`,
      api.modules,
      "the modules that export the functions; `['*']` is any",
    );
  }
}

/** Whatever is said to close a kind must be described as something that closes. */
function checkClosers(
  { kinds = {}, functions = {}, globals = {}, types = {} }: ApiDescription,
  path: string,
): void {
  const described = [functions, globals, ...Object.values(types).map(({ methods = {} }) => methods)];
  const names = described.flatMap((operations) =>
    Object.entries(operations)
      .filter(([, { effects }]) => JSON.stringify(effects).includes('"close"'))
      .map(([name]) => name.slice(name.lastIndexOf('.') + 1)),
  );
  for (const [kind, { closers }] of Object.entries(kinds)) {
    for (const [position, closer] of closers.entries()) {
      if (names.includes(closer)) continue;
      const accepted = `a function or method that is described to close: ${list(names) || 'none is'}`;
      throw new WrongSetting(`${path}.kinds.${kind}.closers[${position}]`, closer, accepted);
    }
  }
}

const KIND_KEYS: ReadonlySet<string> = new Set(['kind', 'acquire', 'lend', 'isKind', 'isNotKind']);

/** Every kind that is named must be described: by this API, or by another, whose name then stands
 * before it, or the type of its values instead. */
function checkKinds(api: ApiDescription, all: ReadonlyMap<string, ApiDescription>, path: string): void {
  const others = [...all].flatMap(([name, { kinds = {} }]) =>
    Object.entries(kinds).flatMap(([kind, { type }]) => [`${name}/${kind}`, type ?? kind]),
  );
  checkKindsIn(api, { own: Object.keys(api.kinds ?? {}), others: new Set(others) }, path);
}

interface KnownKinds {
  readonly own: readonly string[];
  readonly others: ReadonlySet<string>;
}

function checkKindsIn(value: unknown, known: KnownKinds, path: string): void {
  if (Array.isArray(value)) {
    for (const [position, item] of value.entries()) checkKindsIn(item, known, `${path}[${position}]`);
    return;
  }
  if (!isPlain(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const namesKind = KIND_KEYS.has(key) && typeof item === 'string';
    if (namesKind && !known.own.includes(item) && !known.others.has(item)) {
      throw new WrongSetting(
        `${path}.${key}`,
        item,
        `a kind that is described: ${known.own.join(', ') || 'none is'}`,
      );
    }
    checkKindsIn(item, known, `${path}.${key}`);
  }
}

function expand(description: ShortDescription): ApiDescription {
  const {
    type,
    duplicate,
    makes: made = {},
    closeTwice: twice = 'error',
    modules = [ANY_MODULE],
    from = [],
    isAsync,
  } = description;
  const closers = [description.close].flat();
  const [closer = ''] = closers;
  const closes: OperationDescription = { effects: [{ do: 'close', on: 'this' }] };
  const disposes: OperationDescription = { effects: [{ do: 'close', on: 'this', by: closer }] };
  const makes: OperationDescription = {
    effects: [...KEEPS_ARGUMENTS, { do: 'acquire', to: 'result', kind: type }],
  };
  const gives: OperationDescription = { ...makes, isAsync: isAsync ?? false };
  const duplicates: OperationDescription = { effects: [{ do: 'duplicate', of: 'this', to: 'result' }] };
  // A program that writes `using` knows that the class has these; nothing else is known to.
  const methods = {
    '@@dispose': disposes,
    '@@asyncDispose': disposes,
    ...Object.fromEntries(closers.map((name) => [name, closes])),
  };
  const givers = from.map((name) => name.split('.')).filter((path) => path.length === 2);
  return {
    modules,
    kinds: { [type]: { label: type, closers, closeTwice: twice } },
    functions: Object.fromEntries(from.map((name) => [name, gives])),
    constructors: {
      ...Object.fromEntries(givers.map(([owner = '']) => [owner, { effects: [], returns: { type: owner } }])),
      [type]: makes,
      ...(modules.includes(ANY_MODULE) ? {} : { default: makes }),
    },
    types: {
      ...Object.fromEntries(
        givers.map(([owner = '']) => [
          owner,
          {
            methods: Object.fromEntries(
              givers.filter(([other]) => other === owner).map(([, method = '']) => [method, gives]),
            ),
          },
        ]),
      ),
      [type]: {
        methods: {
          ...methods,
          ...(duplicate === undefined ? {} : { [duplicate]: duplicates }),
          ...Object.fromEntries(Object.entries(made).map(([name, kind]) => [name, makesOther(kind)])),
        },
      },
    },
  };
}

/** One line says nothing of arguments: a value that is made of a handle may own it. */
const KEEPS_ARGUMENTS: readonly Effect[] = [0, 1, 2, 3, 4, 5].map((arg) => ({ do: 'keep', on: `arg${arg}` }));

/** Makes a value of another class out of this one, which stays as it was. */
const makesOther = (kind: string): OperationDescription => ({
  effects: [
    { do: 'use', on: 'this' },
    { do: 'acquire', to: 'result', kind },
  ],
});

const ANY_MODULE = '*';
