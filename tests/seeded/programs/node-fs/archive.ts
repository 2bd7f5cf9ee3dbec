/** Looks into a simple archive: a head, a table of entries, and their bytes. */
import { closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';

const MAGIC = 0x31524b41;
const ENTRY = 40;

export interface Entry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

export class BadArchive extends Error {}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const count = readSync(fd, buffer, 0, length, position);
  return buffer.subarray(0, count);
}

function tableOf(fd: number): Entry[] | null {
  const head = readAt(fd, 0, 8);
  if (head.length < 8 || head.readUInt32LE(0) !== MAGIC) return null;
  const entries: Entry[] = [];
  for (let index = 0; index < head.readUInt32LE(4); index++) {
    const row = readAt(fd, 8 + index * ENTRY, ENTRY);
    const name = row.toString('utf8', 0, 32).replace(/\0+$/, '');
    entries.push({ name, offset: row.readUInt32LE(32), size: row.readUInt32LE(36) });
  }
  return entries;
}

export function list(file: string): Entry[] {
  const fd = openSync(file, 'r'); // opens fd
  const entries = tableOf(fd);
  if (entries === null) {
    closeSync(fd); // closes fd
    throw new BadArchive(file);
  }
  closeSync(fd); // closes fd
  return entries;
}

export function extract(file: string, name: string, to: string): boolean {
  if (!existsSync(file)) return false;
  const archive = openSync(file, 'r'); // opens archive
  try {
    const entry = tableOf(archive)?.find((each) => each.name === name);
    if (entry === undefined) return false;
    writeFileSync(to, readAt(archive, entry.offset, entry.size));
    return true;
  } finally {
    closeSync(archive); // closes archive
  }
}

/** Opens what there is: the archive itself, or its old name. */
export function sizeOf(file: string): number {
  let found: number;
  try {
    found = openSync(file, 'r'); // opens found
  } catch {
    found = openSync(`${file}.old`, 'r'); // opens found
  }
  const { size } = fstatSync(found);
  closeSync(found); // closes found
  return size;
}
