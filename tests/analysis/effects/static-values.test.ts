/** What a variable holds whichever way the program runs. */
import { describe, expect, it } from 'vitest';
import { StaticValues, type StaticValue } from '../../../analysis/effects/static-values.ts';
import { printRef } from '../../../analysis/ir/external-ref.ts';
import type { Program, Temp } from '../../../analysis/ir/ir.ts';
import { lower } from '../lower/parse.ts';

function print(value: StaticValue | null, program: Program): string {
  switch (value?.kind) {
    case undefined:
      return 'unknown';
    case 'const':
      return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value);
    case 'function':
      return `function ${program.functions[value.id]!.name}`;
    case 'class':
      return `class ${program.classes[value.id]!.name}`;
    case 'external':
      return printRef(value.ref);
  }
}

function valueOf(source: string, name: string): string {
  const program = lower(source);
  const local = program.locals.find((each) => each.name === name);
  if (local === undefined) throw new Error(`No variable '${name}'`);
  return print(new StaticValues(program).ofLocal(local.id), program);
}

describe('a variable', () => {
  const values: Record<string, readonly [source: string, value: string]> = {
    'a number': ['const x = 3;', '3'],
    'a text': ["const x = 'a';", '"a"'],
    null: ['const x = null;', 'null'],
    undefined: ['const x = undefined;', 'undefined'],
    'a copy of a constant': ['const a = 3; const b = a; const x = b;', '3'],
    'a function that is declared': ['function x() {}', 'function x'],
    'an arrow function': ['const x = () => 1;', 'function x'],
    'another name of a function': ['function f() {} const x = f;', 'function f'],
    'a class': ['class x {}', 'class x'],
    'a class expression': ['const x = class C {};', 'class C'],
    'an import': ["import { open } from 'm'; const x = open;", 'm:open'],
    'a renamed import': ["import { open as o } from 'm'; const x = o;", 'm:open'],
    'a default import': ["import m from 'm'; const x = m;", 'm:default'],
    'a member of a namespace': ["import * as m from 'm'; const x = m.open;", 'm:open'],
    'a member by a constant key': ["import * as m from 'm'; const x = m['open'];", 'm:open'],
    'a destructured member': ["import * as m from 'm'; const { open: x } = m;", 'm:open'],
    'a member of what is required': ["const m = require('m'); const x = m.open;", 'm:open'],
    'a member of a member': ["import m from 'm'; const x = m.a.b;", 'm:default.a.b'],
    'a global': ['const x = console;', 'console'],
    'a member of a global': ['const x = process.exit;', 'process.exit'],
    'one that is assigned once': ['let x = 3;', '3'],
    'not one that is assigned twice': ['let x = 3; x = 4;', 'unknown'],
    'not one that is assigned in a function': ['let x = 3; function f() { x = 4; }', 'unknown'],
    'not one that is counted': ['let x = 3; x++;', 'unknown'],
    'not one that is declared alone': ['let x; x = 3;', 'unknown'],
    'not one that two ways meet in': ['const x = y ? 1 : 2;', 'unknown'],
    'not the result of a call': ['const x = f();', 'unknown'],
    'not what is computed': ['const x = 1 + 2;', 'unknown'],
    'not a member by an unknown key': ["import * as m from 'm'; const x = m[k];", 'unknown'],
    'not a member of an object': ['const o = { a: 1 }; const x = o.a;', 'unknown'],
    'not one that is defined by itself': ['const x = x;', 'unknown'],
    'not two that are defined by each other': ['const x = y; const y = x;', 'unknown'],
    'not a parameter': ['function f(x) {}', 'unknown'],
    'not a parameter with a default': ['function f(x = 3) {}', 'unknown'],
    'not an element of a list': ['for (const x of [1, 2]) {}', 'unknown'],
    'not an exception': ['try { f(); } catch (x) {}', 'unknown'],
    'a constant inside a function': ['function f() { const x = 3; return x; }', '3'],
    'a constant of a loop': ['while (f()) { const x = 3; }', '3'],
  };

  it.each(Object.entries(values))('%s', (_, [source, value]) => {
    expect(valueOf(source, 'x')).toBe(value);
  });

  it('of the module, where running its top level shows it', () => {
    const program = lower('const x = f();');
    const shown: StaticValue = { kind: 'const', value: 7 };
    const local = program.locals.find(({ name }) => name === 'x')!;
    expect(new StaticValues(program, () => shown).ofLocal(local.id)).toEqual(shown);
  });
});

describe('a temporary', () => {
  it('is known to be read, or not', () => {
    const program = lower('function main() { f(); const x = g(); if (h()) return k(); }');
    const fn = program.functions.find(({ name }) => name === 'main')!;
    const statics = new StaticValues(program);
    const read: string[] = [];
    const visit = (node: object): void => {
      const {
        kind,
        dst,
        node: source,
      } = node as { kind: string; dst: Temp; node: { callee: { name: string } } };
      if (kind === 'call' && statics.isRead(fn, dst)) read.push(source.callee.name);
      for (const key of ['nodes', 'body', 'then', 'else'] as const) {
        const child = (node as Record<string, unknown>)[key];
        for (const each of Array.isArray(child) ? (child as object[]) : []) visit(each);
        if (typeof child === 'object' && child !== null && !Array.isArray(child)) visit(child);
      }
    };
    visit(fn.body);
    expect(read).toEqual(['g', 'h', 'k']);
  });
});
