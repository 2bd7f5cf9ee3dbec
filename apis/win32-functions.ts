/**
 * Win32 functions by their names, whichever library calls them. Evidence for each line stands in docs/apis/win32.md.
 *
 * A binding decides how NULL and INVALID_HANDLE_VALUE look (`null`, `0`, `0n`, `-1`, `18446744073709551615n`),
 * so a failure is `'unknown'` wherever a handle is the result.
 */
import type { Effect, OperationDescription } from './schema.ts';
import { KINDS } from './win32-kinds.ts';
import type { Kind } from './win32-kinds.ts';

export type Operations = Readonly<Record<string, OperationDescription>>;

/* ------------------------------------------------------------------ names */

/** The forms of a function that takes text: `CreateFileA`, `CreateFileW` and the macro `CreateFile`. */
const withText = (...names: string[]): string[] => names.flatMap((name) => [name, `${name}A`, `${name}W`]);

export function operations(names: readonly string[], operation: OperationDescription): Operations {
  return Object.fromEntries(names.map((name) => [name, operation]));
}

/* ------------------------------------------------------------------ what makes handles */

const acquires = (kind: Kind): OperationDescription => ({
  effects: [{ do: 'acquire', to: 'result', kind, failure: 'unknown' }],
  throws: 'never',
});

/** Made of another handle, which is needed and stays its owner's. Where NULL or -1 stands for none, there is none. */
const acquiresFrom = (kind: Kind): OperationDescription => ({
  effects: [
    { do: 'acquire', to: 'result', kind, failure: 'unknown' },
    { do: 'use', on: 'arg0' },
  ],
  throws: 'never',
});

const lends = (kind: Kind): OperationDescription => ({
  effects: [{ do: 'lend', to: 'result', kind }],
  throws: 'never',
});

/** A handle in the out-cell of one argument, and a BOOL as the result. */
const acquiresTo = (to: string, kind: Kind, ...more: Effect[]): OperationDescription => ({
  effects: [{ do: 'acquire', to, kind, failure: 'unchanged' }, ...more],
  returns: 'bool',
  throws: 'never',
});

/** A use of an argument that is not there, which makes the call fail. */
const fails: Effect = { do: 'use', on: 'arg15' };

/** Two handles, or none: what comes of the call says whether both are there. */
const acquiresBoth = (first: string, second: string, ...more: Effect[]): OperationDescription => ({
  effects: [
    {
      do: 'either',
      ways: [
        [fails],
        [
          { do: 'acquire', to: first, kind: 'handle', failure: 'throws' },
          { do: 'acquire', to: second, kind: 'handle', failure: 'throws' },
        ],
      ],
    },
    ...more,
  ],
  returns: 'bool',
  throws: 'never',
});

/** The result is a status that is 0 on success. */
const acquiresKey = (to: string): OperationDescription => ({
  effects: [
    { do: 'acquire', to, kind: 'key', failure: 'unchanged' },
    { do: 'use', on: 'arg0' },
  ],
  returns: 'status',
  throws: 'never',
});

const RESULTS: readonly (readonly [Kind, readonly string[]])[] = [
  [
    'handle',
    [
      ...withText(
        'CreateFile',
        'CreateFileTransacted',
        'CreateNamedPipe',
        'CreateMailslot',
        'CreateEvent',
        'CreateEventEx',
        'OpenEvent',
        'CreateMutex',
        'CreateMutexEx',
        'OpenMutex',
        'CreateSemaphore',
        'CreateSemaphoreEx',
        'OpenSemaphore',
        'CreateWaitableTimer',
        'CreateWaitableTimerEx',
        'OpenWaitableTimer',
        'OpenFileMapping',
        'CreateJobObject',
        'OpenJobObject',
      ),
      'CreateFile2',
      'CreateConsoleScreenBuffer',
      'CreateToolhelp32Snapshot',
      'OpenProcess',
      'OpenThread',
      'CreateThread',
    ],
  ],
  ['search', withText('FindFirstFile', 'FindFirstFileEx', 'FindFirstStream', 'FindFirstFileName')],
  ['change', withText('FindFirstChangeNotification')],
  ['volumeSearch', withText('FindFirstVolume')],
  ['deviceSet', withText('SetupDiGetClassDevs', 'SetupDiGetClassDevsEx')],
  ['module', withText('LoadLibrary', 'LoadLibraryEx')],
  ['windowDc', ['GetDC', 'GetDCEx', 'GetWindowDC']],
  ['memoryDc', withText('CreateDC')],
  [
    'gdiObject',
    [
      ...withText('CreateFont', 'CreateFontIndirect'),
      'CreatePen',
      'CreatePenIndirect',
      'ExtCreatePen',
      'CreateSolidBrush',
      'CreateHatchBrush',
      'CreateBrushIndirect',
      'CreateBitmap',
      'CreateBitmapIndirect',
      'CreateRectRgn',
      'CreateRectRgnIndirect',
      'CreateEllipticRgn',
      'CreateRoundRectRgn',
      'CreatePolygonRgn',
      'CreatePalette',
    ],
  ],
  ['icon', ['CreateIconFromResource', 'CreateIconFromResourceEx']],
  ['menu', ['CreateMenu', 'CreatePopupMenu']],
  ['socket', ['socket', ...withText('WSASocket')]],
  ['service', withText('OpenSCManager')],
  ['hook', withText('SetWindowsHookEx')],
  ['eventHook', ['SetWinEventHook']],
  ['desktop', withText('OpenDesktop', 'CreateDesktop', 'CreateDesktopEx').concat('OpenInputDesktop')],
  ['windowStation', withText('OpenWindowStation', 'CreateWindowStation')],
  ['localMemory', ['LocalAlloc']],
  ['globalMemory', ['GlobalAlloc']],
];

