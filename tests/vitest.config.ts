import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `.ci/run` asks for the results in a file, to count them. */
const resultsFile = process.env['HANDLES_TEST_RESULTS'];

export default defineConfig({
  root,
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    // Users get silence about a file that the engine fails on; tests get the error.
    env: { HANDLES_RETHROW: '1' },
    // Whole packages are linted in single tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: resultsFile === undefined ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
  },
  resolve: {
    // Fixtures import the package by its name; under test that means the sources, not what was built last.
    alias: [
      { find: /^eslint-plugin-handles$/, replacement: `${root}index.ts` },
      { find: /^eslint-plugin-handles\/model$/, replacement: `${root}model/index.ts` },
    ],
  },
});
