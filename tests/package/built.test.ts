/**
 * The package as its users get it: built, packed, and used from another package that has only what the
 * peer dependencies promise. Everything that reads `dist/` is in this file, since it also builds it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPILER_OPTIONS, install, modules, outputOf, pack, run, writeFiles } from '../harness/package.ts';
import type { Packed } from '../harness/package.ts';
import { root, shippedFiles } from './sources.ts';

const scratch = mkdtempSync(join(tmpdir(), 'handles-'));

const configs = {
  object: `
    import { defineConfig } from 'eslint/config';
    import handles from 'eslint-plugin-handles';

    export default defineConfig([handles.configs.recommended]);
  `,
  extends: `
    import { defineConfig } from 'eslint/config';
    import handles from 'eslint-plugin-handles';

    export default defineConfig([{ plugins: { handles }, extends: ['handles/recommended'] }]);
  `,
  array: `
    import handles from 'eslint-plugin-handles';

    export default [handles.configs.recommended];
  `,
};

const consumerFiles = {
  'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { ...COMPILER_OPTIONS, skipLibCheck: false },
    include: ['*.ts'],
  }),
  ...Object.fromEntries(
    Object.entries(configs).flatMap(([name, text]) => [
      [`${name}.config.ts`, text],
      // Node 20 needs help to load a configuration in TypeScript; the text is valid as both.
      [`${name}.config.mjs`, text],
    ]),
  ),
  'program.ts': `
    import { CloseHandle, CreateFile, INVALID_HANDLE_VALUE, type HANDLE } from 'eslint-plugin-handles/model';

    const h: HANDLE = CreateFile('device');
    if (h !== INVALID_HANDLE_VALUE) CloseHandle(h);
  `,
  'leak.js': `
    import { CreateFile } from 'eslint-plugin-handles/model';

    export function leak() {
      const h = CreateFile('device');
      console.log(h);
    }
  `,
};

let packed: Packed;

beforeAll(() => {
  packed = pack(scratch);
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe('the tarball', () => {
  it('holds what is built and the pages that npm shows', () => {
    const built = shippedFiles().flatMap((file) => [outputOf(file), outputOf(file).replace(/js$/, 'd.ts')]);
    expect(packed.files.map((file) => file.path).sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', ...built].sort(),
    );
  });

  it('is small', () => {
    expect(packed.size).toBeLessThan(500_000);
    // Of what is unpacked, none is a source map or a copy of a source.
    expect(packed.files.filter(({ path }) => /\.map$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  it('pleases publint', async () => {
    const contents = new Uint8Array(readFileSync(packed.tarball)).buffer;
    const { messages, pkg } = await publint({ pack: { tarball: contents } });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has types that resolve', () => {
    runBin('@arethetypeswrong/cli/dist/index.js', [packed.tarball, '--profile', 'esm-only'], root);
  });
});

describe.each(['eslint', 'eslint-9'])('a package that uses it with %s', (eslint) => {
  const consumer = join(scratch, `with-${eslint}`);

  beforeAll(() => {
    install(consumer, packed.tarball, { eslint: modules(eslint) });
    writeFiles(consumer, consumerFiles);
  });

  // ESLint 9.38 does not type-check with itself: it brings two copies of its own plugin type. 9.39 has one.
  if (eslint !== 'eslint-9') {
    it('type-checks its configuration, and the declarations that it sees', () => {
      runBin('typescript/bin/tsc', ['-p', '.'], consumer);
    });
  }

  it.each(Object.keys(configs))('lints with the %s configuration', (name) => {
    const args = ['-c', `${name}.config.mjs`, '-f', 'json', 'leak.js'];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [modules(`${eslint}/bin/eslint.js`), ...args],
      {
        cwd: consumer,
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('');
    const [result] = JSON.parse(stdout) as [ESLint.LintResult];
    expect(result.messages.map(({ ruleId, line }) => [ruleId, line])).toEqual([
      ['handles/no-leaked-handle', 5],
    ]);
    expect(status).toBe(1);
  });
});

describe('a package without anything else', () => {
  const bare = join(scratch, 'bare');

  beforeAll(() => {
    install(bare, packed.tarball, {});
  });

  it('can load it', () => {
    const script = "await import('eslint-plugin-handles'); await import('eslint-plugin-handles/model')";
    run(process.execPath, ['--input-type=module', '-e', script], bare);
  });

  it('can require it', () => {
    const script = "console.log(require('eslint-plugin-handles').default.meta.name)";
    expect(run(process.execPath, ['-e', script], bare)).toBe('eslint-plugin-handles\n');
  });
});

describe('npm run demo', () => {
  it('prints the reports, as the README shows them', () => {
    const output = run(process.execPath, ['tests/demo/demo.mjs'], root);
    const [broken = '', repaired = ''] = output.split('repaired\n');
    expect(broken).toContain('4 problems');
    expect(repaired).toContain('1 problem\n');

    const readme = readFileSync(`${root}README.md`, 'utf8');
    const shown = [...readme.matchAll(/```text\n(tests\/fixtures\/[^`]*)```/g)].map(([, block]) => block);
    expect(shown).toHaveLength(2);
    for (const block of shown) expect(output).toContain(block);
  });
});

function runBin(path: string, args: readonly string[], cwd: string): void {
  run(process.execPath, [modules(path), ...args], cwd);
}
