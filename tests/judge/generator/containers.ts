/**
 * What programs do with arrays, sets, maps, object literals and disposable stacks that keep handles.
 *
 *     const hs1 = [h1];   hs1.push(h2);   DeviceIoControl(hs1[0]!, 1);   for (const e1 of hs1) CloseHandle(e1);
 */
import type { Block, ContainerType, Expression, Statement } from './ast.ts';
import { call, name, perform, template } from './ast.ts';
import type { Feature } from './features.ts';
import type { Choices } from './random.ts';

export interface Container {
  readonly variable: string;
  readonly type: ContainerType;
}

export const CONTAINER_FEATURES: Readonly<Record<ContainerType, Feature>> = {
  list: 'list',
  set: 'keyed',
  map: 'keyed',
  bag: 'keyed',
  stack: 'stack',
};

/** One of those whose features are on; undefined where none is. */
export function chooseType(choices: Choices, isOn: (feature: Feature) => number): ContainerType | undefined {
  const keyed = isOn('keyed');
  return choices.weigh({
    list: 2 * isOn('list'),
    set: keyed,
    map: keyed,
    bag: keyed,
    stack: 2 * isOn('stack'),
  });
}

/** How much containers are favoured; 0 where there are none. */
export function favourOf(isOn: (feature: Feature) => number): number {
  return Math.max(isOn('list'), isOn('keyed'), isOn('stack'));
}

const EMPTY: Readonly<Record<ContainerType, string>> = {
  list: '[]',
  set: 'new Set<HANDLE | null>()',
  map: 'new Map<string, HANDLE | null>()',
  bag: '{}',
  stack: 'new DisposableStack()',
};

/** Whether more of them can be put in than the program has places that do so. */
export function isUnlimited({ type }: Container): boolean {
  return type === 'list' || type === 'set' || type === 'stack';
}

export function declareContainer({ variable, type }: Container, how: 'const' | 'using' = 'const'): Statement {
  const value = template(CONTAINER_FEATURES[type])`${EMPTY[type]}`;
  return { kind: 'declare', how, name: variable, type, value };
}

/** Declares a container with one handle in it. */
export function declareWith(
  container: Container,
  handle: Expression,
  key: string,
  choices: Choices,
): Statement[] {
  const { variable, type } = container;
  if (type === 'stack' || choices.chance(0.4))
    return [declareContainer(container), add(container, handle, key, choices)];
  const shows = template(CONTAINER_FEATURES[type]);
  const values: Record<Exclude<ContainerType, 'stack'>, Expression> = {
    list: shows`[${handle}]`,
    set: shows`new Set<HANDLE | null>([${handle}])`,
    map: shows`new Map<string, HANDLE | null>([['${key}', ${handle}]])`,
    bag: shows`{ ${key}: ${handle} }`,
  };
  return [{ kind: 'declare', how: 'const', name: variable, type, value: values[type] }];
}

export function add(
  { variable, type }: Container,
  handle: Expression,
  key: string,
  choices: Choices,
): Statement {
  const shows = template(CONTAINER_FEATURES[type]);
  const it = name(variable);
  switch (type) {
    case 'list':
      return perform(
        choices.chance(0.85) ? shows`${it}.push(${handle})` : shows`${it}[${it}.length] = ${handle}`,
      );
    case 'set':
      return perform(shows`${it}.add(${handle})`);
    case 'map':
      return perform(shows`${it}.set('${key}', ${handle})`);
    case 'bag':
      return perform(shows`${it}['${key}'] = ${handle}`);
    case 'stack':
      return perform(
        choices.pick([
          shows`${it}.defer(() => CloseHandle(${handle}))`,
          shows`${it}.adopt(${handle}, CloseHandle)`,
          shows`${it}.adopt(${handle}, (each) => CloseHandle(each))`,
        ]),
      );
  }
}

/** The handle that was put in first, or under a key; null where the container does not give it back. */
export function elementOf({ variable, type }: Container, key: string): Expression | null {
  const shows = template(CONTAINER_FEATURES[type]);
  const it = name(variable);
  switch (type) {
    case 'list':
      return shows`${it}[0]!`;
    case 'set':
      return shows`[...${it}][0]!`;
    case 'map':
      return shows`${it}.get('${key}')!`;
    case 'bag':
      return shows`${it}['${key}']!`;
    case 'stack':
      return null;
  }
}

export interface Closing {
  readonly choices: Choices;
  readonly isOn: (feature: Feature) => number;
  /** Closes one element. */
  readonly close: (element: Expression) => Expression;
  readonly newName: (prefix: string) => string;
  /** A function that closes all of an array. */
  readonly closeAll: () => string;
}

/** Closes all that a container keeps. */
export function closeAll({ variable, type }: Container, closing: Closing): Block {
  const { choices, isOn, close, newName } = closing;
  const shows = template(CONTAINER_FEATURES[type]);
  const it = name(variable);
  if (type === 'stack') return [perform(shows`${it}${choices.pick(['.dispose', '[Symbol.dispose]'])}()`)];
  const all = allOf({ variable, type }, choices);
  const way = choices.weigh({
    loop: isOn('loop') ? 3 : 0,
    helper: isOn('list') ? 1.5 * isOn('list') : 0,
    taken: type === 'list' && isOn('loop') ? 1 : 0,
    callback: isOn('callback') ? 1 * isOn('callback') : 0,
    helperOfRest: isOn('list') ? 0.3 : 0,
  });
  const of = (variableOfLoop: string): Statement => ({
    kind: 'loop',
    form: { kind: 'of', variable: variableOfLoop, of: all },
    label: null,
    body: [perform(close(name(variableOfLoop)))],
  });
  switch (way) {
    case 'helper': {
      const array = type === 'list' && choices.chance(0.7) ? it : shows`[...${all}]`;
      return [perform(call(closing.closeAll(), array))];
    }
    case 'helperOfRest':
      return [perform(call(closing.closeAll(), shows`Array.from(${all})`))];
    case 'taken':
      return [taken(it, newName('e'), close, choices)];
    case 'callback': {
      const called = template('callback');
      const each = type === 'bag' ? all : it;
      return [perform(called`${each}.forEach((each) => ${close({ kind: 'text', text: 'each' })})`)];
    }
    default:
      return [of(newName('e'))];
  }
}

/** All that a container keeps, one after the other. */
export function allOf({ variable, type }: Container, choices: Choices): Expression {
  const it = name(variable);
  const shows = template(CONTAINER_FEATURES[type]);
  switch (type) {
    case 'list':
      return choices.pick([it, it, shows`[...${it}]`, shows`${it}.splice(0)`, shows`${it}.toReversed()`]);
    case 'set':
      return choices.chance(0.7) ? it : shows`[...${it}]`;
    case 'map':
      return shows`${it}.values()`;
    case 'bag':
      return shows`Object.values(${it})`;
    case 'stack':
      return shows`[]`;
  }
}

/** A loop that takes one after the other off an array. */
function taken(
  it: Expression,
  variable: string,
  close: (element: Expression) => Expression,
  choices: Choices,
): Statement {
  const shows = template('list');
  const takes = choices.pick(['pop', 'pop', 'shift']);
  const test = shows`${it}.length > 0`;
  const body: Block = choices.chance(0.5)
    ? [perform(close(shows`${it}.${takes}()!`))]
    : [
        { kind: 'declare', how: 'const', name: variable, type: 'handle', value: shows`${it}.${takes}()!` },
        perform(close(name(variable))),
      ];
  return { kind: 'loop', form: { kind: 'while', test }, label: null, body };
}
