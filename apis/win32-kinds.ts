/** The kinds of Win32 handles, by what closes them. Evidence for each stands in docs/apis/win32.md. */
import type { KindDescription } from './schema.ts';

export const KINDS = {
  handle: { label: 'handle', closers: ['CloseHandle', 'DuplicateHandle'] },
  search: { label: 'search handle', closers: ['FindClose'] },
  change: { label: 'change notification', closers: ['FindCloseChangeNotification', 'DuplicateHandle'] },
  volumeSearch: { label: 'volume search handle', closers: ['FindVolumeClose'] },
  deviceSet: { label: 'device information set', closers: ['SetupDiDestroyDeviceInfoList'] },
  key: { label: 'registry key', closers: ['RegCloseKey', 'DuplicateHandle'] },
  module: { label: 'module', closers: ['FreeLibrary'] },
  windowDc: { label: 'window DC', closers: ['ReleaseDC'] },
  memoryDc: { label: 'device context', closers: ['DeleteDC'] },
  gdiObject: { label: 'GDI object', closers: ['DeleteObject'] },
  icon: { label: 'icon', closers: ['DestroyIcon'] },
  cursor: { label: 'cursor', closers: ['DestroyCursor', 'DestroyIcon'] },
  menu: { label: 'menu', closers: ['DestroyMenu'] },
  socket: { label: 'socket', closers: ['closesocket'] },
  service: { label: 'service handle', closers: ['CloseServiceHandle'] },
  printer: { label: 'printer handle', closers: ['ClosePrinter'] },
  hook: { label: 'hook', closers: ['UnhookWindowsHookEx'] },
  eventHook: { label: 'event hook', closers: ['UnhookWinEvent'] },
  desktop: { label: 'desktop', closers: ['CloseDesktop', 'DuplicateHandle'] },
  windowStation: { label: 'window station', closers: ['CloseWindowStation', 'DuplicateHandle'] },
  view: { label: 'mapped view', closers: ['UnmapViewOfFile', 'UnmapViewOfFileEx'] },
  localMemory: { label: 'local memory', closers: ['LocalFree'] },
  image: { label: 'image', closers: ['DestroyIcon', 'DestroyCursor', 'DeleteObject'] },
  globalMemory: { label: 'global memory', closers: ['GlobalFree'] },
} as const satisfies Record<string, KindDescription>;

export type Kind = keyof typeof KINDS;
