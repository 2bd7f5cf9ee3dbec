/** `copy-files FROM… TO`: copies in blocks, and says how far it is. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';

const BLOCK = 1 << 20;

export interface Progress {
  (file: string, done: number, total: number): void;
}

export function copyFile(from: string, to: string, progress: Progress): number {
  const source = openSync(from, 'r'); // opens source
  let target: number | undefined;
  try {
    target = openSync(to, 'w', 0o644); // opens target
    const { size } = fstatSync(source);
    ftruncateSync(target, size);
    const block = Buffer.allocUnsafe(BLOCK);
    let done = 0;
    for (;;) {
      const count = readSync(source, block, 0, BLOCK, done);
      if (count === 0) break;
      writeSync(target, block, 0, count, done);
      done += count;
      progress(basename(from), done, size);
    }
    return done;
  } finally {
    closeSync(source); // closes source
    if (target !== undefined) closeSync(target); // closes target
  }
}

/** Writes beside the file and puts it in its place when all is there. */
export function replaceFile(file: string, parts: readonly Uint8Array[]): void {
  const temporary = `${file}.tmp`;
  const out = openSync(temporary, 'w'); // opens out
  try {
    for (const part of parts) writeSync(out, part);
  } catch (error) {
    closeSync(out); // closes out
    unlinkSync(temporary);
    throw error;
  }
  closeSync(out); // closes out
  renameSync(temporary, file);
}

function sameStart(a: number, b: number, length: number): boolean {
  const [left, right] = [Buffer.alloc(length), Buffer.alloc(length)];
  readSync(a, left, 0, length, 0);
  readSync(b, right, 0, length, 0);
  return left.equals(right);
}

export function isSameFile(one: string, other: string): boolean {
  const a = openSync(one, 'r'); // opens a
  const b = openSync(other, 'r'); // opens b
  const isSame = fstatSync(a).size === fstatSync(b).size && sameStart(a, b, 4096);
  closeSync(a); // closes a
  closeSync(b); // closes b
  return isSame;
}

export function main(args: readonly string[]): number {
  const to = args.at(-1);
  if (to === undefined || args.length < 2) {
    console.error('usage: copy-files FROM… TO');
    return 2;
  }
  let failed = 0;
  for (const from of args.slice(0, -1)) {
    try {
      copyFile(from, join(to, basename(from)), (file, done, total) => {
        process.stderr.write(`\r${file}: ${done} of ${total}`);
      });
    } catch (error) {
      failed++;
      console.error(`${from}: ${String(error)}`);
    }
  }
  return failed > 0 ? 1 : 0;
}
