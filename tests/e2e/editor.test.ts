/** The plugin in an editor: ESLint's language server shows its reports, offers its quick fixes, and follows what is typed. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, modules } from '../harness/package.ts';
import { edited, LanguageServer } from './language-server.ts';
import type { Diagnostic, TextEdit } from './language-server.ts';
import { Project } from './project.ts';

const CONFIG = `
import parser from '@typescript-eslint/parser';
import handles from 'eslint-plugin-handles';

export default [{ files: ['**/*.ts'], languageOptions: { parser } }, handles.configs.recommended];
`;

const show = ({ code, range: { start, end } }: Diagnostic): string =>
  `${code} ${start.line}:${start.character}-${end.line}:${end.character}`;

describe('ESLint’s language server', () => {
  let project: Project;
  let server: LanguageServer;

  beforeAll(async () => {
    project = new Project(
      { eslint: modules('eslint'), '@typescript-eslint/parser': modules('@typescript-eslint/parser') },
      { 'eslint.config.js': CONFIG, 'broken.ts': fixture('founding/broken.ts'), 'leak.js': '' },
    );
    server = new LanguageServer(project.folder);
    await server.start();
  });

  afterAll(async () => {
    await server.stop();
    project.remove();
  });

  /** A file that is open in the editor, with what is typed so far. */
  const openFile = (name: string, languageId: string, content: string) => {
    const uri = pathToFileURL(join(project.folder, name)).href;
    let text = content;
    let version = 1;
    server.open(uri, languageId, text);
    return {
      diagnostics: () => server.diagnostics(uri),
      actions: (diagnostic: Diagnostic) => server.codeActions(uri, diagnostic),
      edit: (edit: TextEdit) => {
        text = edited(text, edit);
        server.change(uri, ++version, edit);
        return text;
      },
      /** Puts another text in the place of the first one that is found. */
      type: (old: string, newText: string) => {
        const before = text.slice(0, text.indexOf(old)).split('\n');
        const start = { line: before.length - 1, character: before.at(-1)!.length };
        const inside = old.split('\n');
        const end = {
          line: start.line + inside.length - 1,
          character: inside.length === 1 ? start.character + old.length : inside.at(-1)!.length,
        };
        text = edited(text, { range: { start, end }, newText });
        server.change(uri, ++version, { range: { start, end }, newText });
        return text;
      },
    };
  };

  it('shows the reports, offers the quick fix, and follows it', async () => {
    const file = openFile('broken.ts', 'typescript', fixture('founding/broken.ts'));
    const before = await file.diagnostics();
    expect(before.map(show)).toEqual([
      'handles/no-leaked-duplicate 14:2-14:17',
      'handles/no-passed-original 15:18-15:19',
      'handles/no-use-after-close 22:2-22:15',
      'handles/no-double-close 23:2-23:23',
    ]);
    for (const { code, codeDescription, severity, source, message } of before) {
      expect(codeDescription?.href).toMatch(new RegExp(`/docs/rules/${code.replace('handles/', '')}\\.md$`));
      expect([severity, source]).toEqual([1, 'eslint']);
      expect(message).toContain("'h'");
    }

    const actions = await file.actions(before[1]!);
    const fix = actions.find(({ title }) => title.startsWith('Pass the duplicate'))!;
    expect(fix.title).toBe("Pass the duplicate 'out[0]!'. (handles/no-passed-original)");
    const edits = await server.apply(fix);
    expect(edits).toHaveLength(1);
    expect(file.edit(edits[0]!)).toContain('return new Fred(out[0]!);');

    // Each has a handle of its own now; that of `main` is nobody's.
    expect((await file.diagnostics()).map(show)).toEqual(['handles/no-leaked-handle 19:12-19:22']);
  });

  const leak = `import { CloseHandle, CreateFile } from 'eslint-plugin-handles/model';

export function main(ready) {
  const h = CreateFile('a');
  if (!ready) return;
  CloseHandle(h);
}
`;

  it('follows what is typed', async () => {
    const file = openFile('typed.js', 'javascript', leak);
    expect((await file.diagnostics()).map(show)).toEqual(['handles/no-leaked-handle 3:12-3:22']);

    file.type('if (!ready) return;', 'if (!ready) return void CloseHandle(h);');
    expect(await file.diagnostics()).toEqual([]);

    file.type('  CloseHandle(h);\n', '  CloseHandle(h);\n  CloseHandle(h);\n');
    expect((await file.diagnostics()).map(show)).toEqual(['handles/no-double-close 6:2-6:13']);

    // Half of a word, as it is while somebody types: the parser's error, and nothing of ours.
    file.type('  CloseHandle(h);\n}', '  Close(\n}');
    expect((await file.diagnostics()).map(({ message }) => message)).toEqual([
      expect.stringContaining('Parsing error'),
    ]);

    file.type('  Close(\n', '');
    expect(await file.diagnostics()).toEqual([]);
  });

  it('is silent where a comment asks for it, also by the action that writes it', async () => {
    const file = openFile('leak.js', 'javascript', leak);
    const [report] = await file.diagnostics();
    const actions = await file.actions(report!);
    expect(actions.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'Disable handles/no-leaked-handle for this line',
        'Show documentation for handles/no-leaked-handle',
      ]),
    );
    const disable = actions.find(({ title }) => title.includes('for this line'))!;
    const [edit] = await server.apply(disable);
    expect(file.edit(edit!)).toContain('  // eslint-disable-next-line handles/no-leaked-handle\n  const h =');
    expect(await file.diagnostics()).toEqual([]);
  });
});
