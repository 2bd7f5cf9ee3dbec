/** A way to close a handle that a program can write down: `close(h)`, `h.close()`, or `h[Symbol.dispose]()` as `@@dispose`. */
export interface Closing {
  readonly kind: 'function' | 'method';
  readonly name: string;
  readonly isAsync: boolean;
}
