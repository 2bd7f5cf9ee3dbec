/** The fast path passes over files, and never over a finding. */
import { readFileSync } from 'node:fs';
import * as parser from '@typescript-eslint/parser';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../analysis/analyze.ts';
import { ApiTable } from '../../analysis/effects/api-table.ts';
import { canTouchHandles } from '../../analysis/triggers.ts';
import { decodeSettings } from '../../rules/shared/settings.ts';
import { listFiles, root } from '../package/sources.ts';

const settings = decodeSettings({});
const table = new ApiTable(settings.apis);

function parse(code: string) {
  return parser.parseForESLint(code, { loc: true, range: true, tokens: true });
}

const isLookedAt = (code: string): boolean => canTouchHandles(parse(code).ast, table);

describe('a file is looked at', () => {
  it.each([
    `import fs from 'node:fs'; fs.openSync(path);`,
    `import fs from 'node:fs'; fs['openSync'](path);`,
    `const { openSync: open } = require('fs');`,
    `export function close(frame: VideoFrame) {}`,
    `const frame = new VideoFrame(canvas);`,
    `createImageBitmap(blob);`,
    `navigator.storage.getDirectory().then((dir) => dir.getFileHandle('a')).then((file) => file.createWritable());`,
    `canvas.transferToImageBitmap(); let canvas: OffscreenCanvas;`,
    `class Timer { [Symbol.dispose]() {} }`,
  ])('%s', (code) => {
    expect(isLookedAt(code)).toBe(true);
  });
});

describe('a file is passed over', () => {
  it.each([
    `import fs from 'node:fs'; fs.readFileSync(path); fs.existsSync(path);`,
    `import { stat } from 'node:fs/promises'; await stat(path);`,
    `document.createElement('div').append(text);`,
    `const context = canvas.getContext('2d'); context.drawImage(image, 0, 0); let canvas: HTMLCanvasElement;`,
    `iterator[Symbol.iterator]().next(); value.dispose();`,
  ])('%s', (code) => {
    expect(isLookedAt(code)).toBe(false);
  });
});

it('nothing is found in what is passed over', () => {
  const files = ['.ts', '.js'].flatMap((ending) => listFiles('tests/fixtures', ending));
  const passed = files.filter((file) => !isLookedAt(readFileSync(root + file, 'utf8')));
  const found = passed.filter((file) => {
    const { ast, scopeManager } = parse(readFileSync(root + file, 'utf8'));
    return analyze(ast, scopeManager, settings, 'everything').findings.length > 0;
  });
  expect(found).toEqual([]);
});
