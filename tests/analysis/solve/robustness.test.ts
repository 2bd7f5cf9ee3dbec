/** No program makes the engine throw, whatever the settings: it says nothing, or what it found. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../analysis/analyze.ts';
import type { AnalysisSettings } from '../../../analysis/settings.ts';
import { builtinApis } from '../../../apis/index.ts';
import { printProgram } from '../../judge/generator/print.ts';
import { makeProgram } from '../../judge/trial.ts';
import { parse, parseWithEspree, type Parsed } from '../lower/parse.ts';
import { randomProgram } from '../lower/random-program.ts';

const folder = new URL('../../fixtures/', import.meta.url);
const fixtures = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

const allSettings: AnalysisSettings[] = (['handled', 'all', 'none'] as const).flatMap((exceptions) =>
  (['escape', 'borrow'] as const).map((unknownCalls) => ({ exceptions, unknownCalls, apis: builtinApis })),
);

/** Fails with the program that makes the engine throw. */
function analyzeAll({ ast, scopeManager }: Parsed, source: string): void {
  for (const settings of allSettings) {
    try {
      const { findings, givenUp } = analyze(ast, scopeManager, settings);
      for (const { node, witness } of findings) {
        expect(node.loc).toBeDefined();
        for (const step of witness) expect(step.node.loc).toBeDefined();
      }
      for (const { reason } of givenUp) expect(reason).not.toBe('');
    } catch (error) {
      throw new Error(`${JSON.stringify(settings, ['exceptions', 'unknownCalls'])}\n${source}`, {
        cause: error,
      });
    }
  }
}

/** null where it is no program. */
function tryParse(source: string, parser: typeof parse = parse): Parsed | null {
  try {
    return parser(source);
  } catch {
    return null;
  }
}

const IMPORTS = `import { CloseHandle, CreateFile, DeviceIoControl, DuplicateHandle, DUPLICATE_SAME_ACCESS,
  FindFirstFile, GetCurrentProcess, choose } from 'eslint-plugin-handles/model';\n`;

/** Puts calls that concern handles in the place of the calls that a random program makes. */
function withHandles(source: string): string {
  const body = source.slice(source.indexOf('function main()'));
  const calls: Readonly<Record<string, string>> = {
    't(': 'CloseHandle(',
    'o.m(': 'CreateFile(',
    'boom(': 'thrower(',
  };
  const replaced = body.replaceAll(/\b(?:t|o\.m|boom)\(/g, (call) => calls[call] ?? call);
  return `${IMPORTS}
class Owner {
  constructor(h) { this.h = h; }
  [Symbol.dispose]() { CloseHandle(this.h); }
}
let a = CreateFile('a'), b = 0, c = null;
const later = [];
const o = { x: a, n: null, m(v) { return v; }, get: { deep(v) { DeviceIoControl(v); return o; } } };
function thrower(v) { if (choose()) throw v; return v; }
function resource(name) { return new Owner(CreateFile(name)); }
function log(...args) {}
${replaced}`;
}

const entropy = fc.array(fc.nat(1000), { minLength: 10, maxLength: 400 });

describe('fixtures', () => {
  it.each(fixtures)('%s', (_, source) => {
    analyzeAll(parse(source), source);
  });

  it('with lines left out, doubled and moved', () => {
    const edit = fc.record({ kind: fc.nat(2), from: fc.nat(200), to: fc.nat(200) });
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        ([, source], edits) => {
          const lines = source.split('\n');
          for (const { kind, from, to } of edits) {
            const [line = ''] =
              kind === 1 ? lines.slice(from % lines.length) : lines.splice(from % lines.length, 1);
            if (kind > 0) lines.splice(to % (lines.length + 1), 0, line);
          }
          const changed = lines.join('\n');
          const parsed = tryParse(changed);
          fc.pre(parsed !== null);
          analyzeAll(parsed, changed);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('what holds itself', () => {
  const programs: Record<string, string> = {
    'a function, by the variable that it is called by': `
      let tick = () => {};
      tick = () => { DeviceIoControl(h, 1); setTimeout(tick, 1); };
      setTimeout(tick, 1);`,
    'two functions, by each other': `
      let ping = () => {}, pong = () => {};
      ping = () => setTimeout(pong, 1);
      pong = () => { DeviceIoControl(h, 1); setTimeout(ping, 1); };
      setTimeout(ping, 1);`,
    'an object': `
      const o = { h, self: null };
      o.self = o;
      later(o);`,
    'two objects, by each other': `
      const parent = { h, child: null }, child = { parent };
      parent.child = child;
      later(child);`,
    'an object, by a method': `
      const o = { h, close: () => { CloseHandle(o.h); later(o); } };
      later(o);`,
    'an array': `
      const all = [h];
      all.push(all);
      later(all);`,
    'a class, by its own name': `
      class C { static one = new C(); h = h; again() { return new C().again(); } }
      later(new C().again());`,
    'a class, by its base': `
      class C extends C { h = CreateFile('b'); [Symbol.dispose]() { CloseHandle(this.h); } }
      later(new C());`,
    'a variable, by itself': `
      let k = k;
      if (k) CloseHandle(h);`,
    'two variables, by each other': `
      let next = h, last = next;
      while (choose()) { next = last; last = next; }
      if (next) CloseHandle(next);`,
    'two classes, by each other': `
      class C extends D { #h = CreateFile('b'); close() { CloseHandle(this.#h); } }
      class D extends C { [Symbol.dispose]() { this.close(); } }
      later(new C(), new D());`,
  };

  it.each(Object.entries(programs))('%s', (_, body) => {
    const source = `${IMPORTS}import { later } from './later.js';
function main() {
  const h = CreateFile('a');
  ${body}
}`;
    analyzeAll(parse(source), source);
  });
});

describe('random programs', () => {
  it('of all syntax', () => {
    fc.assert(
      fc.property(entropy, (numbers) => {
        const source = `${IMPORTS}${randomProgram(numbers)}`;
        analyzeAll(parse(source), source);
      }),
      { numRuns: 40 },
    );
  });

  it('of all syntax, with handles in it', () => {
    fc.assert(
      fc.property(entropy, (numbers) => {
        const source = withHandles(randomProgram(numbers));
        analyzeAll(parse(source), source);
      }),
      { numRuns: 60 },
    );
  });

  it('parsed by ESLint itself', () => {
    fc.assert(
      fc.property(entropy, (numbers) => {
        const source = withHandles(randomProgram(numbers));
        const parsed = tryParse(source, parseWithEspree);
        fc.pre(parsed !== null);
        analyzeAll(parsed, source);
      }),
      { numRuns: 20 },
    );
  });

  it('of handles', () => {
    for (let number = 0; number < 60; number++) {
      const source = printProgram(makeProgram(23, number, {}));
      analyzeAll(parse(source), source);
    }
  });
});
