/** What each call is known to call before anything is solved, and whether it comes back. */
import { describe, expect, it } from 'vitest';
import type { Call, FunctionIr, New, Node } from '../../../analysis/ir/ir.ts';
import { childrenOf, isInstr } from '../../../analysis/ir/operands.ts';
import type { Engine } from '../../../analysis/solve/engine.ts';
import { engineFor } from '../solve/show.ts';

const IMPORTS = "import { CloseHandle, CreateFile, mayThrow } from 'eslint-plugin-handles/model';\n";

function callsIn(fn: FunctionIr): (Call | New)[] {
  const calls: (Call | New)[] = [];
  const visit = (node: Node): void => {
    if (isInstr(node) && (node.kind === 'call' || node.kind === 'new')) calls.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(fn.body);
  return calls;
}

function mainOf(source: string): { engine: Engine; fn: FunctionIr; calls: (Call | New)[] } {
  const engine = engineFor(IMPORTS + source);
  const fn = engine.program.functions.find(({ name }) => name === 'main')!;
  return { engine, fn, calls: callsIn(fn) };
}

function targetsIn(source: string): string[] {
  const { engine, fn, calls } = mainOf(source);
  return calls.map((call) => {
    const target = engine.callees.targetOf(fn, call);
    switch (target.kind) {
      case 'operation':
        return `operation ${target.operation.name}`;
      case 'body':
        return `body ${target.fn.name}`;
      case 'class':
        return `class ${target.class.name}`;
      default:
        return target.kind;
    }
  });
}

describe('a call calls', () => {
  const targets: Record<string, readonly [source: string, targets: readonly string[]]> = {
    'what is imported': [
      "function main() { CloseHandle(CreateFile('a')); }",
      ['operation CreateFile', 'operation CloseHandle'],
    ],
    'what is imported under another name': [
      'const close = CloseHandle; function main(h) { close(h); }',
      ['operation CloseHandle'],
    ],
    'a member of a namespace': [
      "import * as win from 'eslint-plugin-handles/model'; function main(h) { win.CloseHandle(h); }",
      ['operation CloseHandle'],
    ],
    'a described global': ['function main() { console.log(1); }', ['operation log']],
    'not a variable of that name': ['function main(console) { console.log(1); }', ['unseen']],
    'a function of the file': ['function f() {} function main() { f(); }', ['body f']],
    'a function that comes later': ['function main() { f(); } function f() {}', ['body f']],
    'an arrow function': ['const f = () => 1; function main() { f(); }', ['body f']],
    itself: ['function main() { main(); }', ['body main']],
    'a class of the file': ['class C {} function main() { new C(); }', ['class C']],
    'a static method': ['class C { static make() {} } function main() { C.make(); }', ['body C.make']],
    'a method that the file has, perhaps': [
      'class C { run() {} } function main(c) { c.run(); }',
      ['dynamic'],
    ],
    'no method of the file': ['class C { run() {} } function main(c) { c.walk(); }', ['unseen']],
    'a method by a computed name, perhaps': ['function main(c, name) { c[name](); }', ['dynamic']],
    'a parameter, perhaps': ['function main(f) { f(); }', ['dynamic']],
    'something imported from elsewhere': ["import { f } from './f.js'; function main() { f(); }", ['unseen']],
    'a class from elsewhere': ["import { C } from './c.js'; function main() { new C(); }", ['unseen']],
    'a global that is not described': ['function main() { fetch(1); }', ['unseen']],
  };

  it.each(Object.entries(targets))('%s', (_, [source, expected]) => {
    expect(targetsIn(source)).toEqual(expected);
  });
});

describe('a call may go elsewhere than on', () => {
  const diverging: Record<string, readonly [source: string, diverges: boolean]> = {
    'by an explicit throw': ['function f() { throw 1; } function main() { f(); }', true],
    'by one on a branch': ['function f(x) { if (x) throw 1; } function main() { f(); }', true],
    'by one in a function that it calls': [
      'function g() { throw 1; } function f() { g(); } function main() { f(); }',
      true,
    ],
    'by an endless loop': ['function f() { for (;;); } function main() { f(); }', true],
    'not by a loop that something leaves': [
      'function f(x) { for (;;) if (x) return; } function main() { f(); }',
      false,
    ],
    'not by one that a break leaves': [
      'function f(x) { for (;;) if (x) break; } function main() { f(); }',
      false,
    ],
    'by a break that leaves an inner loop alone': [
      'function f(x) { for (;;) { for (;;) if (x) break; } } function main() { f(); }',
      true,
    ],
    'by a break that leaves the outer loop, not': [
      'function f(x) { o: for (;;) { for (;;) if (x) break o; } } function main() { f(); }',
      false,
    ],
    'by the end of the process': ['function main() { process.exit(1); }', true],
    'by the end of the process in a function that it calls': [
      'function f() { process.exit(1); } function main() { f(); }',
      true,
    ],
    'not by what an unseen function does': ["import { f } from './f.js'; function main() { f(); }", false],
    'not by a call that may throw by itself': [
      'function f() { mayThrow(); } function main() { f(); }',
      false,
    ],
    'not where it is a described one': ['function main(h) { CloseHandle(h); }', false],
    'by a method, as any of the file may': [
      'class C { run() { throw 1; } } function main(c) { c.run(); }',
      true,
    ],
    'by a constructor': ['class C { constructor() { throw 1; } } function main() { new C(); }', true],
  };

  it.each(Object.entries(diverging))('%s', (_, [source, diverges]) => {
    const { engine, fn, calls } = mainOf(source);
    expect(calls.map((call) => engine.callees.mayDiverge(fn, call))).toEqual([diverges]);
  });

  it('by functions that call each other', () => {
    const source = `
function a(n) { b(n); throw 1; }
function b(n) { if (n) a(n); }
function main() { b(1); a(1); }`;
    const { engine, fn, calls } = mainOf(source);
    expect(calls.map((call) => engine.callees.mayDiverge(fn, call))).toEqual([true, true]);
  });

  it('by functions that call each other, whichever is asked first', () => {
    const source = `
function a(n) { b(n); throw 1; }
function b(n) { if (n) a(n); }
function main() { a(1); b(1); }`;
    const { engine, fn, calls } = mainOf(source);
    expect(calls.map((call) => engine.callees.mayDiverge(fn, call))).toEqual([true, true]);
  });
});

describe('a call may throw', () => {
  const throwing: Record<string, readonly [source: string, throws: boolean]> = {
    'by default': ["import { f } from './f.js'; function main() { f(); }", true],
    'where its description does not say otherwise': ['function main() { mayThrow(); }', true],
    'not where it does': ["function main() { CreateFile('a'); }", false],
    'where its body is seen': ['function f() {} function main() { f(); }', true],
  };

  it.each(Object.entries(throwing))('%s', (_, [source, throws]) => {
    const { engine, fn, calls } = mainOf(source);
    expect(calls.map((call) => engine.callees.mayThrow(fn, call))).toEqual([throws]);
  });
});
