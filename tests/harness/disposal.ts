/**
 * What `using` and `DisposableStack` do at run time, in a way that leaves a trace: while a resource is disposed
 * of, `currentDisposal` says so, and says which of its scope's declarations it comes from.
 *
 *     stack, innermost first        currentDisposal
 *       Owner.[Symbol.dispose]
 *       disposeNext                 { declaration: 0 }
 *       main                        <- calls nothing that is written: the call is implicit
 *
 * Invariant: there are as many disposals under way as there are frames of `disposeNext` on the stack, and they
 * are in the same order. The semantics are those of ECMA-262, DisposeResources; only the synchronous part.
 */

/** A resource that is being disposed of. */
export interface Disposal {
  /** Which of the `using` declarations of its scope it comes from, from 0; null if a `DisposableStack` holds it. */
  readonly declaration: number | null;
  readonly outer: Disposal | null;
}

/** The name of the function on stacks whose caller closes implicitly. */
export const DISPOSAL_NAME = 'disposeNext';

let current: Disposal | null = null;

/** The innermost disposal under way. */
export function currentDisposal(): Disposal | null {
  return current;
}

interface Resource {
  /** Null if there is nothing to do. */
  readonly dispose: (() => void) | null;
  readonly declaration: Disposal['declaration'];
}

/** What the compiler keeps for a scope with `using` declarations. */
export interface Scope {
  stack: Resource[];
  error: unknown;
  hasError: boolean;
}

/** The compiler's helper at a `using` declaration. Throws a `TypeError` for what cannot be disposed of. */
export function addDisposableResource<T>(scope: Scope, value: T, isAsync: boolean): T {
  if (isAsync) throw new TypeError('`await using` cannot be run: programs must be synchronous.');
  // Also null has its place, so that places count declarations.
  scope.stack.push({ dispose: disposerOf(value), declaration: scope.stack.length });
  return value;
}

/** The compiler's helper at the end of a scope: disposes of all resources, the last one first, whatever throws. */
export function disposeResources(scope: Scope): void {
  let resource: Resource | undefined;
  while ((resource = scope.stack.pop()) !== undefined) {
    try {
      disposeNext(resource);
    } catch (error) {
      scope.error = scope.hasError ? new SuppressedError(error, scope.error) : error;
      scope.hasError = true;
    }
  }
  if (scope.hasError) throw scope.error;
}

function disposeNext({ dispose, declaration }: Resource): void {
  if (dispose === null) return;
  const outer = current;
  current = { declaration, outer };
  try {
    dispose();
  } finally {
    current = outer;
  }
}

function disposerOf(value: unknown): (() => void) | null {
  if (value === null || value === undefined) return null;
  const method: unknown = (value as Partial<Disposable>)[Symbol.dispose];
  if (typeof method !== 'function')
    throw new TypeError('The value of a using declaration is not disposable.');
  return () => void method.call(value);
}

/** An error that came up while another one was under way. Not every engine that runs the tests has it. */
export class SuppressedError extends Error {
  override readonly name = 'SuppressedError';
  readonly error: unknown;
  readonly suppressed: unknown;

  constructor(error: unknown, suppressed: unknown, message = '') {
    super(message);
    this.error = error;
    this.suppressed = suppressed;
  }
}

/** ECMA-262's `DisposableStack`, for engines without one and with the trace described above for all. */
export class DisposableStack implements Disposable {
  #resources: Resource[] = [];
  #isDisposed = false;
  readonly [Symbol.toStringTag] = 'DisposableStack';

  get disposed(): boolean {
    return this.#isDisposed;
  }

  use<T>(value: T): T {
    const dispose = disposerOf(value);
    if (dispose !== null) this.defer(dispose);
    return value;
  }

  adopt<T>(value: T, onDispose: (value: T) => void): T {
    this.defer(() => {
      onDispose(value);
    });
    return value;
  }

  defer(onDispose: () => void): void {
    this.#assertOpen();
    this.#resources.push({ dispose: onDispose, declaration: null });
  }

  move(): DisposableStack {
    this.#assertOpen();
    const moved = new DisposableStack();
    moved.#resources = this.#resources;
    this.#resources = [];
    this.#isDisposed = true;
    return moved;
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    disposeResources({ stack: this.#resources, error: undefined, hasError: false });
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #assertOpen(): void {
    if (this.#isDisposed) throw new ReferenceError('The stack has been disposed of.');
  }
}