const MADE_OF_OTHERS: typeof RESULTS = [
  [
    'handle',
    [
      ...withText('CreateFileMapping'),
      'OpenFileById',
      'ReOpenFile',
      'CreateRemoteThread',
      'CreateRemoteThreadEx',
    ],
  ],
  ['memoryDc', ['CreateCompatibleDC']],
  ['gdiObject', ['CreateCompatibleBitmap', 'CreateDIBitmap', 'CreateDIBSection', 'CreatePatternBrush']],
  ['icon', ['CreateIcon', 'CreateIconIndirect']],
  ['cursor', ['CreateCursor']],
  ['socket', ['accept']],
  ['service', withText('OpenService', 'CreateService')],
  ['view', ['MapViewOfFile', 'MapViewOfFileEx', 'MapViewOfFile2']],
];

/** Handles that are not the caller's to close: pseudo-handles, standard handles, shared and stock objects. */
const LENT: readonly (readonly [Kind, readonly string[]])[] = [
  [
    'handle',
    [
      'GetCurrentProcess',
      'GetCurrentThread',
      'GetCurrentProcessToken',
      'GetCurrentThreadToken',
      'GetCurrentThreadEffectiveToken',
      'GetStdHandle',
      '_get_osfhandle',
      'uv_get_osfhandle',
    ],
  ],
  ['module', withText('GetModuleHandle')],
  ['gdiObject', ['GetStockObject', 'GetSysColorBrush']],
  ['icon', withText('LoadIcon')],
  ['cursor', withText('LoadCursor')],
  ['desktop', ['GetThreadDesktop']],
  ['windowStation', ['GetProcessWindowStation']],
];

const LR_SHARED = 0x8000;

const CONDITIONAL: Operations = {
  ...operations(withText('LoadImage'), {
    effects: [
      { do: 'acquire', to: 'result', kind: 'image', failure: 'unknown', when: { arg: 5, noBit: LR_SHARED } },
      { do: 'lend', to: 'result', kind: 'image', when: { arg: 5, bit: LR_SHARED } },
    ],
    throws: 'never',
  }),
  // With a port it gives back that one.
  CreateIoCompletionPort: {
    effects: [
      {
        do: 'acquire',
        to: 'result',
        kind: 'handle',
        failure: 'unknown',
        when: { arg: 1, oneOf: [null, 0, 0n] },
      },
    ],
    throws: 'never',
  },
};

const OUTS: Operations = {
  OpenProcessToken: acquiresTo('arg2[0]', 'handle', { do: 'use', on: 'arg0' }),
  OpenThreadToken: acquiresTo('arg3[0]', 'handle', { do: 'use', on: 'arg0' }),
  ...operations(withText('LogonUser'), acquiresTo('arg5[0]', 'handle')),
  ...operations(withText('OpenPrinter'), acquiresTo('arg1[0]', 'printer')),
  // With flag 2 the count of the module stays as it was.
  ...operations(
    withText('GetModuleHandleEx'),
    acquiresTo('arg2[0]', 'module', { do: 'keep', on: 'arg2[0]', when: { arg: 0, bit: 2 } }),
  ),
  CreatePipe: acquiresBoth('arg0[0]', 'arg1[0]'),
  ...operations(withText('CreateProcess'), acquiresBoth('arg9.hProcess', 'arg9.hThread')),
  ...operations(
    withText('CreateProcessAsUser'),
    acquiresBoth('arg10.hProcess', 'arg10.hThread', { do: 'use', on: 'arg0' }),
  ),
  CreateProcessWithLogonW: acquiresBoth('arg10.hProcess', 'arg10.hThread'),
  CreateProcessWithTokenW: acquiresBoth('arg8.hProcess', 'arg8.hThread', { do: 'use', on: 'arg0' }),
  ...operations(withText('RegOpenKey'), acquiresKey('arg2[0]')),
  ...operations(withText('RegCreateKey'), acquiresKey('arg2[0]')),
  ...operations(withText('RegOpenKeyEx'), acquiresKey('arg4[0]')),
  ...operations(withText('RegCreateKeyEx'), acquiresKey('arg7[0]')),
  ...operations(withText('RegConnectRegistry'), acquiresKey('arg2[0]')),
};

