/**
 * Programs that do anything with what is in scope. Most of them are wrong in several ways at once.
 */
import type { Block, ContainerType, Expression, Statement } from './ast.ts';
import {
  assign,
  binary,
  call,
  construct,
  countStatements,
  element,
  isJump,
  name,
  not,
  perform,
  template,
  text,
} from './ast.ts';
import {
  add,
  allOf,
  closeAll,
  chooseType,
  favourOf,
  declareContainer,
  declareWith,
  elementOf,
} from './containers.ts';
import type { Container } from './containers.ts';
import type { Feature } from './features.ts';
import { Helpers } from './helpers.ts';
import type { Choices } from './random.ts';
import type { Variable } from './scope.ts';

const NULL = text('null');

const PREFIXES: Readonly<Record<Variable['type'], string>> = {
  handle: 'h',
  search: 's',
  flag: 'f',
  number: 'n',
  counter: 'i',
  cell: 'out',
  owner: 'o',
  closure: 'k',
  list: 'hs',
  set: 'set',
  map: 'map',
  bag: 'bag',
  stack: 'stack',
};

/** What an action on the variables of a scope needs there. */
type Wanted = Variable['type'];

export class WildGenerator {
  readonly helpers: Helpers;
  readonly #choices: Choices;
  readonly #isOn: (feature: Feature) => number;
  readonly #counts = new Map<string, number>();
  readonly #optional = new Set<string>();
  readonly #releasable = new Set<string>();
  /** Owners that take another handle, and how. */
  readonly #takers = new Map<string, 'replace' | 'set' | 'add'>();
  #scope: Variable[] = [];
  #loops: (string | null)[] = [];
  #isInSwitch = false;
  #nesting = 0;

  constructor(choices: Choices, isOn: (feature: Feature) => number) {
    this.#choices = choices;
    this.#isOn = isOn;
    this.helpers = new Helpers(choices, isOn);
  }

  main(size: number): Block {
    return this.#block(size, true);
  }

  #block(budget: number, closes = false): Statement[] {
    const outer = this.#scope;
    const out: Statement[] = [];
    this.#nesting++;
    for (let left = budget, attempts = 0; left > 0 && attempts < 40; attempts++) {
      const made = this.#item(left);
      out.push(...made);
      left -= countStatements(made);
      if (isJump(out.at(-1))) break;
    }
    if (!isJump(out.at(-1)) && (closes || this.#choices.chance(0.7))) {
      const own = this.#scope.slice(outer.length);
      for (const variable of own.reverse())
        if (this.#choices.chance(0.6)) out.push(...this.#closeLate(variable));
    }
    this.#nesting--;
    this.#scope = outer;
    return out;
  }

  #new(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}${count}`;
  }

