/** What holds for every rule, so that none is forgotten in a list. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Linter, Rule } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from './sources.ts';

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { name: string; version: string };
const rules = Object.entries(handles.rules ?? {}) as [string, Rule.RuleModule][];

/** Files in rules/ with another name are what the rules share. */
const ruleName = /^(?:no|require|prefer)(?:-[a-z]+)+$/;
const ruleFiles = listFiles('rules', '.ts')
  .map((file) => basename(file, '.ts'))
  .filter((name) => ruleName.test(name));

describe('the plugin', () => {
  it('says which package and version it is', () => {
    expect(handles.meta).toMatchObject({
      name: manifest.name,
      version: manifest.version,
      namespace: 'handles',
    });
  });

  it('registers every rule file under its name, and nothing else', () => {
    expect(rules.map(([name]) => name).sort()).toEqual(ruleFiles);
    expect(ruleFiles).not.toEqual([]);
  });

  it('names its configurations', () => {
    expect(Object.keys(handles.configs)).toContain('recommended');
    for (const [name, config] of configs()) expect(config.name).toBe(`handles/${name}`);
  });

  it('enables only rules that exist', () => {
    const known = rules.map(([name]) => `handles/${name}`);
    for (const [, config] of configs())
      expect(known).toEqual(expect.arrayContaining(Object.keys(config.rules ?? {})));
  });

  it('refers to itself in its configurations', () => {
    for (const [, config] of configs()) expect(config.plugins?.['handles']).toBe(handles);
  });
});

describe.each(rules)('%s', (name, rule) => {
  const messages = Object.entries(rule.meta?.messages ?? {});

  it('is named as a rule', () => {
    expect(name).toMatch(ruleName);
  });

  it('is documented and tested', () => {
    expect(existsSync(`${root}docs/rules/${name}.md`)).toBe(true);
    expect(existsSync(`${root}tests/rules/${name}.test.ts`)).toBe(true);
  });

  it('names the weaknesses that its page names', () => {
    const page = readFileSync(`${root}docs/rules/${name}.md`, 'utf8');
    const named = [...page.matchAll(/CWE-(\d+)/g)].map(([, number]) => Number(number));
    const { cwe } = rule.meta?.docs as { cwe: readonly number[] };
    expect([...new Set(named)].sort((a, b) => a - b)).toEqual(cwe);
  });

  it('says what it is', () => {
    expect(rule.meta).toMatchObject({
      type: 'problem',
      languages: expect.arrayContaining(['js/js']) as unknown,
      docs: {
        description: expect.stringMatching(/^[a-z].*[^.]$/) as unknown,
        url: expect.stringMatching(new RegExp(`/docs/rules/${name}\\.md$`)) as unknown,
      },
    });
    expect(rule.meta?.schema).toBeDefined();
  });

  it('is in the recommended configuration exactly if it says so', () => {
    const key = `handles/${name}`;
    const recommended = Boolean(rule.meta?.docs?.recommended);
    expect(Object.keys(handles.configs.recommended.rules ?? {}).includes(key)).toBe(recommended);
  });

  it('has messages', () => {
    expect(messages).not.toEqual([]);
  });

  it.each(messages)('%s is a sentence', (id, message) => {
    expect(id).toMatch(/^[a-z]+(?:[A-Z][a-z]+)*$/);
    expect(message).toMatch(/\.$/);
    // A placeholder with another spelling would be printed as it stands.
    const placeholders = message.match(/\{\{\s*[a-z][A-Za-z]*\s*\}\}/g) ?? [];
    expect(message.split(/[{}]/)).toHaveLength(placeholders.length * 4 + 1);
  });
});

function configs(): [string, Linter.Config][] {
  return Object.entries(handles.configs);
}
