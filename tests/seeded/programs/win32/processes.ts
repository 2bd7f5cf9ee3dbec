/** Lists, waits for and ends processes. */
import koffi from 'koffi';

const kernel32 = koffi.load('kernel32.dll');
const OpenProcess = kernel32.func('OpenProcess', 'void *', ['uint32', 'bool', 'uint32']);
const CreateToolhelp32Snapshot = kernel32.func('CreateToolhelp32Snapshot', 'void *', ['uint32', 'uint32']);
const Process32FirstW = kernel32.func('Process32FirstW', 'bool', ['void *', 'void *']);
const Process32NextW = kernel32.func('Process32NextW', 'bool', ['void *', 'void *']);
const WaitForSingleObject = kernel32.func('WaitForSingleObject', 'uint32', ['void *', 'uint32']);
const TerminateProcess = kernel32.func('TerminateProcess', 'bool', ['void *', 'uint32']);
const GetExitCodeProcess = kernel32.func('GetExitCodeProcess', 'bool', ['void *', '_Out_ uint32 *']);
const QueryFullProcessImageNameW = kernel32.func('QueryFullProcessImageNameW', 'bool', ['void *', 'uint32', 'void *', '_Inout_ uint32 *']);
const CloseHandle = kernel32.func('CloseHandle', 'bool', ['void *']);

const SNAP_PROCESS = 2;
const SYNCHRONIZE = 0x00100000;
const TERMINATE = 1;
const QUERY_LIMITED = 0x1000;

export function pids(): number[] {
  const snapshot = CreateToolhelp32Snapshot(SNAP_PROCESS, 0); // opens snapshot
  if (snapshot === null) return [];
  const found: number[] = [];
  const entry = Buffer.alloc(568);
  entry.writeUInt32LE(entry.length, 0);
  let hasMore = Process32FirstW(snapshot, entry) as boolean;
  while (hasMore) {
    found.push(entry.readUInt32LE(8));
    hasMore = Process32NextW(snapshot, entry) as boolean;
  }
  CloseHandle(snapshot); // closes snapshot
  return found;
}

export function pathOf(pid: number): string | null {
  const handle = OpenProcess(QUERY_LIMITED, false, pid); // opens handle
  if (handle === null) return null;
  const buffer = Buffer.alloc(1024);
  const size: [number] = [512];
  const isKnown = QueryFullProcessImageNameW(handle, 0, buffer, size) as boolean;
  CloseHandle(handle); // closes handle
  return isKnown ? buffer.toString('utf16le', 0, size[0] * 2) : null;
}

export function waitFor(pid: number, milliseconds: number): number | null {
  const waited = OpenProcess(SYNCHRONIZE | QUERY_LIMITED, false, pid); // opens waited
  if (!waited) return null;
  if (WaitForSingleObject(waited, milliseconds) !== 0) {
    CloseHandle(waited); // closes waited
    return null;
  }
  const code: [number] = [0];
  GetExitCodeProcess(waited, code);
  CloseHandle(waited); // closes waited
  return code[0];
}

export function kill(pid: number): void {
  let victim: unknown = null;
  try {
    victim = OpenProcess(TERMINATE, false, pid); // opens victim
    if (victim === null) throw new Error(`There is no process ${pid}, or it is not ours`);
    if (!TerminateProcess(victim, 1)) throw new Error(`Process ${pid} cannot be ended`);
  } finally {
    if (victim !== null) CloseHandle(victim); // closes victim
  }
}

export function killAll(name: string): number {
  let count = 0;
  for (const pid of pids()) {
    if (pathOf(pid)?.endsWith(name) !== true) continue;
    kill(pid);
    count++;
  }
  return count;
}
