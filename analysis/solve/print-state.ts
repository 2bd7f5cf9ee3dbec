/**
 * States as text, for people: which place holds what, and what became of each resource.
 *
 *     h=#1 ok=exists(#1) | #1 open maybe
 *
 * Resources and objects are numbered by first visit, so that two states which mean the same print the same.
 */
import type { Local } from '../ir/ir.ts';
import { canonicalNumbering } from './canonical.ts';
import type { Numbering } from './canonical.ts';
import type { Resource } from './resource.ts';
import { isOwner } from './state.ts';
import type { State } from './state.ts';
import { printRef } from '../ir/external-ref.ts';
import { carriedBy } from './value.ts';
import type { FunctionValue, Value } from './value.ts';

export function printState(state: State, locals: readonly Local[]): string {
  const numbers = canonicalNumbering(state);
  const show = (value: Value): string => printValue(value, numbers);
  const places = [...state.locals.entries()]
    .sort(([a], [b]) => a - b)
    .map(([id, value]) => `${locals[id]?.name ?? String(id)}=${show(value)}`);
  const objects = numbers.objects.map((id, index) => {
    const { shape, fields, isEscaped } = state.getObject(id);
    const kind = isOwner(state.getObject(id)) ? 'new ' : shape.kind === 'plain' ? '' : `${shape.kind} `;
    const listed = [...fields].map(([name, value]) => `${name}: ${show(value)}`).join(', ');
    return `@${index + 1} ${kind}{${listed}}${isEscaped ? ' escaped' : ''}`;
  });
  const resources = numbers.resources.map(
    (id, index) => `#${index + 1} ${printResource(state.getResource(id), numbers)}`,
  );
  const doubt = state.isDoubtful ? ['doubtful'] : [];
  return [places.join(' '), ...objects, ...resources, ...doubt].filter((part) => part !== '').join(' | ');
}

function printResource(resource: Resource, numbers: Numbering): string {
  const { typestate, exists, isDuplicate, source, isOwed, isBorrowed, isSilenced } = resource;
  const of = source === null ? -1 : numbers.resources.indexOf(source);
  return [
    typestate,
    exists === 'maybe' ? 'maybe' : '',
    isDuplicate ? `duplicate${of === -1 ? '' : ` of #${of + 1}`}` : '',
    isBorrowed ? 'borrowed' : isOwed ? '' : 'lent',
    isSilenced ? 'silenced' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function printValue(value: Value, numbers: Numbering): string {
  switch (value.kind) {
    case 'const':
      return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value);
    case 'resource':
      return `#${numbers.resources.indexOf(value.id) + 1}`;
    case 'object':
      return `@${numbers.objects.indexOf(value.id) + 1}`;
    case 'symbol':
      return `?${numbers.symbols.indexOf(value.id) + 1}`;
    case 'truth':
      return `${value.isNegated ? '!' : '!!'}?${numbers.symbols.indexOf(value.of) + 1}`;
    case 'outcome':
      return value.is;
    case 'exists':
      return `${value.as === 'status' ? '0 if ' : ''}${value.isNegated ? 'missing' : 'exists'}(#${numbers.resources.indexOf(value.of) + 1})`;
    case 'function':
      return printFunction(value, numbers);
    case 'class':
      return `class ${value.id}`;
    case 'external':
      return printRef(value.ref);
    case 'lent':
      return value.name;
  }
}

/** `function 3(@1, @2)`: with the cells that it carries. */
function printFunction(value: FunctionValue, numbers: Numbering): string {
  const carried = carriedBy(value).map((id) => `@${numbers.objects.indexOf(id) + 1}`);
  return `function ${value.id}${carried.length === 0 ? '' : `(${carried.join(', ')})`}`;
}
