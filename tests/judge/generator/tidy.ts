/**
 * Programs that close what they open on every path.
 *
 * They are made as a compiler makes them: what is open is an *obligation* with the statements that discharge it,
 * and whoever leaves a block by a jump first discharges what is owed from there to the jump's target, save what
 * a `finally` or `using` on the way does. Exceptions that cannot be preceded by statements are only
 * made where all that is owed is covered.
 */
import type { Block, ContainerType, Expression, LoopForm, Method, Statement, UnpackedPart } from './ast.ts';
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
  closeAll,
  chooseType,
  favourOf,
  declareContainer,
  declareWith,
  elementOf,
  isUnlimited,
} from './containers.ts';
import type { Container } from './containers.ts';
import type { Feature } from './features.ts';
import { Helpers } from './helpers.ts';
import type { FailureKind } from './helpers.ts';
import type { Choices } from './random.ts';

interface Handle {
  /** All that leads to it: variables, and the cell that it was put into. */
  readonly refs: readonly Expression[];
  readonly type: 'handle' | 'search' | 'owner';
  readonly failure: FailureKind | 'unknown';
  /** The variable that can be given another value. */
  readonly mutable?: string;
  /** The flag that says whether it was acquired. */
  readonly flag?: string;
  /** What holds it is reached by `?.`. */
  readonly isOptional: boolean;
}

interface Obligation {
  /** Closes it here and now. */
  readonly discharge: () => Block;
  /** Something closes it whichever way the block is left. */
  isCovered: boolean;
}

/** Where jumps lead: how much was owed there. */
interface Target {
  readonly kind: 'loop' | 'switch';
  label: string | null;
  readonly depth: number;
  isLabelUsed: boolean;
}

/** A container that is closed later, and can be given more until then. */
interface OpenContainer extends Container {
  /** How many loops it stands in. */
  readonly loops: number;
  /** Handles in it that can be reached otherwise. */
  named: number;
}

interface Acquired {
  readonly statements: Statement[];
  readonly handle: Handle;
}

const NULL = text('null');
const INVALID = text('INVALID_HANDLE_VALUE');

export class TidyGenerator {
  readonly helpers: Helpers;
  readonly #choices: Choices;
  readonly #isOn: (feature: Feature) => number;
  readonly #counts = new Map<string, number>();
  #usable: Handle[] = [];
  #flags: string[] = [];
  #numbers: string[] = [];
  #counters: string[] = [];
  #containers: OpenContainer[] = [];
  /** Owners that take another handle, and how. */
  #takers: { readonly variable: string; readonly ability: 'replace' | 'set' | 'add' }[] = [];
  readonly #owed: Obligation[] = [];
  #targets: Target[] = [];
  /** How much was owed where the nearest catch begins; 0 where `main` begins. */
  #catchDepth = 0;
  #isCaught = false;
  #nesting = 0;

  constructor(choices: Choices, isOn: (feature: Feature) => number) {
    this.#choices = choices;
    this.#isOn = isOn;
    this.helpers = new Helpers(choices, isOn);
  }

  main(size: number): Block {
    return this.block(size);
  }

  block(budget: number): Statement[] {
    const { length: usable } = this.#usable;
    const flags = this.#flags;
    const numbers = this.#numbers;
    const out: Statement[] = [];
    this.#nesting++;
    let left = budget;
    let attempts = 0;
    while (left > 0 && attempts++ < 40) {
      const made = this.#item(left);
      out.push(...made);
      left -= countStatements(made);
      if (isJump(out.at(-1))) break;
    }
    this.#nesting--;
    this.#usable.length = Math.min(this.#usable.length, usable);
    this.#flags = flags;
    this.#numbers = numbers;
    return out;
  }

