/** What no rule may say anything about, and what every parser and file type must be good for. */
import type { Rule } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import { duplicate, lint, placesOf, program, script } from './tester.ts';

const rules = Object.entries(handles.rules ?? {}) as [string, Rule.RuleModule][];

const harmless: Record<string, string> = {
  'an empty file': '',
  'a comment': '// CreateFile, CloseHandle',
  'a line break': '\n',
  'a directive': "'use strict';",
  'no handles': 'export function add(a, b) { return a + b; }\nconsole.log(add(1, 2));',
  'an import alone': "import 'eslint-plugin-handles/model';",
  'an import that nothing uses': program(''),
  'the names without the import':
    "function main() { const h = CreateFile('a'); CloseHandle(h); CloseHandle(h); }",
  'the names from elsewhere':
    "import { CreateFile, CloseHandle } from './fs.js';\nfunction main() { const h = CreateFile('a'); CloseHandle(h); CloseHandle(h); }",
  'the names declared here':
    "import * as win from 'eslint-plugin-handles/model';\nfunction CreateFile() { return win; }\nCreateFile('a');",
  'types alone':
    "import type { HANDLE } from 'eslint-plugin-handles/model';\nlet h: HANDLE;\nexport type { HANDLE };",
};

describe('nothing is said of', () => {
  it.each(Object.entries(harmless))('%s', (_, code) => {
    expect(placesOf(code)).toEqual([]);
  });
});

/** One defect for each rule. */
const wrong = `
function doubleClose() {
  const h = CreateFile('a');
  CloseHandle(h);
  CloseHandle(h);
}
function useAfterClose() {
  const h = CreateFile('a');
  CloseHandle(h);
  DeviceIoControl(h, 1);
}
function mismatchedClose() {
  const h = FindFirstFile('*');
  CloseHandle(h);
}
function leakedHandle() {
  const h = CreateFile('a');
  DeviceIoControl(h, 1);
}
function passedOriginal(h, take) {
  const out = [null];
  ${duplicate('h')};
  take(h);
}
function deadFailureTest() {
  const h = CreateFile('a');
  if (h === null) return;
  CloseHandle(h);
}
function handleComparison(h) {
  const out = [null];
  ${duplicate('h')};
  const copy = out[0];
  if (h === copy) return;
  CloseHandle(copy);
}
/** @borrows h, @owns x */
function borrowedClose(h) {
  CloseHandle(h);
}`;

const REPORTS = [
  'no-double-close 5:3-5:14',
  'no-use-after-close 10:3-10:18',
  'no-mismatched-close 14:3-14:14',
  'no-leaked-handle 17:13-17:23',
  'no-leaked-duplicate 22:3-22:18',
  'no-passed-original 23:8-23:9',
  'no-dead-failure-check 27:7-27:17',
  'no-handle-comparison 34:7-34:17',
  'no-invalid-tag 37:17-37:24',
  'no-borrowed-close 39:3-39:14',
];

describe('every rule finds its defect', () => {
  it('one program has one for each', () => {
    const found = new Set(REPORTS.map((report) => report.split(' ')[0]));
    expect([...found].sort()).toEqual(rules.map(([name]) => name).sort());
  });

  it.each([
    ['TypeScript', 'source.ts'],
    ['TypeScript with JSX', 'source.tsx'],
    ['JavaScript, as ESLint itself parses it', 'source.js'],
    ['JavaScript with JSX', 'source.jsx'],
  ])('in %s', (_, filename) => {
    expect(placesOf(script(wrong), { filename })).toEqual(REPORTS);
  });

  it('where the module is required', () => {
    const required = wrong.replaceAll(
      /\b(?:Create|Close|Find|Duplicate|Device|Get)[A-Z]\w+(?=\()/g,
      (name) => `win.${name}`,
    );
    const code = `const win = require('eslint-plugin-handles/model');${required.replaceAll('DUPLICATE_', 'win.DUPLICATE_')}`;
    const lines = placesOf(code, { filename: 'source.js', sourceType: 'commonjs' }).map(
      (report) => report.split(':')[0],
    );
    expect(lines).toEqual(REPORTS.map((report) => report.split(':')[0]));
  });

  it('with Windows line ends', () => {
    expect(placesOf(script(wrong).replaceAll('\n', '\r\n'))).toEqual(REPORTS);
  });

  it('after a byte order mark and a hashbang', () => {
    expect(placesOf(`\uFEFF${script(wrong)}`)).toEqual(REPORTS);
    const moved = REPORTS.map((report) => report.replaceAll(/\d+(?=:)/g, (line) => String(Number(line) + 1)));
    expect(placesOf(`#!/usr/bin/env node\n${script(wrong)}`)).toEqual(moved);
  });

  it('beside JSX', () => {
    const code = program(`
function View() {
  CreateFile('a');
  return <p>{CreateFile.name}</p>;
}`);
    expect(placesOf(code, { filename: 'source.tsx' })).toEqual(['no-leaked-handle 3:3-3:13']);
  });
});

describe('a directive of ESLint', () => {
  it('silences a report on the next line', () => {
    const code = program(`
function main() {
  // eslint-disable-next-line handles/no-leaked-handle -- the process ends here
  CreateFile('a');
}`);
    expect(lint(code)).toEqual([]);
  });
});
