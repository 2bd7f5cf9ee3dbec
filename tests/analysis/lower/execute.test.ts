/** Lowering keeps what programs do: the IR of a program, executed, logs what the program itself logs. */
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { printProgram } from '../../../analysis/ir/print.ts';
import { execute } from './execute.ts';
import { checkInvariants } from './invariants.ts';
import { lower } from './parse.ts';
import { randomProgram } from './random-program.ts';

type Log = string[];

function logger(log: Log): (...values: unknown[]) => void {
  return (...values) => log.push(values.map(show).join(' '));
}

function show(value: unknown): string {
  if (value instanceof Error) return value.constructor.name;
  if (typeof value === 'object' && value !== null) return 'object';
  // The texts of the engine's own errors are not the point.
  return String(value).replace(/(\w+Error): .*/s, '$1');
}

function globalsFor(log: Log): Record<string, unknown> {
  return { log: logger(log), Symbol, Object, Error, Promise, Array, Map, Set };
}

async function guarded(log: Log, run: () => unknown): Promise<Log> {
  try {
    await run();
  } catch (error) {
    log.push(`uncaught ${show(error)}`);
  }
  await new Promise((resolve) => setTimeout(resolve));
  return log;
}

function runSource(source: string): Promise<Log> {
  const log: Log = [];
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const globals = globalsFor(log);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function(...Object.keys(globals), `'use strict'; ${outputText}`) as (
    ...values: unknown[]
  ) => unknown;
  return guarded(log, () => run(...Object.values(globals)));
}

function runLowered(source: string): Promise<Log> {
  const log: Log = [];
  const program = lower(source);
  checkInvariants(program);
  return guarded(log, () => execute(program, globalsFor(log)));
}

