// @ts-check
/** Prints the totals of vitest's JSON reports as one line: `N passed, N failed`. */
import { readFileSync } from 'node:fs';

/** @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult */
/** @typedef {{ numPassedTests: number, numFailedTests: number, testResults: FileResult[] }} Report */

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('usage: node tests/count-results.mjs REPORT.json…');

let passed = 0;
let failed = 0;
for (const file of files) {
  const report = /** @type {Report} */ (JSON.parse(readFileSync(file, 'utf8')));
  // A file that cannot be loaded fails without a single failed test in it.
  const broken = report.testResults.filter(
    (result) =>
      result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  );
  passed += report.numPassedTests;
  failed += report.numFailedTests + broken.length;
}
console.log(`${passed} passed, ${failed} failed`);
