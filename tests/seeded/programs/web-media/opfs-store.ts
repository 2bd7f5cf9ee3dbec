/** Stores values in files of the origin, in a worker. */
async function fileOf(name: string): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getFileHandle(name, { create: true });
}

export async function save(name: string, value: unknown): Promise<number> {
  const file = await fileOf(name);
  const access = await file.createSyncAccessHandle(); // opens access
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  access.truncate(0);
  const written = access.write(bytes, { at: 0 });
  access.flush();
  access.close(); // closes access
  return written;
}

export async function load(name: string): Promise<unknown> {
  const root = await navigator.storage.getDirectory();
  const file = await root.getFileHandle(name);
  const reader = await file.createSyncAccessHandle(); // opens reader
  const size = reader.getSize();
  if (size === 0) {
    reader.close(); // closes reader
    return null;
  }
  const bytes = new Uint8Array(size);
  reader.read(bytes, { at: 0 });
  reader.close(); // closes reader
  return JSON.parse(new TextDecoder().decode(bytes));
}

export async function append(name: string, line: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const file = await root.getFileHandle(name, { create: true });
  const log = await file.createSyncAccessHandle(); // opens log
  try {
    log.write(new TextEncoder().encode(`${line}\n`), { at: log.getSize() });
  } finally {
    log.close(); // closes log
  }
}

export async function exportTo(file: FileSystemFileHandle, parts: readonly Blob[]): Promise<void> {
  const writable = await file.createWritable(); // opens writable
  for (const part of parts) await writable.write(part);
  await writable.close(); // closes writable
}
