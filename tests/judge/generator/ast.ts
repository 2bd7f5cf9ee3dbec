/**
 * The programs of the generator: a small part of TypeScript as trees, so that they can be changed and shrunk
 * without parsing.
 *
 *     Program = helpers (functions and classes as text) + main (a block of statements)
 *
 * Invariants: names are unique in a program, so that a statement can be moved without being captured; every
 * statement is printed on lines of its own, so that a line says which one it is.
 */
import type { Feature } from './features.ts';

/** What a variable holds. Searches are handles of their own kind: they cannot be duplicated. */
export type VariableType =
  'handle' | 'search' | 'flag' | 'number' | 'counter' | 'cell' | 'owner' | 'closure' | ContainerType;

/** What keeps any number of handles: an array, a set, a map or an object by names, a disposable stack. */
export type ContainerType = 'list' | 'set' | 'map' | 'bag' | 'stack';

export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  /** A constant as it is written: `null`, `true`, `INVALID_HANDLE_VALUE`, `1`. */
  | { readonly kind: 'text'; readonly text: string }
  /** A call of the model or of a helper. `DuplicateHandle` has the arguments (source, out, options) only. */
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Expression[] }
  | { readonly kind: 'new'; readonly callee: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'method';
      readonly object: string;
      readonly method: Method;
      readonly isOptional: boolean;
    }
  /** An out-cell: `[null]`. */
  | { readonly kind: 'cell' }
  /** What is in an out-cell: `out[0]`. */
  | { readonly kind: 'element'; readonly cell: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'ternary';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  /** `() => CloseHandle(h)` */
  | { readonly kind: 'closure'; readonly body: Expression }
  /** The call of a variable that holds a closure. */
  | { readonly kind: 'invoke'; readonly closure: string }
  /** `choose() ? 0 : choose() ? 1 : 2`: as many alternatives as said. */
  | { readonly kind: 'anyNumber'; readonly count: number }
  /** What has no kind of its own, as it is written, with expressions in it: `hs.push(h)`. */
  | { readonly kind: 'template'; readonly shows: Feature; readonly pieces: readonly (string | Expression)[] };

export type Operator = '&&' | '||' | '===' | '!==' | '==' | '!=';

/** What can be asked of an owner: to use its handle, to close it in one way or the other, to give it away. */
export type Method = 'use' | 'close' | 'dispose' | 'release';

export type Statement =
  | {
      readonly kind: 'declare';
      readonly how: 'const' | 'let' | 'using';
      readonly name: string;
      readonly type: VariableType;
      readonly value: Expression;
    }
  /** `const [a, b = null] = pair;` or `const { first: a, second: b } = pair;` */
  | {
      readonly kind: 'unpack';
      readonly from: 'array' | 'object';
      readonly parts: readonly UnpackedPart[];
      readonly value: Expression;
    }
  | { readonly kind: 'assign'; readonly target: string; readonly value: Expression }
  | { readonly kind: 'do'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly then: Block;
      readonly otherwise: Block | null;
    }
  | { readonly kind: 'loop'; readonly form: LoopForm; readonly label: string | null; readonly body: Block }
  | { readonly kind: 'switch'; readonly on: string; readonly cases: readonly Case[] }
  | {
      readonly kind: 'try';
      readonly block: Block;
      readonly handler: Block | null;
      readonly finalizer: Block | null;
    }
  | { readonly kind: 'block'; readonly body: Block }
  | { readonly kind: 'throw' }
  | { readonly kind: 'return' }
  | { readonly kind: 'break'; readonly label: string | null }
  | { readonly kind: 'continue'; readonly label: string | null };

export interface UnpackedPart {
  /** The property of an object; of no meaning for arrays. */
  readonly key: string;
  readonly name: string;
  readonly type: VariableType;
  /** What stands for it where there is nothing. */
  readonly fallback: string | null;
}

export type Block = readonly Statement[];

export type LoopForm =
  | { readonly kind: 'while'; readonly test: Expression }
  | { readonly kind: 'doWhile'; readonly test: Expression }
  /** `for (let i = 0; i < times; i++)` */
  | { readonly kind: 'count'; readonly counter: string; readonly times: number }
  /** `for (const variable of of)` */
  | { readonly kind: 'of'; readonly variable: string; readonly of: Expression }
  /** `for (;;)`: left by break, return or throw. */
  | { readonly kind: 'forever' };

/** A case of a switch; without a break at its end it falls through to the next one. */
export interface Case {
  /** null for `default`. */
  readonly value: number | null;
  readonly body: Block;
}

/** A function or class that programs may use, written as a whole. */
export interface Helper {
  readonly name: string;
  readonly role: HelperRole;
  readonly text: string;
  /** Other helpers that it uses. */
  readonly uses: readonly string[];
  /** How it may be left other than by returning. */
  readonly throws: 'never' | 'explicitly' | 'implicitly';
  /** What it is made of beside what its role says. */
  readonly shows: readonly Feature[];
  /** What instances of the class can do beside what all can. */
  readonly can: readonly Ability[];
}

/** A helper as it was written. */
export type Written = Pick<Helper, 'text' | 'shows' | 'can'>;

export type Ability = 'release' | 'replace' | 'set' | 'add';

export type HelperRole =
  | 'open'
  | 'close'
  | 'closeBoth'
  | 'use'
  | 'check'
  | 'pass'
  | 'duplicate'
  | 'duplicateInto'
  | 'tell'
  | 'move'
  | 'openAll'
  | 'openTuple'
  | 'openRecord'
  | 'closeAll'
  | 'ownerClass'
  | 'selfOwnerClass'
  | 'own'
  | 'openOwner'
  | 'duplicateOwner';

export interface Program {
  readonly helpers: readonly Helper[];
  readonly main: Block;
}

export const name = (text: string): Expression => ({ kind: 'name', name: text });
export const text = (of: string): Expression => ({ kind: 'text', text: of });
export const call = (callee: string, ...args: Expression[]): Expression => ({ kind: 'call', callee, args });
export const construct = (callee: string, ...args: Expression[]): Expression => ({
  kind: 'new',
  callee,
  args,
});
export const element = (cell: string): Expression => ({ kind: 'element', cell });
export const not = (operand: Expression): Expression => ({ kind: 'not', operand });
export const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});
/** What has no kind of its own: a template whose holes are expressions or parts of the text. */
export const template =
  (shows: Feature) =>
  (strings: TemplateStringsArray, ...holes: readonly (Expression | string)[]): Expression => ({
    kind: 'template',
    shows,
    pieces: strings.flatMap((text, index) => (index === 0 ? [text] : [holes[index - 1]!, text])),
  });
