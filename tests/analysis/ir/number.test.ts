import { expect, it } from 'vitest';
import type { Node } from '../../../analysis/ir/ir.ts';
import { childrenOf } from '../../../analysis/ir/operands.ts';
import { lower } from '../lower/parse.ts';

it('numbers nodes in the order in which they stand', () => {
  const [main] = lower(
    'try { a(); } catch { if (b) c(); else d(); } finally { for (;;) { e(); break; } }',
  ).functions;
  const found: [number, string, number | undefined][] = [];
  const visit = (node: Node): void => {
    found.push([node.index, node.kind, node.parent?.index]);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(main!.body);
  expect(found.map(([index]) => index)).toEqual(found.map((_, position) => position));
  expect(found[0]).toEqual([0, 'finally', undefined]);
  expect(found[1]).toEqual([1, 'tryCatch', 0]);
  expect(found.filter(([, kind]) => kind === 'if')).toHaveLength(1);
});
