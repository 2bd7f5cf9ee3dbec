/** A digest of each file in a tree. */
import { createHash } from 'node:crypto';
import { open, opendir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Digest {
  readonly path: string;
  readonly sha256: string;
}

export async function digestOf(path: string): Promise<Digest> {
  const file = await open(path, 'r'); // opens file
  try {
    const hash = createHash('sha256');
    const block = Buffer.allocUnsafe(65536);
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length, null);
      if (bytesRead === 0) break;
      hash.update(block.subarray(0, bytesRead));
    }
    return { path, sha256: hash.digest('hex') };
  } finally {
    await file.close(); // closes file
  }
}

export async function isEmpty(path: string): Promise<boolean> {
  const directory = await opendir(path); // opens directory
  const first = await directory.read();
  await directory.close(); // closes directory
  return first === null;
}

export async function digestsOf(root: string): Promise<Digest[]> {
  const digests: Digest[] = [];
  const directory = await opendir(root); // opens tree
  let entry = await directory.read();
  while (entry !== null) {
    const path = join(root, entry.name);
    if (entry.isDirectory()) digests.push(...(await digestsOf(path)));
    else if (entry.isFile()) digests.push(await digestOf(path));
    entry = await directory.read();
  }
  await directory.close(); // closes tree
  return digests;
}

/** The size as the file says it in its first four bytes, or null. */
export async function declaredSize(path: string): Promise<number | null> {
  const file = await open(path); // opens declared
  const head = Buffer.alloc(8);
  const { bytesRead } = await file.read(head, 0, 8, 0);
  if (bytesRead < 8) {
    await file.close(); // closes declared
    return null;
  }
  const isRiff = head.toString('latin1', 0, 4) === 'RIFF';
  await file.close(); // closes declared
  return isRiff ? head.readUInt32LE(4) : null;
}

export async function writeReport(root: string, to: string): Promise<void> {
  const digests = await digestsOf(root);
  const lines = digests.map(({ path, sha256 }) => `${sha256}  ${path}`);
  await writeFile(to, `${lines.join('\n')}\n`);
}
