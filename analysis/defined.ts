/** A value that an invariant of the engine says is there. Its absence is an error of the engine. */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('An invariant of the engine does not hold: a value is missing');
  return value;
}
