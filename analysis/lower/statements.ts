/** Statements. This file tells the kinds apart and lowers the simple ones. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { BlockTarget, Builder } from './builder.ts';
import { lowerClassDeclaration } from './classes.ts';
import { lowerCondition, type Way } from './conditions.ts';
import { lowerEnum } from './enums.ts';
import { lowerEffect, lowerExpression } from './expressions.ts';
import { lowerClosure } from './functions.ts';
import { lowerDoWhile, lowerFor, lowerForIn, lowerForOf, lowerWhile } from './loops.ts';
import { lowerImportEquals, lowerNamespace } from './modules.ts';
import { bindPattern } from './patterns.ts';
import { unwrapExport } from './scopes.ts';
import { lowerSwitch } from './switch.ts';
import { lowerTry } from './try.ts';
import { lowerUnsupported } from './unsupported.ts';
import { isUsing, lowerUsing } from './using.ts';

/** A list of statements with a scope of its own: its functions exist from its start (ECMA-262 14.2.3). */
export function lowerStatements(b: Builder, statements: readonly TSESTree.Node[]): void {
  for (const statement of statements) hoistFunction(b, statement);
  lowerFrom(b, statements, 0);
}

/** From a `using` on, the rest of the list runs inside its scope. */
export function lowerFrom(b: Builder, statements: readonly TSESTree.Node[], start: number): void {
  for (let index = start; index < statements.length; index++) {
    const statement = statements[index];
    if (statement === undefined) break;
    if (isUsing(statement)) {
      lowerUsing(b, statement, () => lowerFrom(b, statements, index + 1));
      return;
    }
    lowerStatement(b, statement);
  }
}

export function hoistFunction(b: Builder, statement: TSESTree.Node): void {
  const declaration = unwrapExport(statement);
  if (declaration.type === 'LabeledStatement') hoistFunction(b, declaration.body);
  if (declaration.type !== 'FunctionDeclaration') return;
  const closure = lowerClosure(b, declaration, 'default');
  if (declaration.id !== null) bindPattern(b, declaration.id, closure, 'declare');
  else b.escapeOnly(declaration, [closure], 'export');
}

export function lowerStatement(b: Builder, node: TSESTree.Node): void {
  const labels = b.pendingLabels;
  b.pendingLabels = [];
  switch (node.type) {
    case 'ExpressionStatement':
      if (node.directive == null) lowerEffect(b, node.expression);
      break;
    case 'VariableDeclaration':
      lowerVariables(b, node);
      break;
    case 'ReturnStatement':
      b.return(node, node.argument === null ? null : lowerExpression(b, node.argument));
      break;
    case 'ThrowStatement':
      b.throw(node, lowerExpression(b, node.argument));
      break;
    case 'IfStatement':
      lowerIf(b, node);
      break;
    case 'BlockStatement':
      lowerStatements(b, node.body);
      break;
    case 'BreakStatement':
    case 'ContinueStatement':
      lowerJump(b, node);
      break;
    case 'LabeledStatement':
      lowerLabeled(b, node, labels);
      break;
    case 'WhileStatement':
      lowerWhile(b, node, labels);
      break;
    case 'DoWhileStatement':
      lowerDoWhile(b, node, labels);
      break;
    case 'ForStatement':
      lowerFor(b, node, labels);
      break;
    case 'ForOfStatement':
      lowerForOf(b, node, labels);
      break;
    case 'ForInStatement':
      lowerForIn(b, node, labels);
      break;
    case 'SwitchStatement':
      lowerSwitch(b, node);
      break;
    case 'TryStatement':
      lowerTry(b, node);
      break;
    case 'ClassDeclaration':
      lowerClassDeclaration(b, node);
      break;
    case 'ExportNamedDeclaration':
      if (node.declaration !== null) lowerStatement(b, node.declaration);
      break;
    case 'ExportDefaultDeclaration':
      lowerExportDefault(b, node);
      break;
    case 'TSExportAssignment':
      b.escapeOnly(node, [lowerExpression(b, node.expression)], 'export');
      break;
    case 'TSEnumDeclaration':
      lowerEnum(b, node);
      break;
    case 'TSModuleDeclaration':
      lowerNamespace(b, node);
      break;
    case 'TSImportEqualsDeclaration':
      lowerImportEquals(b, node);
      break;
    case 'WithStatement':
      lowerWith(b, node);
      break;
    case 'FunctionDeclaration': // It exists from the start of its list.
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'TSNamespaceExportDeclaration':
    case 'TSDeclareFunction':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'DebuggerStatement':
    case 'EmptyStatement':
      break;
    default:
      lowerUnsupported(b, node);
  }
}