  #some(...types: Wanted[]): Variable | undefined {
    const fitting = this.#scope.filter(({ type }) => types.includes(type));
    return fitting.length === 0 ? undefined : this.#choices.pick(fitting);
  }

  #declare(how: Variable['how'], type: Wanted, value: Expression): Statement {
    const prefix = PREFIXES[type];
    const variable = this.#new(prefix);
    this.#scope = [...this.#scope, { name: variable, type, how }];
    return { kind: 'declare', how, name: variable, type, value };
  }

  #item(budget: number): Statement[] {
    const choices = this.#choices;
    const on = this.#isOn;
    const deep = this.#nesting < 5 && budget >= 3;
    const handles = this.#scope.filter(({ type }) => type === 'handle').length;
    const closable = this.#scope.filter(
      ({ type }) => type === 'handle' || type === 'search' || type === 'owner',
    );
    const kind = choices.weigh({
      open: handles < 4 ? 4 : 1,
      search: on('search') ? 0.7 * on('search') : 0,
      nullInit: on('nullInit') ? 1 * on('nullInit') : 0,
      duplicate: handles > 0 ? 2.4 : 0,
      assign: on('reassignment') ? 1.5 * on('reassignment') : 0,
      alias: handles > 0 && on('alias') ? 0.7 * on('alias') : 0,
      use: closable.length > 0 ? 2 : 0,
      close: closable.length > 0 ? 2 : 0,
      owner: handles > 0 && this.helpers.isOn('ownerClass') ? on('owner') + on('release') : 0,
      openOwner: this.helpers.isOn('openOwner') ? 0.4 * this.helpers.isOn('openOwner') : 0,
      tell: handles > 0 && this.helpers.isOn('tell') ? 0.6 * this.helpers.isOn('tell') : 0,
      closure: handles > 0 && on('closure') ? 0.3 * on('closure') : 0,
      invoke: this.#some('closure') === undefined ? 0 : 1,
      release: this.#scope.some(({ name: each }) => this.#releasable.has(each)) ? 3 * on('release') : 0,
      contain: handles > 0 ? 0.5 * favourOf(on) : 0,
      contained: this.#containers().length > 0 ? 2 : 0,
      openAll: on('list') ? 0.2 * on('list') : 0,
      unpack: on('unpacking') ? 0.3 * on('unpacking') : 0,
      temporary: on('temporary') ? 0.3 * on('temporary') : 0,
      callback: handles > 0 && on('callback') ? 0.3 * on('callback') : 0,
      give: handles > 0 && this.#scope.some(({ name: each }) => this.#takers.has(each)) ? 2 : 0,
      refill: on('nullish') && on('reassignment') ? 0.4 * on('nullish') : 0,
      selfOwner: on('owner') ? 0.3 * on('owner') : 0,
      flag: 0.8,
      discard: on('discarded') ? 0.6 * on('discarded') : 0,
      branch: on('branch') && deep ? 2 * on('branch') : 0,
      loop: on('loop') && deep ? 1.2 * on('loop') : 0,
      switch: on('switch') && deep ? 0.7 * on('switch') : 0,
      try: (on('catch') || on('finally')) && deep ? 1.3 * on('finally') : 0,
      exit: on('branch') ? 1.2 * on('branch') : 0,
      mayThrow: on('mayThrow') ? 0.5 * on('mayThrow') : 0,
    });
    switch (kind) {
      case undefined:
        return [];
      case 'open':
        return [this.#declare(this.#how(), 'handle', this.#maybeOpen())];
      case 'search':
        return [this.#declare(this.#how(), 'search', call('FindFirstFile', text("'*'")))];
      case 'nullInit':
        return [this.#declare('let', 'handle', NULL)];
      case 'duplicate':
        return this.#duplicate();
      case 'assign':
        return this.#assign();
      case 'alias': {
        const of = this.#some('handle', 'search')!;
        const passes = of.type === 'handle' && choices.chance(0.3 * this.helpers.isOn('pass'));
        const value = passes ? call(this.helpers.get('pass')!.name, name(of.name)) : name(of.name);
        return [this.#declare(this.#how(), of.type, value)];
      }
      case 'use':
        return [this.#guarded(this.#use(choices.pick(closable)))];
      case 'close':
        return this.#close(choices.pick(closable)).map((statement) => this.#guarded(statement));
      case 'owner':
        return this.#owner();
      case 'openOwner': {
        const helper = this.helpers.get('openOwner')!;
        const made = this.#declare('const', 'owner', call(helper.name));
        if (this.helpers.isNullable(helper) && made.kind === 'declare') this.#optional.add(made.name);
        return [made];
      }
      case 'tell': {
        const handle = name(this.#some('handle')!.name);
        return [this.#declare('const', 'flag', call(this.helpers.get('tell')!.name, handle))];
      }
      case 'closure': {
        const handle = name(this.#some('handle')!.name);
        // Each function is looked at by itself too: what it does must not be wrong for every caller.
        const body = choices.chance(0.7)
          ? call('CloseHandle', handle)
          : call('DeviceIoControl', handle, text('1'));
        return [this.#declare('const', 'closure', { kind: 'closure', body })];
      }
      case 'invoke':
        return [this.#guarded(perform({ kind: 'invoke', closure: this.#some('closure')!.name }))];
      case 'release': {
        const owners = this.#scope.filter(({ name: each }) => this.#releasable.has(each));
        const { name: object } = choices.pick(owners);
        const value: Expression = { kind: 'method', object, method: 'release', isOptional: false };
        return [choices.chance(0.15) ? perform(value) : this.#declare(this.#how(), 'handle', value)];
      }
      case 'contain': {
        const handle = name(this.#some('handle')!.name);
        const type = chooseType(choices, this.#isOn)!;
        const container: Container = { variable: this.#new(PREFIXES[type]), type };
        this.#scope = [...this.#scope, { name: container.variable, type, how: 'const' }];
        return choices.chance(0.7)
          ? declareWith(container, handle, 'a', choices)
          : [declareContainer(container, type === 'stack' && choices.chance(0.4) ? 'using' : 'const')];
      }
      case 'contained':
        return this.#contained(choices.pick(this.#containers()));
      case 'openAll':
        return [this.#declare('const', 'list', call(this.helpers.get('openAll')!.name))];
      case 'unpack':
        return [this.#unpack()];
      case 'temporary':
        return [perform(this.#temporary())];
      case 'callback': {
        const handle = name(this.#some('handle')!.name);
        const called = template('callback');
        return [
          perform(
            choices.pick([
              called`(() => CloseHandle(${handle}))()`,
              called`(() => DeviceIoControl(${handle}, 1))()`,
              called`[${handle}].forEach((each) => CloseHandle(each))`,
              called`[${handle}].map(CloseHandle)`,
            ]),
          ),
        ];
      }
      case 'give': {
        const owners = this.#scope.filter(({ name: each }) => this.#takers.has(each));
        return [this.#give(choices.pick(owners).name, name(this.#some('handle')!.name))];
      }
      case 'refill': {
        const targets = this.#scope.filter(({ type, how }) => type === 'handle' && how === 'let');
        if (targets.length === 0) return [];
        const target = name(choices.pick(targets).name);
        const operator = choices.pick(['??=', '||=', '&&=']);
        return [perform(template('nullish')`${target} ${operator} ${this.#open()}`)];
      }
      case 'selfOwner':
        return [
          this.#declare(
            choices.chance(0.4 * on('using')) ? 'using' : 'const',
            'owner',
            construct(this.helpers.get('selfOwnerClass')!.name),
          ),
        ];
      case 'flag':
        return [
          choices.chance(0.25)
            ? this.#declare('const', 'number', { kind: 'anyNumber', count: choices.between(2, 3) })
            : this.#declare('const', 'flag', this.#flagValue()),
        ];
      case 'discard':
        return [perform(this.#open())];
      case 'branch': {
        const test = this.#condition();
        const then = this.#block(Math.ceil(budget / 3));
        const rest = choices.chance(0.6) ? this.#block(Math.ceil(budget / 4)) : null;
        const isChained = rest !== null && choices.chance(0.4 * this.#isOn('elseIf'));
        const otherwise: Statement[] | null = isChained
          ? [{ kind: 'if', test: this.#condition(), then: rest, otherwise: null }]
          : rest;
        return [{ kind: 'if', test, then, otherwise }];
      }
      case 'loop':
        return [this.#loop(Math.ceil(budget / 2))];
      case 'switch':
        return this.#switch(budget);
      case 'try':
        return [this.#try(budget)];
      case 'exit': {
        const then = choices.chance(0.4) ? this.#block(1) : [];
        if (!isJump(then.at(-1))) then.push(...this.#jump());
        return [{ kind: 'if', test: this.#condition(), then, otherwise: null }];
      }
      case 'mayThrow':
        return [perform(call('mayThrow'))];
    }
  }

  #containers(): Container[] {
    const types: readonly string[] = ['list', 'set', 'map', 'bag', 'stack'];
    return this.#scope
      .filter(({ type }) => types.includes(type))
      .map(({ name: variable, type }) => ({ variable, type: type as ContainerType }));
  }

  /** Something is done with what a container keeps. */
  #contained(container: Container): Statement[] {
    const choices = this.#choices;
    const { variable, type } = container;
    const handle = this.#some('handle');
    const key = choices.pick(['a', 'b']);
    const kind = choices.weigh({
      add: 2,
      use: type === 'stack' ? 0 : 1,
      close: type === 'stack' ? 0 : 0.6,
      take: type === 'list' ? 1 : 0,
      closeAll: 1.2,
    })!;
    switch (kind) {
      case 'add':
        return [add(container, handle === undefined ? call('CreateEvent') : name(handle.name), key, choices)];
      case 'use':
        return [perform(call('DeviceIoControl', elementOf(container, key)!, text('1')))];
      case 'close':
        return [perform(call('CloseHandle', elementOf(container, key)!))];
      case 'take': {
        const value = template('list')`${name(variable)}.${choices.pick(['pop', 'shift'])}() ?? null`;
        return [this.#declare(this.#how(), 'handle', value)];
      }
      case 'closeAll':
        return [...this.#closeAllOf(container)];
    }
  }

  #closeAllOf(container: Container): Block {
    return closeAll(container, {
      choices: this.#choices,
      isOn: this.#isOn,
      close: (element) => call('CloseHandle', element),
      newName: (prefix) => this.#new(prefix),
      closeAll: () => this.helpers.get('closeAll')!.name,
    });
  }

  #unpack(): Statement {
    const from = this.#choices.pick(['array', 'object'] as const);
    const value = call(this.helpers.get(from === 'array' ? 'openTuple' : 'openRecord')!.name);
    const keys = this.#choices.chance(0.8) ? ['first', 'second'] : ['first'];
    const parts = keys.map((key) => ({
      key,
      name: this.#new('h'),
      type: 'handle' as const,
      fallback: this.#fallback(key),
    }));
    const unpacked = parts.map(({ name: variable, type }): Variable => ({
      name: variable,
      type,
      how: 'const',
    }));
    this.#scope = [...this.#scope, ...unpacked];
    return { kind: 'unpack', from, parts, value };
  }

  #give(variable: string, handle: Expression): Statement {
    const owner = name(variable);
    switch (this.#takers.get(variable)) {
      case 'set':
        return perform(template('replace')`${owner}.handle = ${handle}`);
      case 'add':
        return perform(template('ownerOfMany')`${owner}.add(${handle})`);
      default:
        return perform(template('replace')`${owner}.replace(${handle})`);
    }
  }

  #fallback(key: string): string | null {
    if (key === 'first') return this.#choices.chance(0.3) ? 'null' : null;
    return this.#choices.chance(0.3 * this.#isOn('nullish')) ? 'CreateEvent()' : 'null';
  }

  /** What is opened is used or closed without ever having a name. */
  #temporary(): Expression {
    const choices = this.#choices;
    const shown = template('temporary');
    const open = this.#open();
    if (this.#isOn('owner') && choices.chance(0.5)) {
      const owner = choices.chance(0.5)
        ? construct(this.helpers.ownerClass().name, open)
        : construct(this.helpers.get('selfOwnerClass')!.name);
      return shown`${owner}.${choices.pick(['use', 'close'])}()`;
    }
    return choices.chance(0.5) ? call('DeviceIoControl', open, text('1')) : call('CloseHandle', open);
  }

  /** Some actions are done under a condition that is part of the expression. */
  #guarded(action: Statement): Statement {
    if (action.kind !== 'do' || !this.#choices.chance(0.08 * this.#isOn('shortCircuit'))) return action;
    return perform(binary('&&', this.#condition(), action.value));
  }

  #how(): 'const' | 'let' {
    return this.#choices.chance(0.5 * this.#isOn('reassignment')) ? 'let' : 'const';
  }

  #maybeOpen(): Expression {
    const choices = this.#choices;
    if (choices.chance(0.1 * this.#isOn('nullish')))
      return template('nullish')`${this.#open()} ?? ${this.#open()}`;
    if (!choices.chance(0.1 * this.#isOn('ternary'))) return this.#open();
    const otherwise = choices.chance(0.5) ? NULL : this.#open();
    return { kind: 'ternary', test: this.#condition(), then: this.#open(), otherwise };
  }

  #open(): Expression {
    const choices = this.#choices;
    if (choices.chance(0.3 * this.helpers.isOn('open'))) {
      const helper = this.helpers.get('open', [
        'never',
        ...(this.#isOn('throw') ? (['explicitly'] as const) : []),
      ])!;
      return call(helper.name);
    }
    return choices.chance(0.5)
      ? call('CreateFile', text("'a'"))
      : call(choices.pick(['CreateEvent', 'CreateThread']));
  }

  #flagValue(): Expression {
    const flag = this.#some('flag');
    if (flag === undefined || !this.#isOn('dependentFlag') || this.#choices.chance(0.5))
      return call('choose');
    const it = this.#choices.chance(0.5) ? name(flag.name) : not(name(flag.name));
    return binary(this.#choices.pick(['&&', '||'] as const), it, call('choose'));
  }

  #condition(): Expression {
    const choices = this.#choices;
    const kind = choices.weigh({
      choose: 2,
      flag: this.#some('flag') === undefined ? 0 : 3,
      number: this.#some('number') === undefined ? 0 : 1,
      counter: this.#some('counter') === undefined ? 0 : 1.5 * this.#isOn('counterTest'),
      handle: this.#some('handle') === undefined ? 0 : 1.5,
      both: this.#some('flag') === undefined || !this.#isOn('dependentFlag') ? 0 : 1,
    });
    switch (kind) {
      case 'flag': {
        const flag = name(this.#some('flag')!.name);
        return choices.chance(0.4) ? not(flag) : flag;
      }
      case 'number':
        return binary('===', name(this.#some('number')!.name), text(String(choices.between(0, 2))));
      case 'counter':
        return binary(
          choices.pick(['===', '!=='] as const),
          name(this.#some('counter')!.name),
          text(String(choices.between(0, 2))),
        );
      case 'handle': {
        const handle = name(this.#some('handle')!.name);
        // Of what comes out of a list, nothing may be known: a limit (see `docs/architecture.md`).
        if (this.#some('list') === undefined && choices.chance(0.2 * this.#isOn('typeof')))
          return template('typeof')`typeof ${handle} ${choices.pick(['===', '!=='])} 'number'`;
        const to = choices.chance(0.5) ? NULL : text('INVALID_HANDLE_VALUE');
        return binary(choices.pick(['===', '!=='] as const), handle, to);
      }
      case 'both':
        return binary(choices.pick(['&&', '||'] as const), name(this.#some('flag')!.name), call('choose'));
      default:
        return call('choose');
    }
  }

  #duplicate(): Statement[] {
    const choices = this.#choices;
    const source = name(this.#some('handle')!.name);
    if (choices.chance(0.3 * this.helpers.isOn('duplicate')))
      return [this.#declare(this.#how(), 'handle', call(this.helpers.get('duplicate')!.name, source))];
    if (choices.chance(0.1 * this.helpers.isOn('move')))
      return [this.#declare(this.#how(), 'handle', call(this.helpers.get('move')!.name, source))];
    if (!this.#isOn('outCell')) return [];
    const old = this.#some('cell');
    const declare =
      old !== undefined && choices.chance(0.2) ? [] : [this.#declare('const', 'cell', { kind: 'cell' })];
    const cell = declare[0]?.kind === 'declare' ? declare[0].name : old!.name;
    const closes = choices.chance(0.25 * this.#isOn('closeSource'));
    const options = text(closes ? 'DUPLICATE_CLOSE_SOURCE' : 'DUPLICATE_SAME_ACCESS');
    const fill = choices.chance(0.25 * this.helpers.isOn('duplicateInto'))
      ? call(this.helpers.get('duplicateInto')!.name, source, name(cell))
      : call('DuplicateHandle', source, name(cell), options);
    const isChecked = fill.kind === 'call' && fill.callee === 'DuplicateHandle' && choices.chance(0.25);
    return [
      ...declare,
      isChecked ? this.#declare('const', 'flag', fill) : perform(fill),
      ...(choices.chance(0.7) ? [this.#declare(this.#how(), 'handle', element(cell))] : []),
    ];
  }

  #assign(): Statement[] {
    const targets = this.#scope.filter(({ type, how }) => type === 'handle' && how === 'let');
    if (targets.length === 0) return [];
    const target = this.#choices.pick(targets).name;
    const other = this.#some('handle')!;
    const cell = this.#some('cell');
    const kind = this.#choices.weigh({
      open: 3,
      null: 0.7,
      alias: this.#isOn('alias') && other.name !== target ? 1.5 * this.#isOn('alias') : 0,
      element: cell === undefined ? 0 : 0.5,
    })!;
    switch (kind) {
      case 'open':
        return [assign(target, this.#maybeOpen())];
      case 'null':
        return [assign(target, NULL)];
      case 'alias':
        return [assign(target, name(other.name))];
      case 'element':
        return [assign(target, element(cell!.name))];
    }
  }

  #use({ name: variable, type }: Variable): Statement {
    const choices = this.#choices;
    if (type === 'owner')
      return perform({
        kind: 'method',
        object: variable,
        method: 'use',
        isOptional: this.#optional.has(variable),
      });
    const it = name(variable);
    if (type === 'search')
      return perform(choices.chance(0.5) ? call('FindNextFile', it) : call('DeviceIoControl', it, text('1')));
    if (choices.chance(0.3 * this.helpers.isOn('use')))
      return perform(call(this.helpers.get('use')!.name, it));
    const cell = this.#some('cell');
    const what = cell !== undefined && choices.chance(0.2) ? element(cell.name) : it;
    return perform(call('DeviceIoControl', what, text('1')));
  }

  #close({ name: variable, type }: Variable): Statement[] {
    const choices = this.#choices;
    if (type === 'owner')
      return [
        perform({
          kind: 'method',
          object: variable,
          method: choices.pick(['dispose', 'close'] as const),
          isOptional: this.#optional.has(variable),
        }),
      ];
    const it = name(variable);
    const isWrong = this.#isOn('mismatch') && choices.chance(0.1 * this.#isOn('search'));
    if (type === 'search') {
      if (!isWrong) return [perform(call('FindClose', it))];
      const helper = choices.chance(0.3 * this.helpers.isOn('close'))
        ? this.helpers.get('close')!.name
        : null;
      return [perform(call(helper ?? 'CloseHandle', it))];
    }
    if (isWrong) return [perform(call('FindClose', it))];
    const other = this.#some('handle')!;
    if (choices.chance(0.1 * this.helpers.isOn('closeBoth')))
      return [perform(call(this.helpers.get('closeBoth')!.name, it, name(other.name)))];
    if (choices.chance(0.3 * this.helpers.isOn('close')))
      return [perform(call(this.helpers.get('close')!.name, it))];
    const cell = this.#some('cell');
    const what = cell !== undefined && choices.chance(0.2) ? element(cell.name) : it;
    return [perform(call('CloseHandle', what))];
  }

  #closeLate(variable: Variable): Statement[] {
    const { type } = variable;
    if (type === 'cell') return [perform(call('CloseHandle', element(variable.name)))];
    if (variable.how === 'using') return [];
    const container = this.#containers().find((each) => each.variable === variable.name);
    if (container !== undefined) return [...this.#closeAllOf(container)];
    if (type !== 'handle' && type !== 'search' && type !== 'owner') return [];
    const close = this.#close(variable);
    if (!this.#isOn('branch') || type === 'owner' || this.#choices.chance(0.6)) return close;
    const flag = this.#some('flag');
    const test =
      flag !== undefined && this.#choices.chance(0.5)
        ? name(flag.name)
        : binary('!==', name(variable.name), NULL);
    return [{ kind: 'if', test, then: close, otherwise: null }];
  }

  #owner(): Statement[] {
    const choices = this.#choices;
    const handle = name(this.#some('handle')!.name);
    const how = choices.chance(0.45 * this.#isOn('using')) ? 'using' : 'const';
    const kind = choices.weigh({
      new: 2,
      own: this.helpers.isOn('own') ? 1 * this.helpers.isOn('own') : 0,
      duplicate: this.helpers.isOn('duplicateOwner') ? 0.6 * this.helpers.isOn('duplicateOwner') : 0,
    })!;
    const value =
      kind === 'new'
        ? construct(this.helpers.ownerClass().name, handle)
        : call(this.helpers.get(kind === 'own' ? 'own' : 'duplicateOwner')!.name, handle);
    const made = this.#declare(how, 'owner', value);
    const isReleasable = value.kind === 'new' && this.helpers.can(value.callee, 'release');
    if (isReleasable && made.kind === 'declare') this.#releasable.add(made.name);
    const ability =
      value.kind === 'new'
        ? (['replace', 'set', 'add'] as const).find((each) => this.helpers.can(value.callee, each))
        : undefined;
    if (ability !== undefined && made.kind === 'declare') this.#takers.set(made.name, ability);
    return [made];
  }

  #loop(budget: number): Statement {
    const choices = this.#choices;
    const label = choices.chance(0.6 * this.#isOn('label')) ? this.#new('turn') : null;
    const loops = this.#loops;
    const wasInSwitch = this.#isInSwitch;
    this.#loops = [...loops, label];
    this.#isInSwitch = false;
    const scope = this.#scope;
    const over = this.#containers().filter(({ type }) => type !== 'stack');
    if (over.length > 0 && choices.chance(0.5)) {
      const variable = this.#new('e');
      this.#scope = [...scope, { name: variable, type: 'handle', how: 'const' }];
      const body = this.#block(budget);
      this.#scope = scope;
      this.#loops = loops;
      this.#isInSwitch = wasInSwitch;
      const of = allOf(choices.pick(over), choices);
      return { kind: 'loop', form: { kind: 'of', variable, of }, label, body };
    }
    const counter = choices.chance(0.4 * Math.max(1, this.#isOn('counterTest'))) ? this.#new('i') : null;
    if (counter !== null) this.#scope = [...scope, { name: counter, type: 'counter', how: 'const' }];
    const body = this.#block(budget);
    this.#scope = scope;
    this.#loops = loops;
    this.#isInSwitch = wasInSwitch;
    if (counter !== null)
      return {
        kind: 'loop',
        form: { kind: 'count', counter, times: this.#some('counter') === undefined ? 3 : 2 },
        label,
        body,
      };
    const kind = choices.pick(['while', 'doWhile'] as const);
    return { kind: 'loop', form: { kind, test: call('choose') }, label, body };
  }

  #switch(budget: number): Statement[] {
    const choices = this.#choices;
    const known = this.#some('number');
    const declare =
      known === undefined ? [this.#declare('const', 'number', { kind: 'anyNumber', count: 3 })] : [];
    const on = known?.name ?? (declare[0] as Extract<Statement, { kind: 'declare' }>).name;
    const wasInSwitch = this.#isInSwitch;
    this.#isInSwitch = true;
    const cases = [0, 1, null].map((value) => {
      const body = this.#block(Math.ceil(budget / 5));
      const falls = isJump(body.at(-1)) || choices.chance(0.4 * this.#isOn('fallThrough'));
      return { value, body: falls ? body : [...body, { kind: 'break', label: null } as const] };
    });
    this.#isInSwitch = wasInSwitch;
    return [...declare, { kind: 'switch', on, cases }];
  }

  #try(budget: number): Statement {
    const choices = this.#choices;
    const kind = choices.weigh({
      catch: this.#isOn('catch') ? 1 * this.#isOn('catch') : 0,
      finally: this.#isOn('finally') ? 1 * this.#isOn('finally') : 0,
      both: this.#isOn('catch') && this.#isOn('finally') ? 0.5 * this.#isOn('finally') : 0,
    })!;
    const block = this.#block(Math.ceil(budget / 2));
    if (this.#isOn('throw') && !isJump(block.at(-1)) && choices.chance(0.4))
      block.push({ kind: 'if', test: this.#condition(), then: [{ kind: 'throw' }], otherwise: null });
    return {
      kind: 'try',
      block,
      handler: kind === 'finally' ? null : this.#block(choices.between(0, 2)),
      finalizer: kind === 'catch' ? null : this.#block(choices.between(1, 2)),
    };
  }

  #jump(): Statement[] {
    const choices = this.#choices;
    const on = this.#isOn;
    const kind = choices.weigh({
      return: on('earlyReturn') ? 1.5 * on('earlyReturn') : 0,
      break:
        on('breakContinue') && (this.#loops.length > 0 || this.#isInSwitch) ? 2 * on('breakContinue') : 0,
      continue: on('breakContinue') && this.#loops.length > 0 ? 1.5 * on('breakContinue') : 0,
      throw: on('throw') ? 1.2 * on('throw') : 0,
    });
    switch (kind) {
      case undefined:
        return [];
      case 'return':
      case 'throw':
        return [{ kind }];
      default: {
        const label = choices.chance(0.6) ? (this.#loops.find((each) => each !== null) ?? null) : null;
        return [{ kind, label }];
      }
    }
  }
}