const PROGRAMS: Record<string, string> = {
  'finally overrides return, break and throw': `
    function f() { try { return log('a'), 1; } finally { log('b'); return 2; } }
    function g() { for (const x of [1, 2]) { try { throw x; } finally { log('f', x); continue; } } return 'end'; }
    function h() { l: { try { return 1; } finally { break l; } } return 'after'; }
    log(f(), g(), h());`,
  'nested finally runs inside out': `
    function f(n) {
      for (let i = 0; i < 3; i++) {
        try { try { if (i === n) return 'r' + i; if (i === n + 1) break; } finally { log('in', i); } }
        finally { log('out', i); }
      }
      return 'end';
    }
    log(f(0), f(1), f(-1), f(9));`,
  'switch tests all cases before a default in the middle': `
    const t = (v) => (log('test', v), v);
    for (const v of [0, 1, 2, 3]) {
      switch (v) { case t(0): log('zero'); default: log('default'); case t(1): log('one'); break; case t(2): log('two'); }
      switch (v) { case 0: log('a'); break; default: log('d'); break; case 1: case 2: log('b'); }
      switch (v) { default: case 7: log('x'); break; case 1: log('y'); }
    }`,
  'labelled continue in nested loops': `
    outer: for (let i = 0; i < 3; i++) {
      let j = 0;
      inner: do { if (j === 1) continue inner; if (i === 1) continue outer; if (i === 2) break outer; log(i, j); } while (j++ < 2);
    }`,
  'each turn of a loop has its own variables': `
    const fs = [];
    for (let i = 0; i < 3; i++) { let k = i * 2; fs.push(() => log(i++, k)); i += 0; }
    for (const x of [7, 8]) fs.push(() => log(x));
    for (var v = 0; v < 2; v++) fs.push(() => log(v));
    for (const f of fs) f();`,
  'using disposes on every way out, last one first': `
    const r = (n) => ({ n, [Symbol.dispose]() { log('dispose', n); } });
    function f(way) {
      l: for (using x of [r('x1'), r('x2')]) {
        using a = r('a'), b = null, c = r('c');
        if (way === 'continue') continue;
        if (way === 'break') break l;
        if (way === 'return') return log('returning'), a.n;
        if (way === 'throw') throw new Error();
        using d = r('d');
        log('body', x.n);
      }
    }
    for (const way of ['fall', 'continue', 'break', 'return', 'throw']) { try { log(f(way)); } catch { log('caught'); } }
    for (using h = r('head'); ; ) { log(h.n); break; }
    switch (1) { case 1: { using s = r('s'); log('in'); } }`,
  'await using awaits the disposal': `
    const r = (n) => ({ async [Symbol.asyncDispose]() { log('dispose', n); } });
    async function f() { await using a = r('a'); { await using b = r('b'); log('body'); } log('after'); return 1; }
    f().then((v) => log('then', v));
    log('sync');`,
  'optional chains skip all that follows': `
    const t = (v) => (log(v), v);
    const o = { f() { return this === o; }, n: null, g: { h(...a) { return a; } } };
    log(o.n?.a.b[t(1)].c(t(2)), o.f?.(), o?.['f'](), (o?.f)(), o.zz?.(t(3)), o.g?.h(t(4)).length, o.n?.());
    log(delete o?.n, o?.n === undefined, delete o.n?.x.y[t(5)]);`,
  'logical assignment writes only when it must': `
    class P { #v = null; get v() { log('get'); return this.#v; } set v(x) { log('set', x); this.#v = x; } }
    const p = new P();
    log(p.v ??= 5, p.v ??= 6, p.v &&= 7, p.v ||= 8);
    let x = 0; log(x ||= 3, x &&= 0, x ??= 9, x);`,
  'destructuring evaluates in order': `
    const t = (v) => (log(v), v);
    const { [t('k')]: a = t('da'), b: { c = t('dc') } = {}, d: [e, , f = t('df')] = [1, 2] } = {};
    const o = {};
    [o[t('x')] = t('dx'), { y: o.y }] = [t('v'), { y: 3 }];
    log(a, c, e, f, o.x, o.y);
    function g({ p, q = p }, [r] = [q], s = r) { log(p, q, r, s); }
    g({ p: 1 }); g({ p: 1, q: 2 }, [3], 4);`,
  'assignments evaluate their target first': `
    const t = (v) => (log(v), v);
    const o = { a: 1 };
    o[t('a')] += t(2); t(o).b = t(3); o[t('a')]++;
    let x = 1; x += (x = 5, 1); const y = x + (x = 10) + x++ - --x;
    log(o.a, o.b, x, y);`,
  classes: `
    const t = (v) => (log(v), v);
    class A { static #n = t('static'); [t('key')] = t('field'); key2 = 1; #h; constructor(h) { this.#h = h; log('ctor'); }
      get h() { return this.#h; } set h(v) { this.#h = v; } static n() { return A.#n; } has(o) { return #h in o; }
      static { log('block', this === A); } static f = () => this === A; m() { return 'A'; } }
    class B extends A { extra = t(this.h); constructor() { log('before'); super(1); log('after', this.extra); } m() { return 'B' + super.m(); } }
    class C extends B {}
    const b = new B(); b.h = 2;
    log(b.h, A.n(), A.f(), b.m(), b.has(b), b.has({}), new C().m(), b.key2, b instanceof A);
    const E = class Named { static who() { return Named === E; } }; log(E.who());`,
  'parameter properties are set at the start or behind super': `
    class A { constructor(private readonly h: number, public k = 2) { log(this.h, this.k); } sum() { return this.h + this.k; } }
    class B extends A { constructor(protected z: number) { log('first'); super(z); log(this.z); } }
    log(new A(1).sum(), new B(5).sum());`,
  'enums and namespaces': `
    enum E { A, B = 5, C, D = 'd', F = C * 2 | 1, G = f() }
    function f() { return 40; }
    enum E2 { X = E.B, Y = X + 1 }
    namespace N { export const one = 1; export let two = 2; export function up() { two++; } export namespace M { export const deep = one; } const hidden = 0; }
    N.up(); N.two += 10;
    log(E.A, E.B, E.C, E.D, E.F, E.G, E[5], E[40], E['B'], E2.X, E2.Y, N.one, N.two, N.M.deep);`,
  generators: `
    function* g() { try { const x = yield 1; log('got', x); yield* [2, 3]; return 4; } finally { log('closed'); } }
    const it = g(); log(it.next().value, it.next('x').value, it.next().value, it.next().value, it.next().done);
    for (const v of g()) { log(v); }
    const jt = g(); jt.next(); log(jt.return(9).value);`,
  'async functions': `
    const later = async (v) => { if (v === 'bad') throw new Error(); return v; };
    async function f() {
      try { log(await later(1)); await later('bad'); log('never'); } catch (e) { log('caught', e); } finally { log('finally', await later(2)); }
      for await (const v of [later(3), 4]) log(v);
      async function* g() { yield await later(5); yield 6; }
      for await (const v of g()) log(v);
      return later(7);
    }
    f().then((v) => log(v)); log('sync');`,
  'spread, tags, sequences and the rest': `
    const tag = (s, ...v) => v.join(); const a = [1, , 3];
    log(tag\`x\${1}y\${2}\`, Math2(...a, 4), [...a, 5].length, (log('s'), 6), typeof nothing, void log('v'));
    function Math2(...xs) { return xs.length; }
    const o = { ...{ a: 1, b: 2 }, b: 3, get: 1, 0: 'zero', ['x' + 1]: 4 }; log(o.a, o.b, o[0], o.x1);
    log(-1, +'3', ~5, !0, 2 ** 3, 7 % 4, 5n === 5n, 'a' in o, null ?? 1, NaN !== NaN);
    var hoisted; log(hoisted, fn(), later); function fn() { return 'fn'; } var later = 1;
    for (const k in { p: 1, q: 2 }) log(k);
    const self = function me(n) { return n > 0 ? me(n - 1) : me === self; }; log(self(2));`,
};

describe('a lowered program does what its source does', () => {
  it.each(Object.entries(PROGRAMS))('%s', async (_, source) => {
    expect(await runLowered(source)).toEqual(await runSource(source));
  });

  it('for random programs', async () => {
    const entropy = fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 1000 });
    const property = fc.asyncProperty(entropy, async (numbers) => {
      const source = randomProgram(numbers);
      const [expected, actual] = [await runSource(source), await runLowered(source)];
      if (expected.join('\n') === actual.join('\n')) return;
      expect.fail([source, printProgram(lower(source)), ...expected, '---- but', ...actual].join('\n'));
    });
    await fc.assert(property, { numRuns: 500, seed: 1 });
  });
});
