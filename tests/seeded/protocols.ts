/** What the descriptions say of the names that programs call: what opens, what closes, and whether once is enough. */
import { decodeSettings } from '../../rules/shared/settings.ts';
import type { ApiDescription, Effect, KindDescription, OperationDescription } from '../../apis/schema.ts';

export interface Protocols {
  isCloser(name: string): boolean;
  /** Whether closing a handle that this call opened is an error the second time. */
  isErrorTwice(opener: string, closer: string): boolean;
}

export function protocolsOf(handles: object): Protocols {
  const apis = Object.values(decodeSettings({ handles }).apis);
  const closers = new Set(apis.flatMap(kindsOf).flatMap((kind) => kind.closers));
  return {
    isCloser: (name) => closers.has(name),
    isErrorTwice: (opener, closer) => {
      const kinds = apis
        .flatMap((api) => openedBy(api, opener))
        .filter((kind) => kind.closers.includes(closer));
      return kinds.length > 0 && kinds.every(({ closeTwice }) => closeTwice !== 'harmless');
    },
  };
}

const kindsOf = ({ kinds }: ApiDescription): KindDescription[] => Object.values(kinds ?? {});

/** The kinds of handles that a function, constructor or method of this name can make. */
function openedBy(api: ApiDescription, name: string): KindDescription[] {
  const free = [api.functions, api.constructors, api.globals].flatMap((table) =>
    Object.entries(table ?? {})
      .filter(([path]) => path.split('.').at(-1) === name)
      .flatMap(([, operation]) => madeBy(api, operation, kindsOf(api))),
  );
  const methods = Object.entries(api.types ?? {}).flatMap(([type, { methods = {} }]) => {
    const operation = methods[name];
    const own = Object.entries(api.kinds ?? {}).filter(([kind, each]) => (each.type ?? kind) === type);
    return operation === undefined
      ? []
      : madeBy(
          api,
          operation,
          own.map(([, kind]) => kind),
        );
  });
  return [...free, ...methods];
}

/** `duplicated` is what a duplicate can be of. */
function madeBy(
  { kinds = {} }: ApiDescription,
  { effects }: OperationDescription,
  duplicated: readonly KindDescription[],
): readonly KindDescription[] {
  return effects.flatMap((effect: Effect) => {
    if (effect.do === 'duplicate') return duplicated;
    if (effect.do === 'acquire') return kinds[effect.kind] ?? [];
    if (effect.do !== 'call') return [];
    return effect.with.flatMap((given) => {
      const isOpened = typeof given === 'object' && 'acquire' in given;
      return isOpened ? (kinds[given.acquire] ?? []) : [];
    });
  });
}
