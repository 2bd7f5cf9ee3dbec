/**
 * Runs lowered programs on real values, so that they can be compared with the programs that they come from:
 * what the IR means is what this file does. `escape` and `unknown` have no value here; a program that is to
 * be compared keeps away from them.
 */
import type {
  ArithmeticOperator,
  Argument,
  Callee,
  ClassIr,
  CompareOperator,
  FunctionIr,
  Instr,
  Key,
  LocalId,
  Node,
  Program,
  Temp,
} from '../../../analysis/ir/ir.ts';
import { END_OF_ITERATION } from '../../../analysis/ir/iteration.ts';

type Value = unknown;
type Fn = (this: Value, ...args: Value[]) => Value;
type Obj = Record<PropertyKey, Value>;

interface Cell {
  value: Value;
  isSet: boolean;
}

/** One activation of a function. */
interface Frame {
  readonly fn: FunctionIr;
  readonly temps: Value[];
  readonly cells: Map<LocalId, Cell>;
  readonly self: This;
}

/** `this`, shared with the arrow functions inside: `super()` in one of them sets it for all. */
interface This {
  value: Value;
  readonly newTarget: Fn | undefined;
  readonly home: ClassIr | null;
}

type Completion =
  | { readonly kind: 'normal' }
  | { readonly kind: 'break'; readonly label: number }
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'throw'; readonly value: Value };

const NORMAL: Completion = { kind: 'normal' };

/** What a body asks of whoever runs it. */
type Request = { readonly kind: 'await' | 'yield' | 'delegate'; readonly value: Value };
type Run<T> = Generator<Request, T, Value>;

export function execute(program: Program, globals: Obj): void {
  new Machine(program, globals).run();
}

function restOf(value: Value, after: number | readonly Key[], frame: Frame): Value {
  if (typeof after === 'number') return [...(value as Iterable<Value>)].slice(after);
  const taken = new Set(after.map((key) => String(keyOf(key, frame))));
  return Object.fromEntries(Object.entries(value as Obj).filter(([name]) => !taken.has(name)));
}

class Machine {
  readonly #program: Program;
  readonly #globals: Obj;
  readonly #classes = new Map<number, { readonly value: Fn; readonly frame: Frame }>();

  constructor(program: Program, globals: Obj) {
    this.#program = program;
    this.#globals = globals;
  }

  run(): void {
    const [main] = this.#program.functions;
    this.#start(main!, new Map(), { value: undefined, newTarget: undefined, home: null }, []);
  }

  /* ---------------------------------------------------------------- functions */

