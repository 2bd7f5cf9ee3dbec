/**
 * The whole language, construct by construct: each is lowered in a snapshot that can be read, and stands in a fixture
 * with a report and in one without. What the language gains shows here as a kind of node that nobody has placed.
 */
import { readFileSync } from 'node:fs';
import * as parser from '@typescript-eslint/parser';
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { Linter, type Rule } from 'eslint';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from './package/sources.ts';

/** What syntax there is, by topic: a selector for each construct. */
const SYNTAX: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  statements: {
    if: 'IfStatement[alternate]',
    while: 'WhileStatement',
    'do while': 'DoWhileStatement',
    for: 'ForStatement',
    'for of': 'ForOfStatement[await=false]',
    'for in': 'ForInStatement',
    'for await': 'ForOfStatement[await=true]',
    switch: 'SwitchStatement > SwitchCase',
    'labelled break': 'BreakStatement[label]',
    'labelled continue': 'ContinueStatement[label]',
    'labelled block': 'LabeledStatement > BlockStatement',
    'try catch': 'TryStatement > CatchClause',
    'catch without a binding': 'CatchClause[param=null]',
    finally: 'TryStatement[finalizer!=null]',
    'return in a finally': 'TryStatement > .finalizer ReturnStatement',
    throw: 'ThrowStatement',
    using: 'VariableDeclaration[kind="using"]',
    'await using': 'VariableDeclaration[kind="await using"]',
    'for of using': 'ForOfStatement > VariableDeclaration.left[kind=/using/]',
    var: 'VariableDeclaration[kind="var"]',
    nothing: ':matches(DebuggerStatement, EmptyStatement)',
  },
  patterns: {
    object: 'VariableDeclarator > ObjectPattern',
    array: 'VariableDeclarator > ArrayPattern',
    defaults: ':matches(ObjectPattern > Property > AssignmentPattern, ArrayPattern > AssignmentPattern)',
    rest: ':matches(ObjectPattern, ArrayPattern) > RestElement',
    assigned: 'AssignmentExpression > :matches(ObjectPattern, ArrayPattern).left',
    parameter: ':function > :matches(ObjectPattern, ArrayPattern).params',
    'default of a parameter': ':function > AssignmentPattern.params',
    'rest parameter': ':function > RestElement.params',
  },
  expressions: {
    'optional member': 'ChainExpression > MemberExpression[optional=true]',
    'optional call': 'CallExpression[optional=true]',
    '??=': 'AssignmentExpression[operator="??="]',
    '||=': 'AssignmentExpression[operator="||="]',
    '&&=': 'AssignmentExpression[operator="&&="]',
    'compound assignment': 'AssignmentExpression[operator=/^[-+*|&^]=$/]',
    update: 'UpdateExpression',
    '??': 'LogicalExpression[operator="??"]',
    '?:': 'ConditionalExpression',
    comma: 'SequenceExpression',
    'spread in a call': 'CallExpression > SpreadElement',
    'spread in an array': 'ArrayExpression > SpreadElement',
    'spread in an object': 'ObjectExpression > SpreadElement',
    template: 'TemplateLiteral[expressions.length>0]',
    'tagged template': 'TaggedTemplateExpression',
    void: 'UnaryExpression[operator="void"]',
    delete: 'UnaryExpression[operator="delete"]',
    in: 'BinaryExpression[operator="in"]',
    'computed key': 'Property[computed=true]',
    'computed member': 'MemberExpression[computed=true]',
    'method of an object': 'Property[method=true]',
    'accessor of an object': 'Property[kind=/[gs]et/]',
    new: 'NewExpression',
    'new.target': 'MetaProperty',
    'arrow function': 'ArrowFunctionExpression',
    'function expression': 'FunctionExpression',
    'function called at once':
      'CallExpression > :matches(ArrowFunctionExpression, FunctionExpression).callee',
    await: 'AwaitExpression',
    generator: ':function[generator=true][async=false]',
    'async generator': ':function[generator=true][async=true]',
    yield: 'YieldExpression[delegate=false]',
    'yield*': 'YieldExpression[delegate=true]',
    'import()': 'ImportExpression',
    element: ':matches(JSXElement, JSXFragment) :matches(JSXExpressionContainer, JSXSpreadAttribute)',
  },
  classes: {
    expression: 'ClassExpression',
    field: 'PropertyDefinition[static=false]',
    'static field': 'PropertyDefinition[static=true]',
    '#field': 'PropertyDefinition > PrivateIdentifier',
    '#method': 'MethodDefinition > PrivateIdentifier',
    '#x in o': 'BinaryExpression[operator="in"] > PrivateIdentifier',
    'static block': 'StaticBlock',
    'static method': 'MethodDefinition[static=true]',
    getter: 'MethodDefinition[kind="get"]',
    setter: 'MethodDefinition[kind="set"]',
    'auto accessor': 'AccessorProperty',
    extends: ':matches(ClassDeclaration, ClassExpression)[superClass!=null]',
    'super()': 'CallExpression > Super',
    'super member': 'MemberExpression > Super',
    'parameter property': 'TSParameterProperty',
    decorator: 'Decorator',
    'abstract member': ':matches(TSAbstractMethodDefinition, TSAbstractPropertyDefinition)',
    '[Symbol.dispose]': 'MethodDefinition > MemberExpression.key > Identifier.property[name="dispose"]',
    '[Symbol.asyncDispose]':
      'MethodDefinition > MemberExpression.key > Identifier.property[name="asyncDispose"]',
    '[Symbol.iterator]': 'MethodDefinition > MemberExpression.key > Identifier.property[name="iterator"]',
  },
  types: {
    as: 'TSAsExpression',
    satisfies: 'TSSatisfiesExpression',
    '!': 'TSNonNullExpression',
    '<T>value': 'TSTypeAssertion',
    'f<T>': 'CallExpression[typeArguments]',
    overload: 'TSDeclareFunction',
    enum: 'TSEnumDeclaration > TSEnumBody > TSEnumMember',
    namespace: 'TSModuleDeclaration > TSModuleBlock',
  },
};

