/** What must hold of every lowered program, whatever it came from. */
import type { FunctionIr, Label, Node, Program, Temp } from '../../../analysis/ir/ir.ts';
import { childrenOf, isInstr, readsOf, writesOf } from '../../../analysis/ir/operands.ts';

export function checkInvariants(program: Program): void {
  program.locals.forEach((local, index) => must(local.id === index, 'locals are dense'));
  for (let index = 0; index < program.classes.length; index++) {
    must(program.classes[index]?.id === index, 'classes are dense');
  }
  for (let index = 0; index < program.functions.length; index++) {
    const fn = program.functions[index];
    must(fn?.id === index, 'functions are dense');
    checkFunction(fn, program);
  }
}

function must(isTrue: boolean, what: string, node?: Node): asserts isTrue {
  const place =
    node === undefined
      ? ''
      : ` (${node.kind} at ${node.node.loc.start.line}:${node.node.loc.start.column + 1})`;
  if (!isTrue) throw new Error(`${what}${place}`);
}

/** The temporaries that every path to a place has written; null where no path leads. Grows along a path. */
type Written = Set<Temp> | null;

function checkFunction(fn: FunctionIr, program: Program): void {
  const captured = new Set(fn.captures);
  for (const id of captured) must(program.locals[id]!.isCaptured, 'a captured variable says so');
  const labels = new Map<Label, Written>();
  const open = new Set<Label>();
  let next = 0;

  const visit = (node: Node, parent: Node | null, before: Written): Written => {
    must(node.index === next++, 'nodes are numbered in preorder', node);
    must(node.parent === parent, 'the parent is the node around', node);
    if (isInstr(node)) {
      if (node.kind === 'load' || node.kind === 'store') {
        const isOwn = program.locals[node.local]!.owner === fn.id;
        must(isOwn || captured.has(node.local), 'a variable is owned or captured', node);
      }
      for (const temp of readsOf(node)) mustBeWritten(temp, before, node);
      for (const temp of writesOf(node)) {
        must(temp < fn.tempCount, 'temporaries are dense', node);
        before?.add(temp);
      }
      return before;
    }
    switch (node.kind) {
      case 'seq': {
        let written = before;
        for (const inner of node.nodes) written = visit(inner, node, written);
        return written;
      }
      case 'if': {
        mustBeWritten(node.test, before, node);
        const other = copy(before);
        return meet(visit(node.then, node, before), visit(node.else, node, other));
      }
      case 'loop':
        visit(node.body, node, before);
        return null;
      case 'block': {
        must(!labels.has(node.label) && !open.has(node.label), 'each block has a label of its own', node);
        open.add(node.label);
        const after = visit(node.body, node, before);
        open.delete(node.label);
        must(labels.has(node.label), 'a block is left by some break', node);
        return meet(after, labels.get(node.label)!);
      }
      case 'break':
        must(open.has(node.label), 'a break stands inside of its block', node);
        labels.set(node.label, meet(labels.get(node.label) ?? null, copy(before)));
        return null;
      case 'tryCatch': {
        const thrown = copy(before);
        const after = visit(node.body, node, before);
        thrown?.add(node.param);
        return meet(after, visit(node.handler, node, thrown));
      }
      case 'finally': {
        const abrupt = copy(before);
        const after = visit(node.body, node, before);
        const finalized = visit(node.finalizer, node, abrupt);
        if (after === null || finalized === null) return null;
        for (const temp of finalized) after.add(temp);
        return after;
      }
      case 'return':
        if (node.value !== null) mustBeWritten(node.value, before, node);
        return null;
      case 'throw':
        mustBeWritten(node.value, before, node);
        return null;
      case 'unreachable':
        return null;
    }
  };
  visit(fn.body, null, new Set(fn.rest === null ? fn.params : [...fn.params, fn.rest]));
  must(
    childrenOf(fn.body).every((child) => child.parent === fn.body),
    'children know their parent',
  );
}

function mustBeWritten(temp: Temp, written: Written, node: Node): void {
  must(written === null || written.has(temp), `$${temp} is written before it is read`, node);
}

function meet(left: Written, right: Written): Written {
  if (left === null || right === null) return left ?? right;
  for (const temp of left) if (!right.has(temp)) left.delete(temp);
  return left;
}

function copy(written: Written): Written {
  return written && new Set(written);
}
