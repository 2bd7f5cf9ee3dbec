/** Closes a `switch` over a discriminated union: a forgotten variant fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected variant: ${JSON.stringify(value)}`);
}
