/** Makes errors: changes a tidy program here and there, as people do. */
import type { Block, ContainerType, Expression, Statement } from './ast.ts';
import { call, element, isJump, name, not, perform, text, withExpression } from './ast.ts';
import { add, elementOf } from './containers.ts';
import type { Container } from './containers.ts';
import { locate, splice } from './edit.ts';
import type { Located } from './edit.ts';
import type { Feature } from './features.ts';
import type { Choices } from './random.ts';
import { isValid, placesOf } from './scope.ts';
import type { Place, Variable } from './scope.ts';

/** The program with so many changes; fewer where no place for one is found. */
export function breakProgram(
  main: Block,
  count: number,
  choices: Choices,
  isOn: (feature: Feature) => number,
): Block {
  let broken = main;
  for (let done = 0, attempts = 0; done < count && attempts < 20; attempts++) {
    const changed = change(broken, choices, isOn);
    if (changed === null || !isValid(changed)) continue;
    broken = changed;
    done++;
  }
  return broken;
}

function change(main: Block, choices: Choices, isOn: (feature: Feature) => number): Block | null {
  const statements = [...locate(main)];
  const places = placesOf(main) ?? [];
  if (statements.length === 0 || places.length === 0) return null;
  const kind = choices.weigh({
    remove: 3,
    repeat: 2,
    unguard: 2,
    negate: 0.7,
    wrongCloser: isOn('mismatch') && isOn('search') ? 1.5 * isOn('search') : 0,
    wrongVariable: 2,
    insertClose: 2,
    insertUse: 2.5,
    insertDuplicate: isOn('outCell') ? 1.5 * isOn('outCell') : 0,
    insertJump: isOn('branch') ? 2 * isOn('branch') : 0,
    insertMayThrow: isOn('mayThrow') ? 0.7 * isOn('mayThrow') : 0,
    overwrite: isOn('reassignment') ? 1 * isOn('reassignment') : 0,
    discard: isOn('discarded') ? 1.2 * isOn('discarded') : 0,
    swap: 1,
    dropFinally: 0.7,
    pseudo: 0.3,
    passOriginal: isOn('owner') && isOn('outCell') ? 1.5 : 0,
  })!;
  const place = choices.pick(places);
  switch (kind) {
    case 'remove':
    case 'repeat': {
      const actions = statements.filter(({ statement }) => statement.kind === 'do');
      if (actions.length === 0) return null;
      const { statement, ...where } = choices.pick(actions);
      return kind === 'remove' ? splice(main, where, 1, []) : splice(main, place, 0, [statement]);
    }
    case 'unguard':
      return unguard(main, pickOf(statements, choices, 'if'));
    case 'negate': {
      const found = pickOf(statements, choices, 'if');
      if (found?.statement.kind !== 'if') return null;
      const { test } = found.statement;
      return splice(main, found, 1, [
        { ...found.statement, test: test.kind === 'not' ? test.operand : not(test) },
      ]);
    }
    case 'wrongCloser': {
      const closes = statements.filter(
        ({ statement }) =>
          statement.kind === 'do' &&
          statement.value.kind === 'call' &&
          /^(CloseHandle|FindClose)$/.test(statement.value.callee),
      );
      if (closes.length === 0) return null;
      const found = choices.pick(closes);
      const { value } = found.statement as { value: Extract<Expression, { kind: 'call' }> };
      const callee = value.callee === 'FindClose' ? 'CloseHandle' : 'FindClose';
      return splice(main, found, 1, [perform({ ...value, callee })]);
    }
    case 'wrongVariable':
      return wrongVariable(main, places, statements, choices);
    case 'insertClose':
    case 'insertUse': {
      const statement = act(place, choices, kind === 'insertClose');
      return statement === null ? null : splice(main, place, 0, [statement]);
    }
    case 'insertDuplicate': {
      const sources = place.scope.variables.filter(({ type }) => type === 'handle');
      if (sources.length === 0) return null;
      const cell = `out${statements.length + 200}`;
      return splice(main, place, 0, duplicateInto(cell, choices.pick(sources).name));
    }
    case 'insertJump': {
      const jump = jumpAt(place, choices, isOn);
      return jump === null
        ? null
        : splice(main, place, 0, [{ kind: 'if', test: call('choose'), then: [jump], otherwise: null }]);
    }
    case 'insertMayThrow':
      return splice(main, place, 0, [perform(call('mayThrow'))]);
    case 'overwrite': {
      const target = place.scope.variables.filter(({ type, how }) => type === 'handle' && how === 'let');
      if (target.length === 0) return null;
      const { name: variable } = choices.pick(target);
      const value = choices.chance(0.6) ? call('CreateFile', text("'over'")) : text('null');
      return splice(main, place, 0, [{ kind: 'assign', target: variable, value }]);
    }
    case 'discard':
      return splice(main, place, 0, [perform(call(choices.pick(['CreateEvent', 'CreateThread'])))]);
    case 'swap': {
      const { statement, ...where } = choices.pick(statements);
      if (isJump(statement)) return null;
      const next = statements.find(
        ({ path, index }) => path.join() === where.path.join() && index === where.index + 1,
      );
      return next === undefined ? null : splice(main, where, 2, [next.statement, statement]);
    }
    case 'dropFinally': {
      const found = pickOf(statements, choices, 'try');
      if (found?.statement.kind !== 'try') return null;
      const { block, handler, finalizer } = found.statement;
      const end = finalizer ?? handler ?? [];
      return splice(main, found, 1, [...block, ...(isJump(block.at(-1)) ? [] : end)]);
    }
    case 'passOriginal':
      return passOriginal(main, statements, choices);
    case 'pseudo':
      return splice(main, place, 0, [perform(call('CloseHandle', call('GetCurrentThread')))]);
  }
}

