/** Sends control codes to a device. */
import koffi from 'koffi';

const kernel32 = koffi.load('kernel32.dll');
const CreateFileW = kernel32.func('void *__stdcall CreateFileW(str16 name, uint32 access, uint32 share, void *security, uint32 how, uint32 flags, void *template)');
const DeviceIoControl = kernel32.func('bool __stdcall DeviceIoControl(void *device, uint32 code, void *in, uint32 inSize, void *out, uint32 outSize, _Out_ uint32 *returned, void *overlapped)');
const CloseHandle = kernel32.func('bool __stdcall CloseHandle(void *h)');
const GetLastError = kernel32.func('uint32 __stdcall GetLastError()');

const GENERIC_READ = 0x80000000;
const OPEN_EXISTING = 3;
const IOCTL_DISK_GET_LENGTH_INFO = 0x0007405c;
const IOCTL_STORAGE_EJECT_MEDIA = 0x002d4808;
const INVALID = 0xffffffffffffffffn;

type Handle = unknown;

function isInvalid(handle: Handle): boolean {
  return koffi.address(handle) === INVALID;
}

export class Win32Error extends Error {
  constructor(what: string) {
    super(`${what} failed with ${String(GetLastError())}`);
  }
}

export function lengthOf(disk: number): bigint {
  const device = CreateFileW(`\\\\.\\PhysicalDrive${disk}`, GENERIC_READ, 3, null, OPEN_EXISTING, 0, null); // opens device
  if (device === null) throw new Win32Error('CreateFile');
  const out = Buffer.alloc(8);
  const returned = [0];
  const isDone = DeviceIoControl(device, IOCTL_DISK_GET_LENGTH_INFO, null, 0, out, 8, returned, null);
  CloseHandle(device); // closes device
  if (!isDone) throw new Win32Error('DeviceIoControl');
  return out.readBigInt64LE(0);
}

export function eject(letter: string): boolean {
  const volume = CreateFileW(`\\\\.\\${letter}:`, GENERIC_READ, 3, null, OPEN_EXISTING, 0, null); // opens volume
  if (volume === null) return false;
  try {
    return DeviceIoControl(volume, IOCTL_STORAGE_EJECT_MEDIA, null, 0, null, 0, [0], null) as boolean;
  } finally {
    CloseHandle(volume); // closes volume
  }
}

export class Device {
  readonly #handle: Handle;

  private constructor(handle: Handle) {
    this.#handle = handle;
  }

  static open(path: string): Device | null {
    const handle = CreateFileW(path, GENERIC_READ, 0, null, OPEN_EXISTING, 0, null);
    return handle === null || isInvalid(handle) ? null : new Device(handle);
  }

  control(code: number, input: Buffer): Buffer {
    const out = Buffer.alloc(4096);
    const returned: [number] = [0];
    if (!DeviceIoControl(this.#handle, code, input, input.length, out, out.length, returned, null)) {
      throw new Win32Error('DeviceIoControl');
    }
    return out.subarray(0, returned[0]);
  }

  [Symbol.dispose](): void {
    CloseHandle(this.#handle);
  }
}

/** Which of these codes the device knows. */
export function knownCodes(path: string, codes: readonly number[]): number[] {
  const probed = CreateFileW(path, 0, 3, null, OPEN_EXISTING, 0, null); // opens probed
  if (!probed) return [];
  const known: number[] = [];
  for (const code of codes) {
    if (DeviceIoControl(probed, code, null, 0, null, 0, [0], null)) known.push(code);
  }
  CloseHandle(probed); // closes probed
  return known;
}
