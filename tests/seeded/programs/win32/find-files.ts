/** Searches and locks under Bun. */
import { dlopen, ptr } from 'bun:ffi';

const { symbols: kernel32 } = dlopen('kernel32.dll', {
  FindFirstFileW: { args: ['ptr', 'ptr'], returns: 'i64' },
  FindNextFileW: { args: ['i64', 'ptr'], returns: 'i32' },
  FindClose: { args: ['i64'], returns: 'i32' },
  CreateFileW: { args: ['ptr', 'u32', 'u32', 'ptr', 'u32', 'u32', 'ptr'], returns: 'i64' },
  GetFileSize: { args: ['i64', 'ptr'], returns: 'u32' },
  LockFile: { args: ['i64', 'u32', 'u32', 'u32', 'u32'], returns: 'i32' },
  UnlockFile: { args: ['i64', 'u32', 'u32', 'u32', 'u32'], returns: 'i32' },
  CloseHandle: { args: ['i64'], returns: 'i32' },
});

const INVALID_HANDLE_VALUE = -1n;
const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');

function nameOf(data: Buffer): string {
  const text = data.toString('utf16le', 44, 44 + 520);
  return text.slice(0, text.indexOf('\0'));
}

export function glob(pattern: string): string[] {
  const data = Buffer.alloc(592);
  const search = kernel32.FindFirstFileW(ptr(wide(pattern)), ptr(data)); // opens search
  if (search === INVALID_HANDLE_VALUE) return [];
  const names: string[] = [];
  do {
    names.push(nameOf(data));
  } while (kernel32.FindNextFileW(search, ptr(data)) !== 0);
  kernel32.FindClose(search); // closes search
  return names;
}

export function exists(pattern: string): boolean {
  const data = Buffer.alloc(592);
  const found = kernel32.FindFirstFileW(ptr(wide(pattern)), ptr(data)); // opens found
  if (found === INVALID_HANDLE_VALUE) return false;
  kernel32.FindClose(found); // closes found
  return true;
}

export function sizeOf(path: string): number | null {
  const file = kernel32.CreateFileW(ptr(wide(path)), 0x80000000, 1, null, 3, 0, null); // opens file
  if (file === INVALID_HANDLE_VALUE) return null;
  try {
    return kernel32.GetFileSize(file, null);
  } finally {
    kernel32.CloseHandle(file); // closes file
  }
}

export function withLock<T>(path: string, work: () => T): T | null {
  const locked = kernel32.CreateFileW(ptr(wide(path)), 0xc0000000, 3, null, 4, 0, null); // opens locked
  if (locked === INVALID_HANDLE_VALUE) return null;
  if (kernel32.LockFile(locked, 0, 0, 1, 0) === 0) {
    kernel32.CloseHandle(locked); // closes locked
    return null;
  }
  try {
    return work();
  } finally {
    kernel32.UnlockFile(locked, 0, 0, 1, 0);
    kernel32.CloseHandle(locked); // closes locked
  }
}
