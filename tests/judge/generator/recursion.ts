/** Functions that call themselves or one another, by what they do for their callers. */
import type { HelperRole } from './ast.ts';

type Way = (name: string) => string;

/** Some end because they count, others because of what they are given, and others by chance. */
export const RECURSIVE: Partial<Record<HelperRole, readonly Way[]>> = {
  open: [
    (name) =>
      lines(
        `function ${name}(tries = 2): HANDLE | null {`,
        "  const h = CreateFile('retried');",
        '  if (h !== INVALID_HANDLE_VALUE) return h;',
        `  return tries > 0 ? ${name}(tries - 1) : null;`,
        '}',
      ),
    (name) =>
      lines(
        `function ${name}(isThread = false): HANDLE | null {`,
        '  const h = isThread ? CreateThread() : CreateEvent();',
        `  if (h === null && !isThread) return ${name}(true);`,
        '  return h;',
        '}',
      ),
    // What does not please is closed, and another one opened.
    (name) =>
      lines(
        `function ${name}(): HANDLE | null {`,
        '  const h = CreateEvent();',
        '  if (choose()) return h;',
        '  CloseHandle(h);',
        `  return ${name}();`,
        '}',
      ),
  ],
  close: [
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, depth = 2): void {`,
        '  if (depth === 0) {',
        '    CloseHandle(h);',
        '    return;',
        '  }',
        '  DeviceIoControl(h, depth);',
        `  ${name}(h, depth - 1);`,
        '}',
      ),
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null): void {`,
        '  if (choose()) CloseHandle(h);',
        `  else ${name}Later(h);`,
        '}',
        '',
        `function ${name}Later(h: HANDLE | null): void {`,
        '  DeviceIoControl(h, 7);',
        `  ${name}(h);`,
        '}',
      ),
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, ...more: (HANDLE | null)[]): void {`,
        '  CloseHandle(h);',
        '  const [next, ...rest] = more;',
        `  if (next !== undefined) ${name}(next, ...rest);`,
        '}',
      ),
    // The innermost call is told that there is nothing left.
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, isClosed = false): void {`,
        '  if (isClosed) return;',
        '  CloseHandle(h);',
        `  ${name}(h, true);`,
        '}',
      ),
  ],
  use: [
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, times = 2): void {`,
        '  DeviceIoControl(h, times);',
        `  if (times > 1) ${name}(h, times - 1);`,
        '}',
      ),
    // Each level opens one of its own, and closes it on the way back.
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, depth = 1): void {`,
        '  const own = CreateEvent();',
        `  if (depth > 0) ${name}(own, depth - 1);`,
        '  DeviceIoControl(h, depth);',
        '  CloseHandle(own);',
        '}',
      ),
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null): void {`,
        '  DeviceIoControl(h, 2);',
        `  if (choose()) ${name}Again(h);`,
        '}',
        '',
        `function ${name}Again(h: HANDLE | null): void {`,
        '  if (choose()) return;',
        `  ${name}(h);`,
        '}',
      ),
  ],
  pass: [
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, depth = 1): HANDLE | null {`,
        `  return depth === 0 ? h : ${name}(h, depth - 1);`,
        '}',
      ),
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null): HANDLE | null {`,
        '  if (choose()) return h;',
        '  DeviceIoControl(h, 4);',
        `  return ${name}(h);`,
        '}',
      ),
  ],
  tell: [
    (name) =>
      lines(
        `function ${name}(h: HANDLE | null, tries = 1): boolean {`,
        '  if (choose()) {',
        '    CloseHandle(h);',
        '    return true;',
        '  }',
        `  return tries > 0 && ${name}(h, tries - 1);`,
        '}',
      ),
  ],
};

function lines(...all: string[]): string {
  return all.join('\n');
}
