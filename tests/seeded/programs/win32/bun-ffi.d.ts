/** As much of Bun's module as the programs use. */
declare module 'bun:ffi' {
  type Pointer = number & { readonly __pointer: unique symbol };
  type Values = { ptr: Pointer | null; u32: number; i32: number; i64: bigint };
  type Type = keyof Values;
  interface Signature {
    readonly args: readonly Type[];
    readonly returns: Type;
  }
  type Parameters<T extends readonly Type[]> = { [K in keyof T]: Values[T[K]] };
  export function dlopen<const T extends Record<string, Signature>>(
    path: string,
    symbols: T,
  ): { symbols: { [K in keyof T]: (...args: Parameters<T[K]['args']>) => Values[T[K]['returns']] } };
  export function ptr(buffer: Uint8Array): Pointer;
}
