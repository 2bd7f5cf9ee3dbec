/**
 * Smaller programs than a given one, the greatest steps first.
 *
 * Invariant: each has fewer statements or simpler expressions, so that shrinking ends.
 */
import type { Block, Expression, Helper, Program, Statement } from './ast.ts';
import { call, childBlocks, construct, expressionsOf, isJump, text, withExpression } from './ast.ts';
import { locate, splice } from './edit.ts';
import type { Located } from './edit.ts';
import { isValid } from './scope.ts';

export function* shrinkProgram({ helpers, main }: Program): Generator<Program> {
  const seen = new Set<string>();
  for (const smaller of candidates(main, helpers)) {
    if (!isValid(smaller)) continue;
    const key = JSON.stringify(smaller);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { helpers, main: smaller };
  }
}

function* candidates(main: Block, helpers: readonly Helper[]): Generator<Block> {
  const statements = [...locate(main)];
  // Runs of statements, the long ones first.
  for (let size = Math.floor(main.length / 2); size > 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < main.length; start += size) {
      yield splice(main, { path: [], index: start }, size, []);
    }
  }
  for (const located of statements) {
    yield splice(main, located, 1, []);
    yield* withoutVariable(main, located);
  }
  for (const located of statements) {
    for (const instead of simpler(located.statement)) yield splice(main, located, 1, instead);
  }
  for (const located of statements) {
    const { statement } = located;
    for (const expression of expressionsOf(statement)) {
      for (const value of simplerExpressions(expression, helpers)) {
        yield splice(main, located, 1, [withExpression(statement, value)]);
      }
    }
  }
}

/** A declaration goes together with the simple statements that mention its variable. */
function* withoutVariable(main: Block, { statement }: Located): Generator<Block> {
  if (statement.kind !== 'declare' && statement.kind !== 'unpack') return;
  const names = statement.kind === 'declare' ? [statement.name] : statement.parts.map(({ name }) => name);
  const word = new RegExp(`"(?:${names.join('|')})"`);
  const mentions = (each: Statement): boolean =>
    (each === statement ||
      each.kind === 'do' ||
      each.kind === 'assign' ||
      each.kind === 'declare' ||
      each.kind === 'unpack' ||
      (each.kind === 'loop' && each.form.kind === 'of')) &&
    word.test(JSON.stringify(each));
  yield filterStatements(main, (each) => !mentions(each));
  yield filterStatements(
    main,
    (each) =>
      !mentions(each) &&
      !(each.kind === 'if' && word.test(JSON.stringify(each.test))) &&
      !(each.kind === 'switch' && names.includes(each.on)),
  );
}

function filterStatements(block: Block, keeps: (statement: Statement) => boolean): Block {
  return block.filter(keeps).map((statement) => {
    switch (statement.kind) {
      case 'if':
        return {
          ...statement,
          then: filterStatements(statement.then, keeps),
          otherwise: statement.otherwise && filterStatements(statement.otherwise, keeps),
        };
      case 'loop':
      case 'block':
        return { ...statement, body: filterStatements(statement.body, keeps) };
      case 'switch':
        return {
          ...statement,
          cases: statement.cases.map(({ value, body }) => ({ value, body: filterStatements(body, keeps) })),
        };
      case 'try':
        return {
          ...statement,
          block: filterStatements(statement.block, keeps),
          handler: statement.handler && filterStatements(statement.handler, keeps),
          finalizer: statement.finalizer && filterStatements(statement.finalizer, keeps),
        };
      default:
        return statement;
    }
  });
}

