/** `using` is offered for what is known to have the symbol that it calls, and for nothing else. */
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';

function repairsOf(body: string, apis: Readonly<Record<string, unknown>> = {}): string[] {
  const config: Linter.Config[] = [
    { files: ['**/*.ts'], languageOptions: { parser }, settings: { handles: { apis } } },
    handles.configs.recommended,
  ];
  const messages = new Linter().verify(body, config, { filename: 'main.ts' });
  expect(messages.map(({ ruleId }) => ruleId)).toEqual(['handles/no-leaked-handle']);
  return messages.flatMap(({ suggestions = [] }) => suggestions.map(({ desc }) => desc));
}

describe('using', () => {
  it('is offered for a file handle', () => {
    const code = `
import { open } from 'node:fs/promises';
export async function main(): Promise<void> {
  const file = await open('a.txt');
  await file.read();
}`;
    expect(repairsOf(code)).toContain("Declare 'file' with 'await using'.");
  });

  it('is not offered for a disposable of Visual Studio Code', () => {
    const code = `
import { window } from 'vscode';
export function main(): void {
  const item = window.createStatusBarItem();
  item.show();
}`;
    expect(repairsOf(code)).toEqual([
      expect.stringContaining("'finally'"),
      expect.stringContaining('Close it at the end'),
    ]);
  });

  it('is not offered for a listener of Visual Studio Code', () => {
    const code = `
import { workspace } from 'vscode';
export async function main(run: () => Promise<void>): Promise<void> {
  const listener = workspace.onDidSaveTextDocument(() => {});
  await run();
}`;
    expect(repairsOf(code).join()).toMatch(/listener\.dispose\(\)/);
    expect(repairsOf(code).join()).not.toMatch(/using/);
  });

  const leak = `
import { Lock } from './lock.js';
export function main(): void {
  const lock = new Lock();
  lock.take();
}`;

  it('is not offered for a class of which one line tells the method that closes', () => {
    const repairs = repairsOf(leak, { locks: { type: 'Lock', close: 'release' } });
    expect(repairs.join()).toMatch(/lock\.release\(\)/);
    expect(repairs.join()).not.toMatch(/using/);
  });

  it('is offered where that line names the symbol', () => {
    const repairs = repairsOf(leak, { locks: { type: 'Lock', close: ['release', '@@dispose'] } });
    expect(repairs).toContain("Declare 'lock' with 'using'.");
  });
});
