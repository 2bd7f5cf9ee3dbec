/**
 * Prints programs as TypeScript.
 *
 * Invariant: each statement begins on a line of its own, and only what a program uses is printed.
 */
import type { Block, Expression, Helper, Program, Statement } from './ast.ts';
import { allExpressions } from './ast.ts';

/** What is imported where it is used. */
const MODEL_NAMES = [
  'choose',
  'CloseHandle',
  'CreateEvent',
  'CreateFile',
  'CreateThread',
  'DeviceIoControl',
  'DUPLICATE_CLOSE_SOURCE',
  'DUPLICATE_SAME_ACCESS',
  'DuplicateHandle',
  'FindClose',
  'FindFirstFile',
  'FindNextFile',
  'GetCurrentProcess',
  'GetCurrentThread',
  'GetLastError',
  'HANDLE',
  'INVALID_HANDLE_VALUE',
  'mayThrow',
  'ReadFile',
  'WriteFile',
];

export function printProgram(program: Program): string {
  const parts = [...usedHelpers(program).map(({ text }) => text), printMain(program.main)];
  const body = parts.join('\n\n');
  const words = new Set(body.match(/\w+/g));
  const names = MODEL_NAMES.filter((name) => words.has(name)).map((name) =>
    name === 'HANDLE' ? 'type HANDLE' : name,
  );
  return `import { ${names.join(', ')} } from 'eslint-plugin-handles/model';\n\n${body}\n`;
}

/** The helpers that `main` uses, directly or through others, in their order. */
export function usedHelpers({ helpers, main }: Program): readonly Helper[] {
  const used = new Set<string>();
  const visit = (name: string): void => {
    const helper = helpers.find((each) => each.name === name);
    if (helper === undefined || used.has(name)) return;
    used.add(name);
    helper.uses.forEach(visit);
  };
  for (const part of allExpressions(main)) {
    if (part.kind === 'call' || part.kind === 'new') visit(part.callee);
  }
  return helpers.filter(({ name }) => used.has(name));
}

function printMain(main: Block): string {
  return ['export function main(): void {', ...printBlock(main, '  '), '}'].join('\n');
}

function printBlock(block: Block, indent: string): string[] {
  return block.flatMap((statement) => printStatement(statement, indent));
}

function printStatement(statement: Statement, indent: string): string[] {
  const inner = (block: Block): string[] => printBlock(block, `${indent}  `);
  const expression = (value: Expression): string => printExpression(value);
  switch (statement.kind) {
    case 'declare':
      return [
        `${indent}${statement.how} ${statement.name}${annotation(statement)} = ${expression(statement.value)};`,
      ];
    case 'unpack':
      return [`${indent}const ${printPattern(statement)} = ${expression(statement.value)};`];
    case 'assign':
      return [`${indent}${statement.target} = ${expression(statement.value)};`];
    case 'do':
      return [`${indent}${expression(statement.value)};`];
    case 'if':
      return printIf(statement, indent);
    case 'loop': {
      const label = statement.label === null ? '' : `${statement.label}: `;
      const { form } = statement;
      switch (form.kind) {
        case 'while':
          return [
            `${indent}${label}while (${expression(form.test)}) {`,
            ...inner(statement.body),
            `${indent}}`,
          ];
        case 'doWhile':
          return [
            `${indent}${label}do {`,
            ...inner(statement.body),
            `${indent}} while (${expression(form.test)});`,
          ];
        case 'count':
          return [
            `${indent}${label}for (let ${form.counter} = 0; ${form.counter} < ${form.times}; ${form.counter}++) {`,
            ...inner(statement.body),
            `${indent}}`,
          ];
        case 'of':
          return [
            `${indent}${label}for (const ${form.variable} of ${expression(form.of)}) {`,
            ...inner(statement.body),
            `${indent}}`,
          ];
        case 'forever':
          return [`${indent}${label}for (;;) {`, ...inner(statement.body), `${indent}}`];
      }
      break;
    }
    case 'switch':
      return [
        `${indent}switch (${statement.on}) {`,
        ...statement.cases.flatMap(({ value, body }) => {
          const head = `${indent}  ${value === null ? 'default' : `case ${value}`}:`;
          const lines = printBlock(body, `${indent}    `);
          const declares = body.some(({ kind }) => kind === 'declare');
          return declares ? [`${head} {`, ...lines, `${indent}  }`] : [head, ...lines];
        }),
        `${indent}}`,
      ];
    case 'try':
      return [
        `${indent}try {`,
        ...inner(statement.block),
        ...(statement.handler === null ? [] : [`${indent}} catch {`, ...inner(statement.handler)]),
        ...(statement.finalizer === null ? [] : [`${indent}} finally {`, ...inner(statement.finalizer)]),
        `${indent}}`,
      ];
    case 'block':
      return [`${indent}{`, ...inner(statement.body), `${indent}}`];
    case 'throw':
      return [`${indent}throw new Error('thrown');`];
    case 'return':
      return [`${indent}return;`];
    case 'break':
    case 'continue':
      return [`${indent}${statement.kind}${statement.label === null ? '' : ` ${statement.label}`};`];
  }
}