  #new(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}${count}`;
  }

  /** How much the most favoured of these features is favoured; at least as much as any other. */
  #most(...features: Feature[]): number {
    return Math.max(1, ...features.map(this.#isOn));
  }

  #item(budget: number): Statement[] {
    const choices = this.#choices;
    const on = this.#isOn;
    const deep = this.#nesting < 5;
    const big = budget >= 4 && deep;
    const kind = choices.weigh({
      use: this.#usable.length > 0 ? 2 : 0,
      handle: budget >= 2 ? 5 : 0,
      flag: this.#flags.length < 4 ? 1.4 : 0,
      branch: on('branch') && big ? 1.6 * on('branch') : 0,
      loop: on('loop') && big ? 1.8 * this.#most('loop', 'label', 'counterTest') : 0,
      kept:
        on('keptInstance') && on('loop') && budget >= 6 && deep
          ? 1.4 * this.#most('loop', 'keptInstance')
          : 0,
      switch: on('switch') && big ? 1 * on('switch') : 0,
      tryCatch: on('catch') && big ? 1.1 * on('catch') : 0,
      exit: on('branch') && budget >= 2 ? (this.#targets.length > 0 ? 3.5 * this.#most('label') : 1.6) : 0,
      mayThrow: on('mayThrow') && this.#mayThrowHere() ? 0.8 * on('mayThrow') : 0,
      check: this.#canCheck() ? 0.5 : 0,
      temporary: on('temporary') ? 0.4 * on('temporary') : 0,
      underFlag: on('branch') && on('nullInit') && big ? 0.8 * on('nullInit') : 0,
      pair: big ? 0.6 : 0,
      unpacked: on('unpacking') && big ? 0.5 * on('unpacking') : 0,
      gathered: big ? 0.5 * favourOf(on) : 0,
      useAll: on('loop') && budget >= 2 && this.#containers.some(({ type }) => type === 'list') ? 0.7 : 0,
      taken: this.#takable().length > 0 && budget >= 2 ? 1.5 : 0,
    });
    switch (kind) {
      case 'use':
        return [this.#use()];
      case 'handle':
        return this.#episode(budget);
      case 'flag':
        return this.#newFlag().statements;
      case 'branch':
        return [this.#branch(budget)];
      case 'loop':
        return this.#loop(budget);
      case 'kept':
        return this.#kept(budget);
      case 'switch':
        return this.#switch(budget);
      case 'tryCatch':
        return this.#tryCatch(budget);
      case 'exit':
        return this.#exit();
      case 'mayThrow':
        return [perform(call('mayThrow'))];
      case 'check':
        return this.#check();
      case 'temporary':
        return [this.#temporary()];
      case 'underFlag':
        return this.#underFlag(budget);
      case 'pair':
        return this.#pair(budget);
      case 'unpacked':
        return this.#unpacked(budget);
      case 'gathered':
        return this.#gathered(budget);
      case 'useAll':
        return [this.#useAll()];
      case 'taken':
        return this.#taken(budget);
      case undefined:
        return [];
    }
  }

  // --- uses

  #use(): Statement {
    const handle = this.#choices.pick(this.#usable);
    return this.#useOf(handle);
  }

  #useOf(handle: Handle): Statement {
    const choices = this.#choices;
    if (handle.type === 'owner') return perform(this.#method(handle, 'use'));
    const it = this.#ref(handle);
    if (handle.type === 'search' && choices.chance(0.7)) return perform(call('FindNextFile', it));
    if (choices.chance(0.35 * this.helpers.isOn('use')))
      return perform(call(this.helpers.get('use')!.name, it));
    return choices.chance(0.7)
      ? perform(call('DeviceIoControl', it, text('1')))
      : perform(call('WriteFile', it, text("'data'")));
  }

  #ref(handle: Handle): Expression {
    return this.#choices.pick(handle.refs);
  }

  #method(handle: Handle, method: Method): Expression {
    const it = this.#ref(handle);
    return {
      kind: 'method',
      object: it.kind === 'name' ? it.name : '',
      method,
      isOptional: handle.isOptional,
    };
  }

  #mayThrowHere(): boolean {
    return this.#owed.slice(this.#catchDepth).every(({ isCovered }) => isCovered);
  }

  #canCheck(): boolean {
    if (!this.#mayThrowHere() || !this.#usable.some(({ type }) => type !== 'owner')) return false;
    return this.#isOn('throw') + this.#isOn('mayThrow') > 0;
  }

  #check(): Statement[] {
    const handle = this.#choices.pick(this.#usable.filter(({ type }) => type !== 'owner'));
    const ways = [
      ...(this.#isOn('throw') ? (['explicitly'] as const) : []),
      ...(this.#isOn('mayThrow') ? (['implicitly'] as const) : []),
    ];
    const helper = this.helpers.get('check', [this.#choices.pick(ways)])!;
    return [perform(call(helper.name, this.#ref(handle)))];
  }

  #temporary(): Statement {
    const choices = this.#choices;
    if (this.#isOn('owner') && choices.chance(0.4)) {
      const close = template('temporary');
      const kind = choices.pick(['self', 'given', 'opened'] as const);
      if (kind === 'opened' && this.helpers.isOn('openOwner')) {
        const helper = this.helpers.get('openOwner')!;
        return perform(close`${call(helper.name)}${this.helpers.isNullable(helper) ? '?' : ''}.close()`);
      }
      const owner =
        kind === 'self'
          ? construct(this.helpers.get('selfOwnerClass')!.name)
          : construct(this.helpers.ownerClass().name, this.#openExpression('handle', false).expression);
      return perform(close`${owner}.close()`);
    }
    const open = this.#openExpression('handle', false);
    if (this.#choices.chance(0.4 * this.helpers.isOn('close')))
      return perform(call(this.helpers.get('close')!.name, open.expression));
    return perform(call('CloseHandle', open.expression));
  }

  // --- conditions

  #newFlag(): { statements: Statement[]; flag: string } {
    const choices = this.#choices;
    const value: Expression =
      this.#flags.length > 0 && choices.chance(0.7 * this.#isOn('dependentFlag'))
        ? this.#dependentFlag()
        : call('choose');
    const flag = this.#new('f');
    this.#flags = [...this.#flags, flag];
    return { statements: [{ kind: 'declare', how: 'const', name: flag, type: 'flag', value }], flag };
  }

  #dependentFlag(): Expression {
    const choices = this.#choices;
    const flag = name(choices.pick(this.#flags));
    switch (choices.between(0, 4)) {
      case 0:
        return not(flag);
      case 1:
        return binary('&&', not(flag), call('choose'));
      case 2:
        return binary('||', flag, call('choose'));
      default:
        return binary('&&', flag, call('choose'));
    }
  }

  condition(): Expression {
    const choices = this.#choices;
    if (this.#counters.length > 0 && choices.chance(0.5 * this.#isOn('counterTest')))
      return binary(
        choices.pick(['===', '!=='] as const),
        name(choices.pick(this.#counters)),
        text(String(choices.between(0, 2))),
      );
    if (this.#flags.length === 0 || choices.chance(0.35)) return call('choose');
    const flag = name(choices.pick(this.#flags));
    switch (choices.between(0, 7)) {
      case 0:
      case 1:
        return not(flag);
      case 2:
        return this.#isOn('dependentFlag') ? this.#dependentFlag() : flag;
      case 3:
        return this.#numbers.length === 0
          ? flag
          : binary(
              choices.pick(['===', '!=='] as const),
              name(choices.pick(this.#numbers)),
              text(String(choices.between(0, 2))),
            );
      default:
        return flag;
    }
  }

  /** Whether a handle's acquisition succeeded. */
  #isOpen(handle: Handle): Expression {
    return this.#test(handle, true);
  }

  #failed(handle: Handle): Expression {
    return this.#test(handle, false);
  }

  #test(handle: Handle, isOpen: boolean): Expression {
    const choices = this.#choices;
    const it = this.#ref(handle);
    const operator = isOpen ? '!==' : '===';
    if (handle.flag !== undefined && choices.chance(0.6)) {
      const flag = name(handle.flag);
      return isOpen ? flag : not(flag);
    }
    switch (handle.failure) {
      case 'invalid':
        return binary(operator, it, INVALID);
      case 'null':
        if (choices.chance(0.3 * this.#isOn('typeof')))
          return isOpen
            ? choices.pick([
                template('typeof')`typeof ${it} === 'number'`,
                template('typeof')`typeof ${it} !== 'object'`,
              ])
            : template('typeof')`typeof ${it} !== 'number'`;
        if (choices.chance(0.3)) return isOpen ? it : not(it);
        return choices.chance(0.3) ? binary(isOpen ? '!=' : '==', it, NULL) : binary(operator, it, NULL);
      case 'unknown':
        if (choices.chance(0.15 * this.#isOn('typeof')))
          return binary(
            isOpen ? '&&' : '||',
            template('typeof')`typeof ${it} ${operator === '!==' ? '===' : '!=='} 'number'`,
            binary(operator, it, INVALID),
          );
        return binary(isOpen ? '&&' : '||', binary(operator, it, NULL), binary(operator, it, INVALID));
    }
  }

  // --- acquisitions

  #openExpression(
    type: 'handle' | 'search',
    mayThrow: boolean,
  ): { expression: Expression; failure: FailureKind } {
    const choices = this.#choices;
    if (type === 'search') return { expression: call('FindFirstFile', text("'*'")), failure: 'invalid' };
    if (choices.chance(0.35 * this.helpers.isOn('open'))) {
      const ways = [
        'never',
        'never',
        ...(mayThrow && this.#isOn('throw') ? ['explicitly'] : []),
        ...(mayThrow && this.#isOn('mayThrow') ? ['implicitly'] : []),
      ] as ('never' | 'explicitly' | 'implicitly')[];
      const helper = this.helpers.get('open', [choices.pick(ways)])!;
      return { expression: call(helper.name), failure: this.helpers.failureOf(helper) };
    }
    switch (choices.between(0, 3)) {
      case 0:
        return { expression: call('CreateEvent'), failure: 'null' };
      case 1:
        return { expression: call('CreateThread'), failure: 'null' };
      default:
        return {
          expression: call('CreateFile', text(`'${choices.pick(['a', 'b', 'c'])}'`)),
          failure: 'invalid',
        };
    }
  }

  /** Statements that make an open handle. */
  #acquire(): Acquired {
    const choices = this.#choices;
    const sources = this.#usable.filter(({ type }) => type === 'handle');
    const canDuplicate = sources.length > 0;
    const kind = choices.weigh({
      open: 5,
      search: this.#isOn('search') ? 1.3 * this.#isOn('search') : 0,
      owner: this.helpers.isOn('openOwner') ? 0.8 * this.helpers.isOn('openOwner') : 0,
      outCell: canDuplicate && this.#isOn('outCell') ? 5 * this.#isOn('outCell') : 0,
      helper: canDuplicate && this.helpers.isOn('duplicate') ? 2.5 * this.helpers.isOn('duplicate') : 0,
      into:
        canDuplicate && this.helpers.isOn('duplicateInto') && this.#isOn('outCell')
          ? 1.6 * this.helpers.isOn('duplicateInto')
          : 0,
      duplicateOwner:
        canDuplicate && this.helpers.isOn('duplicateOwner') ? 0.8 * this.helpers.isOn('duplicateOwner') : 0,
    })!;
    const source = canDuplicate ? this.#ref(choices.pick(sources)) : NULL;
    switch (kind) {
      case 'open':
      case 'search': {
        const type = kind === 'search' ? 'search' : 'handle';
        const { expression, failure } = this.#openExpression(type, this.#mayThrowHere());
        if (type === 'handle' && failure === 'null' && choices.chance(0.15 * this.#isOn('nullish'))) {
          const { expression: other, failure: otherFailure } = this.#openExpression(type, false);
          const either = template('nullish')`${expression} ?? ${other}`;
          return this.#declare(type, either, otherFailure);
        }
        if (!choices.chance(0.12 * this.#isOn('ternary'))) return this.#declare(type, expression, failure);
        const test = this.condition();
        const otherwise = choices.chance(0.5) ? NULL : this.#openExpression(type, false).expression;
        return this.#declare(type, { kind: 'ternary', test, then: expression, otherwise }, 'unknown');
      }
      case 'owner': {
        if (choices.chance(0.4))
          return this.#declareOwner(construct(this.helpers.get('selfOwnerClass')!.name), false);
        const helper = this.helpers.get('openOwner')!;
        return this.#declareOwner(call(helper.name), this.helpers.isNullable(helper));
      }
      case 'duplicateOwner':
        return this.#declareOwner(call(this.helpers.get('duplicateOwner')!.name, source), false);
      case 'helper':
        return this.#declare('handle', call(this.helpers.get('duplicate')!.name, source), 'null');
      case 'outCell':
      case 'into':
        return this.#duplicate(source, kind);
    }
  }

  #duplicate(source: Expression, kind: 'outCell' | 'into'): Acquired {
    const choices = this.#choices;
    const cell = this.#new('out');
    const statements: Statement[] = [
      { kind: 'declare', how: 'const', name: cell, type: 'cell', value: { kind: 'cell' } },
    ];
    let flag: string | undefined;
    if (kind === 'into') {
      statements.push(perform(call(this.helpers.get('duplicateInto')!.name, source, name(cell))));
    } else {
      const fill = call('DuplicateHandle', source, name(cell), text('DUPLICATE_SAME_ACCESS'));
      const checks = this.#isOn('branch') && this.#isOn('checked');
      if (checks && choices.chance(0.3)) {
        flag = this.#new('f');
        statements.push({ kind: 'declare', how: 'const', name: flag, type: 'flag', value: fill });
      } else if (checks && choices.chance(0.3)) {
        statements.push({ kind: 'if', test: not(fill), then: this.#jump(), otherwise: null });
      } else statements.push(perform(fill));
    }
    const it = element(cell);
    const facts = flag === undefined ? {} : { flag };
    if (choices.chance(0.4)) {
      const handle: Handle = { refs: [it], type: 'handle', failure: 'null', isOptional: false, ...facts };
      return { statements, handle };
    }
    const made = this.#declare('handle', it, 'null');
    const refs = choices.chance(0.2) && made.handle.mutable === undefined ? [it] : [];
    return {
      statements: [...statements, ...made.statements],
      handle: { ...made.handle, refs: [...made.handle.refs, ...refs], ...facts },
    };
  }

  #declare(type: 'handle' | 'search', value: Expression, failure: Handle['failure']): Acquired {
    const choices = this.#choices;
    const variable = this.#new(type === 'search' ? 's' : 'h');
    const handle: Handle = { refs: [name(variable)], type, failure, isOptional: false };
    const canAssign = this.#isOn('reassignment');
    if (this.#isOn('nullInit') && canAssign && choices.chance(0.15)) {
      return {
        handle: { ...handle, failure: failure === 'null' ? 'null' : 'unknown', mutable: variable },
        statements: [
          { kind: 'declare', how: 'let', name: variable, type, value: NULL },
          assign(variable, value),
        ],
      };
    }
    const how = canAssign && choices.chance(0.3) ? 'let' : 'const';
    return {
      handle: how === 'let' ? { ...handle, mutable: variable } : handle,
      statements: [{ kind: 'declare', how, name: variable, type, value }],
    };
  }

  #declareOwner(value: Expression, isOptional: boolean, how: 'const' | 'using' = 'const'): Acquired {
    const variable = this.#new('o');
    return {
      handle: { refs: [name(variable)], type: 'owner', failure: 'null', isOptional },
      statements: [{ kind: 'declare', how, name: variable, type: 'owner', value }],
    };
  }

  // --- closing

  /** Closes a handle in one of the ways that need nothing but the handle. */
  #close(handle: Handle, isGuardedBy: 'maybe' | 'no' = 'maybe'): Statement[] {
    const choices = this.#choices;
    if (handle.type === 'owner') {
      return [perform(this.#method(handle, choices.chance(0.7) ? 'dispose' : 'close'))];
    }
    const it = this.#ref(handle);
    if (handle.type === 'search') return this.#guard(handle, [perform(call('FindClose', it))], isGuardedBy);
    if (choices.chance(0.3 * this.helpers.isOn('close')))
      return [perform(call(this.helpers.get('close')!.name, it))];
    if (choices.chance(0.08 * this.helpers.isOn('pass')))
      return [perform(call('CloseHandle', call(this.helpers.get('pass')!.name, it)))];
    if (choices.chance(0.06 * this.#isOn('callback'))) return [perform(this.#calledAtOnce(it))];
    return this.#guard(handle, [perform(call('CloseHandle', it))], isGuardedBy);
  }

  /** A function that closes and is called where it stands. */
  #calledAtOnce(it: Expression): Expression {
    const called = template('callback');
    return this.#choices.pick([
      called`(() => CloseHandle(${it}))()`,
      called`((each: HANDLE | null) => CloseHandle(each))(${it})`,
      called`[${it}].forEach((each) => CloseHandle(each))`,
      called`[${it}].map(CloseHandle)`,
    ]);
  }

  #guard(handle: Handle, close: Statement[], isGuarded: 'maybe' | 'no'): Statement[] {
    if (isGuarded === 'no' || !this.#isOn('branch') || !this.#choices.chance(0.2)) return close;
    return [this.#when(this.#isOpen(handle), close)];
  }

  /** Makes a body in which a handle can be used and something is owed. */
  #within(handle: Handle | null, obligation: Obligation, make: () => Statement[]): Statement[] {
    if (handle !== null) this.#usable.push(handle);
    this.#owed.push(obligation);
    const body = make();
    this.#owed.pop();
    if (handle !== null) this.#usable = this.#usable.filter((each) => each !== handle);
    return body;
  }

  /** Statements that leave from here: what is owed beyond a depth is discharged. */
  #discharge(depth: number): Statement[] {
    return this.#owed
      .slice(depth)
      .filter(({ isCovered }) => !isCovered)
      .reverse()
      .flatMap(({ discharge }) => discharge());
  }

  // --- the life of one handle

  #episode(budget: number): Statement[] {
    const { statements, handle } = this.#acquire();
    const choices = this.#choices;
    if (isJump(statements.at(-1))) return statements;
    const left = Math.max(budget - countStatements(statements) - 1, 0);
    if (handle.type === 'owner' || !this.#isOn('alias') || !choices.chance(0.18))
      return [...statements, ...this.#live(handle, left)];
    const alias = this.#new(handle.type === 'search' ? 's' : 'h');
    const passes = handle.type === 'handle' && choices.chance(0.3 * this.helpers.isOn('pass'));
    const value = passes ? call(this.helpers.get('pass')!.name, this.#ref(handle)) : this.#ref(handle);
    const { type, failure, isOptional } = handle;
    const refs = choices.chance(0.5) ? [name(alias)] : [...handle.refs, name(alias)];
    return [
      ...statements,
      { kind: 'declare', how: 'const', name: alias, type, value },
      ...this.#live({ refs, type, failure, isOptional }, left),
    ];
  }

  /** From the acquisition to the end of what is owed. */
  #live(handle: Handle, budget: number): Statement[] {
    const choices = this.#choices;
    const on = this.#isOn;
    const body = Math.floor(budget * (0.3 + choices.between(0, 5) / 10));
    const isHandle = handle.type === 'handle';
    const owners = isHandle && this.helpers.isOn('ownerClass');
    const canNull = handle.mutable !== undefined && on('branch') && handle.refs.length === 1;
    const way = choices.weigh({
      plain: 3,
      ifOpen: on('branch') ? 1.5 * on('branch') : 0,
      leaveIfFailed: on('branch') ? 1.5 * on('branch') : 0,
      finally: on('finally') ? 2.2 * on('finally') : 0,
      catch: on('catch') ? 0.6 * on('catch') : 0,
      using: (owners || handle.type === 'owner') && on('using') ? 2 * on('using') : 0,
      owner: owners ? (2 + on('release')) * 1.2 : 0,
      reuse: canNull && budget >= 3 ? 3 : 0,
      nulled: canNull && on('nullInit') && budget >= 3 ? 3 * on('nullInit') : 0,
      flag: on('sameFlag') && on('branch') && budget >= 3 ? 1.2 * on('sameFlag') : 0,
      branches: on('branch') && budget >= 3 ? 1 * on('branch') : 0,
      switch: on('switch') && budget >= 4 ? 0.7 * on('switch') : 0,
      move: isHandle && on('closeSource') && on('outCell') ? 1.2 * on('closeSource') : 0,
      moveHelper: isHandle && this.helpers.isOn('move') ? 0.4 * this.helpers.isOn('move') : 0,
      tell: isHandle && this.helpers.isOn('tell') ? 1.2 * this.helpers.isOn('tell') : 0,
      closure: handle.type !== 'owner' && on('closure') ? 0.9 * on('closure') : 0,
      object: isHandle && on('closure') ? 0.5 * on('closure') : 0,
      collected: isHandle ? 1 * favourOf(on) : 0,
      given: isHandle && this.#takers.length > 0 ? 6 : 0,
      added: isHandle && this.#fillable().length > 0 ? 4 : 0,
      loopOnce: on('loop') && on('breakContinue') && budget >= 4 ? 0.5 * on('breakContinue') : 0,
    })!;
    const plain: Obligation = { discharge: () => this.#close(handle), isCovered: false };
    const use = (): Statement[] => [
      ...(choices.chance(0.6) ? [this.#useOf(handle)] : []),
      ...this.block(body),
    ];
    switch (way) {
      case 'plain': {
        const inner = this.#within(handle, plain, use);
        return closed(inner, () => this.#close(handle));
      }
      case 'ifOpen': {
        const inner = this.#within(handle, plain, use);
        return [
          {
            kind: 'if',
            test: this.#isOpen(handle),
            then: closed(inner, () => this.#close(handle, 'no')),
            otherwise: choices.chance(0.2) ? this.block(2) : null,
          },
        ];
      }
      case 'leaveIfFailed': {
        const jump = this.#jump();
        const inner = this.#within(handle, plain, use);
        return [
          { kind: 'if', test: this.#failed(handle), then: jump, otherwise: null },
          ...closed(inner, () => this.#close(handle, 'no')),
        ];
      }
      case 'finally': {
        const inner = this.#within(handle, { ...plain, isCovered: true }, use);
        return [
          {
            kind: 'try',
            block: filled(inner, this.#useOf(handle)),
            handler: null,
            finalizer: this.#close(handle),
          },
        ];
      }
      case 'catch':
        return this.#closedInCatch(handle, body);
      case 'reuse':
        return this.#reused(handle, budget);
      case 'nulled':
        return this.#nulled(handle, body);
      case 'using':
        return this.#using(handle, body);
      case 'owner':
        return this.#owner(handle, body);
      case 'flag':
        return this.#closedByFlag(handle, body);
      case 'branches':
        return this.#closedInBranches(handle, body);
      case 'switch':
        return this.#closedInSwitch(handle, body);
      case 'move':
      case 'moveHelper':
        return this.#moved(handle, budget, way);
      case 'tell':
        return this.#closedAsTold(handle, body);
      case 'closure':
        return this.#closedByClosure(handle, body);
      case 'object':
        return this.#closedByObject(handle, body);
      case 'collected':
        return this.#collected(handle, body);
      case 'given':
        return this.#given(handle, body);
      case 'added':
        return this.#added(handle, body);
      case 'loopOnce': {
        const inner = this.#within(handle, plain, () => {
          this.#targets.push({ kind: 'loop', label: null, depth: this.#owed.length, isLabelUsed: false });
          const made = use();
          this.#targets.pop();
          return made;
        });
        const loop: Statement = {
          kind: 'loop',
          form: { kind: 'forever' },
          label: null,
          body: isJump(inner.at(-1)) ? inner : [...inner, { kind: 'break', label: null }],
        };
        return [loop, ...this.#close(handle)];
      }
    }
  }

  #closedInCatch(handle: Handle, budget: number): Statement[] {
    const plain: Obligation = { discharge: () => this.#close(handle), isCovered: false };
    const body = this.#within(handle, plain, () => {
      const { catchDepth, isCaught } = this.#enterTry();
      const made = filled(this.block(Math.max(budget, 1)), this.#useOf(handle));
      this.#leaveTry(catchDepth, isCaught);
      return made;
    });
    const leave = this.#jump();
    // Where the handler goes on to what follows, that closes it.
    const handler = isJump(leave.at(-1)) ? [...this.#close(handle), ...leave] : leave;
    return [{ kind: 'try', block: body, handler, finalizer: null }, ...this.#close(handle)];
  }

  #using(handle: Handle, budget: number): Statement[] {
    const value = handle.type === 'owner' ? this.#ref(handle) : this.#own(handle);
    const { statements, handle: owner } = this.#declareOwner(value, handle.isOptional, 'using');
    const inner = this.#within(handle, { discharge: () => [], isCovered: true }, () =>
      this.#within(owner, { discharge: () => [], isCovered: true }, () => this.block(budget)),
    );
    return [{ kind: 'block', body: [...statements, ...filled(inner, this.#useOf(owner))] }];
  }

  #own(handle: Handle): Expression {
    // Only a new owner is known to give its handle away.
    return this.#choices.chance((this.#isOn('release') > 1 ? 0.1 : 0.35) * this.helpers.isOn('own'))
      ? call(this.helpers.get('own')!.name, this.#ref(handle))
      : construct(this.helpers.ownerClass().name, this.#ref(handle));
  }

  #owner(handle: Handle, budget: number): Statement[] {
    const choices = this.#choices;
    const { statements, handle: owner } = this.#declareOwner(this.#own(handle), false);
    const isCovered = choices.chance((this.#isOn('release') > 1 ? 0.1 : 0.3) * this.#isOn('finally'));
    const made = (statements[0] as Extract<Statement, { kind: 'declare' }>).value;
    const ability =
      made.kind === 'new'
        ? (['replace', 'set', 'add'] as const).find((each) => this.helpers.can(made.callee, each))
        : undefined;
    const takers = this.#takers;
    if (ability !== undefined) this.#takers = [...takers, { variable: nameOf(owner), ability }];
    // What may be replaced is not known by any other name.
    const isKnown = ability === undefined || ability === 'add';
    if (isKnown) this.#usable.push(handle);
    const inner = this.#within(owner, { discharge: () => this.#close(owner), isCovered }, () =>
      this.block(budget),
    );
    this.#usable = this.#usable.filter((each) => each !== handle);
    this.#takers = takers;
    if (isCovered) {
      const block = filled(inner, this.#useOf(owner));
      return [...statements, { kind: 'try', block, handler: null, finalizer: this.#close(owner) }];
    }
    const isReleasable = made.kind === 'new' && this.helpers.can(made.callee, 'release');
    if (isReleasable && !isJump(inner.at(-1)) && choices.chance(0.8 * this.#isOn('release'))) {
      const released = this.#declare('handle', this.#method(owner, 'release'), 'unknown');
      return [...statements, ...inner, ...released.statements, ...this.#live(released.handle, 2)];
    }
    // The handle itself can be closed in the owner's stead.
    return [
      ...statements,
      ...closed(inner, () => this.#close(choices.chance(0.15) && isKnown ? handle : owner)),
    ];
  }

  /** Closed, and its variable filled again. */
  #reused(handle: Handle, budget: number): Statement[] {
    const plain: Obligation = { discharge: () => this.#close(handle), isCovered: false };
    const inner = this.#within(handle, plain, () => [
      this.#useOf(handle),
      ...this.block(Math.floor(budget / 3)),
    ]);
    if (isJump(inner.at(-1))) return inner;
    const type = handle.type === 'search' ? 'search' : 'handle';
    const { expression, failure } = this.#openExpression(type, false);
    const variable = handle.mutable!;
    const again: Handle = { refs: [name(variable)], type, failure, isOptional: false, mutable: variable };
    return [
      ...inner,
      ...this.#close(handle),
      assign(variable, expression),
      ...this.#live(again, Math.floor(budget / 2)),
    ];
  }

  /** Closed on one branch, which the variable then tells by being null. */
  #nulled(handle: Handle, budget: number): Statement[] {
    const variable = handle.mutable!;
    const late = (): Statement[] => [
      {
        kind: 'if',
        test: binary('!==', name(variable), NULL),
        then: this.#close(handle, 'no'),
        otherwise: null,
      },
    ];
    const first: Statement = {
      kind: 'if',
      test: this.condition(),
      then: [...this.#close(handle, 'no'), assign(variable, NULL)],
      otherwise: null,
    };
    const isCovered = this.#choices.chance(0.3 * this.#isOn('finally'));
    const steps: Statement[] = [first];
    if (handle.type === 'handle' && this.#choices.chance(0.4 * this.#isOn('nullish'))) {
      const { expression } = this.#openExpression('handle', false);
      const operator = this.#choices.pick(['??=', '??=', '||=']);
      steps.push(perform(template('nullish')`${name(variable)} ${operator} ${expression}`));
    }
    const inner = this.#within(handle, { discharge: late, isCovered }, () => this.block(budget));
    if (!isCovered) return [...steps, ...closed(inner, late)];
    return [{ kind: 'try', block: [...steps, ...inner], handler: null, finalizer: late() }];
  }

  #closedByClosure(handle: Handle, budget: number): Statement[] {
    const closure = this.#new('k');
    const [close] = this.#close(handle, 'no');
    const body = close?.kind === 'do' ? close.value : call('CloseHandle', this.#ref(handle));
    const declare: Statement = {
      kind: 'declare',
      how: 'const',
      name: closure,
      type: 'closure',
      value: { kind: 'closure', body },
    };
    const invoke = perform({ kind: 'invoke', closure });
    const isCovered = this.#isOn('finally') > 0 && this.#choices.chance(0.4);
    const inner = this.#within(handle, { discharge: () => [invoke], isCovered }, () => this.block(budget));
    if (!isCovered) return [declare, ...closed(inner, () => [invoke])];
    const block = filled(inner, this.#useOf(handle));
    return [declare, { kind: 'try', block, handler: null, finalizer: [invoke] }];
  }

  /** Closed by an object of functions that close over it. */
  #closedByObject(handle: Handle, budget: number): Statement[] {
    const closes = template('closure');
    const it = this.#ref(handle);
    const dispose = '[Symbol.dispose]';
    const object = this.#choices.pick([
      closes`{ use: () => DeviceIoControl(${it}, 1), close: () => CloseHandle(${it}), ${dispose}: () => CloseHandle(${it}) }`,
      closes`{ use() { DeviceIoControl(${it}, 1); }, close() { this${dispose}(); }, ${dispose}() { CloseHandle(${it}); } }`,
    ]);
    const how = this.#choices.chance(0.3 * this.#isOn('using')) ? 'using' : 'const';
    const { statements, handle: owner } = this.#declareOwner(object, false, how);
    const isCovered = how === 'using';
    const inner = this.#within(owner, { discharge: () => this.#close(owner), isCovered }, () =>
      this.block(budget),
    );
    if (isCovered) return [{ kind: 'block', body: [...statements, ...filled(inner, this.#useOf(owner))] }];
    return [...statements, ...closed(inner, () => this.#close(owner))];
  }

  // --- containers

  #loopDepth(): number {
    return this.#targets.filter(({ kind }) => kind === 'loop').length;
  }

  /** What a name can be put into, without something else of that name being dropped in the next turn. */
  #fillable(): OpenContainer[] {
    return this.#containers.filter((each) => isUnlimited(each) || each.loops === this.#loopDepth());
  }

  /** Arrays from which a handle can be taken that nobody knows by another name. */
  #takable(): OpenContainer[] {
    return this.#containers.filter(({ type, named }) => type === 'list' && named === 0);
  }

  #newContainer(type: ContainerType): OpenContainer {
    return { variable: this.#new(type === 'list' ? 'hs' : type), type, loops: this.#loopDepth(), named: 0 };
  }

  #closeAll(container: Container): Block {
    const choices = this.#choices;
    const closesBy = (element: Expression): Expression =>
      choices.chance(0.2 * this.helpers.isOn('close'))
        ? call(this.helpers.get('close')!.name, element)
        : call('CloseHandle', element);
    return closeAll(container, {
      choices,
      isOn: this.#isOn,
      close: closesBy,
      newName: (prefix) => this.#new(prefix),
      closeAll: () => this.helpers.get('closeAll')!.name,
    });
  }

  /** What is done while a container is open, and its end. */
  #whileOpen(container: OpenContainer, handle: Handle | null, budget: number): Statement[] {
    const isCovered = this.#choices.chance(0.25 * this.#isOn('finally'));
    const outer = this.#containers;
    this.#containers = [...outer, container];
    if (handle !== null) container.named++;
    const inner = this.#within(handle, { discharge: () => this.#closeAll(container), isCovered }, () =>
      this.block(budget),
    );
    this.#containers = outer;
    if (!isCovered) return closed(inner, () => this.#closeAll(container));
    const block = filled(inner, perform(call('GetLastError')));
    return [{ kind: 'try', block, handler: null, finalizer: this.#closeAll(container) }];
  }

  /** A container that is made empty or full, and filled by what comes. */
  #gathered(budget: number): Statement[] {
    const choices = this.#choices;
    const container = this.#newContainer(chooseType(choices, this.#isOn)!);
    const isOpened = container.type === 'list' && choices.chance(0.5);
    if (!isOpened) {
      const isUsed = container.type === 'stack' && choices.chance(0.4 * this.#isOn('using'));
      if (!isUsed) return [declareContainer(container), ...this.#whileOpen(container, null, budget - 2)];
      this.#containers.push(container);
      const inner = this.#within(null, { discharge: () => [], isCovered: true }, () =>
        this.block(budget - 1),
      );
      this.#containers = this.#containers.filter((each) => each !== container);
      return [{ kind: 'block', body: [declareContainer(container, 'using'), ...inner] }];
    }
    const value = call(this.helpers.get('openAll')!.name);
    const { variable: list, type } = container;
    return [
      { kind: 'declare', how: 'const', name: list, type, value },
      ...this.#whileOpen(container, null, budget - 2),
    ];
  }

  /** Put into a container that is there for it. */
  #collected(handle: Handle, budget: number): Statement[] {
    const choices = this.#choices;
    const container = this.#newContainer(chooseType(choices, this.#isOn)!);
    const statements = declareWith(container, this.#ref(handle), 'a', choices);
    const refs = [...handle.refs];
    const stored = elementOf(container, 'a');
    if (stored !== null) refs.push(stored);
    const { type } = container;
    if ((type === 'list' || type === 'bag') && choices.chance(0.3 * this.#isOn('unpacking'))) {
      const variable = this.#new('h');
      refs.push(name(variable));
      statements.push({
        kind: 'unpack',
        from: type === 'list' ? 'array' : 'object',
        parts: [{ key: 'a', name: variable, type: 'handle', fallback: 'null' }],
        value: name(container.variable),
      });
    }
    const { failure, isOptional } = handle;
    const kept: Handle = { refs, type: 'handle', failure, isOptional };
    return [...statements, ...this.#whileOpen(container, kept, budget)];
  }

  /** Put into a container that is closed later. */
  #added(handle: Handle, budget: number): Statement[] {
    const container = this.#choices.pick(this.#fillable());
    const put = add(container, this.#ref(handle), this.#new('key'), this.#choices);
    container.named++;
    const inner = this.#within(handle, { discharge: () => [], isCovered: true }, () => this.block(budget));
    container.named--;
    return [put, ...inner];
  }

  /** Given to an owner that has one already. */
  #given(handle: Handle, budget: number): Statement[] {
    const { variable, ability } = this.#choices.pick(this.#takers);
    const [owner, it] = [name(variable), this.#ref(handle)];
    switch (ability) {
      case 'replace':
        return [perform(template('replace')`${owner}.replace(${it})`)];
      case 'set':
        return [perform(template('replace')`${owner}.handle = ${it}`)];
      case 'add': {
        const inner = this.#within(handle, { discharge: () => [], isCovered: true }, () =>
          this.block(budget),
        );
        return [perform(template('ownerOfMany')`${owner}.add(${it})`), ...inner];
      }
    }
  }

  #useAll(): Statement {
    const list = this.#choices.pick(this.#containers.filter(({ type }) => type === 'list'));
    const variable = this.#new('e');
    const body = [perform(call('DeviceIoControl', name(variable), text('2')))];
    return { kind: 'loop', form: { kind: 'of', variable, of: name(list.variable) }, label: null, body };
  }

  /** One is taken out of an array, and lives by itself. */
  #taken(budget: number): Statement[] {
    const { variable } = this.#choices.pick(this.#takable());
    const takes = this.#choices.pick(['pop', 'shift']);
    const value = template('list')`${name(variable)}.${takes}() ?? null`;
    const { statements, handle } = this.#declare('handle', value, 'unknown');
    return [...statements, ...this.#live(handle, budget - 2)];
  }

  #fallback(key: string): string | null {
    if (key === 'first') return this.#choices.chance(0.3) ? 'null' : null;
    return this.#choices.chance(0.3 * this.#isOn('nullish')) ? 'CreateEvent()' : 'null';
  }

  /** Two that a function gives back together. */
  #unpacked(budget: number): Statement[] {
    const from = this.#choices.pick(['array', 'object'] as const);
    const helper = this.helpers.get(from === 'array' ? 'openTuple' : 'openRecord')!;
    const [first, second] = ['first', 'second'].map((key) => ({
      key,
      name: this.#new('h'),
      type: 'handle' as const,
      fallback: this.#fallback(key),
    })) as [UnpackedPart, UnpackedPart];
    const handles = [first, second].map((part): Handle => ({
      refs: [name(part.name)],
      type: 'handle',
      failure: 'unknown',
      isOptional: false,
    })) as [Handle, Handle];
    const owed: Obligation = { discharge: () => this.#close(handles[1]), isCovered: false };
    const inner = this.#within(handles[1], owed, () => this.#live(handles[0], Math.floor(budget / 2)));
    return [
      { kind: 'unpack', from, parts: [first, second], value: call(helper.name) },
      ...closed(inner, () => this.#close(handles[1])),
    ];
  }

  /** Does something under a condition, by a statement or by an operator. */
  #when(test: Expression, then: Statement[]): Statement {
    const [only] = then;
    if (then.length === 1 && only?.kind === 'do' && this.#choices.chance(0.12 * this.#isOn('shortCircuit')))
      return perform(binary('&&', test, only.value));
    return { kind: 'if', test, then, otherwise: null };
  }

  #closedByFlag(handle: Handle, budget: number): Statement[] {
    const choices = this.#choices;
    const known = this.#flags.length > 0 && choices.chance(0.5);
    const { statements, flag } = known
      ? { statements: [], flag: choices.pick(this.#flags) }
      : this.#newFlag();
    const isFirst = choices.chance(0.5);
    const when = (yes: boolean): Expression => (yes ? name(flag) : not(name(flag)));
    const late = (): Statement[] => [this.#when(when(!isFirst), this.#close(handle, 'no'))];
    const inner = this.#within(null, { discharge: late, isCovered: false }, () => [
      ...(choices.chance(0.5)
        ? [{ kind: 'if', test: when(!isFirst), then: [this.#useOf(handle)], otherwise: null } as const]
        : []),
      ...this.block(budget),
    ]);
    return [...statements, this.#when(when(isFirst), this.#close(handle, 'no')), ...closed(inner, late)];
  }

  #closedInBranches(handle: Handle, budget: number): Statement[] {
    const plain: Obligation = { discharge: () => this.#close(handle), isCovered: false };
    const arm = (size: number): Statement[] =>
      closed(
        this.#within(handle, plain, () => this.block(size)),
        () => this.#close(handle),
      );
    const test = this.condition();
    const then = arm(Math.ceil(budget / 2));
    const rest = Math.floor(budget / 2);
    if (this.#choices.chance(0.6 * this.#isOn('elseIf'))) {
      const inner: Statement = { kind: 'if', test: this.condition(), then: arm(rest), otherwise: arm(0) };
      return [{ kind: 'if', test, then, otherwise: [inner] }];
    }
    return [{ kind: 'if', test, then, otherwise: arm(rest) }];
  }

  #closedInSwitch(handle: Handle, budget: number): Statement[] {
    const choices = this.#choices;
    const { statements, number } = this.#number();
    const target: Target = { kind: 'switch', label: null, depth: this.#owed.length, isLabelUsed: false };
    const plain: Obligation = { discharge: () => this.#close(handle), isCovered: false };
    this.#targets.push(target);
    const arm = (size: number): Statement[] =>
      closed(
        this.#within(handle, plain, () => this.block(size)),
        () => [...this.#close(handle), { kind: 'break', label: null }],
      );
    const first = arm(Math.ceil(budget / 2));
    // The second falls through to the default, which closes.
    const isFalling = choices.chance(0.6 * this.#isOn('fallThrough'));
    const second = isFalling ? this.#within(handle, plain, () => [this.#useOf(handle)]) : arm(1);
    const last = arm(Math.floor(budget / 2));
    this.#targets.pop();
    return [
      ...statements,
      {
        kind: 'switch',
        on: number,
        cases: [
          { value: 0, body: first },
          { value: 1, body: second },
          { value: null, body: last },
        ],
      },
    ];
  }

  #moved(handle: Handle, budget: number, way: 'move' | 'moveHelper'): Statement[] {
    if (way === 'moveHelper') {
      const made = this.#declare('handle', call(this.helpers.get('move')!.name, this.#ref(handle)), 'null');
      return [...made.statements, ...this.#live(made.handle, budget - 1)];
    }
    const cell = this.#new('out');
    const made = this.#declare('handle', element(cell), 'null');
    return [
      { kind: 'declare', how: 'const', name: cell, type: 'cell', value: { kind: 'cell' } },
      perform(call('DuplicateHandle', this.#ref(handle), name(cell), text('DUPLICATE_CLOSE_SOURCE'))),
      ...made.statements,
      ...this.#live(made.handle, budget - 3),
    ];
  }

  #closedAsTold(handle: Handle, budget: number): Statement[] {
    const helper = this.helpers.get('tell')!;
    if (!this.#isOn('branch')) return this.#close(handle);
    const told = call(helper.name, this.#ref(handle));
    if (this.#choices.chance(0.4)) {
      const all: Statement[] = [
        ...this.#within(handle, { discharge: () => this.#close(handle), isCovered: false }, () =>
          this.block(budget),
        ),
        { kind: 'if', test: not(told), then: this.#close(handle, 'no'), otherwise: null },
      ];
      return all.filter((_, index) => !isJump(all[index - 1]));
    }
    const flag = this.#new('f');
    const late = (): Statement[] => [this.#when(not(name(flag)), this.#close(handle, 'no'))];
    this.#flags = [...this.#flags, flag];
    const inner = this.#within(null, { discharge: late, isCovered: false }, () => this.block(budget));
    return [{ kind: 'declare', how: 'const', name: flag, type: 'flag', value: told }, ...closed(inner, late)];
  }

  /** Two handles whose lives cross. */
  #pair(budget: number): Statement[] {
    const choices = this.#choices;
    const first = this.#acquire();
    const owed: Obligation = { discharge: () => this.#close(first.handle), isCovered: false };
    const made: Acquired[] = [];
    const acquire = this.#within(first.handle, owed, () => {
      const second = this.#acquire();
      made.push(second);
      return second.statements;
    });
    const { handle } = made[0]!;
    const both: Obligation = {
      discharge: () => [...this.#close(handle), ...this.#close(first.handle)],
      isCovered: false,
    };
    const inner = this.#within(first.handle, both, () => {
      this.#usable.push(handle);
      const body = this.block(Math.floor(budget / 3));
      this.#usable = this.#usable.filter((each) => each !== handle);
      return body;
    });
    const areHandles = first.handle.type === 'handle' && handle.type === 'handle';
    const end = (): Statement[] =>
      areHandles && choices.chance(0.4 * this.helpers.isOn('closeBoth'))
        ? [perform(call(this.helpers.get('closeBoth')!.name, this.#ref(first.handle), this.#ref(handle)))]
        : [...this.#close(first.handle), ...this.#close(handle)];
    return [...first.statements, ...acquire, ...closed(inner, end)];
  }

  /** Acquired, used and closed under one flag. */
  #underFlag(budget: number): Statement[] {
    const choices = this.#choices;
    const known = this.#flags.length > 0 && choices.chance(0.5);
    const { statements, flag } = known
      ? { statements: [], flag: choices.pick(this.#flags) }
      : this.#newFlag();
    const type = choices.chance(0.2 * this.#isOn('search')) ? 'search' : 'handle';
    const { expression } = this.#openExpression(type, false);
    const variable = this.#new(type === 'search' ? 's' : 'h');
    const handle: Handle = { refs: [name(variable)], type, failure: 'null', isOptional: false };
    const close = (): Statement[] => {
      const test = choices.chance(0.6) ? name(flag) : binary('!==', name(variable), NULL);
      return [this.#when(test, this.#close(handle, 'no'))];
    };
    const isCovered = choices.chance(0.3 * this.#isOn('finally'));
    const acquire: Statement = {
      kind: 'if',
      test: name(flag),
      then: [assign(variable, expression)],
      otherwise: null,
    };
    const inner = this.#within(handle, { discharge: close, isCovered }, () =>
      this.block(Math.floor(budget / 2)),
    );
    const isAtOnce = !isCovered && choices.chance(0.25 * this.#isOn('ternary'));
    if (isAtOnce) {
      const value: Expression = { kind: 'ternary', test: name(flag), then: expression, otherwise: NULL };
      return [
        ...statements,
        { kind: 'declare', how: 'const', name: variable, type, value },
        ...closed(inner, close),
      ];
    }
    return [
      ...statements,
      { kind: 'declare', how: 'let', name: variable, type, value: NULL },
      ...(isCovered
        ? [{ kind: 'try', block: [acquire, ...inner], handler: null, finalizer: close() } as const]
        : [acquire, ...closed(inner, close)]),
    ];
  }

  // --- control flow

  #branch(budget: number): Statement {
    const test = this.condition();
    const then = this.block(Math.ceil(budget / 3));
    const choices = this.#choices;
    if (choices.chance(0.4)) return { kind: 'if', test, then, otherwise: null };
    if (choices.chance(0.6 * this.#isOn('elseIf'))) {
      const inner: Statement = {
        kind: 'if',
        test: this.condition(),
        then: this.block(Math.ceil(budget / 4)),
        otherwise: choices.chance(0.5) ? this.block(1) : null,
      };
      return { kind: 'if', test, then, otherwise: [inner] };
    }
    return { kind: 'if', test, then, otherwise: this.block(Math.ceil(budget / 4)) };
  }

  #loopForm(): LoopForm {
    const choices = this.#choices;
    const test = (): Expression => call('choose');
    switch (choices.between(0, 6 + 2 * this.#isOn('counterTest'))) {
      case 0:
      case 1:
        return { kind: 'while', test: test() };
      case 2:
        return { kind: 'doWhile', test: test() };
      case 3:
        return this.#isOn('breakContinue') ? { kind: 'forever' } : { kind: 'while', test: test() };
      default:
        return { kind: 'count', counter: this.#new('i'), times: this.#counters.length > 0 ? 2 : 3 };
    }
  }

  #loop(budget: number): Statement[] {
    const form = this.#loopForm();
    const body = this.#loopBody(form, () => this.block(Math.ceil(budget / 2)));
    return [body];
  }

  #loopBody(form: LoopForm, make: () => Statement[]): Statement {
    const label = this.#choices.chance(0.8 * this.#isOn('label')) ? this.#new('turn') : null;
    const target: Target = { kind: 'loop', label, depth: this.#owed.length, isLabelUsed: false };
    this.#targets.push(target);
    const counters = this.#counters;
    if (form.kind === 'count') this.#counters = [...counters, form.counter];
    let body = make();
    this.#counters = counters;
    if (form.kind === 'forever') {
      // The way out comes first or last, so that there is one.
      const leave: Statement = {
        kind: 'if',
        test: call('choose'),
        then: [...this.#discharge(target.depth), { kind: 'break', label: null }],
        otherwise: null,
      };
      body = this.#choices.chance(0.5) || isJump(body.at(-1)) ? [leave, ...body] : [...body, leave];
    }
    this.#targets.pop();
    return {
      kind: 'loop',
      form,
      label: target.isLabelUsed ? label : null,
      body: filled(body, perform(call('GetLastError'))),
    };
  }

  /** A variable outside a loop holds what the turn before has opened. */
  #kept(budget: number): Statement[] {
    const choices = this.#choices;
    const variable = this.#new('h');
    const kept: Handle = { refs: [name(variable)], type: 'handle', failure: 'null', isOptional: false };
    const declare: Statement = { kind: 'declare', how: 'let', name: variable, type: 'handle', value: NULL };
    const closeIt = perform(call('CloseHandle', name(variable)));
    const close = (): Statement[] => [
      choices.chance(0.6)
        ? { kind: 'if', test: binary('!==', name(variable), NULL), then: [closeIt], otherwise: null }
        : closeIt,
    ];
    const isCovered = choices.chance(0.25 * this.#isOn('finally'));
    const isRefilled = choices.chance(0.5) || !this.#isOn('alias');
    // Where it throws after the close, the finally block closes again.
    const { expression, failure } = this.#openExpression(
      'handle',
      isCovered && !isRefilled && this.#mayThrowHere(),
    );
    const form = this.#loopForm();
    const make = (): Statement[] => {
      const size = Math.floor(budget / 4);
      if (isRefilled) return [...close(), assign(variable, expression), ...this.block(size)];
      const { statements, handle: next } = this.#declare('handle', expression, failure);
      const inner = this.#within(next, { discharge: () => this.#close(next), isCovered: false }, () =>
        this.block(size),
      );
      if (isJump(inner.at(-1))) return [...statements, ...inner];
      return [...statements, ...inner, ...close(), assign(variable, this.#ref(next))];
    };
    const obligation: Obligation = { discharge: close, isCovered };
    const usesIt = choices.chance(0.5);
    const loop = this.#within(usesIt ? kept : null, obligation, () => [this.#loopBody(form, make)]);
    if (isCovered) return [declare, { kind: 'try', block: loop, handler: null, finalizer: close() }];
    return [declare, ...loop, ...close()];
  }

  #number(): { statements: Statement[]; number: string } {
    if (this.#numbers.length > 0 && this.#choices.chance(0.4))
      return { statements: [], number: this.#choices.pick(this.#numbers) };
    const number = this.#new('n');
    this.#numbers = [...this.#numbers, number];
    const value: Expression = { kind: 'anyNumber', count: this.#choices.between(2, 3) };
    return { statements: [{ kind: 'declare', how: 'const', name: number, type: 'number', value }], number };
  }

  #switch(budget: number): Statement[] {
    const choices = this.#choices;
    const { statements, number } = this.#number();
    const target: Target = { kind: 'switch', label: null, depth: this.#owed.length, isLabelUsed: false };
    this.#targets.push(target);
    const count = choices.between(2, 3);
    const size = Math.ceil(budget / count / 1.5);
    const values = choices.chance(0.2) ? [0, null, 2] : [0, 1, null];
    const cases = values.slice(0, count).map((value, index) => {
      const body = choices.chance(0.1) && this.#isOn('fallThrough') ? [] : this.block(size);
      const falls = index === count - 1 || choices.chance(0.4 * this.#isOn('fallThrough'));
      const ends = falls || isJump(body.at(-1));
      return { value, body: ends ? body : [...body, { kind: 'break', label: null } as const] };
    });
    this.#targets.pop();
    return [...statements, { kind: 'switch', on: number, cases }];
  }

  #enterTry(): { catchDepth: number; isCaught: boolean } {
    const before = { catchDepth: this.#catchDepth, isCaught: this.#isCaught };
    this.#catchDepth = this.#owed.length;
    this.#isCaught = true;
    return before;
  }

  #leaveTry(catchDepth: number, isCaught: boolean): void {
    this.#catchDepth = catchDepth;
    this.#isCaught = isCaught;
  }

  #tryCatch(budget: number): Statement[] {
    const choices = this.#choices;
    const { catchDepth, isCaught } = this.#enterTry();
    const block = this.block(Math.ceil(budget / 2));
    if (this.#isOn('mayThrow') && !isJump(block.at(-1)) && choices.chance(0.3))
      block.push(perform(call('mayThrow')));
    this.#leaveTry(catchDepth, isCaught);
    const handler = choices.chance(0.25) ? this.#jump() : this.block(choices.between(0, 2));
    const finalizer = choices.chance(0.25 * this.#isOn('finally')) ? this.#quietBlock() : null;
    return [{ kind: 'try', block: filled(block, perform(call('GetLastError'))), handler, finalizer }];
  }

  /** A block that is not left by a jump, which would drop what a finally block suspends. */
  #quietBlock(): Statement[] {
    const use = this.#usable.length > 0 ? this.#use() : perform(call('GetLastError'));
    return this.#choices.chance(0.3) ? [use, this.#temporary()] : [use];
  }

  /** Under a condition, leaves for somewhere. */
  #exit(): Statement[] {
    const then = this.#jump();
    return isJump(then.at(-1)) ? [{ kind: 'if', test: this.condition(), then, otherwise: null }] : [];
  }

  /** Discharges what is owed and jumps; a use or nothing where no jump is to be had. */
  #jump(): Statement[] {
    const choices = this.#choices;
    const on = this.#isOn;
    const loops = this.#targets.filter(({ kind }) => kind === 'loop');
    const kind = choices.weigh({
      return: on('earlyReturn') ? 2 * on('earlyReturn') : 0,
      break: on('breakContinue') && this.#targets.length > 0 ? 2 * on('breakContinue') : 0,
      continue: on('breakContinue') && loops.length > 0 ? 2 * on('breakContinue') : 0,
      throw: on('throw') ? (this.#isCaught ? 2.5 : 0.5) : 0,
    });
    switch (kind) {
      case undefined:
        return [perform(call('GetLastError'))];
      case 'return':
        return [...this.#discharge(0), { kind: 'return' }];
      case 'throw':
        return [...this.#discharge(this.#catchDepth), { kind: 'throw' }];
      case 'break':
      case 'continue': {
        const outer = loops.find(({ label }) => label !== null);
        if (outer !== undefined && choices.chance(0.7 * on('label'))) {
          outer.isLabelUsed = true;
          return [...this.#discharge(outer.depth), { kind, label: outer.label }];
        }
        const nearest = (kind === 'break' ? this.#targets : loops).at(-1)!;
        return [...this.#discharge(nearest.depth), { kind, label: null }];
      }
    }
  }
}

function nameOf({ refs: [first] }: Handle): string {
  return first?.kind === 'name' ? first.name : '';
}

/** A body with what closes at its end, unless a jump has left it already. */
function closed(body: Statement[], close: () => readonly Statement[]): Statement[] {
  return isJump(body.at(-1)) ? body : [...body, ...close()];
}

function filled(body: Statement[], otherwise: Statement): Statement[] {
  return body.length > 0 ? body : [otherwise];
}
