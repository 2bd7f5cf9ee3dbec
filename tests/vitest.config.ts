import { fileURLToPath } from 'node:url';
import { defaultExclude, defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `.ci/run` asks for the results in files of this folder, to count them. */
const results = process.env['HANDLES_TEST_RESULTS'];

export default defineConfig({
  root,
  test: {
    include: ['tests/**/*.test.ts'],
    // These need programs that `npm run test:e2e` installs.
    exclude: [...defaultExclude, 'tests/e2e/**'],
    setupFiles: ['tests/setup.ts'],
    // Users get silence about a file that the engine fails on; tests get the error.
    env: { HANDLES_RETHROW: '1' },
    // Whole packages are linted in single tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters:
      results === undefined ? ['default'] : ['default', ['json', { outputFile: `${results}/tests.json` }]],
  },
  resolve: {
    // Fixtures import the package by its name; under test that means the sources, not what was built last.
    alias: [
      { find: /^eslint-plugin-handles$/, replacement: `${root}index.ts` },
      { find: /^eslint-plugin-handles\/model$/, replacement: `${root}model/index.ts` },
    ],
  },
});
