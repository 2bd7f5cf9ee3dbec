/** What takes too long costs the function that it is in, and nobody else. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../analysis/analyze.ts';
import { parse } from '../lower/parse.ts';
import { settings } from './show.ts';

const IMPORTS = `import { CloseHandle, CreateFile, DeviceIoControl } from 'eslint-plugin-handles/model';\n`;

/** Has more ways through it than anybody can visit: what each test finds lives on in a variable. */
const MANY_WAYS = `
  let ${Array.from({ length: 40 }, (_, i) => `v${i} = 0`).join(', ')};
${Array.from({ length: 40 }, (_, i) => `  if (options.o${i}) { v${i} = options.p${i}; DeviceIoControl(h, ${i}); }`).join('\n')}
${Array.from({ length: 40 }, (_, i) => `  if (v${i} === ${i}) DeviceIoControl(h, v${i});`).join('\n')}`;

function look(source: string): { found: string[]; givenUp: string[] } {
  const parsed = parse(IMPORTS + source);
  const { findings, givenUp } = analyze(parsed.ast, parsed.scopeManager, settings);
  return {
    found: findings.map(({ kind, node }) => `${kind} ${node.loc.start.line}`),
    givenUp: [...new Set(givenUp.map(({ fn }) => fn.name))],
  };
}

describe('a body that is too much to follow', () => {
  const callee = `export function long(h, options) {${MANY_WAYS}\n}\n`;
  const call = (body: string): string => `export function main(options) {\n${body}\n}\n${callee}`;

  it('is stepped over where it is called', () => {
    expect(
      look(call(`  const h = CreateFile('a');\n  long(h, options);\n  CloseHandle(h);\n  CloseHandle(h);`)),
    ).toEqual({
      found: ['doubleClose 6'],
      givenUp: ['long'],
    });
  });

  it('may close what it is given', () => {
    const { found } = look(call(`  const h = CreateFile('a');\n  long(h, options);`));
    expect(found).toEqual([]);
  });

  it('leaves other handles alone', () => {
    const { found } = look(call(`  const h = CreateFile('a'), g = CreateFile('b');\n  long(h, options);`));
    expect(found).toEqual(['leakedHandle 3']);
  });

  it('may close what it captures', () => {
    const { found } = look(
      `export function main(options) {\n  let h = CreateFile('a');\n  function long() {${MANY_WAYS}\n  if (options.z) CloseHandle(h); h = null; }\n  long();\n}\n`,
    );
    expect(found).toEqual([]);
  });

  it('may never come back', () => {
    const { found } = look(
      call(`  const g = CreateFile('b');\n  long(null, options);`).replace(
        /\n\}\n$/,
        '\n  throw options;\n}\n',
      ),
    );
    // An exception of `main` would leave it open, but there may be no way to the end of `main`.
    expect(found).toEqual([]);
  });
});

it('functions that take long do not use up what the others need', () => {
  const long = Array.from(
    { length: 6 },
    (_, i) => `export function long${i}(h, options) {${MANY_WAYS}\n}`,
  ).join('\n');
  const { found, givenUp } = look(`${long}\nexport function short() {\n  CreateFile('a');\n}\n`);
  expect(found).toHaveLength(1);
  expect(givenUp).not.toContain('short');
});

it('a handle that takes long does not use up what another one in the same function needs', () => {
  const { found, givenUp } = look(
    `export function main(options) {\n  const h = CreateFile('a');${MANY_WAYS}\n  CreateFile('b');\n}\n`,
  );
  expect(found).toHaveLength(1);
  expect(givenUp).toContain('main');
});
