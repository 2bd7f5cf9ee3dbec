/**
 * The functions and classes that programs call.
 *
 * Invariant: each is without error for arguments of which nothing is known. The engine looks at every function
 * by itself too; what were wrong for every caller would be reported there, whether or not `main` ever takes
 * that way.
 */
import type { Helper, HelperRole } from './ast.ts';
import type { Feature } from './features.ts';
import type { Choices } from './random.ts';

const CLASS_NAMES: Partial<Record<HelperRole, string>> = { ownerClass: 'Owner', selfOwnerClass: 'SelfOwner' };

/** How the failure of what a helper opens shows. */
export type FailureKind = 'invalid' | 'null';

export class Helpers {
  readonly all: Helper[] = [];
  readonly #choices: Choices;
  readonly #isOn: (feature: Feature) => number;

  constructor(choices: Choices, isOn: (feature: Feature) => number) {
    this.#choices = choices;
    this.#isOn = isOn;
  }

  /** A helper of a role: one that is there already, or a new one. */
  get(role: HelperRole, allowed: Helper['throws'][] = ['never']): Helper | null {
    const known = this.all.filter((each) => each.role === role && allowed.includes(each.throws));
    if (known.length > 0 && this.#choices.chance(0.6)) return this.#choices.pick(known);
    const made = this.#make(role, this.#choices.pick(allowed));
    return made;
  }

  ownerClass(): Helper {
    return this.get('ownerClass')!;
  }

  failureOf(helper: Helper): FailureKind {
    return this.#failures.get(helper.name) ?? 'null';
  }

  /** Whether what a helper returns may be null instead of an owner. */
  isNullable({ text }: Helper): boolean {
    return text.includes('| null {\n  const h');
  }

  /** Whether instances of a class can give their handle away. */
  isReleasable(className: string): boolean {
    return this.#releasable.has(className);
  }

  readonly #releasable = new Set<string>();
  readonly #failures = new Map<string, FailureKind>();

  #make(role: HelperRole, throws: Helper['throws']): Helper {
    const made = this.all.filter((each) => each.role === role).length + 1;
    const name = `${CLASS_NAMES[role] ?? role}${made}`;
    const uses: string[] = [];
    const write = this.#write(role, name, throws, uses);
    const helper: Helper = { name, role, text: write, uses, throws };
    this.all.push(helper);
    return helper;
  }

  #write(role: HelperRole, name: string, throws: Helper['throws'], uses: string[]): string {
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
      case 'ownerClass':
        return this.#ownerClass(name);
      case 'selfOwnerClass':
        return this.#selfOwnerClass(name);
      case 'own': {
        if (this.#prefersClosures()) return fn(`${name}(h: HANDLE | null)`, [...this.#closureOwner('h')]);
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
        if (this.#prefersClosures()) {
          const open = choices.pick(['CreateEvent()', "CreateFile('kept')", 'CreateThread()']);
          return fn(`${name}()`, [`const h = ${open};`, ...this.#closureOwner('h')]);
        }
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
        if (this.#prefersClosures()) {
          return fn(`${name}(h: HANDLE | null)`, [
            'const out: [HANDLE | null] = [null];',
            `${duplicateText('h', 'out')};`,
            ...choices.pick([
              [...this.#closureOwner('out[0]')],
              ['const copy = out[0];', ...this.#closureOwner('copy')],
            ]),
          ]);
        }
        const owner = this.#useOwner(uses);
        return fn(`${name}(h: HANDLE | null): ${owner}`, [
          'const out: [HANDLE | null] = [null];',
          `${duplicateText('h', 'out')};`,
          `return new ${owner}(out[0]);`,
        ]);
      }
    }
  }

  #prefersClosures(): boolean {
    return this.#choices.chance(0.3 * this.#isOn('returnedClosure'));
  }

  /** Returns an object of functions that close over the handle, with all that an owner can do. */
  #closureOwner(handle: string): string[] {
    const dispose = '[Symbol.dispose]';
    return this.#choices.pick([
      [
        'return {',
        `  use: () => DeviceIoControl(${handle}, 8),`,
        `  close: () => CloseHandle(${handle}),`,
        `  ${dispose}: () => CloseHandle(${handle}),`,
        '};',
      ],
      [
        `const close = () => CloseHandle(${handle});`,
        `return { use: () => DeviceIoControl(${handle}, 8), close, ${dispose}: close };`,
      ],
      [
        'function close(): void {',
        `  CloseHandle(${handle});`,
        '}',
        'return {',
        '  use(): void {',
        `    DeviceIoControl(${handle}, 8);`,
        '  },',
        '  close(): void {',
        '    close();',
        '  },',
        `  ${dispose}(): void {`,
        '    this.close();',
        '  },',
        '};',
      ],
      [
        `let kept: HANDLE | null = ${handle};`,
        'const take = (): HANDLE | null => {',
        '  const taken = kept;',
        '  kept = null;',
        '  return taken;',
        '};',
        `const close = () => CloseHandle(take());`,
        `return { use: () => DeviceIoControl(kept, 8), close, ${dispose}: close };`,
      ],
    ]);
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

