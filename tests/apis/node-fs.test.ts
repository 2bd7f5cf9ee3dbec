/** What apis/node-fs.ts says of handles, tried on Node itself. */
import fs from 'node:fs';
import fsp, { type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const self = fileURLToPath(import.meta.url);

const coded = (code: string) => expect.objectContaining({ code }) as Error;

/** Whether a descriptor is open, as long as nothing else is opened. */
function isOpen(fd: number): boolean {
  try {
    fs.fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

let scratch: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'node-fs-'));
});
afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

describe('a descriptor', () => {
  it('is closed once, and dead afterwards', () => {
    const fd = fs.openSync(self, 'r');
    fs.closeSync(fd);
    expect(() => fs.fstatSync(fd)).toThrow(coded('EBADF'));
    expect(() => fs.readFileSync(fd)).toThrow(coded('EBADF'));
    expect(() => {
      fs.closeSync(fd);
    }).toThrow(coded('EBADF'));
  });

  it('comes with no error, and an error with no descriptor', async () => {
    const opened = await new Promise<unknown[]>((resolve) => {
      fs.open(self, (...all) => {
        resolve(all);
      });
    });
    expect(opened).toEqual([null, expect.any(Number)]);
    const fd = opened[1] as number;
    const closing = () => new Promise((resolve) => fs.close(fd, resolve));
    expect(await closing()).toBeNull();
    expect(await closing()).toEqual(coded('EBADF'));
    const failed = await new Promise<unknown[]>((resolve) => {
      fs.open(`${scratch}/none`, (...all) => {
        resolve(all);
      });
    });
    expect(failed).toEqual([coded('ENOENT')]);
  });

  it('is left open by what also takes a path', async () => {
    const fd = fs.openSync(`${scratch}/text`, 'w+');
    fs.writeFileSync(fd, 'a');
    fs.appendFileSync(fd, 'b');
    fs.readFileSync(fd);
    await new Promise((resolve) => {
      fs.readFile(fd, resolve);
    });
    expect(isOpen(fd)).toBe(true);
    fs.closeSync(fd);
  });

  it('is closed by a stream that has it, unless it is told not to', async () => {
    const taken = fs.openSync(self, 'r');
    await readAll(fs.createReadStream('', { fd: taken }));
    const kept = fs.openSync(self, 'r');
    await readAll(fs.createReadStream('', { fd: kept, autoClose: false }));
    expect(isOpen(kept)).toBe(true);
    fs.closeSync(kept);
    expect(isOpen(taken)).toBe(false);
    const destroyed = fs.openSync(self, 'r');
    const stream = Reflect.construct(fs.ReadStream, ['', { fd: destroyed }]) as fs.ReadStream;
    stream.destroy();
    await finished(stream).catch(() => {});
    expect(isOpen(destroyed)).toBe(false);
  });

  it('that is closed under a stream fails the stream', async () => {
    const fd = fs.openSync(`${scratch}/out`, 'w');
    const stream = fs.createWriteStream('', { fd });
    stream.write('a');
    fs.closeSync(fd);
    stream.end();
    await expect(finished(stream)).rejects.toEqual(coded('EBADF'));
  });
});

describe('a file handle', () => {
  it('may be closed again, and is dead all the same', async () => {
    const file = await fsp.open(self);
    await Promise.all([file.close(), file.close()]);
    await file[Symbol.asyncDispose]();
    expect(file.fd).toBe(-1);
    await expect(file.stat()).rejects.toEqual(coded('EBADF'));
  });

  it('is left open by reading all of it', async () => {
    const file = await fsp.open(self);
    await file.readFile();
    await fsp.readFile(file);
    await readAll(file.readableWebStream() as AsyncIterable<unknown>);
    expect(file.fd).toBeGreaterThan(-1);
    await file.close();
  });

  const streams: Record<string, (file: FileHandle) => Promise<unknown>> = {
    createReadStream: (file) => readAll(file.createReadStream()),
    createWriteStream: (file) => pipeline(['a'], file.createWriteStream()),
    readLines: (file) => readAll(file.readLines()),
    'createReadStream of fs': (file) => readAll(fs.createReadStream('', { fd: file })),
  };

  it.each(Object.entries(streams))('is closed at the end of %s', async (_, run) => {
    const file = await fsp.open(`${scratch}/streamed`, 'w+');
    await run(file);
    expect(file.fd).toBe(-1);
  });

  it('is left open where the stream is told so', async () => {
    const file = await fsp.open(self);
    await readAll(file.createReadStream({ autoClose: false }));
    expect(file.fd).toBeGreaterThan(-1);
    await file.close();
  });
});

describe('a directory', () => {
  it('is closed once, and dead afterwards', async () => {
    const dir = await fsp.opendir(here);
    await dir.close();
    await expect(dir.close()).rejects.toEqual(coded('ERR_DIR_CLOSED'));
    expect(() => dir.readSync()).toThrow(coded('ERR_DIR_CLOSED'));
    expect(() => {
      dir.closeSync();
    }).toThrow(coded('ERR_DIR_CLOSED'));
  });

  it('is left open by reading to its end', () => {
    const dir = fs.opendirSync(scratch);
    while (dir.readSync() !== null);
    dir.closeSync();
  });

  it.each([true, false])('is closed by iterating, left early: %s', async (isLeft) => {
    const dir = await fsp.opendir(here);
    for await (const entry of dir) if (isLeft && entry.name !== '') break;
    await expect(dir.close()).rejects.toEqual(coded('ERR_DIR_CLOSED'));
  });
});
