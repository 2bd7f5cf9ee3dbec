/** The effects that put something at a place. */
import type { Condition, Effect, Scalar } from '../../apis/schema.ts';
import type { Content, Failure } from './outcomes.ts';

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
