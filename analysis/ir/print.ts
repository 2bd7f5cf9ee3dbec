/**
 * The IR as text, for people: tests snapshot it, and whoever asks what the engine sees reads it.
 *
 *     function makeFred($0)                                  12:1
 *       let h = $0                                           12:19
 *       $1 = h                                               13:11
 *       $2 = call model:closeDevice($1)                      13:3
 *       if $2                                                14:7
 *         return null                                        14:14
 *
 * `$n` is a temporary and a bare name a variable; `let` begins one. Variables of one name in a file are told
 * apart by a number (`h'2`). Constants and externals (`module:name`) have no lines of their own: they stand
 * where they are used. An empty branch is left out. At the right is the source position, and then whatever
 * `annotate` says of the node.
 */
import { assertNever } from '../assert-never.ts';
import type {
  Argument,
  Callee,
  ClassIr,
  Const,
  External,
  ExternalRef,
  FunctionIr,
  If,
  Instr,
  Key,
  LocalId,
  Node,
  Primitive,
  Program,
  Temp,
} from './ir.ts';
import { childrenOf } from './operands.ts';

export interface PrintOptions {
  /** What is shown at the right of a node's line; it may have several lines. */
  readonly annotate?: ((node: Node) => string | undefined) | undefined;
}

interface Line {
  readonly text: string;
  readonly position: string;
  readonly note: string | undefined;
}

/** Where the positions stand, unless a line is longer. */
const POSITION_COLUMN = 64;

export function printProgram(program: Program, options: PrintOptions = {}): string {
  const parts = program.classes.map((ir) => printClass(ir, program));
  for (const fn of program.functions) parts.push(printFunction(fn, program, options));
  return parts.join('\n');
}

export function printFunction(fn: FunctionIr, program: Program, options: PrintOptions = {}): string {
  const printer = new Printer(program, options);
  printer.function(fn);
  return printer.text();
}

/* ------------------------------------------------------------------ classes */