export const perform = (value: Expression): Statement => ({ kind: 'do', value });
export const assign = (target: string, value: Expression): Statement => ({ kind: 'assign', target, value });

/** The blocks directly inside a statement, with what puts others into their place. */
export function childBlocks(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case 'if':
      return statement.otherwise === null ? [statement.then] : [statement.then, statement.otherwise];
    case 'loop':
    case 'block':
      return [statement.body];
    case 'switch':
      return statement.cases.map(({ body }) => body);
    case 'try':
      return [statement.block, statement.handler, statement.finalizer].filter((block) => block !== null);
    default:
      return [];
  }
}

/** The statement with other blocks in the places of `childBlocks`. */
export function withChildBlocks(statement: Statement, blocks: readonly Block[]): Statement {
  const rest = [...blocks];
  const next = (): Block => rest.shift()!;
  switch (statement.kind) {
    case 'if':
      return { ...statement, then: next(), otherwise: statement.otherwise && next() };
    case 'loop':
    case 'block':
      return { ...statement, body: next() };
    case 'switch':
      return { ...statement, cases: statement.cases.map(({ value }) => ({ value, body: next() })) };
    case 'try':
      return {
        ...statement,
        block: next(),
        handler: statement.handler && next(),
        finalizer: statement.finalizer && next(),
      };
    default:
      return statement;
  }
}

/** The expressions directly in a statement. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'declare':
    case 'unpack':
    case 'assign':
    case 'do':
      return [statement.value];
    case 'if':
      return [statement.test];
    case 'switch':
      return [name(statement.on)];
    case 'loop':
      return controlOf(statement.form);
    default:
      return [];
  }
}

function controlOf(form: LoopForm): readonly Expression[] {
  switch (form.kind) {
    case 'while':
    case 'doWhile':
      return [form.test];
    case 'of':
      return [form.of];
    default:
      return [];
  }
}

function withControl(form: LoopForm, value: Expression): LoopForm {
  switch (form.kind) {
    case 'while':
    case 'doWhile':
      return { ...form, test: value };
    case 'of':
      return { ...form, of: value };
    default:
      return form;
  }
}

/** The statement with another expression in the place of its only one. */
export function withExpression(statement: Statement, value: Expression): Statement {
  switch (statement.kind) {
    case 'declare':
    case 'unpack':
    case 'assign':
    case 'do':
      return { ...statement, value };
    case 'if':
      return { ...statement, test: value };
    case 'loop':
      return { ...statement, form: withControl(statement.form, value) };
    default:
      return statement;
  }
}

/** An expression and all that are in it. */
export function* withParts(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'call':
    case 'new':
      for (const arg of expression.args) yield* withParts(arg);
      break;
    case 'not':
      yield* withParts(expression.operand);
      break;
    case 'binary':
      yield* withParts(expression.left);
      yield* withParts(expression.right);
      break;
    case 'ternary':
      yield* withParts(expression.test);
      yield* withParts(expression.then);
      yield* withParts(expression.otherwise);
      break;
    case 'closure':
      yield* withParts(expression.body);
      break;
    case 'template':
      for (const piece of expression.pieces) if (typeof piece !== 'string') yield* withParts(piece);
      break;
    default:
  }
}

/** All statements of a block, outer ones before those in them. */
export function* allStatements(block: Block): Generator<Statement> {
  for (const statement of block) {
    yield statement;
    for (const child of childBlocks(statement)) yield* allStatements(child);
  }
}

export function countStatements(block: Block): number {
  let count = 0;
  for (const statement of allStatements(block)) if (statement.kind !== 'block') count++;
  return count;
}

/** All expressions of a block with their parts. */
export function* allExpressions(block: Block): Generator<Expression> {
  for (const statement of allStatements(block)) {
    for (const expression of expressionsOf(statement)) yield* withParts(expression);
  }
}

/** Whether control never goes on after a statement. */
export function isJump(statement: Statement | undefined): boolean {
  switch (statement?.kind) {
    case 'throw':
    case 'return':
    case 'break':
    case 'continue':
      return true;
    default:
      return false;
  }
}
