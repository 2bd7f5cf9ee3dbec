/**
 * What programs are made of, by name: each feature can be switched off, and is found again in the finished
 * tree, so that what was changed or shrunk afterwards is counted as it is.
 */
import type { Block, Expression, HelperRole, Program, Statement } from './ast.ts';
import { allExpressions, allStatements, expressionsOf, withParts } from './ast.ts';
import { usedHelpers } from './print.ts';

export const FEATURES = [
  'branch',
  'sameFlag',
  'dependentFlag',
  'elseIf',
  'nullInit',
  'loop',
  'breakContinue',
  'label',
  'keptInstance',
  'switch',
  'fallThrough',
  'catch',
  'finally',
  'throw',
  'mayThrow',
  'earlyReturn',
  'alias',
  'reassignment',
  'helperOpen',
  'helperClose',
  'helperUse',
  'helperPass',
  'helperDuplicate',
  'helperTell',
  'owner',
  'ownerFromHelper',
  'using',
  'outCell',
  'checked',
  'unchecked',
  'closeSource',
  'search',
  'mismatch',
  'discarded',
  'ternary',
  'shortCircuit',
  'closure',
  'returnedClosure',
  'release',
  'counterTest',
  'recursion',
  'list',
  'keyed',
  'stack',
  'unpacking',
  'callback',
  'temporary',
  'replace',
  'ownerOfMany',
  'built',
  'nullish',
  'typeof',
] as const;

export type Feature = (typeof FEATURES)[number];

const ROLES: Readonly<Record<HelperRole, Feature>> = {
  open: 'helperOpen',
  close: 'helperClose',
  closeBoth: 'helperClose',
  use: 'helperUse',
  check: 'throw',
  pass: 'helperPass',
  duplicate: 'helperDuplicate',
  duplicateInto: 'helperDuplicate',
  tell: 'helperTell',
  move: 'closeSource',
  openAll: 'list',
  openTuple: 'unpacking',
  openRecord: 'unpacking',
  closeAll: 'list',
  ownerClass: 'owner',
  selfOwnerClass: 'owner',
  own: 'ownerFromHelper',
  openOwner: 'ownerFromHelper',
  duplicateOwner: 'ownerFromHelper',
};

const ACQUIRING = new Set(['CreateFile', 'CreateEvent', 'CreateThread', 'FindFirstFile']);

/** Whether a call gives what must be closed: a handle, a duplicate or an owner. */
function acquires(expression: Expression, roles: ReadonlyMap<string, HelperRole>): boolean {
  if (expression.kind !== 'call') return expression.kind === 'new';
  if (ACQUIRING.has(expression.callee)) return true;
  const role = roles.get(expression.callee);
  return role === 'open' || role === 'duplicate' || role === 'move' || role === 'own' || role === 'openOwner';
}

export function featuresOf(program: Program): ReadonlySet<Feature> {
  const found = new Set<Feature>();
  const helpers = usedHelpers(program);
  const roles = new Map(helpers.map(({ name, role }) => [name, role]));
  for (const { role, throws, shows } of helpers) {
    found.add(ROLES[role]);
    for (const feature of shows) found.add(feature);
    if (throws === 'explicitly') found.add('throw');
    if (throws === 'implicitly') found.add('mayThrow');
  }
  const variables = new Map<string, Extract<Statement, { kind: 'declare' }>>();
  const tests = new Map<string, number>();
  const compared = new Set<string>();
  const counters = new Set<string>();
  const acquired = new Set<string>();
  for (const statement of allStatements(program.main)) {
    if (statement.kind === 'declare') variables.set(statement.name, statement);
    if (statement.kind === 'if' || statement.kind === 'loop' || statement.kind === 'switch') {
      for (const name of namesIn(expressionsOf(statement))) tests.set(name, (tests.get(name) ?? 0) + 1);
    }
    addFeaturesOf(statement, found);
    if (statement.kind === 'do' && statement.value.kind === 'binary') found.add('shortCircuit');
    if (statement.kind === 'loop' && statement.form.kind === 'count') counters.add(statement.form.counter);
    if (statement.kind === 'do' && acquires(statement.value, roles)) found.add('discarded');
    if (statement.kind === 'declare' && acquires(statement.value, roles)) acquired.add(statement.name);
    if (statement.kind === 'assign') {
      if (acquires(statement.value, roles)) acquired.add(statement.target);
      found.add(statement.value.kind === 'name' ? 'alias' : 'reassignment');
    }
  }
  for (const expression of allExpressions(program.main)) {
    addFeaturesOfExpression(expression, found, variables, roles);
    if (expression.kind === 'binary') for (const name of namesIn([expression])) compared.add(name);
  }
  for (const [name, { type, value }] of variables) {
    if (value.kind === 'name' && (type === 'handle' || type === 'search')) found.add('alias');
    if (type === 'flag' && [...namesIn([value])].some((each) => variables.get(each)?.type === 'flag'))
      found.add('dependentFlag');
    if (type === 'flag' && (tests.get(name) ?? 0) > 1) found.add('sameFlag');
    if ((type === 'handle' || type === 'search') && (tests.get(name) ?? 0) > 0) found.add('checked');
  }
  for (const name of acquired) {
    const isHandle = variables.get(name)?.type !== 'owner';
    if (isHandle && !compared.has(name) && !tests.has(name)) found.add('unchecked');
  }
  if ([...counters].some((counter) => compared.has(counter))) found.add('counterTest');
  addKeptInstances(program.main, found);
  return found;
}

