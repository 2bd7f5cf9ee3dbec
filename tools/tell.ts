/** The words for what became of a handle, the same in the terminal and on the page. */
import type { TSESTree } from '@typescript-eslint/utils';
import { assertNever } from '../analysis/assert-never.ts';
import type { ExplainedFunction, Fate, HandleStory } from '../analysis/explain.ts';

/** `makeFred (13:1)`. */
export function tellTitle({ fn }: ExplainedFunction): string {
  return `${fn.name === '' ? fn.kind : fn.name} (${place(fn.node)})`;
}

/** `duplicate 'out[0]'`. */
export function tellHandle({ name, label, isDuplicate }: HandleStory): string {
  return `${isDuplicate ? 'duplicate' : label}${name === null ? '' : ` '${name}'`}`;
}

export function tellFate(fate: Fate): string {
  switch (fate.kind) {
    case 'closed':
      return `is closed at ${places(fate.at)}`;
    case 'escaped':
      return `gets out of sight at ${places(fate.at)}: nothing is owed from there on`;
    case 'leaked':
      return 'is never closed: a leak';
    case 'handedOn':
      return 'is handed on: returned, or kept by what outlives the function';
    case 'takenOver':
      return 'is taken over by an owner out of sight';
    case 'notFollowed':
      return 'is not followed any further: an error was found before, or too many like it are alive';
    default:
      return assertNever(fate);
  }
}

/** `line:column`, both from 1. */
export const place = ({ loc: { start } }: TSESTree.Node): string => `${start.line}:${start.column + 1}`;

const places = (nodes: readonly TSESTree.Node[]): string =>
  nodes.map(place).join(' or ') || 'a place inside a call';
