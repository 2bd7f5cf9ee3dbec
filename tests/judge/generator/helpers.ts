/**
 * The functions and classes that programs call.
 *
 * Invariant: each is without error for arguments of which nothing is known. The engine looks at every function
 * by itself too; what were wrong for every caller would be reported there, whether or not `main` ever takes
 * that way.
 */
import type { Ability, Helper, HelperRole, Written } from './ast.ts';
import type { Feature } from './features.ts';
import { OwnerWriter } from './owners.ts';
import type { OwnerShape } from './owners.ts';
import type { Choices } from './random.ts';
import { RECURSIVE } from './recursion.ts';
import { GATHERING, type Variant } from './gathering.ts';

const CLASS_NAMES: Partial<Record<HelperRole, string>> = { ownerClass: 'Owner', selfOwnerClass: 'SelfOwner' };

/** All but the classes that are given what they own (`ownerClass`). */
type OtherRole = Exclude<HelperRole, 'ownerClass'>;

type FunctionRole = Exclude<
  OtherRole,
  'selfOwnerClass' | 'openAll' | 'closeAll' | 'openTuple' | 'openRecord'
>;

/** How the failure of what a helper opens shows. */
export type FailureKind = 'invalid' | 'null';

export class Helpers {
  readonly all: Helper[] = [];
  readonly #choices: Choices;
  readonly #isOn: (feature: Feature) => number;
  readonly #owners: OwnerWriter;

  constructor(choices: Choices, isOn: (feature: Feature) => number) {
    this.#choices = choices;
    this.#isOn = isOn;
    this.#owners = new OwnerWriter(choices, isOn);
  }

  /** A helper of a role: one that is there already, or a new one. */
  get(role: OtherRole, allowed: Helper['throws'][] = ['never']): Helper | null {
    const known = this.all.filter((each) => each.role === role && allowed.includes(each.throws));
    if (known.length > 0 && this.#choices.chance(0.6)) return this.#choices.pick(known);
    const made = this.#make(role, this.#choices.pick(allowed));
    return made;
  }

  /** A class that owns what it is given; how it does so is chosen anew for each that is wanted. */
  ownerClass(): Helper {
    const shape = this.#owners.chooseShape();
    const known = this.all.filter(({ name }) => this.#shapes.get(name) === shape);
    if (known.length > 0 && this.#choices.chance(0.6)) return this.#choices.pick(known);
    const name = this.#newName('ownerClass');
    this.#shapes.set(name, shape);
    const written = this.#owners.givenClass(name, shape);
    return this.#add({ name, role: 'ownerClass', uses: [], throws: 'never', ...written });
  }

  failureOf(helper: Helper): FailureKind {
    return this.#failures.get(helper.name) ?? 'null';
  }

  /** Whether what a helper returns may be null instead of an owner. */
  isNullable({ text }: Helper): boolean {
    return text.includes('| null {\n  const h');
  }

  /** Whether instances of a class have a method. */
  can(className: string, ability: Ability): boolean {
    return this.all.some(({ name, can }) => name === className && can.includes(ability));
  }

  readonly #shapes = new Map<string, OwnerShape>();
  readonly #failures = new Map<string, FailureKind>();

  #make(role: OtherRole, throws: Helper['throws']): Helper {
    const name = this.#newName(role);
    const uses: string[] = [];
    const written = this.#special(role, name, throws) ?? this.#write(role, name, throws, uses);
    return this.#add({ name, role, uses, throws, ...written });
  }

  #newName(role: HelperRole): string {
    const made = this.all.filter((each) => each.role === role).length + 1;
    return `${CLASS_NAMES[role] ?? role}${made}`;
  }

  #add(helper: Helper): Helper {
    this.all.push(helper);
    return helper;
  }