function printClass(ir: ClassIr, program: Program): string {
  const lines = [`class ${ir.name || '(anonymous)'}${superclassText(ir, program)}`];
  if (ir.initializer !== null) lines.push(`  initializer`);
  if (ir.constructorId !== null) lines.push(`  constructor`);
  const tables = { method: ir.methods, getter: ir.getters, setter: ir.setters, static: ir.staticMethods };
  for (const [kind, table] of Object.entries(tables)) {
    for (const name of table.keys()) lines.push(`  ${kind} ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

function superclassText({ superclass }: ClassIr, program: Program): string {
  switch (superclass.kind) {
    case 'none':
      return '';
    case 'unseen':
      return ' extends (unseen)';
    case 'class':
      return ` extends ${program.classes[superclass.id]?.name || '(anonymous)'}`;
    default:
      return assertNever(superclass);
  }
}

/* ------------------------------------------------------------------ functions */

class Printer {
  readonly #program: Program;
  readonly #options: PrintOptions;
  readonly #lines: Line[] = [];
  readonly #inlined = new Map<Temp, string>();

  constructor(program: Program, options: PrintOptions) {
    this.#program = program;
    this.#options = options;
  }

  text(): string {
    const lines: string[] = [];
    for (const { text, position, note } of this.#lines) {
      const [first = '', ...rest] = (note ?? '').split('\n');
      const placed = `${text.padEnd(POSITION_COLUMN)}  ${position}`;
      lines.push(first === '' ? placed.trimEnd() : `${placed.padEnd(POSITION_COLUMN + 10)}  ${first}`);
      for (const more of rest) lines.push(`${' '.repeat(POSITION_COLUMN + 12)}${more}`);
    }
    return `${lines.join('\n')}\n`;
  }

  function(fn: FunctionIr): void {
    this.#inline(fn.body);
    const params = fn.params.map((temp) => this.#show(temp));
    if (fn.rest !== null) params.push(`...${this.#show(fn.rest)}`);
    const words = [fn.isAsync ? 'async ' : '', fn.kind, fn.isGenerator ? '*' : '', fn.name && ` ${fn.name}`];
    const head = fn.kind === 'module' ? 'module' : `${words.join('')}(${params.join(', ')})`;
    this.#lines.push({ text: head, position: positionOf(fn.node), note: undefined });
    if (fn.captures.length > 0)
      this.#aside(`captures ${fn.captures.map((id) => this.#local(id)).join(', ')}`);
    if (fn.givenUp !== null) this.#aside(`given up: ${fn.givenUp}`);
    this.#body(fn.body, 1);
  }

  /** A temporary that holds a constant or an external is written nowhere else. */
  #inline(node: Node): void {
    if (isInlined(node)) this.#inlined.set(node.dst, this.#value(node));
    for (const child of childrenOf(node)) this.#inline(child);
  }

  #aside(text: string): void {
    this.#lines.push({ text: `  (${text})`, position: '', note: undefined });
  }

  #line(depth: number, text: string, node: Node): void {
    const note = this.#options.annotate?.(node);
    this.#lines.push({ text: '  '.repeat(depth) + text, position: positionOf(node.node), note });
  }

  /** A heading within a node, such as `else`. */
  #heading(depth: number, text: string): void {
    this.#lines.push({ text: '  '.repeat(depth) + text, position: '', note: undefined });
  }

  #body(node: Node, depth: number): void {
    switch (node.kind) {
      case 'seq':
        for (const inner of node.nodes) this.#body(inner, depth);
        break;
      case 'if':
        this.#if(node, depth);
        break;
      case 'loop':
        this.#line(depth, 'loop', node);
        this.#body(node.body, depth + 1);
        break;
      case 'block':
        this.#line(depth, `block L${node.label}`, node);
        this.#body(node.body, depth + 1);
        break;
      case 'tryCatch':
        this.#line(depth, 'try', node);
        this.#body(node.body, depth + 1);
        this.#heading(depth, `catch ${this.#show(node.param)}`);
        this.#body(node.handler, depth + 1);
        break;
      case 'finally':
        this.#line(depth, node.isUsing ? 'using' : 'try', node);
        this.#body(node.body, depth + 1);
        this.#heading(depth, 'finally');
        this.#body(node.finalizer, depth + 1);
        break;
      case 'break':
        this.#line(depth, `break L${node.label}`, node);
        break;
      case 'return':
        this.#line(depth, node.value === null ? 'return' : `return ${this.#show(node.value)}`, node);
        break;
      case 'throw':
        this.#line(depth, `throw ${this.#show(node.value)}`, node);
        break;
      case 'unreachable':
        this.#line(depth, 'unreachable', node);
        break;
      default:
        if (!isInlined(node)) this.#line(depth, this.#instr(node), node);
    }
  }

  #if(node: If, depth: number): void {
    const suffix = node.isLoopTest ? '  (loop test)' : '';
    if (isEmpty(node.then) && !isEmpty(node.else)) {
      this.#line(depth, `if not ${this.#show(node.test)}${suffix}`, node);
      this.#body(node.else, depth + 1);
      return;
    }
    this.#line(depth, `if ${this.#show(node.test)}${suffix}`, node);
    this.#body(node.then, depth + 1);
    if (isEmpty(node.else)) return;
    this.#heading(depth, 'else');
    this.#body(node.else, depth + 1);
  }

  /* ---------------------------------------------------------------- instructions */

  #instr(node: Instr): string {
    switch (node.kind) {
      case 'store':
        return `${node.isDeclaration ? 'let ' : ''}${this.#local(node.local)} = ${this.#show(node.src)}`;
      case 'setField':
        return `${this.#fieldText(this.#show(node.object), node.key)} = ${this.#show(node.src)}`;
      case 'step':
        return `${this.#show(node.hasMore)}, ${this.#show(node.value)} = step ${this.#show(node.iterator)}`;
      case 'escape':
        return `${node.dst === null ? '' : `$${node.dst} = `}escape (${node.reason}) ${this.#list(node.srcs)}`.trimEnd();
      default:
        return `$${node.dst} = ${this.#value(node)}`;
    }
  }

  #value(node: Exclude<Instr, { kind: 'store' | 'setField' | 'step' | 'escape' }>): string {
    switch (node.kind) {
      case 'const':
        return primitiveText(node.value);
      case 'external':
        return externalText(node.ref);
      case 'unknown':
        return 'unknown';
      case 'copy':
        return this.#show(node.src);
      case 'load':
        return this.#local(node.local);
      case 'this':
        return 'this';
      case 'getField':
        return this.#fieldText(this.#show(node.object), node.key);
      case 'compare':
        return `${this.#show(node.left)} ${node.operator} ${this.#show(node.right)}`;
      case 'not':
        return `not ${this.#show(node.src)}`;
      case 'typeof':
        return `typeof ${this.#show(node.src)}`;
      case 'arithmetic':
        return node.right === null
          ? `${node.operator} ${this.#show(node.left)}`
          : `${this.#show(node.left)} ${node.operator} ${this.#show(node.right)}`;
      case 'call':
        return `${node.isImplicit ? 'implicit ' : ''}call ${this.#calleeText(node.callee)}(${this.#argumentsText(node.args)})`;
      case 'new':
        return `new ${this.#show(node.callee)}(${this.#argumentsText(node.args)})`;
      case 'object': {
        const properties = node.properties.map(
          ({ key, value }) => `${this.#keyText(key)}: ${this.#show(value)}`,
        );
        return `{ ${[...properties, ...node.spreads.map((spread) => `...${this.#show(spread)}`)].join(', ')} }`;
      }
      case 'array':
        return `[ ${this.#argumentsText(node.elements)} ]`;
      case 'closure':
        return `closure ${this.#program.functions[node.function]?.name || '(anonymous)'}`;
      case 'class': {
        const base = node.base === null ? '' : ` extends ${this.#show(node.base)}`;
        return `class ${this.#program.classes[node.class]?.name || '(anonymous)'}${base}`;
      }
      case 'await':
        return `await ${this.#show(node.src)}`;
      case 'yield':
        return `yield${node.isDelegate ? '*' : ''} ${this.#show(node.src)}`;
      case 'iterate':
        return `iterate ${node.of} of ${this.#show(node.src)}`;
      case 'rest':
        return `rest of ${this.#show(node.src)} after ${
          typeof node.after === 'number'
            ? String(node.after)
            : `{${node.after.map((key) => this.#keyText(key)).join(', ')}}`
        }`;
      default:
        return assertNever(node);
    }
  }

  #local(id: LocalId): string {
    const local = this.#program.locals[id];
    if (local === undefined) return `local ${id}`;
    const nth = ordinalOf(this.#program, id);
    return nth === 1 ? local.name : `${local.name}'${nth}`;
  }

  #list(temps: readonly Temp[]): string {
    return temps.map((temp) => this.#show(temp)).join(', ');
  }

  #keyText(key: Key): string {
    if (key.kind === 'dynamic') return `[${this.#show(key.temp)}]`;
    return PLAIN_NAME.test(key.name) || key.name.startsWith('@@') ? key.name : JSON.stringify(key.name);
  }

  #fieldText(object: string, key: Key): string {
    if (key.kind === 'dynamic') return `${object}[${this.#show(key.temp)}]`;
    const name = this.#keyText(key);
    return name.startsWith('"') ? `${object}[${name}]` : `${object}.${name}`;
  }

  #calleeText(callee: Callee): string {
    switch (callee.kind) {
      case 'value':
        return this.#show(callee.temp);
      case 'method':
        return this.#fieldText(this.#show(callee.receiver), callee.key);
      case 'super':
        return 'super';
      case 'superMethod':
        return this.#fieldText('super', callee.key);
      default:
        return assertNever(callee);
    }
  }

  #argumentsText(args: readonly (Argument | null)[]): string {
    return args
      .map((arg) => (arg === null ? '' : `${arg.isSpread ? '...' : ''}${this.#show(arg.temp)}`))
      .join(', ');
  }

  /** A temporary; constants and externals stand where they are used. */
  #show(temp: Temp): string {
    return this.#inlined.get(temp) ?? `$${temp}`;
  }
}

/* ------------------------------------------------------------------ parts */

function isEmpty(node: Node): boolean {
  return node.kind === 'seq' && node.nodes.every(isEmpty);
}

function primitiveText(value: Primitive): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case 'bigint':
      return `${value}n`;
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

/** Shown where they are used, and not on a line of their own. */
function isInlined(node: Node): node is Const | External {
  return node.kind === 'const' || node.kind === 'external';
}

/** `devices:closeDevice`, `devices:*`, `global:process`. */
function externalText({ module, path }: ExternalRef): string {
  const name = path.length === 0 ? '*' : path.join('.');
  return `${module ?? 'global'}:${name}`;
}

const PLAIN_NAME = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `line:column`, both from one, as editors and messages count. */
function positionOf({ loc }: Node['node']): string {
  return `${loc.start.line}:${loc.start.column + 1}`;
}

const ordinals = new WeakMap<Program, readonly number[]>();

/** The how-manieth local of its name this one is. */
function ordinalOf(program: Program, id: LocalId): number {
  let known = ordinals.get(program);
  if (known === undefined) {
    const counts = new Map<string, number>();
    known = program.locals.map(({ name }) => {
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      return nth;
    });
    ordinals.set(program, known);
  }
  return known[id] ?? 1;
}