/** What programs do with it: calls and tests, of which lowering sees nothing but calls and tests. */
const IDIOMS: typeof SYNTAX = {
  conditions: {
    '===': 'IfStatement > BinaryExpression[operator="==="]',
    '!==': 'IfStatement > BinaryExpression[operator="!=="]',
    '==': 'BinaryExpression[operator="=="]',
    '!=': 'BinaryExpression[operator="!="]',
    '< or >': 'BinaryExpression[operator=/^[<>]=?$/]',
    truth: 'IfStatement > Identifier.test',
    typeof: 'UnaryExpression[operator="typeof"]',
    instanceof: 'BinaryExpression[operator="instanceof"]',
    'Array.isArray': 'MemberExpression > Identifier.property[name="isArray"]',
    '!': 'UnaryExpression[operator="!"]',
    '&&': 'LogicalExpression[operator="&&"]',
    '||': 'LogicalExpression[operator="||"]',
    'kept in a constant':
      'VariableDeclaration[kind="const"] > VariableDeclarator > BinaryExpression.init[operator=/=/]',
    'identity with a field':
      'BinaryExpression[operator=/^[!=]==$/] > MemberExpression[object.type="ThisExpression"]',
    asserts: 'TSTypePredicate[asserts=true]',
    never: ':function > TSTypeAnnotation.returnType > TSNeverKeyword',
    'process.exit': 'CallExpression > MemberExpression.callee[object.name="process"][property.name="exit"]',
  },
  asynchrony: {
    then: 'CallExpression > MemberExpression.callee[property.name="then"]',
    catch: 'CallExpression > MemberExpression.callee[property.name="catch"]',
    finally: 'CallExpression > MemberExpression.callee[property.name="finally"]',
    'Promise.all': 'CallExpression > MemberExpression.callee[object.name="Promise"][property.name="all"]',
    'callback with an error': 'CallExpression > :function.arguments > Identifier.params[name=/^err/]',
    'return in a try':
      'TryStatement[finalizer!=null] > BlockStatement.block > ReturnStatement > CallExpression',
    AsyncDisposableStack: 'NewExpression > Identifier.callee[name="AsyncDisposableStack"]',
  },
  callbacks: {
    forEach: 'CallExpression > MemberExpression.callee[property.name="forEach"]',
    map: 'CallExpression > MemberExpression.callee[property.name="map"]',
    filter: 'CallExpression > MemberExpression.callee[property.name="filter"]',
    reduce: 'CallExpression > MemberExpression.callee[property.name="reduce"]',
    sort: 'CallExpression > MemberExpression.callee[property.name=/^(toS|s)ort/]',
    'Array.from': 'CallExpression > MemberExpression.callee[object.name="Array"][property.name="from"]',
    'a closure that closes': 'ArrowFunctionExpression CallExpression[callee.name="CloseHandle"]',
    'event handler': 'CallExpression > MemberExpression.callee[property.name=/^(on|once|addEventListener)$/]',
    timer: 'CallExpression > Identifier.callee[name=/^set(Timeout|Interval)$/]',
    'returned object that closes':
      'ReturnStatement > ObjectExpression > Property CallExpression[callee.name="CloseHandle"]',
  },
  temporaries: {
    receiver: 'CallExpression > MemberExpression.callee > :matches(CallExpression, NewExpression).object',
    argument: 'CallExpression > CallExpression.arguments',
    'in a template': 'TemplateLiteral > CallExpression',
    discarded: 'ExpressionStatement > CallExpression[callee.name=/^(Create|open)/]',
  },
  collections: {
    push: 'CallExpression > MemberExpression.callee[property.name="push"]',
    index: 'MemberExpression[computed=true] > Identifier.property',
    literal: 'ArrayExpression > CallExpression',
    'closed in a loop': 'ForOfStatement CallExpression[callee.name="CloseHandle"]',
    splice: 'CallExpression > MemberExpression.callee[property.name="splice"]',
    pop: 'CallExpression > MemberExpression.callee[property.name="pop"]',
    Map: 'NewExpression > Identifier.callee[name="Map"]',
    Set: 'NewExpression > Identifier.callee[name="Set"]',
    'object of handles': 'ObjectExpression > Property > CallExpression.value[callee.name="CreateFile"]',
    'options object': 'NewExpression > ObjectExpression.arguments',
    tuple: 'TSTupleType',
    DisposableStack: 'NewExpression > Identifier.callee[name="DisposableStack"]',
  },
};

