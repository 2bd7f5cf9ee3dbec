/** Starts, stops and asks for services. */
import koffi from 'koffi';

const advapi32 = koffi.load('advapi32.dll');
const OpenSCManagerW = advapi32.func('void *__stdcall OpenSCManagerW(str16 machine, str16 database, uint32 access)');
const OpenServiceW = advapi32.func('void *__stdcall OpenServiceW(void *manager, str16 name, uint32 access)');
const StartServiceW = advapi32.func('bool __stdcall StartServiceW(void *service, uint32 count, void *args)');
const ControlService = advapi32.func('bool __stdcall ControlService(void *service, uint32 control, void *status)');
const QueryServiceStatus = advapi32.func('bool __stdcall QueryServiceStatus(void *service, void *status)');
const CloseServiceHandle = advapi32.func('bool __stdcall CloseServiceHandle(void *h)');

const CONNECT = 1;
const STATES = ['stopped', 'starting', 'stopping', 'running', 'continuing', 'pausing', 'paused'] as const;
export type ServiceState = (typeof STATES)[number];

export class ServiceError extends Error {}

export function stateOf(name: string): ServiceState | null {
  const manager = OpenSCManagerW(null, null, CONNECT); // opens manager
  if (manager === null) throw new ServiceError('no access to the service manager');
  const service = OpenServiceW(manager, name, 4); // opens service
  if (service === null) {
    CloseServiceHandle(manager); // closes manager
    return null;
  }
  const status = Buffer.alloc(28);
  const isKnown = QueryServiceStatus(service, status) as boolean;
  CloseServiceHandle(service); // closes service
  CloseServiceHandle(manager); // closes manager
  return isKnown ? (STATES[status.readUInt32LE(4) - 1] ?? null) : null;
}

/** Opens a service and gives it to a function. */
function withService<T>(name: string, access: number, work: (service: unknown) => T): T {
  const scm = OpenSCManagerW(null, null, CONNECT); // opens scm
  if (scm === null) throw new ServiceError('no access to the service manager');
  try {
    const opened = OpenServiceW(scm, name, access); // opens opened
    if (opened === null) throw new ServiceError(`no service ${name}`);
    try {
      return work(opened);
    } finally {
      CloseServiceHandle(opened); // closes opened
    }
  } finally {
    CloseServiceHandle(scm); // closes scm
  }
}

export function start(name: string): boolean {
  return withService(name, 0x10, (service) => StartServiceW(service, 0, null) as boolean); // opens opened
}

export function stop(name: string): boolean {
  return withService(name, 0x20, (service) => ControlService(service, 1, Buffer.alloc(28)) as boolean); // opens opened
}

export async function restart(name: string): Promise<void> {
  stop(name);
  for (let turn = 0; turn < 50 && stateOf(name) !== 'stopped'; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (!start(name)) throw new ServiceError(`${name} does not start`);
}
