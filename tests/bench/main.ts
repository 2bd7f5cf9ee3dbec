/**
 * `npm run bench`: what an analysis costs on fixed inputs, next to the parsing of the same text. Prints medians of CPU
 * time in milliseconds, of runs in turns.
 *
 *     --rounds N    how many runs (default: 40)
 */
import { parseArgs } from 'node:util';
import { analyze } from '../../analysis/analyze.ts';
import { decodeSettings } from '../../rules/shared/settings.ts';
import { parse } from '../analysis/lower/parse.ts';
import { measure } from '../robustness/survey.ts';
import { inputs } from './inputs.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } });
const settings = decodeSettings({});
const rows = inputs.map((input) => ({ ...input, parsing: [] as number[], analysis: [] as number[] }));

for (let round = 0; round < Number(values.rounds); round++) {
  for (const { source, parsing, analysis } of rows) {
    const parsed = measure(() => parse(source));
    const { ast, scopeManager } = parsed.value;
    parsing.push(parsed.milliseconds);
    analysis.push(measure(() => analyze(ast, scopeManager, settings)).milliseconds);
  }
}

console.log('   lines   parsing  analysis');
for (const { name, source, parsing, analysis } of rows) {
  const lines = source.split('\n').length;
  console.log(`${column(lines)}${column(median(parsing), 1)}${column(median(analysis), 1)}  ${name}`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

function column(value: number, digits = 0): string {
  return value.toFixed(digits).padStart(digits === 0 ? 8 : 10);
}