  /** What shows a feature that the role alone does not have; null for the ordinary. */
  #special(role: HelperRole, name: string, throws: Helper['throws']): Written | null {
    const ways = throws === 'never' ? RECURSIVE[role] : undefined;
    if (ways === undefined || !this.#choices.chance(0.12 * this.#isOn('recursion'))) return null;
    return plain(this.#choices.pick(ways)(name), ['recursion']);
  }

  #write(role: OtherRole, name: string, throws: Helper['throws'], uses: string[]): Written {
    if (role === 'selfOwnerClass') return this.#owners.openingClass(name);
    const variants = GATHERING[role];
    if (variants !== undefined) return this.#variant(variants, name);
    if (this.#owners.prefersClosures()) {
      const text = this.#closureOwner(role, name);
      if (text !== null) return plain(text, ['returnedClosure']);
    }
    return plain(this.#writeFunction(role as FunctionRole, name, throws, uses), []);
  }

  /** One of those whose features are on. */
  #variant(variants: readonly Variant[], name: string): Written {
    const on = variants.filter(({ shows }) => shows.every((feature) => this.#isOn(feature) > 0));
    const { head, body, shows } = this.#choices.pick(on);
    return plain(fn(`${name}${head}`, body(name)), shows);
  }

  #writeFunction(role: FunctionRole, name: string, throws: Helper['throws'], uses: string[]): string {
    const choices = this.#choices;
    switch (role) {
      case 'open':
        return this.#open(name, throws);
      case 'close':
        return this.#close(name, uses);
      case 'closeBoth':
        return fn(`${name}(a: HANDLE | null, b: HANDLE | null): void`, [
          'CloseHandle(a);',
          'CloseHandle(b);',
        ]);
      case 'use':
        return fn(
          `${name}(h: HANDLE | null): void`,
          choices.pick([
            ['DeviceIoControl(h, 1);'],
            ["WriteFile(h, 'data');"],
            ['if (h === null) return;', "WriteFile(h, 'data');"],
            ['if (choose()) DeviceIoControl(h, 2);'],
            [
              'const isOpen = (each: HANDLE | null): each is HANDLE =>',
              '  each !== null && each !== INVALID_HANDLE_VALUE;',
              'if (isOpen(h)) DeviceIoControl(h, 2);',
            ],
            // Acquire or borrow.
            [
              'const used = h ?? CreateEvent();',
              'DeviceIoControl(used, 2);',
              'if (h === null) CloseHandle(used);',
            ],
            ['for (let turn = 0; turn < 2; turn++) {', '  DeviceIoControl(h, turn);', '}'],
          ]),
        );
      case 'check':
        return fn(
          `${name}(h: HANDLE | null): void`,
          throws === 'implicitly'
            ? choices.pick([
                ['DeviceIoControl(h, 3);', 'mayThrow();'],
                ['mayThrow();', 'DeviceIoControl(h, 3);'],
              ])
            : choices.pick([
                ['DeviceIoControl(h, 3);', "if (choose()) throw new Error('checked');"],
                ["if (choose()) throw new Error('checked');", 'DeviceIoControl(h, 3);'],
              ]),
        );
      case 'pass':
        return fn(
          `${name}(h: HANDLE | null): HANDLE | null`,
          choices.pick([
            ['return h;'],
            ['DeviceIoControl(h, 4);', 'return h;'],
            ['const same = h;', 'return same;'],
            ['if (choose()) return h;', 'DeviceIoControl(h, 4);', 'return h;'],
          ]),
        );
      case 'duplicate':
        return this.#duplicate(name);
      case 'duplicateInto':
        return choices.chance(0.5)
          ? fn(`${name}(h: HANDLE | null, out: [HANDLE | null]): boolean`, [
              `return ${duplicateText('h', 'out')};`,
            ])
          : fn(`${name}(h: HANDLE | null, out: [HANDLE | null]): void`, [`${duplicateText('h', 'out')};`]);
      case 'tell':
        return fn(
          `${name}(h: HANDLE | null): boolean`,
          choices.pick([
            ['if (choose()) {', '  CloseHandle(h);', '  return true;', '}', 'return false;'],
            ['const isClosed = choose();', 'if (isClosed) CloseHandle(h);', 'return isClosed;'],
            ['if (choose()) return false;', 'CloseHandle(h);', 'return true;'],
          ]),
        );
      case 'move':
        return fn(`${name}(h: HANDLE | null): HANDLE | null`, [
          'const out: [HANDLE | null] = [null];',
          `${duplicateText('h', 'out', 'DUPLICATE_CLOSE_SOURCE')};`,
          'return out[0];',
        ]);
      case 'own': {
        const owner = this.#useOwner(uses);
        return fn(
          `${name}(h: HANDLE | null): ${owner}`,
          choices.pick([
            [`return new ${owner}(h);`],
            [`const owner = new ${owner}(h);`, 'owner.use();', 'return owner;'],
            ['DeviceIoControl(h, 5);', `return new ${owner}(h);`],
            [
              `const ready = (owner: ${owner}): ${owner} => {`,
              '  owner.use();',
              '  return owner;',
              '};',
              `return ready(new ${owner}(h));`,
            ],
          ]),
        );
      }
      case 'openOwner': {
        const owner = this.#useOwner(uses);
        return choices.chance(0.5)
          ? fn(`${name}(): ${owner}`, [`return new ${owner}(CreateFile('owned'));`])
          : fn(`${name}(): ${owner} | null`, [
              'const h = CreateEvent();',
              'if (h === null) return null;',
              `return new ${owner}(h);`,
            ]);
      }
      case 'duplicateOwner': {
        const owner = this.#useOwner(uses);
        return fn(`${name}(h: HANDLE | null): ${owner}`, [
          'const out: [HANDLE | null] = [null];',
          `${duplicateText('h', 'out')};`,
          `return new ${owner}(out[0]);`,
        ]);
      }
    }
  }

  /** A function that returns an object of closures; null where the role is no owner's. */
  #closureOwner(role: HelperRole, name: string): string | null {
    const open = ['CreateEvent()', "CreateFile('kept')", 'CreateThread()'];
    const closeOver = (handle: string): string[] => this.#owners.closureOwner(handle);
    switch (role) {
      case 'own':
        return fn(`${name}(h: HANDLE | null)`, closeOver('h'));
      case 'openOwner':
        return fn(`${name}()`, [`const h = ${this.#choices.pick(open)};`, ...closeOver('h')]);
      case 'duplicateOwner':
        return fn(`${name}(h: HANDLE | null)`, [
          'const out: [HANDLE | null] = [null];',
          `${duplicateText('h', 'out')};`,
          ...this.#choices.pick([closeOver('out[0]'), ['const copy = out[0];', ...closeOver('copy')]]),
        ]);
      default:
        return null;
    }
  }

