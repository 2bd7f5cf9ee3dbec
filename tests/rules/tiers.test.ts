/**
 * What each tier finds: plain JavaScript, TypeScript by its syntax, and TypeScript whose types are at hand.
 * Each program has a defect or is clean; the tiers differ only in what they can know of it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import type { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package/sources.ts';

// Inside of the repository, so that the declarations of Node are found.
const folder = mkdtempSync(join(root, 'node_modules/.cache-types-'));

const declarations = {
  'pool.d.ts': `
    import type { FileHandle } from 'node:fs/promises';
    export function take(): Promise<FileHandle>;
    export function peek(): FileHandle | null;
    export const shown: { readonly frame: VideoFrame };
    export interface Dir { close(): void; read(): void }
  `,
  'tagged.ts': `
    export type Token = number;
    /** @returns {owned} */
    export const issue = (): Token => 1;
    /** @borrows token */
    export function show(token: Token): void {}
    /** @closes token */
    export default function revoke(token: Token): void {}
    export interface Desk {
      /** @returns {owned} */
      open(): Token;
      /** @owns token */
      keep(token: Token): void;
      /** @closes token */
      close(token: Token): void;
    }
    export declare const desk: Desk;
    export declare class Lamp {
      /** @borrows token */
      constructor(token: Token);
    }
  `,
  'barrel.ts': `export * from './tagged.js'; export { default as revoke } from './tagged.js';`,
  // A class of the program that is called like a described one.
  'own.ts': `
    export class FileHandle { close(): void {} read(): void {} }
    export function make(): FileHandle { return new FileHandle(); }
  `,
};

const programs: Record<string, { code: string; finds: Record<Tier, string[]> }> = {
  'what is imported and called': {
    code: `import { openSync, closeSync } from 'node:fs';
export function f() {
  const fd = openSync('a');
  closeSync(fd);
  closeSync(fd);
}`,
    finds: {
      JavaScript: ['5 no-double-close'],
      syntax: ['5 no-double-close'],
      types: ['5 no-double-close'],
    },
  },
  'what an annotation says': {
    code: `import type { FileHandle } from 'node:fs/promises';
export async function f(file: FileHandle) {
  await file.close();
  await file.stat();
}`,
    finds: { JavaScript: [], syntax: ['4 no-use-after-close'], types: ['4 no-use-after-close'] },
  },
  'what a function of another file is declared to return': {
    code: `import { take } from './pool.js';
export async function f() {
  const file = await take();
  await file.close();
  await file.stat();
}`,
    finds: { JavaScript: [], syntax: [], types: ['5 no-use-after-close'] },
  },
  'what may be null': {
    code: `import { peek } from './pool.js';
export async function f() {
  const file = peek();
  if (file === null) return;
  await file.close();
  await file.stat();
}`,
    finds: { JavaScript: [], syntax: [], types: ['6 no-use-after-close'] },
  },
  // What another file keeps is not followed, whatever its type.
  'a property of something imported is clean': {
    code: `import { shown } from './pool.js';
export function f() {
  const { frame } = shown;
  frame.close();
  return frame.clone();
}`,
    finds: { JavaScript: [], syntax: [], types: [] },
  },
  'what the tags of another file say': {
    code: `import end, { issue, show as look } from './tagged.js';
export function leaks() {
  const token = issue();
  look(token);
}
export function late() {
  const token = issue();
  end(token);
  look(token);
}
export function right() {
  const token = issue();
  look(token);
  end(token);
}`,
    finds: { JavaScript: [], syntax: [], types: ['3 no-leaked-handle', '9 no-use-after-close'] },
  },
  'what the tags of a type of another file say': {
    code: `import { desk, Lamp, revoke } from './barrel.js';
export function leaks() {
  const token = desk.open();
  new Lamp(token);
}
export function twice() {
  const token = desk.open();
  desk.close(token);
  revoke(token);
}
export function kept() {
  desk.keep(desk.open());
}`,
    finds: { JavaScript: [], syntax: [], types: ['3 no-leaked-handle', '9 no-double-close'] },
  },
  'a use before the close is clean': {
    code: `import { take } from './pool.js';
export async function f() {
  const file = await take();
  await file.stat();
  await file.close();
}`,
    finds: { JavaScript: [], syntax: [], types: [] },
  },
  'a class of the program with the name of a described type is clean': {
    code: `import { make } from './own.js';
export function f() {
  const file = make();
  file.close();
  file.read();
}`,
    finds: { JavaScript: [], syntax: [], types: [] },
  },
  'what has a close and is no handle is clean': {
    code: `export function f(sockets: Map<string, WebSocket>) {
  const socket = sockets.get('a');
  socket?.close();
  socket?.send('b');
}`,
    finds: { JavaScript: [], syntax: [], types: [] },
  },
};

type Tier = 'JavaScript' | 'syntax' | 'types';

const configs: Record<Tier, Linter.Config> = {
  JavaScript: {},
  syntax: { languageOptions: { parser } },
  types: {
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: folder } },
  },
};

const files = Object.keys(programs).map((name) => `${name.replaceAll(' ', '-')}.ts`);
for (const [index, { code }] of Object.values(programs).entries())
  writeFileSync(join(folder, files[index]!), code);
for (const [name, text] of Object.entries(declarations)) writeFileSync(join(folder, name), text);
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: ['node'],
      strict: true,
    },
  }),
);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(Object.keys(configs) as Tier[])('%s', (tier) => {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [{ ...configs[tier], files: ['**/*.{js,ts}'] }, handles.configs.recommended],
    ignore: false,
  });

  it.each(Object.keys(programs))('%s', async (name) => {
    const { code, finds } = programs[name]!;
    const file = `${name.replaceAll(' ', '-')}.${tier === 'JavaScript' ? 'js' : 'ts'}`;
    const text = tier === 'JavaScript' ? withoutTypes(code) : code;
    const [result] = await eslint.lintText(text, { filePath: join(folder, file) });
    expect(
      result?.messages.map(({ line, ruleId, message }) => `${line} ${ruleId?.slice(8) ?? message}`),
    ).toEqual(finds[tier]);
  });
});

/** The same program in JavaScript; types leave blanks, so lines stay. */
function withoutTypes(code: string): string {
  return ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
  }).outputText;
}