  #start(fn: FunctionIr, captured: Map<LocalId, Cell>, self: This, args: readonly Value[]): Value {
    const frame: Frame = { fn, temps: [], cells: new Map(captured), self };
    for (const [index, param] of fn.params.entries()) frame.temps[param] = args[index];
    if (fn.rest !== null) frame.temps[fn.rest] = args.slice(fn.params.length);
    const body = this.#body(frame);
    if (fn.isGenerator) return fn.isAsync ? asyncGenerator(body) : generator(body);
    if (fn.isAsync) return asyncRun(body);
    const result = body.next();
    if (result.done !== true) throw new Error(`${result.value.kind} in a plain function`);
    return result.value;
  }

  *#body(frame: Frame): Run<Value> {
    const completion = yield* this.#node(frame.fn.body, frame);
    if (completion.kind === 'throw') throw completion.value;
    return completion.kind === 'return' ? completion.value : undefined;
  }

  #closure(fn: FunctionIr, frame: Frame, home: ClassIr | null = null): Fn {
    const captured = this.#capture(fn, frame);
    if (fn.node.type === 'ArrowFunctionExpression') {
      return (...args) => this.#start(fn, captured, frame.self, args);
    }
    const start = (value: Value, args: Value[], newTarget: Fn | undefined): Value =>
      this.#start(fn, captured, { value, newTarget, home }, args);
    return function (this: Value, ...args) {
      const result = start(this, args, new.target);
      return result;
    };
  }

  #capture(fn: FunctionIr, frame: Frame): Map<LocalId, Cell> {
    const captured = new Map<LocalId, Cell>();
    for (const id of fn.captures) captured.set(id, cellOf(frame, id));
    return captured;
  }

  /* ---------------------------------------------------------------- classes */

  #class(ir: ClassIr, base: Value, frame: Frame): Fn {
    const method = (id: number): Fn => this.#closure(this.#program.functions[id]!, frame, ir);
    const construct = (args: Value[], newTarget: Fn): Value =>
      this.#construct(ir, base as Fn, args, newTarget, frame);
    const result: Fn = function (...args) {
      return construct(args, new.target);
    };
    if (ir.superclass.kind !== 'none') {
      Object.setPrototypeOf(result, base as object);
      (result as unknown as Obj)['prototype'] = Object.create((base as { prototype: object }).prototype);
    }
    const prototype = (result as unknown as { prototype: Obj }).prototype;
    for (const [key, id] of ir.methods) define(prototype, key, { value: method(id) });
    for (const [key, id] of ir.getters) define(prototype, key, { get: method(id) });
    for (const [key, id] of ir.setters) define(prototype, key, { set: method(id) });
    for (const [key, id] of ir.staticMethods) define(result as unknown as Obj, key, { value: method(id) });
    this.#classes.set(ir.id, { value: result, frame });
    return result;
  }

  #construct(ir: ClassIr, base: Fn, args: Value[], newTarget: Fn, frame: Frame): Value {
    const self: This = { value: undefined, newTarget, home: ir };
    if (ir.superclass.kind === 'none') {
      self.value = Object.create((newTarget as unknown as { prototype: object }).prototype);
      this.#initialize(ir, self);
    }
    if (ir.constructorId === null) {
      if (ir.superclass.kind !== 'none') this.#super(self, base, args);
      return self.value;
    }
    const fn = this.#program.functions[ir.constructorId]!;
    const result = this.#start(fn, this.#capture(fn, frame), self, args);
    return typeof result === 'object' && result !== null ? result : self.value;
  }

  #super(self: This, base: Fn, args: readonly Value[]): void {
    self.value = Reflect.construct(base, args, self.newTarget);
    this.#initialize(self.home!, self);
  }

  #initialize(ir: ClassIr, self: This): void {
    if (ir.initializer === null) return;
    const { frame } = this.#classes.get(ir.id)!;
    const fn = this.#program.functions[ir.initializer]!;
    this.#start(fn, this.#capture(fn, frame), self, []);
  }

  /* ---------------------------------------------------------------- control */

  *#node(node: Node, frame: Frame): Run<Completion> {
    switch (node.kind) {
      case 'seq':
        for (const inner of node.nodes) {
          const completion = yield* this.#node(inner, frame);
          if (completion.kind !== 'normal') return completion;
        }
        return NORMAL;
      case 'if':
        return yield* this.#node(read(frame, node.test) ? node.then : node.else, frame);
      case 'loop':
        for (;;) {
          const completion = yield* this.#node(node.body, frame);
          if (completion.kind !== 'normal') return completion;
        }
      case 'block': {
        const completion = yield* this.#node(node.body, frame);
        return completion.kind === 'break' && completion.label === node.label ? NORMAL : completion;
      }
      case 'tryCatch': {
        const completion = yield* this.#node(node.body, frame);
        if (completion.kind !== 'throw') return completion;
        frame.temps[node.param] = completion.value;
        return yield* this.#node(node.handler, frame);
      }
      case 'finally': {
        const completion = yield* this.#node(node.body, frame);
        const after = yield* this.#node(node.finalizer, frame);
        return after.kind === 'normal' ? completion : after;
      }
      case 'break':
        return { kind: 'break', label: node.label };
      case 'return': {
        const value = node.value === null ? undefined : read(frame, node.value);
        // `return` in an async generator awaits.
        const isAwaited = frame.fn.isAsync && frame.fn.isGenerator;
        return { kind: 'return', value: isAwaited ? yield { kind: 'await', value } : value };
      }
      case 'throw':
        return { kind: 'throw', value: read(frame, node.value) };
      case 'unreachable':
        throw new Error('Reached the unreachable');
      default:
        try {
          yield* this.#instr(node, frame);
          return NORMAL;
        } catch (value) {
          if (value instanceof Returned) return { kind: 'return', value: value.value };
          return { kind: 'throw', value };
        }
    }
  }

  /* ---------------------------------------------------------------- instructions */

  *#instr(node: Instr, frame: Frame): Run<void> {
    switch (node.kind) {
      case 'store':
        this.#store(frame, node.local, read(frame, node.src), node.isDeclaration);
        break;
      case 'setField':
        (read(frame, node.object) as Obj)[keyOf(node.key, frame)] = read(frame, node.src);
        break;
      case 'step': {
        let result: unknown = (read(frame, node.iterator) as Iterator<Value>).next();
        if (result instanceof Promise) result = yield { kind: 'await', value: result };
        const next = result as IteratorResult<Value, Value>;
        frame.temps[node.hasMore] = next.done !== true;
        frame.temps[node.value] = next.value;
        break;
      }
      case 'escape':
        throw new Error(`An escape (${node.reason}) can not be executed`);
      default:
        frame.temps[node.dst] = yield* this.#value(node, frame);
    }
  }

  *#value(
    node: Exclude<Instr, { kind: 'store' | 'setField' | 'step' | 'escape' }>,
    frame: Frame,
  ): Run<Value> {
    const get = (temp: Temp): Value => read(frame, temp);
    switch (node.kind) {
      case 'const':
        return node.value;
      case 'external':
        return this.#external(node.ref.module, node.ref.path);
      case 'unknown':
        return undefined;
      case 'copy':
        return get(node.src);
      case 'load': {
        const cell = cellOf(frame, node.local);
        if (!cell.isSet)
          throw new ReferenceError(`Cannot access '${this.#program.locals[node.local]!.name}'`);
        return cell.value;
      }
      case 'this':
        return frame.self.value;
      case 'getField':
        return (get(node.object) as Obj)[keyOf(node.key, frame)];
      case 'compare':
        return compare(node.operator, get(node.left) as number, get(node.right) as number);
      case 'not':
        return !get(node.src);
      case 'typeof':
        return typeof get(node.src);
      case 'arithmetic':
        return arithmetic(
          node.operator,
          get(node.left) as number,
          node.right === null ? 0 : (get(node.right) as number),
        );
      case 'call':
        // What iterators do when they end they do by themselves.
        if (node.isImplicit && printedKey(node.callee) === END_OF_ITERATION) return undefined;
        return this.#call(node.callee, argumentsOf(node.args, frame), frame);
      case 'new':
        return Reflect.construct(get(node.callee) as Fn, argumentsOf(node.args, frame)) as Value;
      case 'object': {
        const object: Obj = {};
        for (const { key, value } of node.properties) {
          const name = keyOf(key, frame);
          const [, kind, property = ''] = /^([gs]et) (.*)$/s.exec(String(name)) ?? [];
          if (kind === undefined) object[name] = get(value);
          else define(object, property, { [kind]: get(value), enumerable: true });
        }
        for (const spread of node.spreads) Object.assign(object, get(spread));
        return object;
      }
      case 'array':
        return argumentsOf(node.elements, frame);
      case 'closure':
        return this.#closure(this.#program.functions[node.function]!, frame);
      case 'class':
        return this.#class(this.#program.classes[node.class]!, node.base && get(node.base), frame);
      case 'await':
        return yield { kind: 'await', value: get(node.src) };
      case 'yield':
        return yield { kind: node.isDelegate ? 'delegate' : 'yield', value: get(node.src) };
      case 'iterate':
        return iterate(get(node.src), node.of);
      case 'rest':
        return restOf(get(node.src), node.after, frame);
    }
  }

  #store(frame: Frame, local: LocalId, value: Value, isDeclaration: boolean): void {
    const cell = frame.cells.get(local);
    if (cell !== undefined && !(isDeclaration && cell.isSet)) {
      if (!isDeclaration && !cell.isSet) throw new ReferenceError(`Cannot access '${String(local)}'`);
      cell.value = value;
      cell.isSet = true;
    } else {
      frame.cells.set(local, { value, isSet: true });
    }
  }

  #external(module: string | null, path: readonly string[]): Value {
    if (module !== null) throw new Error(`No module ${module}`);
    let value: Value = this.#globals;
    for (const name of path) {
      const object = value as Obj;
      if (name === 'globalThis') continue;
      value = object[name];
    }
    return value;
  }

  #call(callee: Callee, args: Value[], frame: Frame): Value {
    switch (callee.kind) {
      case 'value':
        return (read(frame, callee.temp) as Fn).call(undefined, ...args);
      case 'method': {
        const receiver = read(frame, callee.receiver);
        return ((receiver as Obj)[keyOf(callee.key, frame)] as Fn).call(receiver, ...args);
      }
      case 'super': {
        const base = Object.getPrototypeOf(this.#classes.get(frame.self.home!.id)!.value) as Fn;
        this.#super(frame.self, base, args);
        return undefined;
      }
      case 'superMethod': {
        const base = Object.getPrototypeOf(this.#classes.get(frame.self.home!.id)!.value) as {
          prototype: Obj;
        };
        return (base.prototype[keyOf(callee.key, frame)] as Fn).call(frame.self.value, ...args);
      }
    }
  }
}

