/** Appends to a log file and starts a new one when it gets too long. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface RotatorOptions {
  readonly directory: string;
  readonly name: string;
  readonly maxBytes: number;
  readonly keep: number;
}

export class LogRotator {
  readonly #options: RotatorOptions;
  #fd: number | null = null;
  #size = 0;

  constructor(options: RotatorOptions) {
    this.#options = options;
    fs.mkdirSync(options.directory, { recursive: true });
  }

  write(line: string): void {
    if (this.#fd === null) this.#open();
    if (this.#fd === null) return;
    this.#size += fs.writeSync(this.#fd, `${line}\n`);
    if (this.#size >= this.#options.maxBytes) this.#rotate();
  }

  #open(): void {
    const fd = fs.openSync(this.#file(0), 'a');
    this.#size = fs.fstatSync(fd).size;
    this.#fd = fd;
  }

  #rotate(): void {
    this.close();
    for (let index = this.#options.keep - 1; index >= 0; index--) {
      const from = this.#file(index);
      if (fs.existsSync(from)) fs.renameSync(from, this.#file(index + 1));
    }
  }

  #file(index: number): string {
    const { directory, name } = this.#options;
    return path.join(directory, index === 0 ? `${name}.log` : `${name}.${index}.log`);
  }

  close(): void {
    if (this.#fd === null) return;
    fs.closeSync(this.#fd);
    this.#fd = null;
  }
}

/** The last lines of a file, read from its end. */
export function lastLines(file: string, count: number): string[] {
  const fd = fs.openSync(file, 'r'); // opens fd
  const { size } = fs.fstatSync(fd);
  const chunk = Buffer.alloc(Math.min(size, 64 * 1024));
  if (size === 0) {
    fs.closeSync(fd); // closes fd
    return [];
  }
  fs.readSync(fd, chunk, 0, chunk.length, size - chunk.length);
  fs.closeSync(fd); // closes fd
  return chunk.toString('utf8').split('\n').slice(-count);
}

/** Writes a marker beside the log, so that other programs see that it is in use. */
export function touchMarker(directory: string, text: string): boolean {
  const file = path.join(directory, '.in-use');
  let marker: number;
  try {
    marker = fs.openSync(file, 'wx'); // opens marker
  } catch {
    return false;
  }
  try {
    fs.writeSync(marker, text);
    fs.fsyncSync(marker);
  } finally {
    fs.closeSync(marker); // closes marker
  }
  return true;
}