function lowerVariables(b: Builder, node: TSESTree.VariableDeclaration): void {
  if (node.declare) return;
  for (const { id, init } of node.declarations) {
    if (init !== null) {
      const value = lowerExpression(b, init, id.type === 'Identifier' ? id.name : '');
      bindPattern(b, id, value, node.kind === 'var' ? 'var' : 'declare');
    } else if (node.kind !== 'var') {
      bindPattern(b, id, b.constant(id, undefined), 'declare');
    }
  }
}

function lowerIf(b: Builder, node: TSESTree.IfStatement): void {
  lowerCondition(b, node.test, { whenTrue: wayOf(b, node.consequent), whenFalse: wayOf(b, node.alternate) });
}

function wayOf(b: Builder, statement: TSESTree.Statement | null): Way | undefined {
  if (statement === null || isEmpty(statement)) return undefined;
  const fill = (): void => {
    hoistFunction(b, statement);
    lowerStatement(b, statement);
  };
  return { fill, isJump: isBareJump(statement) };
}

function isEmpty(statement: TSESTree.Statement): boolean {
  if (statement.type === 'BlockStatement') return statement.body.every(isEmpty);
  return statement.type === 'EmptyStatement';
}

function isBareJump(statement: TSESTree.Statement): boolean {
  switch (statement.type) {
    case 'BreakStatement':
    case 'ContinueStatement':
      return true;
    case 'ReturnStatement':
      return statement.argument === null;
    case 'BlockStatement': {
      const [only] = statement.body;
      return statement.body.length === 1 && only !== undefined && isBareJump(only);
    }
    default:
      return false;
  }
}

function lowerJump(b: Builder, node: TSESTree.BreakStatement | TSESTree.ContinueStatement): void {
  const isBreak = node.type === 'BreakStatement';
  const label = node.label?.name;
  const target = b.targets.findLast(({ labels, continues, needsLabel }) => {
    if (label !== undefined) return labels.includes(label);
    return isBreak ? !needsLabel : continues !== null;
  });
  const destination: BlockTarget | null | undefined = isBreak ? target?.breaks : target?.continues;
  if (destination != null) b.jump(node, destination);
}

function lowerLabeled(b: Builder, node: TSESTree.LabeledStatement, outer: readonly string[]): void {
  const labels = [...outer, node.label.name];
  if (isLoop(node.body) || node.body.type === 'LabeledStatement') {
    b.pendingLabels = labels;
    lowerStatement(b, node.body);
    return;
  }
  b.block(node, (end) => {
    b.targets.push({ labels, breaks: end, continues: null, needsLabel: true });
    lowerStatement(b, node.body);
    b.targets.pop();
  });
}

function isLoop(node: TSESTree.Statement): boolean {
  switch (node.type) {
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
      return true;
    default:
      return false;
  }
}

function lowerExportDefault(b: Builder, node: TSESTree.ExportDefaultDeclaration): void {
  const declaration = node.declaration;
  switch (declaration.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'TSInterfaceDeclaration':
      break;
    case 'ClassDeclaration':
      lowerClassDeclaration(b, declaration);
      break;
    default:
      b.escapeOnly(node, [lowerExpression(b, declaration, 'default')], 'export');
  }
}

/** Inside of `with` any name may be a property of the object; functions that hold one are given up. */
function lowerWith(b: Builder, node: TSESTree.WithStatement): void {
  b.escapeOnly(node, [lowerExpression(b, node.object)], 'unsupported');
  b.file.giveUp(b.id, b.id, 'with');
  b.file.withDepth++;
  lowerStatement(b, node.body);
  b.file.withDepth--;
}
