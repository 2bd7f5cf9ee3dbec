/** The plugin as a gate in CI: ESLint's command line, its exit codes, cache, workers and bulk suppressions. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixture, modules } from '../harness/package.ts';
import { root } from '../package/sources.ts';
import { ESLINTS, project } from './project.ts';
import type { Project } from './project.ts';

const CONFIG = `
import handles from 'eslint-plugin-handles';

export default [handles.configs.recommended];
`;

const CLEAN = `import { CloseHandle, CreateFile } from 'eslint-plugin-handles/model';

export function open() {
  const h = CreateFile('device');
  CloseHandle(h);
}
`;

const LEAK = `import { CreateFile } from 'eslint-plugin-handles/model';

export function leak() {
  const h = CreateFile('device');
  console.log(h);
}
`;

/** Clean, unless the exceptions count that nobody handles. */
const THROWS = `import { CloseHandle, CreateFile } from 'eslint-plugin-handles/model';
import { parse } from './parse.js';

export function check(name) {
  const h = CreateFile(name);
  parse(name);
  CloseHandle(h);
}
`;

describe.each(ESLINTS)('%s', (_, eslint) => {
  const make = (files: Readonly<Record<string, string>>): Project =>
    project({ eslint }, { 'eslint.config.js': CONFIG, ...files });

  describe('exit codes', () => {
    it('are 0 where nothing is reported', () => {
      expect(make({ 'clean.js': CLEAN }).eslint('--max-warnings', '0', '.')).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      });
    });

    it('are 1 where an error is reported', () => {
      const { status, stdout } = make({ 'clean.js': CLEAN, 'leak.js': LEAK }).eslint('.');
      expect(status).toBe(1);
      expect(stdout).toContain("4:13  error  'h' (4:13) is never closed.");
      expect(stdout).toContain('1 problem (1 error, 0 warnings)');
    });

    it('are 1 where a warning is one too many', () => {
      const warn = "{ rules: { 'handles/no-leaked-handle': 'warn' } }";
      const warning = make({
        'leak.js': LEAK,
        'eslint.config.js': CONFIG.replace('recommended', `recommended, ${warn}`),
      });
      expect(warning.eslint('.').status).toBe(0);
      expect(warning.eslint('--max-warnings', '0', '.')).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('too many warnings') as unknown,
      });
    });

    it('are 2 where a setting is wrong, which is told', () => {
      const wrong = make({ 'leak.js': LEAK, 'eslint.config.js': withSettings("{ exceptions: 'always' }") });
      const { status, stderr } = wrong.eslint('.');
      expect(status).toBe(2);
      expect(stderr).toContain(
        `'settings.handles.exceptions' is "always", but accepted is 'handled', 'all', 'none'.`,
      );
    });
  });

  describe('--cache', () => {
    /** The files that are linted, and not taken from the cache, as a rule beside ours sees them. */
    const linted = (cached: Project): string[] => {
      cached.write({ 'linted.txt': '' });
      cached.eslint('--cache', '.');
      return cached.read('linted.txt').split('\n').filter(Boolean).sort();
    };

    const files = {
      'clean.js': CLEAN,
      'leak.js': LEAK,
      'throws.js': THROWS,
      'eslint.config.js': withWatcher('{}'),
    };

    it('lints nothing again, and reports the same', () => {
      const cached = make(files);
      expect(linted(cached)).toEqual(['clean.js', 'leak.js', 'throws.js']);
      const again = cached.eslint('--cache', '.');
      expect(again.status).toBe(1);
      expect(again.stdout).toContain("'h' (4:13) is never closed.");
      // What has reports is kept as well.
      expect(linted(cached)).toEqual([]);
    });

    it('lints a file again that changes', () => {
      const cached = make(files);
      linted(cached);
      cached.write({ 'clean.js': LEAK });
      expect(linted(cached)).toEqual(['clean.js']);
      expect(cached.reports('--cache', '.').map((report) => report.split(':')[0])).toEqual([
        'clean.js',
        'leak.js',
      ]);
    });

    it.each([
      ['which exceptions count', "{ exceptions: 'all' }"],
      ['an API of the user', "{ apis: { parsers: { type: 'Parser', close: 'end' } } }"],
    ])('lints all again where a setting changes: %s', (__, settings) => {
      const cached = make(files);
      linted(cached);
      cached.write({ 'eslint.config.js': withWatcher(settings) });
      expect(linted(cached)).toEqual(['clean.js', 'leak.js', 'throws.js']);
      expect(linted(cached)).toEqual([]);
    });

    it('reports what a changed setting asks for', () => {
      const cached = make(files);
      linted(cached);
      cached.write({ 'eslint.config.js': withWatcher("{ exceptions: 'all' }") });
      expect(cached.reports('--cache', '.')).toEqual([
        'leak.js:4:13 handles/no-leaked-handle',
        'throws.js:5:13 handles/no-leaked-handle',
      ]);
    });
  });

  describe('--concurrency', () => {
    it('reports the same from workers', () => {
      const programs = readdirSync(`${root}tests/fixtures/flags`).filter((name) => name.endsWith('.ts'));
      expect(programs.length).toBeGreaterThan(10);
      const many = project(
        { eslint, '@typescript-eslint/parser': modules('@typescript-eslint/parser') },
        {
          'eslint.config.js': `
            import parser from '@typescript-eslint/parser';
            import handles from 'eslint-plugin-handles';

            const apis = { cursors: { type: 'Cursor', close: 'finish' } };

            export default [
              { files: ['**/*.ts'], languageOptions: { parser }, settings: { handles: { apis } } },
              handles.configs.recommended,
            ];
          `,
          ...Object.fromEntries(programs.map((name) => [name, fixture(`flags/${name}`)])),
        },
      );
      const alone = many.eslint('-f', 'json', '.');
      const together = many.eslint('-f', 'json', '--concurrency', '2', '.');
      expect(JSON.parse(alone.stdout)).not.toEqual([]);
      expect(together.status).toBe(1);
      expect(alone.status).toBe(1);
      expect(together.stdout).toBe(alone.stdout);
    });
  });

  describe('bulk suppressions', () => {
    const files = {
      'leak.js': LEAK,
      'broken.js': `${LEAK}${LEAK.replace(/^.*\n/, '').replace('leak', 'again')}`,
    };
    const counts = {
      'broken.js': { 'handles/no-leaked-handle': { count: 2 } },
      'leak.js': { 'handles/no-leaked-handle': { count: 1 } },
    };

    const suppressed = (): Project => {
      const old = make(files);
      expect(old.eslint('--suppress-all', '.').status).toBe(0);
      return old;
    };

    it('make an old project clean', () => {
      const old = suppressed();
      expect(JSON.parse(old.read('eslint-suppressions.json'))).toEqual(counts);
      expect(old.eslint('--max-warnings', '0', '.')).toMatchObject({ status: 0, stdout: '' });
    });

    it('count the same again, also from workers, and after lines moved', () => {
      const old = suppressed();
      const first = old.read('eslint-suppressions.json');
      old.eslint('--suppress-all', '--concurrency', '2', '.');
      expect(old.read('eslint-suppressions.json')).toBe(first);
      old.write({ 'leak.js': `// Moved.\n\n${LEAK}` });
      expect(old.eslint('.')).toMatchObject({ status: 0, stdout: '' });
    });

    it('let what is new through', () => {
      const old = suppressed();
      old.write({ 'leak.js': files['broken.js'] });
      const { status, stdout } = old.eslint('.');
      expect(status).toBe(1);
      expect(stdout).toContain('handles/no-leaked-handle');
    });

    it('are asked back for what is mended', () => {
      const old = suppressed();
      old.write({ 'leak.js': CLEAN });
      expect(old.eslint('.').status).toBe(2);
      old.eslint('--prune-suppressions', '.');
      expect(JSON.parse(old.read('eslint-suppressions.json'))).toEqual({ 'broken.js': counts['broken.js'] });
      expect(old.eslint('.').status).toBe(0);
    });
  });
});

function withSettings(settings: string): string {
  return CONFIG.replace('recommended', `recommended, { settings: { handles: ${settings} } }`);
}

/** Notes each file that is linted in linted.txt. */
function withWatcher(settings: string): string {
  return `
    import { appendFileSync } from 'node:fs';
    import { basename } from 'node:path';
    import handles from 'eslint-plugin-handles';

    const create = ({ filename }) => {
      appendFileSync('linted.txt', basename(filename) + '\\n');
      return {};
    };

    export default [
      { ignores: ['eslint.config.js'] },
      handles.configs.recommended,
      {
        settings: { handles: ${settings} },
        plugins: { watch: { meta: { name: 'watch', version: '1' }, rules: { watch: { create } } } },
        rules: { 'watch/watch': 'error' },
      },
    ];
  `;
}
