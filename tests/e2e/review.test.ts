/** Code review: the SARIF formatter as ESLint loads it, and the commands of docs/guides/ci.md. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { fixture, modules } from '../harness/package.ts';
import { root } from '../package/sources.ts';
import { ESLINTS, hosts, project } from './project.ts';
import type { Project } from './project.ts';

const FORMATTER = './node_modules/eslint-plugin-handles/dist/formatters/sarif.js';

/** Defects of all kinds, a report of another rule, and what is not to be reported. */
const files = {
  'eslint.config.js': `
    import parser from '@typescript-eslint/parser';
    import handles from 'eslint-plugin-handles';

    export default [
      { files: ['**/*.ts'], languageOptions: { parser } },
      handles.configs.recommended,
      { rules: { 'prefer-const': 'warn' } },
    ];
  `,
  'src/broken.ts': fixture('founding/broken.ts'),
  'src/repaired.ts': fixture('founding/repaired.ts'),
  'src/branches.ts': `import { CloseHandle, CreateFile, FindClose } from 'eslint-plugin-handles/model';

export function branches(ready: boolean, text: string): void {
  let h = CreateFile('a');
  if (ready && text === 'a [1](2) "b" when 1:2') CloseHandle(h);
  // eslint-disable-next-line handles/no-mismatched-close -- A test.
  FindClose(CreateFile('b'));
}
`,
};

interface Log {
  readonly runs: readonly [{ readonly results: readonly { readonly ruleId: string }[] }];
}

// Draft 4 of JSON schema is what the official schema is written in.
const ajv = new Ajv({ schemaId: 'id', meta: false, unknownFormats: ['uri-reference'], logger: false });
ajv.addMetaSchema(readJson(modules('ajv/lib/refs/json-schema-draft-04.json')) as object);
const validate = ajv.compile(
  readJson(hosts('@microsoft/sarif-matcher-utils/lib/schemas/sarif-2.1.0-rtm.5.json')) as object,
);

describe.each(ESLINTS)('SARIF from %s', (_, eslint) => {
  const make = (more: Readonly<Record<string, string>> = {}): Project =>
    project(
      { eslint, '@typescript-eslint/parser': modules('@typescript-eslint/parser') },
      { ...files, ...more },
    );

  it('follows the official schema', () => {
    const reviewed = make();
    expect(reviewed.eslint('-f', FORMATTER, '-o', 'eslint.sarif', '.').status).toBe(1);
    const log = JSON.parse(reviewed.read('eslint.sarif')) as Log;
    validate(log);
    expect(validate.errors).toBeNull();
    expect([...new Set(log.runs[0].results.map(({ ruleId }) => ruleId))].sort()).toEqual([
      'handles/no-double-close',
      'handles/no-leaked-duplicate',
      'handles/no-leaked-handle',
      'handles/no-passed-original',
      'handles/no-use-after-close',
      'prefer-const',
    ]);
  });

  it('follows it where there is nothing to report, and where a file cannot be parsed', () => {
    const wrong = make({ 'src/wrong.ts': 'const = 1;' });
    for (const file of ['eslint.config.js', 'src/wrong.ts']) {
      validate(JSON.parse(wrong.eslint('-f', FORMATTER, file).stdout));
      expect(validate.errors).toBeNull();
    }
  });

  it('is the same from the cache and from workers', () => {
    const reviewed = make();
    const alone = reviewed.eslint('-f', FORMATTER, '.').stdout;
    expect(alone).toContain('"codeFlows"');
    const cached = ['--cache', '-f', FORMATTER, '.'];
    reviewed.eslint(...cached);
    expect(reviewed.eslint(...cached).stdout).toBe(alone);
    expect(reviewed.eslint('--concurrency', '2', '-f', FORMATTER, '.').stdout).toBe(alone);
  });
});

describe('docs/guides/ci.md', () => {
  const page = readFileSync(`${root}docs/guides/ci.md`, 'utf8');
  const blocks = [...page.matchAll(/```(?:yaml|sh)\n([^]*?)```/g)].map(([, text = '']) => text);
  const commands = [...new Set(blocks.flatMap((text) => text.match(/npx eslint .*/g) ?? []))];
  const make = (): Project =>
    project(
      {
        eslint: modules('eslint'),
        '@typescript-eslint/parser': modules('@typescript-eslint/parser'),
        'eslint-formatter-gitlab': hosts('eslint-formatter-gitlab'),
        'eslint-formatter-rdjson': hosts('eslint-formatter-rdjson'),
      },
      files,
    );

  it('shows commands', () => {
    expect(commands).toHaveLength(5);
  });

  it('is valid YAML', async () => {
    for (const [, text = ''] of page.matchAll(/```yaml\n([^]*?)```/g)) await format(text, { parser: 'yaml' });
  });

  it('gates', () => {
    const gate = commands.find((command) => command.endsWith('--max-warnings 0 .'))!;
    expect(make().shell(gate)).toMatchObject({ status: 1, stderr: '' });
  });

  it('gates what pre-commit names', () => {
    const hook = commands.find((command) => command.endsWith('--max-warnings 0'))!;
    const committed = make();
    expect(committed.shell(`${hook} src/repaired.ts src/broken.ts`)).toMatchObject({ status: 1, stderr: '' });
    expect(committed.shell(`${hook} eslint.config.js`)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('writes what code scanning is given', () => {
    const scanned = make();
    expect(scanned.shell(commands.find((command) => command.includes('sarif'))!)).toMatchObject({
      status: 1,
      stderr: '',
    });
    expect(page).toContain('sarif_file: eslint.sarif');
    expect(scanned.has('eslint.sarif')).toBe(true);
  });

  it('writes what GitLab is given', () => {
    const pipeline = make();
    pipeline.write({ '.gitlab-ci.yml': blocks.find((text) => text.includes('gitlab'))! });
    pipeline.shell(
      commands.find((command) => command.includes('gitlab'))!,
      {
        GITLAB_CI: 'true',
        CI_JOB_NAME: 'eslint',
        CI_PROJECT_DIR: pipeline.folder,
      },
    );
    const issues = JSON.parse(pipeline.read('gl-codequality.json')) as {
      check_name: string;
      fingerprint: string;
    }[];
    expect(issues.map((issue) => issue.check_name)).toContain('handles/no-double-close');
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  });

  it('writes what reviewdog is given', () => {
    const [command = ''] = commands.find((each) => each.includes('rdjson'))!.split(' | ');
    const { diagnostics } = JSON.parse(make().shell(command).stdout) as {
      diagnostics: { code: { value: string }; location: { range: { start: object } } }[];
    };
    expect(diagnostics.map(({ code, location }) => [code.value, location.range.start])).toContainEqual([
      'handles/no-passed-original',
      { line: 16, column: 19 },
    ]);
  });
});

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
