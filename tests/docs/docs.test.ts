/**
 * The code in the documentation is true: every block under a ❌ is reported (on a rule's page by that
 * rule and no other), every block under a ✅ is clean.
 *
 * A mark holds from its line to the next mark, heading or end of a generated part. Blocks under no mark are only illustrations.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { parser } from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from '../package/sources.ts';

interface Block {
  readonly line: number;
  readonly mark: '❌' | '✅';
  readonly language: string;
  readonly code: string;
}

const isRulePage = (page: string) => dirname(page) === 'docs/rules';

const pages = ['README.md', ...listFiles('docs', '.md')]
  .map((page) => {
    const text = readFileSync(root + page, 'utf8');
    return { page, text, blocks: readBlocks(text) };
  })
  .filter(({ page, blocks }) => isRulePage(page) || blocks.length > 0);

describe.each(pages)('$page', ({ page, text, blocks }) => {
  if (isRulePage(page)) {
    it('has the generated header', () => {
      expect(text).toContain('<!-- end auto-generated rule header -->');
    });

    it('shows what is reported and what is not', () => {
      expect(new Set(blocks.map((block) => block.mark))).toEqual(new Set(['❌', '✅']));
    });
  }

  it.each(blocks.map((block) => [`${block.mark} line ${block.line}`, block] as const))('%s', (_, block) => {
    const messages = lint(block);
    const rules = [...new Set(messages.map(({ ruleId }) => ruleId))];
    if (block.mark === '✅') {
      expect(messages.map(({ line, message }) => `${block.line + line}: ${message}`)).toEqual([]);
    } else if (isRulePage(page)) {
      expect(rules).toEqual([`handles/${basename(page, '.md')}`]);
    } else {
      expect(rules).not.toEqual([]);
    }
  });
});

describe('the reading of pages', () => {
  it('gives each block the mark that it stands under', () => {
    const page = [
      '# Title',
      'In ✅ `recommended`.',
      '<!-- end auto-generated rule header -->',
      '```ts',
      'illustration',
      '```',
      '## ❌ Wrong',
      'Some text.',
      '```ts title',
      'one // ✅ is no mark here',
      '```',
      '```js',
      'two',
      '```',
      'But ✅:',
      '',
      '  ```ts',
      '  three',
      '  ```',
      '```sh',
      'npm install',
      '```',
      '## Else',
      '```ts',
      'illustration',
      '```',
    ].join('\n');
    expect(readBlocks(page)).toEqual([
      { line: 9, mark: '❌', language: 'ts', code: 'one // ✅ is no mark here' },
      { line: 12, mark: '❌', language: 'js', code: 'two' },
      { line: 17, mark: '✅', language: 'ts', code: 'three' },
    ]);
  });
});

function lint({ code, language }: Block): Linter.LintMessage[] {
  const filename = `example.${language}`;
  const config: Linter.Config[] = [handles.configs.recommended];
  if (/ts/.test(language)) config.unshift({ files: [`**/*.${language}`], languageOptions: { parser } });
  return new Linter().verify(code, config, { filename });
}

function readBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let mark: Block['mark'] | null = null;
  let fence: { readonly indent: string; readonly language: string; readonly line: number } | null = null;
  let code: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', info] = /^(\s*)```(.*)$/.exec(line) ?? [];
    if (fence !== null && info === undefined) {
      code.push(line.startsWith(fence.indent) ? line.slice(fence.indent.length) : line);
    } else if (fence !== null) {
      const { language, line: start } = fence;
      if (mark !== null && /^[mc]?[jt]sx?$/.test(language)) {
        blocks.push({ line: start, mark, language, code: code.join('\n') });
      }
      fence = null;
      code = [];
    } else if (info !== undefined) {
      fence = { indent, language: /^\w*/.exec(info)?.[0] ?? '', line: index + 1 };
    } else if (/❌|✅/.test(line)) {
      mark = line.includes('❌') ? '❌' : '✅';
    } else if (line.startsWith('#') || line.startsWith('<!-- end auto-generated')) {
      // Generated parts mark configurations with the same signs.
      mark = null;
    }
  }
  return blocks;
}
