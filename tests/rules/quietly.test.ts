/** An error inside the engine costs the reports and the descriptions of its file, and no more. */
import type { Scope, SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { analysisOf } from '../../rules/shared/analysis.ts';
import { describeFiles } from '../../tools/descriptions.ts';
import { parse } from '../analysis/lower/parse.ts';
import { sourceOf } from '../split/sources.ts';

const CODE = `import { CloseHandle, CreateFile } from 'eslint-plugin-handles/model';
export function open() { return CreateFile('a'); }
export function lose() { CreateFile('a'); }
`;

/** Whoever asks it for a scope gets an error. */
const broken = {
  get scopes() {
    throw new Error('no scopes');
  },
} as unknown as Scope.ScopeManager;

function analyze(change: Partial<SourceCode> = {}) {
  const sourceCode = { ...parse(CODE), ...change } as unknown as SourceCode;
  return analysisOf({ sourceCode, settings: {}, filename: '/project/a.ts', cwd: '/project' });
}

function describeBoth() {
  const files = [sourceOf('a.ts', CODE), { ...sourceOf('b.ts', CODE), scopeManager: broken }];
  return [...describeFiles(files).keys()];
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('an error inside the engine', () => {
  it('makes rules silent about the file', () => {
    vi.stubEnv('HANDLES_RETHROW', undefined);
    expect(analyze().findings).toHaveLength(1);
    expect(analyze({ scopeManager: broken }).findings).toEqual([]);
  });

  it('leaves the file out of what is described', () => {
    vi.stubEnv('HANDLES_RETHROW', undefined);
    expect(describeBoth()).toEqual(['./a.ts']);
  });

  it('gets through where that is asked for', () => {
    expect(() => analyze({ scopeManager: broken })).toThrow('no scopes');
    expect(() => describeBoth()).toThrow('no scopes');
  });
});