  #ownerClass(name: string): string {
    if (this.#choices.chance(0.2)) return this.#outerOwnerClass(name);
    if (this.#choices.chance(0.2)) return this.#derivedOwnerClass(name);
    const use = ['  use(): void {', '    DeviceIoControl(this.h, 8);', '  }'];
    const close = ['  close(): void {', '    this[Symbol.dispose]();', '  }'];
    const isIdempotent = this.#choices.chance(0.6 + 0.2 * this.#isOn('release'));
    const dispose = isIdempotent
      ? [
          '  [Symbol.dispose](): void {',
          '    if (this.h !== null) CloseHandle(this.h);',
          '    this.h = null;',
          '  }',
        ]
      : ['  [Symbol.dispose](): void {', '    CloseHandle(this.h);', '  }'];
    const parameter = this.#choices.chance(0.5);
    const constructor = parameter
      ? [`  constructor(private ${isIdempotent ? '' : 'readonly '}h: HANDLE | null) {}`]
      : [
          `  private ${isIdempotent ? '' : 'readonly '}h: HANDLE | null;`,
          '  constructor(h: HANDLE | null) {',
          '    this.h = h;',
          '  }',
        ];
    const release = [
      '  release(): HANDLE | null {',
      '    const h = this.h;',
      '    this.h = null;',
      '    return h;',
      '  }',
    ];
    const isReleasable = isIdempotent && this.#isOn('release') > 0;
    if (isReleasable) this.#releasable.add(name);
    return [
      `class ${name} {`,
      ...constructor,
      ...use,
      ...close,
      ...dispose,
      ...(isReleasable ? release : []),
      '}',
    ].join('\n');
  }

  /** A class that owns an owner. */
  #outerOwnerClass(name: string): string {
    return [
      `class ${name}Part {`,
      '  #h: HANDLE | null;',
      '  constructor(h: HANDLE | null) {',
      '    this.#h = h;',
      '  }',
      '  use(): this {',
      '    DeviceIoControl(this.#h, 8);',
      '    return this;',
      '  }',
      '  close(): void {',
      '    CloseHandle(this.#h);',
      ...(this.#choices.chance(0.5) ? ['    this.#h = null;'] : []),
      '  }',
      '}',
      `class ${name} {`,
      `  readonly #part: ${name}Part;`,
      '  constructor(h: HANDLE | null) {',
      `    this.#part = new ${name}Part(h);`,
      '  }',
      '  use(): void {',
      ...(this.#choices.chance(0.5) ? ['    this.#part.use().use();'] : ['    this.#part.use();']),
      '  }',
      ...closeAndDispose(['    this.#part.close();']),
      '}',
    ].join('\n');
  }

  /** A class that leaves to its base what the handle wants. */
  #derivedOwnerClass(name: string): string {
    const overrides = this.#choices.chance(0.5)
      ? ['  override [Symbol.dispose](): void {', '    super.use();', '    super[Symbol.dispose]();', '  }']
      : [];
    return [
      `class ${name}Base {`,
      '  protected h: HANDLE | null;',
      '  constructor(h: HANDLE | null) {',
      '    this.h = h;',
      '  }',
      '  use(): void {',
      '    DeviceIoControl(this.h, 8);',
      '  }',
      ...closeAndDispose(['    if (this.h) CloseHandle(this.h);', '    this.h = null;']),
      '}',
      `class ${name} extends ${name}Base {`,
      '  constructor(h: HANDLE | null) {',
      '    super(h);',
      '  }',
      ...overrides,
      '}',
    ].join('\n');
  }

  /** A class whose instances open what they own when they are first used, or change it with each use. */
  #changingOwnerClass(name: string): string {
    const [first, use] = this.#choices.pick([
      ['null', ['    this.#h ??= CreateEvent();', '    DeviceIoControl(this.#h, 8);']],
      [
        "CreateFile('own')",
        ['    const old = this.#h;', '    this.#h = CreateEvent();', '    CloseHandle(old);'],
      ],
    ] as const);
    return [
      `class ${name} {`,
      `  #h: HANDLE | null = ${first};`,
      '  use(): void {',
      ...use,
      '  }',
      ...closeAndDispose(['    if (this.#h !== null) CloseHandle(this.#h);', '    this.#h = null;']),
      '}',
    ].join('\n');
  }

  /** A class whose instances open what they own. */
  #selfOwnerClass(name: string): string {
    if (this.#choices.chance(0.3)) return this.#changingOwnerClass(name);
    const open = this.#choices.pick(['CreateEvent()', "CreateFile('own')", 'CreateThread()']);
    const constructor = this.#choices.chance(0.5)
      ? [`  private readonly h: HANDLE | null = ${open};`]
      : ['  private readonly h: HANDLE | null;', '  constructor() {', `    this.h = ${open};`, '  }'];
    const methods = this.#prefersClosures()
      ? ['  use = () => DeviceIoControl(this.h, 8);', '  close = () => {', '    CloseHandle(this.h);', '  };']
      : [
          ...['  use(): void {', '    DeviceIoControl(this.h, 8);', '  }'],
          ...['  close(): void {', '    CloseHandle(this.h);', '  }'],
        ];
    return [
      `class ${name} {`,
      ...constructor,
      ...methods,
      ...['  [Symbol.dispose](): void {', '    this.close();', '  }'],
      '}',
    ].join('\n');
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

function closeAndDispose(close: readonly string[]): string[] {
  return [
    '  close(): void {',
    '    this[Symbol.dispose]();',
    '  }',
    '  [Symbol.dispose](): void {',
    ...close,
    '  }',
  ];
}

function fn(head: string, body: readonly string[]): string {
  return [`function ${head} {`, ...body.map((line) => `  ${line}`), '}'].join('\n');
}

function duplicateText(source: string, out: string, options = 'DUPLICATE_SAME_ACCESS'): string {
  return `DuplicateHandle(GetCurrentProcess(), ${source}, GetCurrentProcess(), ${out}, 0, false, ${options})`;
}
