/** Which operands and results of a described call its effects speak of. */
import type { KnownCondition, OperationEffect, Place } from './decode.ts';

/** What an operation does is the same at each of its calls. */
const known = new WeakMap<readonly OperationEffect[], readonly Place[]>();

/** All places that effects read or fill. */
export function placesOf(effects: readonly OperationEffect[]): readonly Place[] {
  let places = known.get(effects);
  if (places === undefined) known.set(effects, (places = effects.flatMap(placesOfEffect)));
  return places;
}

function placesOfEffect(effect: OperationEffect): readonly Place[] {
  switch (effect.do) {
    case 'use':
    case 'close':
    case 'take':
    case 'keep':
    case 'throwIf':
    case 'own':
    case 'borrow':
      return [effect.on];
    case 'acquire':
    case 'set':
      return [effect.to];
    case 'duplicate':
    case 'pass':
      return [effect.of, effect.to];
    case 'lend':
      return effect.isBorrowed ? [effect.to] : [];
    case 'call':
      return [
        effect.on,
        ...effect.with.flatMap((value) => (value.kind === 'pass' ? [value.place] : [])),
        ...(effect.givesResult ? [{ root: 'result', fields: [] } as const] : []),
      ];
    case 'throw':
      return [];
    case 'either':
      return effect.ways.flatMap(placesOf);
  }
}

/** The places that an effect fills with a handle that is made or comes from elsewhere. */
export function filledPlaces(effects: readonly OperationEffect[]): Place[] {
  return effects.flatMap((effect): Place[] => {
    switch (effect.do) {
      case 'acquire':
      case 'duplicate':
        return [effect.to];
      case 'lend':
        return effect.isBorrowed ? [effect.to] : [];
      case 'own':
      case 'borrow':
        return [effect.on];
      case 'call':
        return effect.givesResult ? [{ root: 'result', fields: [] }] : [];
      case 'either':
        return effect.ways.flatMap(filledPlaces);
      default:
        return [];
    }
  });
}

/** The places whose handles a call ends or takes over. */
export function endedPlaces(effects: readonly OperationEffect[]): Place[] {
  return effects.flatMap((effect): Place[] => {
    switch (effect.do) {
      case 'close':
      case 'take':
        return [effect.on];
      case 'either':
        return effect.ways.flatMap(endedPlaces);
      default:
        return [];
    }
  });
}

/** The places whose handles a call closes. */
export function closedPlaces(effects: readonly OperationEffect[]): Place[] {
  return effects.flatMap((effect): Place[] => {
    switch (effect.do) {
      case 'close':
        return [effect.on];
      case 'either':
        return effect.ways.flatMap(closedPlaces);
      default:
        return [];
    }
  });
}

/** Whether a call may throw for a reason of its own. */
export function throwsByItself(effects: readonly OperationEffect[]): boolean {
  return effects.some((effect) => {
    if (effect.do === 'either') return effect.ways.some(throwsByItself);
    return effect.do === 'throw';
  });
}

/** Whether the result can be, or hold, a handle. */
export function resultMayHold(effects: readonly OperationEffect[]): boolean {
  return placesOf(effects).some(({ root }) => root === 'result');
}

/** Whether a call makes handles, in its callbacks included. */
export function makesHandles(effects: readonly OperationEffect[]): boolean {
  return effects.some((effect) => {
    switch (effect.do) {
      case 'acquire':
      case 'duplicate':
      case 'own':
        return true;
      case 'call':
        return !effect.isLater;
      case 'either':
        return effect.ways.some(makesHandles);
      default:
        return false;
    }
  });
}

/** The arguments that decide what a call does. */
export function testedArguments(effects: readonly OperationEffect[]): number[] {
  const of = (condition: KnownCondition | null): number[] => {
    if (condition === null) return [];
    if ('arg' in condition) return [condition.arg];
    return typeof condition.at.root === 'number' ? [condition.at.root] : [];
  };
  return effects.flatMap((effect) => {
    switch (effect.do) {
      case 'close':
      case 'take':
      case 'keep':
      case 'acquire':
      case 'lend':
      case 'pass':
      case 'set':
        return of(effect.when);
      case 'duplicate':
        return [...of(effect.when), ...of(effect.ownedWhen)];
      case 'either':
        return effect.ways.flatMap(testedArguments);
      default:
        return [];
    }
  });
}