function printIf(statement: Extract<Statement, { kind: 'if' }>, indent: string): string[] {
  const lines = [
    `${indent}if (${printExpression(statement.test)}) {`,
    ...printBlock(statement.then, `${indent}  `),
  ];
  const { otherwise } = statement;
  const only = otherwise?.length === 1 ? otherwise[0] : undefined;
  if (only?.kind === 'if') {
    const [first = '', ...rest] = printIf(only, indent);
    return [...lines, `${indent}} else ${first.trimStart()}`, ...rest];
  }
  if (otherwise !== null) lines.push(`${indent}} else {`, ...printBlock(otherwise, `${indent}  `));
  return [...lines, `${indent}}`];
}

function printPattern({ from, parts }: Extract<Statement, { kind: 'unpack' }>): string {
  const printed = parts.map(({ key, name, fallback }) => {
    const target = fallback === null ? name : `${name} = ${fallback}`;
    return from === 'array' ? target : `${key}: ${target}`;
  });
  return from === 'array' ? `[${printed.join(', ')}]` : `{ ${printed.join(', ')} }`;
}

function annotation({ how, type }: Extract<Statement, { kind: 'declare' }>): string {
  if (type === 'cell') return ': [HANDLE | null]';
  if (type === 'number') return ': number';
  if (type === 'list') return ': (HANDLE | null)[]';
  if (type === 'bag') return ': Record<string, HANDLE | null>';
  if (how !== 'let') return '';
  return type === 'handle' || type === 'search' ? ': HANDLE | null' : '';
}

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'text':
      return expression.text;
    case 'call':
      return `${expression.callee}(${printArguments(expression)})`;
    case 'new':
      return `new ${expression.callee}(${expression.args.map(printExpression).join(', ')})`;
    case 'method': {
      const { object, method, isOptional } = expression;
      if (method === 'dispose') return `${object}${isOptional ? '?.' : ''}[Symbol.dispose]()`;
      return `${object}${isOptional ? '?' : ''}.${method}()`;
    }
    case 'cell':
      return '[null]';
    case 'element':
      return `${expression.cell}[0]`;
    case 'not':
      return `!${printOperand(expression.operand)}`;
    case 'binary':
      return `${printOperand(expression.left)} ${expression.operator} ${printOperand(expression.right)}`;
    case 'ternary':
      return [
        `${printOperand(expression.test)} ? `,
        `${printOperand(expression.then)} : ${printOperand(expression.otherwise)}`,
      ].join('');
    case 'closure':
      return `() => ${printExpression(expression.body)}`;
    case 'invoke':
      return `${expression.closure}()`;
    case 'template':
      return expression.pieces
        .map((piece) => (typeof piece === 'string' ? piece : printExpression(piece)))
        .join('');
    case 'anyNumber':
      return [
        ...Array.from({ length: expression.count - 1 }, (_, index) => `choose() ? ${index} : `),
        expression.count - 1,
      ].join('');
  }
}

function printArguments({ callee, args }: Extract<Expression, { kind: 'call' }>): string {
  const printed = args.map(printExpression);
  if (callee !== 'DuplicateHandle') return printed.join(', ');
  const [source, out, options] = printed;
  return `GetCurrentProcess(), ${source}, GetCurrentProcess(), ${out}, 0, false, ${options}`;
}

function printOperand(expression: Expression): string {
  const printed = printExpression(expression);
  return ['binary', 'anyNumber', 'ternary', 'closure'].includes(expression.kind) ? `(${printed})` : printed;
}
