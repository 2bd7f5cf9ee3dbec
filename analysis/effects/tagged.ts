/** What tags make of a function that has no body in this file: an operation, as a description would. */
import type { Tagged } from '../ir/tags.ts';
import type { HandleKind, Operation, OperationEffect, Place } from './decode.ts';

const RESULT: Place = { root: 'result', fields: [] };

/** The kind is that of the declared type of the result. */
export function operationOf({ name, tags }: Tagged, kind: HandleKind | null): Operation {
  const effects = [...tags.params].map(([index, tag]): OperationEffect => {
    const on: Place = { root: index, fields: [] };
    switch (tag) {
      case 'owns':
        return { do: 'take', on, leavesOpen: false, when: null };
      case 'borrows':
        return { do: 'use', on, isUntilSettled: false };
      case 'closes':
        return { do: 'close', on, by: null, when: null };
      case 'duplicates':
        return { do: 'duplicate', of: on, to: RESULT, kind, failure: 'unknown', ownedWhen: null, when: null };
    }
  });
  if (tags.returns === 'owned') {
    effects.push({ do: 'acquire', to: RESULT, kind, failure: 'unknown', when: null });
  } else if (tags.returns === 'borrowed') {
    effects.push({ do: 'lend', to: RESULT, kind, isBorrowed: true, when: null });
  }
  return { name, effects, returns: null, isAsync: false, canThrow: true };
}

/** What a body says to itself of a parameter or a result that its tags speak of. */
export function claimOperation(what: 'own' | 'borrow'): Operation {
  const on: Place = { root: 0, fields: [] };
  return {
    name: what,
    effects: [{ do: what, on }],
    returns: null,
    isAsync: false,
    canThrow: false,
  };
}