function addFeaturesOf(statement: Statement, found: Set<Feature>): void {
  switch (statement.kind) {
    case 'declare':
      if (statement.how === 'using') found.add('using');
      if (statement.type === 'cell') found.add('outCell');
      if (statement.type === 'search') found.add('search');
      if (isNull(statement.value)) found.add('nullInit');
      break;
    case 'unpack':
      found.add('unpacking');
      if (statement.parts.some(({ fallback }) => fallback?.startsWith('Create'))) found.add('nullish');
      break;
    case 'if':
      found.add('branch');
      if (statement.otherwise?.length === 1 && statement.otherwise[0]?.kind === 'if') found.add('elseIf');
      break;
    case 'loop':
      found.add('loop');
      break;
    case 'switch': {
      found.add('switch');
      const inner = statement.cases.slice(0, -1);
      if (inner.some(({ body }) => body.length > 0 && !endsAbruptly(body))) found.add('fallThrough');
      break;
    }
    case 'try':
      if (statement.handler !== null) found.add('catch');
      if (statement.finalizer !== null) found.add('finally');
      break;
    case 'throw':
      found.add('throw');
      break;
    case 'return':
      found.add('earlyReturn');
      break;
    case 'break':
    case 'continue':
      found.add('breakContinue');
      if (statement.label !== null) found.add('label');
      break;
    default:
  }
}

function addFeaturesOfExpression(
  expression: Expression,
  found: Set<Feature>,
  variables: ReadonlyMap<string, { readonly type: string }>,
  roles: ReadonlyMap<string, HelperRole>,
): void {
  if (expression.kind === 'new') found.add('owner');
  if (expression.kind === 'template') found.add(expression.shows);
  if (partsOf(expression).some((part) => acquires(part, roles))) found.add('temporary');
  if (expression.kind === 'ternary') found.add('ternary');
  if (expression.kind === 'closure') found.add('closure');
  if (expression.kind === 'method' && expression.method === 'release') found.add('release');
  if (expression.kind !== 'call') return;
  const { callee, args } = expression;
  const [first] = args;
  const type = first?.kind === 'name' ? variables.get(first.name)?.type : undefined;
  if (callee === 'mayThrow') found.add('mayThrow');
  if (callee === 'DuplicateHandle') {
    found.add('outCell');
    if (args[2]?.kind === 'text' && args[2].text.includes('CLOSE_SOURCE')) found.add('closeSource');
  }
  const isCloser = callee === 'CloseHandle' || roles.get(callee) === 'close';
  if ((isCloser && type === 'search') || (callee === 'FindClose' && type !== 'search')) found.add('mismatch');
}

/** A variable from outside a loop that a turn fills and the next one finds. */
function addKeptInstances(block: Block, found: Set<Feature>): void {
  for (const statement of allStatements(block)) {
    if (statement.kind !== 'loop') continue;
    const own = new Set<string>();
    for (const inner of allStatements(statement.body)) {
      if (inner.kind === 'declare') own.add(inner.name);
      else if (inner.kind === 'assign' && !own.has(inner.target) && !isNull(inner.value))
        found.add('keptInstance');
    }
  }
}

/** What a call or template is given directly. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
    case 'new':
      return expression.args;
    case 'template':
      return expression.pieces.filter((piece) => typeof piece !== 'string');
    default:
      return [];
  }
}

function endsAbruptly(body: Block): boolean {
  const last = body.at(-1);
  return (
    last !== undefined &&
    (last.kind === 'break' || last.kind === 'return' || last.kind === 'throw' || last.kind === 'continue')
  );
}

export function isNull(expression: Expression): boolean {
  return expression.kind === 'text' && expression.text === 'null';
}

function namesIn(expressions: readonly Expression[]): Set<string> {
  const names = new Set<string>();
  for (const expression of expressions) {
    for (const part of withParts(expression)) if (part.kind === 'name') names.add(part.name);
  }
  return names;
}