/* ------------------------------------------------------------------ generators and promises */

/** Thrown into a body by `iterator.return(value)`. */
class Returned {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

function* generator(body: Run<Value>): Generator<Value, Value, Value> {
  let sent: IteratorResult<Request, Value> = body.next();
  while (sent.done !== true) {
    let isDone = false;
    try {
      const { kind, value } = sent.value;
      const received: Value = kind === 'delegate' ? yield* value as Iterable<Value> : yield value;
      isDone = true;
      sent = body.next(received);
    } catch (error) {
      if (isDone) throw error;
      isDone = true;
      sent = body.throw(error);
    } finally {
      if (!isDone) sent = body.throw(new Returned(undefined));
    }
  }
  return sent.value;
}

async function asyncRun(body: Run<Value>): Promise<Value> {
  let result = body.next();
  while (result.done !== true) {
    let value: Value;
    try {
      value = await result.value.value;
    } catch (error) {
      result = body.throw(error);
      continue;
    }
    result = body.next(value);
  }
  return result.value;
}

async function* asyncGenerator(body: Run<Value>): AsyncGenerator<Value, Value> {
  let result = body.next();
  while (result.done !== true) {
    let value: Value;
    try {
      value = result.value.kind === 'await' ? await result.value.value : yield result.value.value;
    } catch (error) {
      result = body.throw(error);
      continue;
    }
    result = body.next(value);
  }
  return result.value;
}

/* ------------------------------------------------------------------ values */

function read(frame: Frame, temp: Temp): Value {
  if (!(temp in frame.temps)) throw new Error(`$${temp} is read before it is written in ${frame.fn.name}`);
  return frame.temps[temp];
}

function cellOf(frame: Frame, id: LocalId): Cell {
  let cell = frame.cells.get(id);
  if (cell === undefined) frame.cells.set(id, (cell = { value: undefined, isSet: false }));
  return cell;
}

function keyOf(key: Key, frame: Frame): PropertyKey {
  return key.kind === 'static' ? propertyKey(key.name) : (read(frame, key.temp) as PropertyKey);
}

function propertyKey(name: string): PropertyKey {
  if (!name.startsWith('@@')) return name;
  return (Symbol as unknown as Record<string, symbol>)[name.slice(2)]!;
}

function define(object: Obj, key: string, descriptor: PropertyDescriptor): void {
  const old = Object.getOwnPropertyDescriptor(object, propertyKey(key)) ?? {};
  Object.defineProperty(object, propertyKey(key), { ...old, ...descriptor, configurable: true });
}

function printedKey(callee: Callee): string | null {
  return callee.kind === 'method' && callee.key.kind === 'static' ? callee.key.name : null;
}

function argumentsOf(args: readonly (Argument | null)[], frame: Frame): Value[] {
  const values: Value[] = [];
  for (const arg of args) {
    if (arg === null) values.length++;
    else if (arg.isSpread) values.push(...(read(frame, arg.temp) as Iterable<Value>));
    else values.push(read(frame, arg.temp));
  }
  return values;
}

function iterate(
  value: Value,
  of: 'values' | 'asyncValues' | 'keys',
): Iterator<Value> | AsyncIterator<Value> {
  switch (of) {
    case 'values':
      return (value as Iterable<Value>)[Symbol.iterator]();
    case 'asyncValues': {
      const async = (value as Partial<AsyncIterable<Value>>)[Symbol.asyncIterator];
      return async === undefined ? asyncFromSync(value as Iterable<Value>) : async.call(value);
    }
    case 'keys': {
      const keys: string[] = [];
      for (const key in value as object) keys.push(key);
      return keys[Symbol.iterator]();
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- `yield` awaits.
async function* asyncFromSync(values: Iterable<Value>): AsyncGenerator {
  yield* values;
}

/* eslint-disable eqeqeq -- These are the operators themselves, on values of any type. */
function compare(operator: CompareOperator, left: number, right: number): boolean {
  switch (operator) {
    case '===':
      return left === right;
    case '!==':
      return left !== right;
    case '==':
      return left == right;
    case '!=':
      return left != right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case 'instanceof':
      return (left as Value) instanceof (right as Value as Fn);
    case 'in':
      return left in (right as Value as object);
  }
}

function arithmetic(operator: ArithmeticOperator, left: number, right: number): Value {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '>>>':
      return left >>> right;
    case '~':
      return ~left;
    case 'neg':
      return -left;
  }
}