/** Nodes that stand in nearly every program, or name a part of one. */
const PLAIN = `ArrayExpression AssignmentExpression BinaryExpression BlockStatement BreakStatement CallExpression
  ClassBody ClassDeclaration ContinueStatement ExportAllDeclaration ExportDefaultDeclaration ExportNamedDeclaration
  ExportSpecifier ExpressionStatement FunctionDeclaration Identifier ImportAttribute ImportDeclaration
  ImportDefaultSpecifier ImportNamespaceSpecifier ImportSpecifier LabeledStatement Literal LogicalExpression
  MemberExpression ObjectExpression Program Property ReturnStatement TemplateElement TemplateLiteral ThisExpression
  UnaryExpression VariableDeclaration VariableDeclarator JSXAttribute JSXClosingElement JSXClosingFragment
  JSXEmptyExpression JSXIdentifier JSXMemberExpression JSXNamespacedName JSXOpeningElement JSXOpeningFragment
  JSXSpreadChild JSXText`;

/** What declares or describes, and does nothing when it runs; and what no handle can stand in. */
const OF_NO_EFFECT = `TSAbstractAccessorProperty TSEmptyBodyFunctionExpression TSExportAssignment
  TSExternalModuleReference TSImportEqualsDeclaration TSNamespaceExportDeclaration TSInstantiationExpression
  TSParameterProperty TSInterfaceBody TSInterfaceDeclaration TSInterfaceHeritage TSClassImplements
  TSTypeAliasDeclaration WithStatement`;
