import { describe, expect, it } from 'vitest';
import type { Node, Program } from '../../../analysis/ir/ir.ts';
import { printFunction, printProgram } from '../../../analysis/ir/print.ts';
import { lower } from '../lower/parse.ts';

const SOURCE = `function f(h) {
  if (h) CloseHandle(h);
}`;

function f(program: Program) {
  return program.functions[1]!;
}

describe('printing', () => {
  it('shows one function on its own', () => {
    const program = lower(SOURCE);
    expect(
      printFunction(f(program), program)
        .split('\n')
        .map((line) => line.replace(/ +/g, ' ')),
    ).toEqual([
      'function f($0) 1:1',
      ' let h = $0 1:12',
      ' $1 = h 2:7',
      ' if $1 2:7',
      ' $3 = h 2:22',
      ' $4 = call global:CloseHandle($3) 2:10',
      '',
    ]);
  });

  it('puts notes at the right, further lines of one below each other', () => {
    const program = lower(SOURCE);
    const annotate = (node: Node): string | undefined =>
      node.kind === 'call' ? 'h: open\nor closed' : undefined;
    const lines = printFunction(f(program), program, { annotate }).split('\n');
    expect(lines.at(-3)).toMatch(/CloseHandle\(\$3\) +2:10 +h: open$/);
    expect(lines.at(-2)).toMatch(/^ +or closed$/);
    expect(lines.at(-2)!.indexOf('or')).toBe(lines.at(-3)!.indexOf('h: open'));
  });

  it('tells variables of one name apart', () => {
    const program = lower('let a = 1; { let a = 2; use(a); } use(a);');
    expect(printProgram(program)).toContain("let a'2 = 2");
  });

  it('quotes keys that are no names and shortens long strings', () => {
    const printed = printProgram(
      lower(`o['a b'] = '${'x'.repeat(100)}'; o.$a_1; o.#p;`.replace('o.#p;', '')),
    );
    expect(printed).toContain(`o["a b"] = "${'x'.repeat(40)}…"`);
    expect(printed).toContain('o.$a_1');
  });

  it('shows minus zero, bigints and functions without a name', () => {
    expect(printProgram(lower('use(10n, () => 1);'))).toMatch(/closure \(anonymous\)[^]*use\(10n, \$\d+\)/);
  });
});
