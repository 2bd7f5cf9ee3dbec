/**
 * Which programs are programs: names are declared before they are used, jumps have their targets, and nothing
 * stands behind a jump. What changes or shrinks a program asks here whether it still is one.
 */
import type { Block, Expression, Statement, VariableType } from './ast.ts';
import { expressionsOf, isJump, withParts } from './ast.ts';

export interface Variable {
  readonly name: string;
  readonly type: VariableType;
  readonly how: 'const' | 'let' | 'using';
}

/** Where a statement could be put: a place in a block, and what is known there. */
export interface Place {
  /** The way to the block: a statement of `main`, which of its blocks, a statement of that one, and so on. */
  readonly path: readonly number[];
  readonly index: number;
  readonly scope: Scope;
}

export interface Scope {
  readonly variables: readonly Variable[];
  readonly loops: readonly (string | null)[];
  /** Whether `break` has a target; `continue` needs a loop. */
  readonly isInSwitch: boolean;
}

const OUTERMOST: Scope = { variables: [], loops: [], isInSwitch: false };

/** The places of a program, in source order; null if it is no valid program. */
export function placesOf(main: Block): readonly Place[] | null {
  const places: Place[] = [];
  return visitBlock(main, OUTERMOST, [], places) ? places : null;
}

export function isValid(main: Block): boolean {
  return placesOf(main) !== null;
}

function visitBlock(block: Block, outer: Scope, path: readonly number[], places: Place[]): boolean {
  let scope = outer;
  for (const [index, statement] of block.entries()) {
    places.push({ path, index, scope });
    if (isJump(block[index - 1])) return false;
    if (!visitStatement(statement, scope, [...path, index], places)) return false;
    if (statement.kind === 'declare') {
      const { name, type, how } = statement;
      scope = { ...scope, variables: [...scope.variables, { name, type, how }] };
    }
    if (statement.kind === 'unpack') {
      const unpacked = statement.parts.map(({ name, type }): Variable => ({ name, type, how: 'const' }));
      scope = { ...scope, variables: [...scope.variables, ...unpacked] };
    }
  }
  if (!isJump(block.at(-1))) places.push({ path, index: block.length, scope });
  return true;
}

function visitStatement(
  statement: Statement,
  scope: Scope,
  path: readonly number[],
  places: Place[],
): boolean {
  const own = statement.kind === 'loop' && statement.form.kind === 'doWhile' ? [] : expressionsOf(statement);
  if (!own.every((expression) => areNamesKnown(expression, scope))) return false;
  const visit = (block: Block, index: number, inner = scope): boolean =>
    visitBlock(block, inner, [...path, index], places);
  switch (statement.kind) {
    case 'declare':
      return !scope.variables.some(({ name }) => name === statement.name);
    case 'unpack':
      return !statement.parts.some((part) => scope.variables.some(({ name }) => name === part.name));
    case 'assign':
      return scope.variables.some(({ name, how }) => name === statement.target && how === 'let');
    case 'if':
      return visit(statement.then, 0) && (statement.otherwise === null || visit(statement.otherwise, 1));
    case 'block':
      return visit(statement.body, 0);
    case 'loop': {
      const { form, label, body } = statement;
      const own: Variable[] = [];
      if (form.kind === 'count') own.push({ name: form.counter, type: 'counter', how: 'const' });
      if (form.kind === 'of') own.push({ name: form.variable, type: 'handle', how: 'const' });
      const inner = {
        variables: [...scope.variables, ...own],
        loops: [...scope.loops, label],
        isInSwitch: false,
      };
      // The test of a do loop does not see what its body declares.
      if (form.kind === 'doWhile' && !areNamesKnown(form.test, scope)) return false;
      return visit(body, 0, inner);
    }
    case 'switch':
      return (
        scope.variables.some(({ name }) => name === statement.on) &&
        statement.cases.every(({ body }, index) => visit(body, index, { ...scope, isInSwitch: true }))
      );
    case 'try': {
      const blocks = [statement.block, statement.handler, statement.finalizer].filter(
        (block) => block !== null,
      );
      return blocks.length > 1 && blocks.every((block, index) => visit(block, index));
    }
    case 'break':
      if (statement.label !== null) return scope.loops.includes(statement.label);
      return scope.isInSwitch || scope.loops.length > 0;
    case 'continue':
      if (statement.label !== null) return scope.loops.includes(statement.label);
      return scope.loops.length > 0;
    default:
      return true;
  }
}

function areNamesKnown(expression: Expression, { variables }: Scope): boolean {
  const isKnown = (wanted: string): boolean => variables.some(({ name }) => name === wanted);
  for (const part of withParts(expression)) {
    if (part.kind === 'name' && !isKnown(part.name)) return false;
    if (part.kind === 'method' && !isKnown(part.object)) return false;
    if (part.kind === 'element' && !isKnown(part.cell)) return false;
    if (part.kind === 'invoke' && !isKnown(part.closure)) return false;
  }
  return true;
}