const TYPES =
  /^TS.*(?:Keyword|Type|Signature|Annotation|Parameter|Instantiation|Member|Predicate|Query|Operator|Name)|^TSRestType|^TSOptionalType|^TSEnumBody/;

interface Program {
  readonly file: string;
  readonly isReported: boolean;
  readonly constructs: ReadonlySet<string>;
}

const constructs = [SYNTAX, IDIOMS].flatMap((table) =>
  Object.entries(table).flatMap(([topic, named]) =>
    Object.entries(named).map(([name, selector]) => [`${topic}: ${name}`, selector] as const),
  ),
);

const snapshots = listFiles('tests/analysis/lower/fixtures', '.ir').map((file) => {
  const [source = ''] = readFileSync(root + file, 'utf8').split(/^-{70,}$/m);
  return examine(file, source);
});
const fixtures = ['.ts', '.tsx', '.js']
  .flatMap((ending) => listFiles('tests/fixtures', ending))
  .filter((file) => !file.includes('/pending'))
  .map((file) => examine(file, readFileSync(root + file, 'utf8')));

/** Which constructs stand in a program. */
function examine(file: string, source: string): Program {
  const found = new Set<string>();
  const probe: Rule.RuleModule = {
    create: () => {
      const listeners: Record<string, (node: TSESTree.Node) => void> = {};
      for (const [name, selector] of constructs) {
        const earlier = listeners[selector];
        listeners[selector] = (node) => {
          earlier?.(node);
          found.add(name);
        };
      }
      return listeners as Rule.RuleListener;
    },
  };
  const [, kind] = /^\/\/ (script|commonjs|jsx)\n/.exec(source) ?? [];
  const jsx = kind === 'jsx' || file.endsWith('.tsx');
  const messages = new Linter().verify(
    source,
    {
      files: ['**/*.ts', '**/*.tsx'],
      plugins: { test: { rules: { probe } } },
      rules: { 'test/probe': 'error' },
      languageOptions: {
        parser,
        sourceType: kind === 'script' || kind === 'commonjs' ? kind : 'module',
        parserOptions: { ecmaFeatures: { jsx } },
      },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
    },
    { filename: jsx ? 'program.tsx' : 'program.ts' },
  );
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return { file, isReported: /\/\/ expect:/.test(source), constructs: found };
}

const having = (programs: readonly Program[], construct: string): string[] =>
  programs.filter((program) => program.constructs.has(construct)).map(({ file }) => file);

describe.each(constructs)('%s', (construct) => {
  const isSyntax = Object.keys(SYNTAX).some((topic) => construct.startsWith(`${topic}: `));
  const reported = fixtures.filter(({ isReported }) => isReported);
  const clean = fixtures.filter(({ isReported }) => !isReported);

  it.runIf(isSyntax)('is lowered', () => {
    expect(having(snapshots, construct)).not.toEqual([]);
  });

  it('stands where something is reported, and where nothing is', () => {
    expect(having(reported, construct)).not.toEqual([]);
    expect(having(clean, construct)).not.toEqual([]);
  });
});

it('leaves out no kind of node', () => {
  const placed = new Set(`${PLAIN} ${OF_NO_EFFECT} ${JSON.stringify(SYNTAX)}`.match(/\w+/g));
  const left = Object.values(AST_NODE_TYPES).filter((type) => !placed.has(type) && !TYPES.test(type));
  expect(left).toEqual([]);
});
