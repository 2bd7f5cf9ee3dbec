/** One process at a time: a file with the number of the process that runs. */
import * as fs from 'node:fs';

export interface LockOptions {
  readonly file: string;
  readonly isForced?: boolean;
  readonly isVerbose?: boolean;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function ownerOf(file: string): number | null {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r'); // opens fd
  } catch {
    return null;
  }
  const buffer = Buffer.alloc(16);
  const count = fs.readSync(fd, buffer, 0, 16, 0);
  fs.closeSync(fd); // closes fd
  const pid = Number.parseInt(buffer.toString('ascii', 0, count), 10);
  return Number.isNaN(pid) ? null : pid;
}

export function acquire(options: LockOptions): boolean {
  const owner = ownerOf(options.file);
  if (owner !== null && isAlive(owner) && options.isForced !== true) {
    if (options.isVerbose === true) console.log(`${options.file} belongs to ${owner}`);
    return false;
  }
  const lock = fs.openSync(options.file, options.isForced === true ? 'w' : 'wx'); // opens lock
  fs.writeSync(lock, `${process.pid}\n`);
  if (options.isVerbose === true) console.log('locked by', process.pid, lock);
  fs.fsyncSync(lock);
  fs.closeSync(lock); // closes lock
  return true;
}

export function release({ file }: LockOptions): void {
  if (ownerOf(file) === process.pid) fs.rmSync(file, { force: true });
}

/** Waits until the file can be opened for writing alone. */
export async function waitFor(file: string, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    let probe: fs.promises.FileHandle | undefined;
    try {
      probe = await fs.promises.open(file, 'r+'); // opens probe
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await probe?.close(); // closes probe
    }
  }
  return false;
}
