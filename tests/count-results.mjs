// @ts-check
/** Prints the totals of a vitest JSON report as one line: `N passed, N failed`. */
import { readFileSync } from 'node:fs';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: node tests/count-results.mjs REPORT.json');

/** @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult */
const report = /** @type {{ numPassedTests: number, numFailedTests: number, testResults: FileResult[] }} */ (
  JSON.parse(readFileSync(file, 'utf8'))
);
// A file that cannot be loaded fails without a single failed test in it.
const brokenFiles = report.testResults.filter(
  (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
).length;
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles} failed`);
