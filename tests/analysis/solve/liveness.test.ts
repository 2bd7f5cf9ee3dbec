/** Which variables are still read after each point where ways meet. */
import { describe, expect, it } from 'vitest';
import type { LocalId, Node } from '../../../analysis/ir/ir.ts';
import { childrenOf } from '../../../analysis/ir/operands.ts';
import { Liveness } from '../../../analysis/solve/liveness.ts';
import type { Live } from '../../../analysis/solve/prune.ts';
import { lower } from '../lower/parse.ts';

/** `after if 3: a b`: the variables of `main` that are read from there on, for each point in its order. */
function livesIn(source: string): string[] {
  const program = lower(source);
  const fn = program.functions.find(({ name }) => name === 'main')!;
  const liveness = new Liveness(fn, fn.body, program.locals);
  const lines: string[] = [];
  const tell = (point: string, node: Node, live: Live): void => {
    const names = program.locals
      .map(({ name }, id) => (live.hasLocal(id as LocalId) ? name : null))
      .filter((name) => name !== null && name !== 'main');
    lines.push(`${point} ${node.node.loc.start.line}: ${names.join(' ')}`.trim());
  };
  const visit = (node: Node): void => {
    if (node.kind === 'loop') tell('loop', node, liveness.at(node));
    if (node.kind === 'tryCatch') tell('catch', node, liveness.at(node.handler));
    if (node.kind === 'finally') tell('finally', node, liveness.at(node.finalizer));
    for (const child of childrenOf(node)) visit(child);
    if (['if', 'tryCatch', 'finally'].includes(node.kind))
      tell(`after ${node.kind}`, node, liveness.after(node));
  };
  visit(fn.body);
  return lines;
}

function check(
  programs: Readonly<Record<string, readonly [source: string, lives: readonly string[]]>>,
): void {
  it.each(Object.entries(programs))('%s', (_, [source, lives]) => {
    expect(livesIn(source)).toEqual(lives);
  });
}

describe('branches', () => {
  check({
    'what is read later': [
      `function main(c) {
  let a = 1, b = 2;
  if (c) a = b;
  f(a);
}`,
      ['after if 3: a'],
    ],
    'not what is written first': [
      `function main(c) {
  let a = 1;
  if (c) f(a);
  a = 2;
  f(a);
}`,
      ['after if 3:'],
    ],
    'what is read on one way': [
      `function main(c, d) {
  let a = 1;
  if (c) f();
  if (d) a = 2;
  f(a);
}`,
      ['after if 3: d a', 'after if 4: a'],
    ],
    'what is read after a branch of the outer one': [
      `function main(c, d) {
  let a = 1, b = 2;
  if (c) {
    if (d) f();
    f(a);
  } else f(b);
}`,
      ['after if 4: a', 'after if 3:'],
    ],
    'not what a return leaves behind': [
      `function main(c, d) {
  let a = 1;
  if (c) {
    if (d) f();
    return 1;
  }
  f(a);
}`,
      ['after if 4:', 'after if 3: a'],
    ],
  });
});

describe('loops', () => {
  check({
    'what the next turn reads': [
      `function main(n) {
  let last = null, next = null;
  while (n) {
    next = f(last);
    last = next;
  }
}`,
      ['loop 3: n last', 'after if 3: n last'],
    ],
    'what is read after it': [
      `function main(n) {
  let a = 1;
  while (n) f();
  f(a);
}`,
      ['loop 3: n a', 'after if 3: n a'],
    ],
    'not what each turn writes first': [
      `function main(n) {
  let a = 1;
  while (n) {
    a = f();
    f(a);
  }
}`,
      ['loop 3: n', 'after if 3: n'],
    ],
    'what a break takes with it': [
      `function main(n) {
  let a = 1, b = 2;
  for (;;) {
    if (n) break;
    b = 3;
    f(b);
  }
  f(a);
}`,
      ['loop 3: n a', 'after if 4: n a'],
    ],
    'what a continue of the outer loop goes back to': [
      `function main(n) {
  let a = 1, b = 2;
  outer: while (n) {
    f(a);
    while (n) {
      if (f()) continue outer;
      f(b);
    }
  }
}`,
      ['loop 3: n a b', 'after if 3: n a b', 'loop 5: n a b', 'after if 5: n a b', 'after if 6: n a b'],
    ],
    'what only a later turn reads, deep inside': [
      `function main(n) {
  let a = 1;
  while (n) {
    while (n) {
      if (f()) f(a);
      if (f()) a = 2;
    }
  }
}`,
      [
        'loop 3: n a',
        'after if 3: n a',
        'loop 4: n a',
        'after if 4: n a',
        'after if 5: n a',
        'after if 6: n a',
      ],
    ],
  });
});

