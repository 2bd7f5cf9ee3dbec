/** Objects that own a file, and close it when they are disposed of. */
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';

export class Spool implements Disposable {
  readonly #fd: number;
  #lines = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'a+');
  }

  add(line: string): void {
    writeSync(this.#fd, `${line}\n`);
    this.#lines++;
  }

  get lines(): number {
    return this.#lines;
  }

  size(): number {
    return fstatSync(this.#fd).size;
  }

  read(length: number): string {
    const buffer = Buffer.alloc(length);
    return buffer.toString('utf8', 0, readSync(this.#fd, buffer, 0, length, 0));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

export function spoolAll(path: string, lines: readonly string[]): number {
  const spool = new Spool(path); // opens spool
  for (const line of lines) spool.add(line);
  const size = spool.size();
  spool[Symbol.dispose](); // closes spool
  return size;
}

export function preview(path: string, length: number): string | null {
  if (!existsSync(path)) return null;
  const shown = new Spool(path); // opens shown
  try {
    return shown.size() === 0 ? null : shown.read(length);
  } finally {
    shown[Symbol.dispose](); // closes shown
  }
}

export function rotate(path: string, limit: number): boolean {
  const checked = new Spool(path); // opens checked
  const isLong = checked.size() > limit;
  checked[Symbol.dispose](); // closes checked
  if (isLong) renameSync(path, `${path}.1`);
  return isLong;
}

export function scoped(path: string, line: string): number {
  using spool = new Spool(path);
  spool.add(line);
  return spool.lines;
}
