// @ts-check
/**
 * Types a comment at the end of a file, letter by letter, and prints what the letters cost, as ESLint itself
 * measures it. Runs in a project of its own: where a test runner has loaded the plugin, its code is not what users run.
 */
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';

const KEYSTROKES = 11;
const file = process.argv[2] ?? '';
const text = readFileSync(file, 'utf8');
const eslint = new ESLint({ stats: true });
const times = [];
// What code costs before it is compiled is no matter of typing: an editor's server runs for hours.
const EARLIER = 3 * KEYSTROKES;
for (let typed = -EARLIER; typed < KEYSTROKES; typed++) {
  const [result] = await eslint.lintText(`${text}// ${'x'.repeat(typed + EARLIER)}`, {
    filePath: file,
  });
  const [pass] = result?.stats?.times.passes ?? [];
  if (typed < 0) continue;
  times.push({
    errors: result?.errorCount,
    fatal: result?.fatalErrorCount,
    rules: Object.values(pass?.rules ?? {}).reduce((sum, { total }) => sum + total, 0),
    parsing: pass?.parse?.total,
  });
}
console.log(JSON.stringify(times));
