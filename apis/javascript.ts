/**
 * What every JavaScript program has at hand. None of these keeps, closes or needs a handle that it is
 * given: a log line or a test's assertion must not end what is known of it. Printing the number of a closed
 * handle is no use of the handle.
 */
import type { ApiDescription, OperationDescription } from './schema.ts';

const looksOn: OperationDescription = { effects: [], returns: 'scalar' };

const LOOKING_ON = [
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Object.is',
  'JSON.stringify',
  'expect',
  'assert',
  ...['assert', 'debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'].map(
    (name) => `console.${name}`,
  ),
];

const ERRORS = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
];

/** Memory that native functions write to. */
const NUMBERS = ['Uint8', 'Int8', 'Uint16', 'Int16', 'Uint32', 'Int32', 'BigUint64', 'BigInt64', 'Float64'];

type Named = readonly [string, OperationDescription];

const makesList: OperationDescription = { effects: [], returns: 'list' };
const makesNothing: OperationDescription = { effects: [], returns: 'scalar', throws: 'never' };

export const javascript: ApiDescription = {
  constructors: Object.fromEntries([
    ...ERRORS.map((name): Named => [name, makesNothing]),
    ...NUMBERS.map((name): Named => [`${name}Array`, makesList]),
  ]),
  globals: Object.fromEntries(LOOKING_ON.map((name) => [name, looksOn])),
};
