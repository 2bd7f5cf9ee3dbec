import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const results = process.env['HANDLES_TEST_RESULTS'];

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/setup.ts'],
    // Each test starts programs that take seconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters:
      results === undefined ? ['default'] : ['default', ['json', { outputFile: `${results}/e2e.json` }]],
  },
});
