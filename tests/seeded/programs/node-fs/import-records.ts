/** Reads records of a fixed length, in the style of callbacks. */
import fs from 'node:fs';

const LENGTH = 64;

export interface Record {
  readonly id: number;
  readonly name: string;
}

type Callback<T> = (error: Error | null, value?: T) => void;

function parse(buffer: Buffer): Record {
  return { id: buffer.readUInt32LE(0), name: buffer.toString('utf8', 4, LENGTH).replace(/\0+$/, '') };
}

export function readRecord(file: string, index: number, callback: Callback<Record>): void {
  fs.open(file, 'r', (error, fd) => { // opens fd
    if (error) {
      callback(error);
      return;
    }
    const buffer = Buffer.alloc(LENGTH);
    try {
      const count = fs.readSync(fd, buffer, 0, LENGTH, index * LENGTH);
      if (count < LENGTH) {
        callback(new Error(`There is no record ${index}`));
        return;
      }
    } finally {
      fs.closeSync(fd); // closes fd
    }
    callback(null, parse(buffer));
  });
}

export function countRecords(file: string, callback: Callback<number>): void {
  fs.open(file, 'r', (error, counted) => { // opens counted
    if (error) {
      callback(error);
      return;
    }
    const { size } = fs.fstatSync(counted);
    fs.closeSync(counted); // closes counted
    callback(null, Math.floor(size / LENGTH));
  });
}

export function append(file: string, record: Record): number {
  let out: number | null = null;
  try {
    out = fs.openSync(file, 'a'); // opens out
    const buffer = Buffer.alloc(LENGTH);
    buffer.writeUInt32LE(record.id, 0);
    buffer.write(record.name, 4, 'utf8');
    return fs.writeSync(out, buffer);
  } catch (error) {
    console.error('cannot append', error);
    return 0;
  } finally {
    if (out !== null) fs.closeSync(out); // closes out
  }
}
