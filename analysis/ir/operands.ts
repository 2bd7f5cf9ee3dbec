/** Which temporaries an instruction reads and writes. */
import { assertNever } from '../assert-never.ts';
import type { Argument, Call, Callee, Instr, Key, Node, Temp, New } from './ir.ts';

export function isInstr(node: Node): node is Instr {
  switch (node.kind) {
    case 'seq':
    case 'if':
    case 'loop':
    case 'block':
    case 'tryCatch':
    case 'finally':
    case 'break':
    case 'return':
    case 'throw':
    case 'unreachable':
      return false;
    default:
      return true;
  }
}

export function readsOf(instr: Instr): Temp[] {
  switch (instr.kind) {
    case 'const':
    case 'external':
    case 'unknown':
    case 'load':
    case 'this':
    case 'closure':
      return [];
    case 'copy':
    case 'store':
    case 'not':
    case 'typeof':
    case 'await':
    case 'yield':
    case 'iterate':
      return [instr.src];
    case 'getField':
      return [instr.object, ...keyReads(instr.key)];
    case 'setField':
      return [instr.object, ...keyReads(instr.key), instr.src];
    case 'compare':
      return [instr.left, instr.right];
    case 'arithmetic':
      return instr.right === null ? [instr.left] : [instr.left, instr.right];
    case 'call':
      return [...calleeReads(instr.callee), ...argumentTemps(instr.args)];
    case 'new':
      return [instr.callee, ...argumentTemps(instr.args)];
    case 'object':
      return [...instr.properties.flatMap(({ key, value }) => [...keyReads(key), value]), ...instr.spreads];
    case 'array':
      return argumentTemps(instr.elements.filter((element) => element !== null));
    case 'class':
      return instr.base === null ? [] : [instr.base];
    case 'step':
      return [instr.iterator];
    case 'rest':
      return [instr.src, ...(typeof instr.after === 'number' ? [] : instr.after.flatMap(keyReads))];
    case 'escape':
      return [...instr.srcs];
    default:
      return assertNever(instr);
  }
}

export function writesOf(instr: Instr): Temp[] {
  switch (instr.kind) {
    case 'store':
    case 'setField':
      return [];
    case 'step':
      return [instr.hasMore, instr.value];
    case 'escape':
      return instr.dst === null ? [] : [instr.dst];
    default:
      return [instr.dst];
  }
}

/** Whether the instruction can complete by a throw. */
export function canThrow(instr: Instr): boolean {
  switch (instr.kind) {
    case 'call':
    case 'new':
    case 'await':
    case 'yield':
    case 'iterate':
    case 'step':
    case 'rest':
      return true;
    default:
      return false;
  }
}

function calleeReads(callee: Callee): Temp[] {
  switch (callee.kind) {
    case 'value':
      return [callee.temp];
    case 'method':
      return [callee.receiver, ...keyReads(callee.key)];
    case 'super':
      return [];
    case 'superMethod':
      return keyReads(callee.key);
  }
}

const keyReads = (key: Key): Temp[] => (key.kind === 'static' ? [] : [key.temp]);
const argumentTemps = (args: readonly Argument[]): Temp[] => args.map(({ temp }) => temp);

/** What a method is called on. */
export function receiverTemp(instr: Call | New): Temp | null {
  return instr.kind === 'call' && instr.callee.kind === 'method' ? instr.callee.receiver : null;
}

/** All instructions under a node, in the order of the source. */
export function instrsOf(body: Node): readonly Instr[] {
  let instrs = instrsByBody.get(body);
  if (instrs === undefined) {
    instrs = [];
    collect(body, instrs);
    instrsByBody.set(body, instrs);
  }
  return instrs;
}

/** A body never changes, and is gone over for one question after the other. */
const instrsByBody = new WeakMap<Node, Instr[]>();

function collect(node: Node, instrs: Instr[]): void {
  if (isInstr(node)) instrs.push(node);
  else for (const child of childrenOf(node)) collect(child, instrs);
}

/** The nodes directly inside a control node, in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'seq':
      return node.nodes;
    case 'if':
      return [node.then, node.else];
    case 'loop':
    case 'block':
      return [node.body];
    case 'tryCatch':
      return [node.body, node.handler];
    case 'finally':
      return [node.body, node.finalizer];
    default:
      return [];
  }
}