/** "Bumps the reference count" of what is handed to an owner, and hands over what it was before. */
function passOriginal(main: Block, statements: readonly Located[], choices: Choices): Block | null {
  const owned = statements.filter(
    ({ statement }) =>
      statement.kind === 'declare' && statement.type === 'owner' && argumentOf(statement.value) !== null,
  );
  if (owned.length === 0) return null;
  const { statement, ...where } = choices.pick(owned);
  const source = statement.kind === 'declare' ? argumentOf(statement.value) : null;
  if (source === null) return null;
  const cell = `out${statements.length + 100}`;
  return splice(main, where, 0, [
    ...duplicateInto(cell, source),
    ...(choices.chance(0.5)
      ? [{ kind: 'declare', how: 'const', name: `h${cell}`, type: 'handle', value: element(cell) } as const]
      : []),
  ]);
}

function duplicateInto(cell: string, source: string): Statement[] {
  return [
    { kind: 'declare', how: 'const', name: cell, type: 'cell', value: { kind: 'cell' } },
    perform(call('DuplicateHandle', name(source), name(cell), text('DUPLICATE_SAME_ACCESS'))),
  ];
}

function argumentOf(value: Expression): string | null {
  if (value.kind !== 'new' && value.kind !== 'call') return null;
  const [only] = value.args;
  return value.args.length === 1 && only?.kind === 'name' ? only.name : null;
}

function pickOf(
  statements: readonly Located[],
  choices: Choices,
  kind: Statement['kind'],
): Located | undefined {
  const fitting = statements.filter(({ statement }) => statement.kind === kind);
  return fitting.length === 0 ? undefined : choices.pick(fitting);
}

/** What stood under a condition stands there without it. */
function unguard(main: Block, found: Located | undefined): Block | null {
  if (found?.statement.kind !== 'if') return null;
  return splice(main, found, 1, found.statement.then);
}

/** A close, use or assignment of one variable becomes one of another that is in scope. */
function wrongVariable(
  main: Block,
  places: readonly Place[],
  statements: readonly Located[],
  choices: Choices,
): Block | null {
  const found = choices.pick(statements);
  const { statement } = found;
  if (statement.kind !== 'do' || statement.value.kind !== 'call') return null;
  const [arg, ...rest] = statement.value.args;
  if (arg?.kind !== 'name') return null;
  const scope = places.find(({ path, index }) => index === found.index && path.join() === found.path.join());
  const variables = scope?.scope.variables ?? [];
  const type = variables.find(({ name: each }) => each === arg.name)?.type;
  const others = variables.filter((each) => each.type === type && each.name !== arg.name);
  if (others.length === 0) return null;
  const value = { ...statement.value, args: [name(choices.pick(others).name), ...rest] };
  return splice(main, found, 1, [withExpression(statement, value)]);
}

function act({ scope }: Place, choices: Choices, closes: boolean): Statement | null {
  const known = scope.variables.filter(
    ({ type }) => type !== 'flag' && type !== 'number' && type !== 'counter',
  );
  if (known.length === 0) return null;
  const { name: variable, type } = choices.pick(known);
  switch (type as Exclude<Variable['type'], 'flag' | 'number' | 'counter'>) {
    case 'list':
    case 'set':
    case 'map':
    case 'bag':
    case 'stack':
      return actOn({ variable, type: type as ContainerType }, choices, closes);
    case 'closure':
      return perform({ kind: 'invoke', closure: variable });
    case 'owner':
      return perform({
        kind: 'method',
        object: variable,
        method: closes ? choices.pick(['dispose', 'close'] as const) : 'use',
        isOptional: true,
      });
    case 'cell':
      return perform(
        closes
          ? call('CloseHandle', element(variable))
          : call('DeviceIoControl', element(variable), text('9')),
      );
    case 'search':
      return perform(closes ? call('FindClose', name(variable)) : call('FindNextFile', name(variable)));
    case 'handle':
      return perform(
        closes ? call('CloseHandle', name(variable)) : call('DeviceIoControl', name(variable), text('9')),
      );
  }
}

function actOn(container: Container, choices: Choices, closes: boolean): Statement {
  const element = elementOf(container, 'a');
  if (element === null || choices.chance(0.2))
    return add(container, call(choices.pick(['CreateEvent', 'CreateThread'])), 'a', choices);
  return perform(closes ? call('CloseHandle', element) : call('DeviceIoControl', element, text('9')));
}

function jumpAt({ scope }: Place, choices: Choices, isOn: (feature: Feature) => number): Statement | null {
  const kind = choices.weigh({
    return: isOn('earlyReturn') ? 2 * isOn('earlyReturn') : 0,
    throw: isOn('throw') ? 1 * isOn('throw') : 0,
    break:
      isOn('breakContinue') && (scope.loops.length > 0 || scope.isInSwitch) ? 2 * isOn('breakContinue') : 0,
    continue: isOn('breakContinue') && scope.loops.length > 0 ? 2 * isOn('breakContinue') : 0,
  });
  switch (kind) {
    case undefined:
      return null;
    case 'return':
    case 'throw':
      return { kind };
    default:
      return { kind, label: null };
  }
}
