/**
 * Win32 kernel handles as `eslint-plugin-handles/model` exports them. The protocol is that of the
 * Microsoft reference pages for `CreateFileW`, `DuplicateHandle`, `CloseHandle` and `FindFirstFileW`.
 */
import type { ApiDescription } from './schema.ts';

export const win32: ApiDescription = {
  modules: ['eslint-plugin-handles/model'],
  kinds: {
    handle: { label: 'handle', closers: ['CloseHandle', 'DuplicateHandle'], typeof: 'number' },
    search: { label: 'search handle', closers: ['FindClose'], typeof: 'number' },
  },
  constants: {
    INVALID_HANDLE_VALUE: -1,
    DUPLICATE_CLOSE_SOURCE: 1,
    DUPLICATE_SAME_ACCESS: 2,
  },
  functions: {
    CreateFile: {
      effects: [{ do: 'acquire', to: 'result', kind: 'handle', failure: { value: -1 } }],
      throws: 'never',
    },
    CreateEvent: {
      effects: [{ do: 'acquire', to: 'result', kind: 'handle', failure: { value: null } }],
      throws: 'never',
    },
    CreateThread: {
      effects: [{ do: 'acquire', to: 'result', kind: 'handle', failure: { value: null } }],
      throws: 'never',
    },
    DuplicateHandle: {
      effects: [
        { do: 'use', on: 'arg0' },
        { do: 'use', on: 'arg2' },
        {
          do: 'duplicate',
          of: 'arg1',
          to: 'arg3[0]',
          kind: 'handle',
          failure: 'unchanged',
          ownedWhen: { arg: 2, is: 'lent' },
        },
        { do: 'close', on: 'arg1', when: { arg: 6, bit: 1 } },
      ],
      returns: 'success',
      throws: 'never',
    },
    CloseHandle: { effects: [{ do: 'close', on: 'arg0' }], returns: 'success', throws: 'never' },
    DeviceIoControl: { effects: [{ do: 'use', on: 'arg0' }], returns: 'success', throws: 'never' },
    ReadFile: { effects: [{ do: 'use', on: 'arg0' }], returns: 'scalar', throws: 'never' },
    WriteFile: { effects: [{ do: 'use', on: 'arg0' }], returns: 'scalar', throws: 'never' },
    FindFirstFile: {
      effects: [{ do: 'acquire', to: 'result', kind: 'search', failure: { value: -1 } }],
      throws: 'never',
    },
    FindNextFile: { effects: [{ do: 'use', on: 'arg0' }], returns: 'boolean', throws: 'never' },
    FindClose: { effects: [{ do: 'close', on: 'arg0' }], returns: 'success', throws: 'never' },
    TerminateThread: { effects: [{ do: 'use', on: 'arg0' }], returns: 'success', throws: 'never' },
    ExitThread: { effects: [], returns: 'scalar', throws: 'never' },
    GetCurrentProcess: { effects: [{ do: 'lend', to: 'result', kind: 'handle' }], throws: 'never' },
    GetCurrentThread: { effects: [{ do: 'lend', to: 'result', kind: 'handle' }], throws: 'never' },
    GetLastError: { effects: [], returns: 'scalar', throws: 'never' },
    choose: { effects: [], returns: 'boolean', throws: 'never' },
    mayThrow: { effects: [], returns: 'scalar' },
  },
};