/* ------------------------------------------------------------------ duplicates */

const duplicates = (of: string, to: string): OperationDescription => ({
  effects: [{ do: 'duplicate', of, to, failure: to === 'result' ? 'unknown' : 'unchanged' }],
  ...(to === 'result' ? {} : { returns: 'bool' }),
  throws: 'never',
});

/** The values of `GetCurrentProcess()`. */
const THIS_PROCESS = [-1, -1n, 0xffff_ffff_ffff_ffffn];

const DUPLICATES: Operations = {
  DuplicateHandle: {
    effects: [
      {
        do: 'duplicate',
        of: 'arg1',
        to: 'arg3[0]',
        kind: 'handle',
        failure: 'unchanged',
        // The value of a duplicate in another process means something else here.
        ownedWhen: { arg: 2, is: 'lent', orOneOf: THIS_PROCESS },
      },
      { do: 'close', on: 'arg1', when: { arg: 6, bit: 1 } },
    ],
    returns: 'bool',
    throws: 'never',
  },
  DuplicateToken: duplicates('arg0', 'arg2[0]'),
  DuplicateTokenEx: duplicates('arg0', 'arg5[0]'),
  CopyIcon: duplicates('arg0', 'result'),
  DuplicateIcon: duplicates('arg1', 'result'),
};

/* ------------------------------------------------------------------ what ends handles */

const ends = (on: string): OperationDescription => ({
  effects: [{ do: 'close', on }],
  returns: 'scalar',
  throws: 'never',
});

const CLOSERS: Operations = {
  ...operations(
    [...new Set(Object.values(KINDS).flatMap(({ closers }) => closers))].filter(
      (name) => name !== 'DuplicateHandle',
    ),
    ends('arg0'),
  ),
  ReleaseDC: ends('arg1'),
};

/** Bridges to file descriptors own the handle from then on, if they succeed. */
const BRIDGES = operations(['_open_osfhandle', 'uv_open_osfhandle'], {
  effects: [{ do: 'keep', on: 'arg0' }],
  returns: 'scalar',
  throws: 'never',
});

/* ------------------------------------------------------------------ what only needs handles */

const uses = (...places: string[]): OperationDescription => ({
  effects: places.map((on) => ({ do: 'use', on })),
  returns: 'scalar',
  throws: 'never',
});

