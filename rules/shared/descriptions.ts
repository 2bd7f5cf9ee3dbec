/**
 * API descriptions that users write in `settings.handles.apis`: checked against the schema of
 * apis/schema.ts, and written out in full where they are given in the short form.
 */
import type { ApiDescription, ShortDescription } from '../../apis/schema.ts';
import {
  flag,
  index,
  isPlain,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  scalar,
  text,
  textOr,
  variant,
  WrongSetting,
} from './check.ts';
import type { Check } from './check.ts';

const PATH = /^(?:arg\d+|this|result)(?:\.[A-Za-z_$][\w$]*|\[(?:\d+|\*)\])*$/;

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
  'call',
  'throwIf',
  'either',
);
const onPlace = objectOf({ do: what, on: place }, ['on']);
const onPlaceWhen = objectOf({ do: what, on: place, when: condition }, ['on']);

const effect: Check = variant('do', {
  use: onPlace,
  throwIf: onPlace,
  close: onPlaceWhen,
  take: onPlaceWhen,
  keep: onPlaceWhen,
  acquire: objectOf({ do: what, to: place, kind: text, failure, when: condition }, ['to', 'kind', 'failure']),
  duplicate: objectOf({ do: what, of: place, to: place, failure, when: condition, ownedWhen: condition }, [
    'of',
    'to',
    'failure',
  ]),
  lend: objectOf({ do: what, to: place, kind: text, close: oneOf('error', 'harmless'), when: condition }, [
    'to',
    'kind',
  ]),
  pass: objectOf({ do: what, of: place, to: place, when: condition }, ['of', 'to']),
  call: objectOf({ do: what, arg: index, with: listOf(callbackArgument), givesResult: flag }, ['with']),
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
      native: objectOf({ native: place }),
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
          tells: objectOf({ tells: oneOf('open', 'closed'), equals: scalar }, ['equals']),
        }),
      ),
      members: oneOf('native'),
    }),
  ),
});

const short = objectOf({ type: text, close: text, duplicate: text, closeTwice }, ['type', 'close']);

/** A description in full. Throws a `WrongSetting` that names the key where it is none. */
export function decodeDescription(value: unknown, path: string): ApiDescription {
  if (!isPlain(value))
    throw new WrongSetting(path, value, 'a description, or `false`, which turns the API off');
  if ('type' in value) {
    short(value, path);
    return expand(value as unknown as ShortDescription);
  }
  description(value, path);
  const checked = value as unknown as ApiDescription;
  checkKinds(checked, checked, path);
  return checked;
}

const KIND_KEYS: ReadonlySet<string> = new Set(['kind', 'acquire', 'lend', 'isKind', 'isNotKind']);

/** Every kind that is named must be described. */
function checkKinds({ kinds = {} }: ApiDescription, value: unknown, path: string): void {
  if (Array.isArray(value)) {
    for (const [position, item] of value.entries()) checkKinds({ kinds }, item, `${path}[${position}]`);
    return;
  }
  if (!isPlain(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const namesKind = KIND_KEYS.has(key) && typeof item === 'string';
    if (namesKind && !(item in kinds)) {
      throw new WrongSetting(
        `${path}.${key}`,
        item,
        `a kind that is described: ${Object.keys(kinds).join(', ') || 'none is'}`,
      );
    }
    checkKinds({ kinds }, item, `${path}.${key}`);
  }
}

function expand({ type, close, duplicate, closeTwice: twice = 'error' }: ShortDescription): ApiDescription {
  const closes = { effects: [{ do: 'close', on: 'this' }] } as const;
  const duplicates = { effects: [{ do: 'duplicate', of: 'this', to: 'result', failure: 'throws' }] } as const;
  const makes = { effects: [{ do: 'acquire', to: 'result', kind: type, failure: 'throws' }] } as const;
  return {
    modules: ['*'],
    kinds: { [type]: { label: type, closers: [close, '@@dispose'], closeTwice: twice } },
    constructors: { [type]: makes },
    types: {
      [type]: {
        methods: {
          [close]: closes,
          '@@dispose': closes,
          ...(duplicate === undefined ? {} : { [duplicate]: duplicates }),
        },
      },
    },
  };
}
