/** Follows a file as it grows. */
import { open, stat, type FileHandle } from 'node:fs/promises';

export class Tail {
  #file: FileHandle | null = null;
  #position = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async poll(): Promise<string> {
    const { size } = await stat(this.#path);
    if (size < this.#position) await this.stop();
    this.#file ??= await open(this.#path, 'r');
    const length = size - this.#position;
    if (length <= 0) return '';
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(buffer, 0, length, this.#position);
    this.#position += bytesRead;
    return buffer.toString('utf8', 0, bytesRead);
  }

  async stop(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    this.#position = 0;
  }
}

export async function firstLine(path: string): Promise<string | undefined> {
  const file = await open(path); // opens file
  const buffer = Buffer.alloc(1024);
  const { bytesRead } = await file.read(buffer, 0, 1024, 0);
  await file.close(); // closes file
  return buffer.toString('utf8', 0, bytesRead).split('\n')[0];
}

export async function isGrowing(path: string): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r'); // opens handle
    const before = await handle.stat();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const after = await handle.stat();
    return after.size > before.size;
  } finally {
    await handle?.close(); // closes handle
  }
}

export async function appendLine(path: string, line: string, isDurable: boolean): Promise<void> {
  const out = await open(path, 'a'); // opens out
  await out.appendFile(`${line}\n`);
  if (isDurable) await out.sync();
  await out.close(); // closes out
}

export async function merge(paths: readonly string[], to: string): Promise<number> {
  const target = await open(to, 'w'); // opens target
  let written = 0;
  for (const path of paths) {
    const source = await open(path, 'r'); // opens source
    const text = await source.readFile('utf8');
    await source.close(); // closes source
    written += (await target.write(text)).bytesWritten;
  }
  await target.close(); // closes target
  return written;
}
