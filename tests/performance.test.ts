/**
 * What the engine costs on programs that are made to be hard. Bounds on time are loose, since machines
 * differ; what is held is how the cost grows.
 */
import { describe, expect, it } from 'vitest';
import { analyze } from '../analysis/analyze.ts';
import { settings } from './analysis/solve/show.ts';
import { parse } from './analysis/lower/parse.ts';
import type { Parsed } from './analysis/lower/parse.ts';

const IMPORTS = `import { CloseHandle, CreateFile, DeviceIoControl, choose } from 'eslint-plugin-handles/model';`;

const repeat = (n: number, line: (index: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n');

/** Each handle is opened and closed under a flag of its own: 2^n ways, and none of them is wrong. */
const ownFlags = (n: number): string => `${IMPORTS}
export function main() {
${repeat(n, (i) => `  const f${i} = choose(); let h${i} = null; if (f${i}) h${i} = CreateFile('x');`)}
${repeat(n, (i) => `  if (f${i}) CloseHandle(h${i});`)}
}`;

/** The same, and the last one is never closed. */
const oneForgotten = (n: number): string =>
  ownFlags(n).replace(`  if (f${n - 1}) CloseHandle(h${n - 1});\n`, '');

/** A collection takes up n handles, and a loop closes them all. */
const pushed = (n: number): string => `${IMPORTS}
export function main() {
  const hs = [];
${repeat(n, () => `  hs.push(CreateFile('x'));`)}
  for (const h of hs) CloseHandle(h);
}`;

function run({ ast, scopeManager }: Parsed): { findings: number; givenUp: number; milliseconds: number } {
  const start = process.cpuUsage();
  const { findings, givenUp } = analyze(ast, scopeManager, settings);
  const { user, system } = process.cpuUsage(start);
  return { findings: findings.length, givenUp: givenUp.length, milliseconds: (user + system) / 1000 };
}

/** The best of many runs in turns: what the work costs, whatever else the machine does. */
function best(programs: readonly Parsed[]): number[] {
  const times = programs.map(() => Infinity);
  for (let round = 0; round < 25; round++) {
    for (const [index, program] of programs.entries()) {
      times[index] = Math.min(times[index] ?? Infinity, run(program).milliseconds);
    }
  }
  return times;
}

describe('a hundred handles, each under its own flag', () => {
  it('are exact within a second', () => {
    expect(run(parse(ownFlags(100)))).toMatchObject({ findings: 0, givenUp: 0 });
    expect(run(parse(oneForgotten(100)))).toMatchObject({ findings: 1, givenUp: 0 });
    expect(run(parse(ownFlags(100))).milliseconds).toBeLessThan(1000);
  });

  it('cost at most two and a half times as much when there are two hundred', () => {
    const [one = 0, two = Infinity] = best([parse(ownFlags(100)), parse(ownFlags(200))]);
    expect(two / one).toBeLessThanOrEqual(2.5);
  });
});

describe('a collection of many handles', () => {
  it('is closed by one loop', () => {
    expect(run(parse(pushed(100)))).toMatchObject({ findings: 0, givenUp: 0 });
  });

  it('costs at most 2.3 times as much when there are twice as many', () => {
    const [one = 0, two = Infinity] = best([parse(pushed(100)), parse(pushed(200))]);
    expect(two / one).toBeLessThanOrEqual(2.3);
  });
});