  #useOwner(uses: string[]): string {
    const owner = this.ownerClass().name;
    uses.push(owner);
    return owner;
  }

  #open(name: string, throws: Helper['throws']): string {
    if (throws === 'explicitly') {
      this.#failures.set(name, 'invalid');
      return fn(`${name}(): HANDLE`, [
        "const h = CreateFile('opened');",
        "if (h === INVALID_HANDLE_VALUE) throw new Error('not opened');",
        'return h;',
      ]);
    }
    if (throws === 'implicitly') {
      return fn(`${name}(): HANDLE | null`, ['mayThrow();', 'return CreateEvent();']);
    }
    const invalid = this.#choices.chance(0.3);
    this.#failures.set(name, invalid ? 'invalid' : 'null');
    if (invalid) return fn(`${name}(): HANDLE`, ["return CreateFile('opened');"]);
    return fn(
      `${name}(): HANDLE | null`,
      this.#choices.pick([
        ['return CreateThread();'],
        ["const h = CreateFile('opened');", 'return h === INVALID_HANDLE_VALUE ? null : h;'],
        ['const h = CreateEvent();', 'if (h === null) return null;', 'DeviceIoControl(h, 6);', 'return h;'],
        [
          'let h: HANDLE | null = null;',
          "if (choose()) h = CreateFile('opened');",
          'else h = CreateEvent();',
          'return h;',
        ],
        [
          "const h = CreateFile('opened');",
          'if (choose()) {',
          '  CloseHandle(h);',
          '  return null;',
          '}',
          'return h;',
        ],
      ]),
    );
  }

  #close(name: string, uses: string[]): string {
    const others = this.all.filter(({ role, throws }) => role === 'close' && throws === 'never');
    if (others.length > 0 && this.#choices.chance(0.3)) {
      const inner = this.#choices.pick(others).name;
      uses.push(inner);
      return fn(`${name}(h: HANDLE | null): void`, [`${inner}(h);`]);
    }
    return fn(
      `${name}(h: HANDLE | null): void`,
      this.#choices.pick([
        ['CloseHandle(h);'],
        ['if (h !== null) CloseHandle(h);'],
        ['if (h === null) return;', 'DeviceIoControl(h, 7);', 'CloseHandle(h);'],
        ['try {', '  DeviceIoControl(h, 7);', '} finally {', '  CloseHandle(h);', '}'],
        ['if (choose()) DeviceIoControl(h, 7);', 'CloseHandle(h);'],
      ]),
    );
  }

  #duplicate(name: string): string {
    const head = `${name}(h: HANDLE | null): HANDLE | null`;
    const cell = 'const out: [HANDLE | null] = [null];';
    return fn(
      head,
      this.#choices.pick([
        [cell, `${duplicateText('h', 'out')};`, 'return out[0];'],
        [cell, `if (!${duplicateText('h', 'out')}) return null;`, 'return out[0];'],
        [cell, `${duplicateText('h', 'out')};`, 'const copy = out[0];', 'return copy;'],
        [cell, `const isMade = ${duplicateText('h', 'out')};`, 'return isMade ? out[0] : null;'],
      ]),
    );
  }

  /** Whether a helper of this role may be used, and how much it is favoured. */
  isOn(role: HelperRole): number {
    const on = this.#isOn;
    switch (role) {
      case 'open':
        return on('helperOpen');
      case 'close':
      case 'closeBoth':
        return on('helperClose');
      case 'use':
        return on('helperUse');
      case 'check':
        return Math.max(on('throw'), on('mayThrow'));
      case 'pass':
        return on('helperPass');
      case 'duplicate':
      case 'duplicateInto':
        return on('helperDuplicate');
      case 'tell':
        return on('helperTell');
      case 'move':
        return on('closeSource');
      case 'openAll':
      case 'closeAll':
        return on('list');
      case 'openTuple':
      case 'openRecord':
        return on('unpacking');
      case 'ownerClass':
      case 'selfOwnerClass':
        return on('owner');
      case 'own':
      case 'openOwner':
      case 'duplicateOwner':
        return on('owner') === 0 ? 0 : on('ownerFromHelper');
    }
  }
}

function plain(text: string, shows: readonly Feature[]): Written {
  return { text, shows, can: [] };
}

export function fn(head: string, body: readonly string[]): string {
  return [`function ${head} {`, ...body.map((line) => `  ${line}`), '}'].join('\n');
}

function duplicateText(source: string, out: string, options = 'DUPLICATE_SAME_ACCESS'): string {
  return `DuplicateHandle(GetCurrentProcess(), ${source}, GetCurrentProcess(), ${out}, 0, false, ${options})`;
}