/** What can stand in the place of a statement. */
function* simpler(statement: Statement): Generator<Block> {
  for (const block of childBlocks(statement)) yield withoutEnd(block);
  if (childBlocks(statement).length > 1) yield childBlocks(statement).flatMap(withoutEnd);
  switch (statement.kind) {
    case 'if':
      if (statement.otherwise !== null) yield [{ ...statement, otherwise: null }];
      break;
    case 'try':
      if (statement.handler !== null && statement.finalizer !== null) {
        yield [{ ...statement, handler: null }];
        yield [{ ...statement, finalizer: null }];
        const { block, handler } = statement;
        yield [{ ...statement, block: [{ ...statement, finalizer: null }], handler: null }].filter(
          () => block.length + handler.length === 0,
        );
      }
      break;
    case 'switch':
      for (const index of statement.cases.keys()) {
        if (statement.cases.length > 1)
          yield [{ ...statement, cases: statement.cases.filter((_, at) => at !== index) }];
      }
      break;
    case 'loop': {
      const { form } = statement;
      if (form.kind === 'count' && form.times > 2)
        yield [{ ...statement, form: { ...form, times: form.times - 1 } }];
      if (form.kind === 'doWhile' || form.kind === 'forever')
        yield [{ ...statement, form: { kind: 'while', test: call('choose') } }];
      break;
    }
    case 'declare':
      if (statement.how === 'let') yield [{ ...statement, how: 'const' }];
      if (statement.how === 'using') yield [{ ...statement, how: 'const' }];
      break;
    default:
  }
}

/** A block without the jump at its end: what comes after it goes on. */
function withoutEnd(block: Block): Block {
  return isJump(block.at(-1)) ? block.slice(0, -1) : block;
}

function* simplerExpressions(expression: Expression, helpers: readonly Helper[]): Generator<Expression> {
  switch (expression.kind) {
    case 'not':
      yield expression.operand;
      for (const operand of simplerExpressions(expression.operand, helpers)) yield { ...expression, operand };
      break;
    case 'binary':
      if (expression.operator === '&&' || expression.operator === '||') {
        yield expression.left;
        yield expression.right;
      } else yield call('choose');
      // What is done under a condition is done without it.
      break;
    case 'ternary':
      yield expression.then;
      yield expression.otherwise;
      yield { ...expression, test: call('choose') };
      break;
    case 'anyNumber':
      if (expression.count > 2) yield { ...expression, count: expression.count - 1 };
      break;
    case 'call': {
      yield* inlined(expression, helpers);
      for (const [index, arg] of expression.args.entries()) {
        for (const simplerArg of simplerExpressions(arg, helpers)) {
          yield {
            ...expression,
            args: expression.args.map((each, at) => (at === index ? simplerArg : each)),
          };
        }
      }
      break;
    }
    case 'template':
      for (const [index, piece] of expression.pieces.entries()) {
        if (typeof piece === 'string') continue;
        for (const simplerPiece of simplerExpressions(piece, helpers)) {
          yield {
            ...expression,
            pieces: expression.pieces.map((each, at) => (at === index ? simplerPiece : each)),
          };
        }
      }
      break;
    default:
  }
}

/** What a helper does, without the helper. */
function* inlined(
  { callee, args }: Extract<Expression, { kind: 'call' }>,
  helpers: readonly Helper[],
): Generator<Expression> {
  const role = helpers.find((helper) => helper.name === callee)?.role;
  const [first = text('null')] = args;
  switch (role) {
    case 'open':
      yield call('CreateFile', text("'a'"));
      yield call('CreateEvent');
      break;
    case 'close':
      yield call('CloseHandle', first);
      break;
    case 'closeBoth':
      for (const arg of args) yield call('CloseHandle', arg);
      break;
    case 'use':
    case 'check':
      yield call('DeviceIoControl', first, text('1'));
      if (role === 'check') yield call('mayThrow');
      break;
    case 'pass':
      yield first;
      break;
    case 'duplicateInto':
      yield call('DuplicateHandle', first, args[1]!, text('DUPLICATE_SAME_ACCESS'));
      break;
    case 'own': {
      const owner = helpers.find((helper) => helper.name === callee)!.uses[0]!;
      yield construct(owner, first);
      break;
    }
    case 'tell':
      yield call('choose');
      break;
    default:
      if (callee === 'WriteFile') yield call('DeviceIoControl', first, text('1'));
      if (callee === 'CreateThread') yield call('CreateEvent');
  }
}
