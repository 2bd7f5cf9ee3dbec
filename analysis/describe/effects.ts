/** What ways agree on, as effects: what becomes of a handle, and what is put at a place. */
import type { Condition, Effect, Scalar } from '../../apis/schema.ts';
import { CLOSED_BY } from './outcomes.ts';
import type { Content, Failure } from './outcomes.ts';
import type { Cases, End } from './agreement.ts';

export function usesOf(fate: Cases<End>, on: string): Effect[] {
  if (fate.kind !== 'always') return [];
  if (fate.value === 'used') return [{ do: 'use', on }];
  return fate.value === 'usedLater' ? [{ do: 'use', on, until: 'settled' }] : [];
}

export function endsOf(fate: Cases<End>, on: string): Effect[] {
  if (fate.kind === 'always') return endOf(fate.value, on, undefined);
  return [
    ...endOf(fate.whenTrue, on, when(fate.on, true)),
    ...endOf(fate.whenFalse, on, when(fate.on, false)),
  ];
}

function endOf(fate: End, on: string, condition: Condition | undefined): Effect[] {
  const conditional = condition === undefined ? {} : { when: condition };
  switch (fate) {
    case 'gone':
      return [{ do: 'take', on, ...conditional }];
    case 'hidden':
      return [{ do: 'keep', on, ...conditional }];
    case 'kept':
    case 'used':
    case 'usedLater':
      return [];
    default:
      return [{ do: 'close', on, by: fate.slice(CLOSED_BY.length), ...conditional }];
  }
}

/** What leaves contents at a place; null where that cannot be said. */
export function writesOf(content: Cases<Content>, to: string): Effect[] | null {
  if (content.kind === 'always') return writeOf(content.value, to, undefined);
  const whenTrue = writeOf(content.whenTrue, to, when(content.on, true));
  const whenFalse = writeOf(content.whenFalse, to, when(content.on, false));
  return whenTrue === null || whenFalse === null ? null : [...whenTrue, ...whenFalse];
}

function writeOf(content: Content, path: string, condition: Condition | undefined): Effect[] | null {
  if (isSame(content, path)) return [];
  if (content.kind === 'unknown') return path.startsWith('result.') ? [] : null;
  return writeEffects(content, path, condition);
}

export function writeEffects(content: Content, to: string, condition: Condition | undefined): Effect[] {
  const conditional = condition === undefined ? {} : { when: condition };
  switch (content.kind) {
    case 'const':
      return isJson(content.value)
        ? [
            {
              do: 'set',
              to,
              ...(content.value === undefined ? {} : { value: content.value }),
              ...conditional,
            },
          ]
        : [];
    case 'pass':
      return [{ do: 'pass', of: content.of, to, ...conditional }];
    case 'duplicate':
      return [{ do: 'duplicate', of: content.of, to, ...failureOf(content.failure), ...conditional }];
    case 'acquire':
      return [{ do: 'acquire', to, kind: content.handle, ...failureOf(content.failure), ...conditional }];
    case 'owner':
    case 'object':
    case 'exists':
    case 'unknown':
      return [];
  }
}

function failureOf(failure: Failure): { failure?: { value: Scalar } | 'unknown' } {
  if (failure === 'never') return {};
  if (failure === 'unknown') return { failure };
  return failure.value !== undefined && isJson(failure.value) ? { failure } : { failure: 'unknown' };
}

const isJson = (value: Scalar): boolean =>
  typeof value !== 'bigint' && (typeof value !== 'number' || Number.isFinite(value));

/** Whether a place holds what it held in the beginning. */
export const isSame = (content: Content, path: string): boolean =>
  content.kind === 'pass' && content.of === path;

const when = (at: string, equals: boolean): Condition => ({ at, equals });

export const targetOf = (effect: Effect): string | null => ('to' in effect ? effect.to : null);
export const isDuplicate = (effect: Effect): boolean => effect.do === 'duplicate';

/** Whether no effect reads a place that an earlier one has written. */
export function isInOrder(effects: readonly Effect[]): boolean {
  const written = new Set<string>();
  return effects.every((effect) => {
    const tests = 'when' in effect && 'at' in effect.when ? [effect.when.at] : [];
    const reads = 'of' in effect ? [effect.of, ...tests] : tests;
    const isRead = reads.some((place) => written.has(place));
    const to = targetOf(effect);
    if (to !== null) written.add(to);
    return !isRead;
  });
}