describe('exceptions', () => {
  check({
    'what the handler reads': [
      `function main() {
  let a = 1, b = 2;
  try {
    f();
    b = 3;
  } catch {
    f(a);
  }
  f(b);
}`,
      ['catch 3: a b', 'after tryCatch 3: b'],
    ],
    'what is read after a caught exception, though the try writes it first': [
      `function main(c) {
  let a = 1;
  try {
    if (c) f();
    a = f();
  } catch {}
  f(a);
}`,
      ['catch 3: a', 'after if 4: a', 'after tryCatch 3: a'],
    ],
    'nothing where nobody handles it': [
      `function main(c) {
  let a = 1;
  if (c) f();
  a = f();
  f(a);
}`,
      ['after if 3:'],
    ],
    'what the handler around the handler reads': [
      `function main(c) {
  let a = 1, b = 2;
  try {
    try { f(); } catch { if (c) f(); g(); }
  } catch { f(a); }
}`,
      ['catch 3: a', 'catch 4: c a', 'after if 4: a', 'after tryCatch 4:', 'after tryCatch 3:'],
    ],
  });
});

describe('finally', () => {
  check({
    'what it reads itself, and what is read after it': [
      `function main(c) {
  let a = 1, b = 2;
  try {
    if (c) f();
  } finally {
    f(a);
  }
  f(b);
}`,
      ['finally 3: a b', 'after if 4: a b', 'after finally 3: b'],
    ],
    'what the outer one reads on a return': [
      `function main(c) {
  let a = 1;
  try {
    try {
      if (c) return;
    } finally { f(); }
  } finally { f(a); }
}`,
      ['finally 3: a', 'finally 4: a', 'after if 5: a', 'after finally 4: a', 'after finally 3:'],
    ],
    'what a break goes to': [
      `function main(c) {
  let a = 1;
  while (c) {
    try {
      break;
    } finally { f(); }
  }
  f(a);
}`,
      ['loop 3: c a', 'after if 3: c a', 'finally 4: c a', 'after finally 4: c a'],
    ],
    'what a handler reads that its exception gets to': [
      `function main() {
  let a = 1;
  try {
    try { f(); } finally { g(); }
  } catch { f(a); }
}`,
      ['catch 3: a', 'finally 4: a', 'after finally 4:', 'after tryCatch 3:'],
    ],
  });
});

describe('variables that are always read', () => {
  check({
    'of the module, and captured ones': [
      `let shared = 1;
function main(c) {
  let held = 1, a = 2;
  const read = () => held;
  if (c) f(read);
  a = 3;
  held = 4;
}`,
      ['after if 5: shared held'],
    ],
  });

  it('a slice does not read what it does not write', () => {
    const program = lower('function main() { const a = f(); const b = g(); if (b) h(a); }');
    const fn = program.functions.find(({ name }) => name === 'main')!;
    const isAlive = (body: Node): boolean => {
      const liveness = new Liveness(fn, body, program.locals);
      const temps = Array.from({ length: fn.tempCount }, (_, temp) => temp);
      const ifs: Node[] = [];
      const visit = (node: Node): void => {
        if (node.kind === 'if') ifs.push(node);
        for (const child of childrenOf(node)) visit(child);
      };
      visit(body);
      return ifs.some((node) => temps.some((temp) => liveness.after(node).hasTemp(temp as never)));
    };
    expect(isAlive(fn.body)).toBe(false);
  });
});
