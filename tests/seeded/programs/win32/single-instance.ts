/** A named mutex keeps a second instance out; an event tells the first one that somebody tried. */
import koffi from 'koffi';

const lib = koffi.load('kernel32.dll');
const CreateMutexW = lib.func('CreateMutexW', 'void *', ['void *', 'bool', 'str16']);
const CreateEventW = lib.func('CreateEventW', 'void *', ['void *', 'bool', 'bool', 'str16']);
const OpenEventW = lib.func('OpenEventW', 'void *', ['uint32', 'bool', 'str16']);
const SetEvent = lib.func('SetEvent', 'bool', ['void *']);
const ReleaseMutex = lib.func('ReleaseMutex', 'bool', ['void *']);
const WaitForSingleObject = lib.func('WaitForSingleObject', 'uint32', ['void *', 'uint32']);
const DuplicateHandle = lib.func('DuplicateHandle', 'bool', ['void *', 'void *', 'void *', '_Out_ void **', 'uint32', 'bool', 'uint32']);
const GetCurrentProcess = lib.func('GetCurrentProcess', 'void *', []);
const GetLastError = lib.func('GetLastError', 'uint32', []);
const CloseHandle = lib.func('CloseHandle', 'bool', ['void *']);

const ERROR_ALREADY_EXISTS = 183;
const EVENT_MODIFY_STATE = 2;
const SAME_ACCESS = 2;

export function isRunning(name: string): boolean {
  const probe = CreateMutexW(null, false, `Local\\${name}`); // opens probe
  if (probe === null) return false;
  const isOther = GetLastError() === ERROR_ALREADY_EXISTS;
  CloseHandle(probe); // closes probe
  return isOther;
}

export function knock(name: string): void {
  const event = OpenEventW(EVENT_MODIFY_STATE, false, `Local\\${name}.knock`); // opens event
  if (event === null) return;
  SetEvent(event);
  CloseHandle(event); // closes event
}

export function runAlone(name: string, work: () => void): boolean {
  const mutex = CreateMutexW(null, true, `Local\\${name}`); // opens mutex
  if (mutex === null) return false;
  if (GetLastError() === ERROR_ALREADY_EXISTS) {
    CloseHandle(mutex); // closes mutex
    return false;
  }
  try {
    work();
  } finally {
    ReleaseMutex(mutex);
    CloseHandle(mutex); // closes mutex
  }
  return true;
}

/** Waits for an event and closes it: it is its caller's no more. */
function waitAndClose(event: unknown, milliseconds: number): boolean {
  const isSet = WaitForSingleObject(event, milliseconds) === 0;
  CloseHandle(event);
  return isSet;
}

/** Waits twice on one event: the waiter closes what it is given, so it gets a duplicate. */
export function waitTwice(milliseconds: number): boolean {
  const shared = CreateEventW(null, false, false, null); // opens shared
  if (shared === null) return false;
  const cell: [unknown] = [null];
  if (!DuplicateHandle(GetCurrentProcess(), shared, GetCurrentProcess(), cell, 0, false, SAME_ACCESS)) { // opens copy
    CloseHandle(shared); // closes shared
    return false;
  }
  const copy = cell[0];
  const isFirst = waitAndClose(copy, milliseconds); // passes copy for shared
  const isSecond = WaitForSingleObject(shared, milliseconds) === 0;
  CloseHandle(shared); // closes shared
  return isFirst && isSecond;
}
