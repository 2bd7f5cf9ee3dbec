/** `handles-explain` as its users run it: built, in a project with its own ESLint configuration. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package/sources.ts';

const project = mkdtempSync(join(tmpdir(), 'handles-explain-'));
symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'dir');
cpSync(join(root, 'tests/fixtures/founding/broken.ts'), join(project, 'broken.ts'));
writeFileSync(join(project, 'plain.js'), 'export const answer = 42;\n');
writeFileSync(join(project, 'wrong.js'), 'const = 1;\n');
writeFileSync(
  join(project, 'eslint.config.mjs'),
  `import parser from '@typescript-eslint/parser';
export default [{ files: ['**/*.ts'], languageOptions: { parser } }];
`,
);

afterAll(() => {
  rmSync(project, { recursive: true });
});

function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/tools/explain.js'), ...args],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  return { status, output: stdout + stderr };
}

type HtmlNode = DefaultTreeAdapterTypes.Node;

function elementsOf(node: HtmlNode): HtmlNode[] {
  return [node, ...('childNodes' in node ? node.childNodes.flatMap(elementsOf) : [])];
}

function textOf(node: HtmlNode): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

describe('handles-explain', () => {
  it('tells of each handle what made it and what became of it', () => {
    expect(run('broken.ts')).toEqual({
      status: 0,
      output: `makeFred (13:1)
  13     function makeFred(h: HANDLE): Fred {
  14       const out: [HANDLE | null] = [null];
  15  ◆    DuplicateHandle(GetCurrentProcess(), h, GetCurrentProcess(), out, 0, false, DUPLICATE_SAME_ACCESS); // expect: no-leaked-duplicate
  16  │    return new Fred(h); // expect: no-passed-original
  17  ✗  }

  15:3  duplicate 'out[0]'
         is never closed: a leak

main (19:8)
  19     export function main(): void {
  20  ●    const h = CreateFile('device');
  21  │    const fred1 = makeFred(h), fred2 = makeFred(h);
  22  ○    fred1[Symbol.dispose]();
  23       fred2.control(1); // expect: no-use-after-close
  24       fred2[Symbol.dispose](); // expect: no-double-close
  25     }

  20:13  handle 'h'
         is closed at 22:3
`,
    });
  });

  it('leaves out the lines where nothing happens', () => {
    const filler = '  console.log();\n'.repeat(20);
    writeFileSync(
      join(project, 'long.js'),
      `import { closeSync, openSync } from 'node:fs';
function main() {
${filler}  const fd = openSync('a', 'r');
${filler}  closeSync(fd);
}
`,
    );
    const { output } = run('long.js');
    expect(output.split('\n').filter((line) => line.includes('⋮'))).toHaveLength(2);
    expect(output.split('\n').length).toBeLessThan(20);
  });

  it('draws a page that needs nothing else', () => {
    expect(run('broken.ts', '--html', 'page.html')).toEqual({
      status: 0,
      output: 'page.html shows 2 functions of broken.ts.\n',
    });
    const page = readFileSync(join(project, 'page.html'), 'utf8');
    const errors: string[] = [];
    const document = parse(page, { onParseError: ({ code }) => errors.push(code) });
    expect(errors).toEqual([]);
    const elements = elementsOf(document);
    const named = (name: string) => elements.filter(({ nodeName }) => nodeName === name);
    expect(elements.filter(({ nodeName }) => ['script', 'link', 'img', 'iframe'].includes(nodeName))).toEqual(
      [],
    );
    expect(page).not.toMatch(/https?:|url\(/);
    expect(named('svg')).toHaveLength(2);
    expect(named('title').map(textOf)).toEqual([
      'The handles of broken.ts',
      "duplicate 'out[0]'\nis never closed: a leak",
      "handle 'h'\nis closed at 22:3",
    ]);
    // Of two lives, the beginning and the end each.
    expect(named('text').map(textOf)).toEqual(['◆', '✗', '●', '○']);
    expect(named('dt').map(textOf)).toEqual(["15:3 duplicate 'out[0]'", "20:13 handle 'h'"]);
    expect(textOf(document)).toContain('function makeFred(h: HANDLE): Fred {');
  });

  it('tells of the function around a line, with its IR and states', () => {
    const { status, output } = run('broken.ts:15', '--ir');
    expect(status).toBe(0);
    expect(output).toMatch(/^makeFred \(13:1\)/);
    expect(output).toMatch(/DuplicateHandle\(.*open maybe duplicate of #1/);
  });

  it('counts what is not modelled', () => {
    expect(run('broken.ts', '--coverage')).toEqual({ status: 0, output: 'All of the file is modelled.\n' });
  });

  it('says so where there is nothing to tell', () => {
    expect(run('plain.js')).toEqual({ status: 0, output: 'No handle is made here.\n' });
  });

  it.each([
    [['nowhere.ts'], 1, /ENOENT.*nowhere\.ts/],
    [['wrong.js'], 1, /wrong\.js: Parsing error/],
    [[], 2, /^Usage: handles-explain/],
    [['a.ts', 'b.ts'], 2, /^Usage/],
    [['a.ts', '--all'], 2, /^Usage/],
    [['a.ts', '--html'], 2, /^Usage/],
  ])('%j is answered by one line', (args, status, says) => {
    const answer = run(...args);
    expect(answer.status).toBe(status);
    expect(answer.output).toMatch(says);
    expect(answer.output.trim().split('\n')).toHaveLength(1);
  });
});