const USERS: Operations = {
  ...operations(
    [
      'ReadFile',
      'ReadFileEx',
      'WriteFile',
      'WriteFileEx',
      'FlushFileBuffers',
      'SetFilePointer',
      'SetFilePointerEx',
      'SetEndOfFile',
      'GetFileSize',
      'GetFileSizeEx',
      'GetFileType',
      'GetFileTime',
      'SetFileTime',
      'GetFileInformationByHandle',
      'GetFileInformationByHandleEx',
      'SetFileInformationByHandle',
      ...withText('GetFinalPathNameByHandle', 'GetVolumeInformationByHandle'),
      'LockFile',
      'LockFileEx',
      'UnlockFile',
      'UnlockFileEx',
      'DeviceIoControl',
      'CancelIo',
      'CancelIoEx',
      'GetOverlappedResult',
      'ConnectNamedPipe',
      'DisconnectNamedPipe',
      'PeekNamedPipe',
      'SetNamedPipeHandleState',
      'GetNamedPipeClientProcessId',
      'GetNamedPipeServerProcessId',
      'WaitForSingleObject',
      'WaitForSingleObjectEx',
      'SetEvent',
      'ResetEvent',
      'PulseEvent',
      'ReleaseMutex',
      'ReleaseSemaphore',
      'SetWaitableTimer',
      'CancelWaitableTimer',
      'GetHandleInformation',
      'SetHandleInformation',
      ...withText('Process32First', 'Process32Next', 'Module32First', 'Module32Next'),
      'Thread32First',
      'Thread32Next',
      'Heap32ListFirst',
      'Heap32ListNext',
      'TerminateProcess',
      'GetExitCodeProcess',
      'GetProcessId',
      'GetProcessTimes',
      'GetPriorityClass',
      'SetPriorityClass',
      'IsWow64Process',
      'IsWow64Process2',
      'ReadProcessMemory',
      'WriteProcessMemory',
      'VirtualAllocEx',
      'VirtualFreeEx',
      'VirtualProtectEx',
      'VirtualQueryEx',
      ...withText('QueryFullProcessImageName'),
      ...withText('GetModuleFileNameEx', 'GetModuleBaseName', 'GetProcessImageFileName'),
      'EnumProcessModules',
      'EnumProcessModulesEx',
      'GetProcessMemoryInfo',
      'K32GetProcessMemoryInfo',
      'K32EnumProcessModules',
      ...withText('K32GetModuleFileNameEx', 'K32GetModuleBaseName'),
      'TerminateThread',
      'GetExitCodeThread',
      'GetThreadId',
      'GetThreadTimes',
      'GetThreadPriority',
      'SetThreadPriority',
      'SuspendThread',
      'ResumeThread',
      'SetInformationJobObject',
      'QueryInformationJobObject',
      'TerminateJobObject',
      'GetTokenInformation',
      'SetTokenInformation',
      'AdjustTokenPrivileges',
      'ImpersonateLoggedOnUser',
      ...withText('FindNextFile', 'FindNextStream', 'FindNextFileName', 'FindNextVolume'),
      'FindNextChangeNotification',
      'GetConsoleMode',
      'SetConsoleMode',
      'GetConsoleScreenBufferInfo',
      ...withText('ReadConsole', 'WriteConsole', 'ReadConsoleInput', 'FillConsoleOutputCharacter'),
      ...withText('RegQueryValueEx', 'RegSetValueEx', 'RegEnumKeyEx', 'RegEnumValue', 'RegQueryInfoKey'),
      ...withText('RegDeleteValue', 'RegDeleteKey', 'RegDeleteKeyEx', 'RegGetValue'),
      'RegFlushKey',
      'RegNotifyChangeKeyValue',
      'GetProcAddress',
      ...withText('GetModuleFileName', 'FindResource', 'LoadString'),
      ...withText('QueryServiceConfig', 'EnumServicesStatus', 'EnumServicesStatusEx', 'StartService'),
      'QueryServiceStatus',
      'QueryServiceStatusEx',
      'ControlService',
      'DeleteService',
      ...withText('StartDocPrinter', 'GetPrinter', 'SetJob', 'GetJob', 'EnumJobs'),
      'StartPagePrinter',
      'EndPagePrinter',
      'EndDocPrinter',
      'WritePrinter',
      'bind',
      'listen',
      'connect',
      'send',
      'recv',
      'sendto',
      'recvfrom',
      'shutdown',
      'setsockopt',
      'getsockopt',
      'ioctlsocket',
      'SwitchDesktop',
      'SetThreadDesktop',
      'SetProcessWindowStation',
      'SetupDiEnumDeviceInfo',
      'SetupDiEnumDeviceInterfaces',
      ...withText('SetupDiGetDeviceInterfaceDetail', 'SetupDiGetDeviceRegistryProperty'),
      'FlushViewOfFile',
      'GetIconInfo',
      ...withText('GetObject'),
      'GetDeviceCaps',
      'GetPixel',
      'SetPixel',
      'GetDIBits',
      ...withText('TextOut', 'ExtTextOut', 'GetTextExtentPoint32'),
    ],
    uses('arg0'),
  ),
  CompareObjectHandles: uses('arg0', 'arg1'),
  AssignProcessToJobObject: uses('arg0', 'arg1'),
  SignalObjectAndWait: uses('arg0', 'arg1'),
  BitBlt: uses('arg0', 'arg5'),
  StretchBlt: uses('arg0', 'arg5'),
  PrintWindow: uses('arg1'),
  SetThreadToken: uses('arg1'),
  DrawIcon: uses('arg0', 'arg3'),
  DrawIconEx: uses('arg0', 'arg3'),
  ...operations(['WaitForMultipleObjects', 'WaitForMultipleObjectsEx'], uses('arg1[*]')),
  // Gives back what was selected before, which belongs to whoever made it.
  SelectObject: {
    effects: [
      { do: 'use', on: 'arg0' },
      { do: 'use', on: 'arg1' },
      { do: 'lend', to: 'result', kind: 'gdiObject' },
    ],
    throws: 'never',
  },
  ...operations(
    ['GetLastError', 'SetLastError', 'GetCurrentProcessId', 'GetCurrentThreadId', 'GetTickCount', 'Sleep'],
    uses(),
  ),
};

/* ------------------------------------------------------------------ all of them */

function ofKinds(rows: typeof RESULTS, describe: (kind: Kind) => OperationDescription): Operations {
  return Object.fromEntries(
    rows.flatMap(([kind, names]) => Object.entries(operations(names, describe(kind)))),
  );
}

export const natives: Operations = {
  ...ofKinds(RESULTS, acquires),
  ...ofKinds(MADE_OF_OTHERS, acquiresFrom),
  ...ofKinds(LENT, lends),
  ...CONDITIONAL,
  ...OUTS,
  ...DUPLICATES,
  ...CLOSERS,
  ...BRIDGES,
  ...USERS,
};
