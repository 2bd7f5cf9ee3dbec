/**
 * Which functions and methods of ECMA-262 move values between collections. What they do is known where calls
 * are solved; before that it matters that their receivers, arguments and results belong together.
 */
const METHODS: ReadonlySet<string> = new Set([
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'slice', 'concat', 'at', 'indexOf', 'includes', 'reverse'],
  ...['toReversed', 'sort', 'toSorted', 'fill', 'with', 'join', 'keys', 'values', 'entries', '@@iterator'],
  ...['forEach', 'map', 'filter', 'flatMap', 'find', 'findIndex', 'some', 'every', 'reduce'],
  ...['get', 'set', 'has', 'delete', 'clear', 'add', 'next', 'toArray'],
  ...['use', 'adopt', 'defer', 'move', 'dispose', 'disposeAsync', '@@dispose', '@@asyncDispose'],
]);

const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['Array', 'Array.from', 'Array.of', 'Array.isArray'],
  ...['Object.values', 'Object.keys', 'Object.entries', 'Object.fromEntries', 'Object.assign'],
  ...['Object.freeze', 'Object.seal', 'Object.preventExtensions'],
]);

const CONSTRUCTORS: ReadonlySet<string> = new Set([
  'Array',
  'Map',
  'Set',
  'DisposableStack',
  'AsyncDisposableStack',
]);

/** Those of them that call what they were given. */
const CALLING: ReadonlySet<string> = new Set([
  ...['forEach', 'map', 'filter', 'flatMap', 'find', 'findIndex', 'some', 'every', 'reduce', 'from'],
  ...['dispose', 'disposeAsync', '@@dispose', '@@asyncDispose'],
]);

export const runsCallbacks = (name: string): boolean => CALLING.has(name);
export const isBuiltInMethod = (name: string): boolean => METHODS.has(name);
export const isBuiltInFunction = (name: string): boolean => FUNCTIONS.has(name);
export const isBuiltInConstructor = (name: string): boolean => CONSTRUCTORS.has(name);
