/**
 * The classes and closures that own handles, as text. What holds for helpers holds for them: none does anything
 * wrong with arguments of which nothing is known.
 */
import type { Ability, Written } from './ast.ts';
import type { Feature } from './features.ts';
import type { Choices } from './random.ts';

/** How a class keeps what it owns, and what can be done about it. */
export type OwnerShape =
  'simple' | 'releasing' | 'outer' | 'derived' | 'recursive' | 'replacing' | 'ofMany' | 'built';

export class OwnerWriter {
  readonly #choices: Choices;
  readonly #isOn: (feature: Feature) => number;

  constructor(choices: Choices, isOn: (feature: Feature) => number) {
    this.#choices = choices;
    this.#isOn = isOn;
  }

  chooseShape(): OwnerShape {
    const on = this.#isOn;
    return this.#choices.weigh({
      simple: 2,
      releasing: 4 * on('release'),
      outer: 0.6,
      derived: 0.6,
      recursive: 0.6 * on('recursion'),
      replacing: 0.8 * on('replace'),
      ofMany: 1.5 * on('ownerOfMany'),
      built: 1.3 * on('built'),
    })!;
  }

  /** A class whose constructor is given what its instances own. */
  givenClass(name: string, shape: OwnerShape): Written {
    switch (shape) {
      case 'outer':
        return { text: this.#outer(name), shows: [], can: [] };
      case 'derived':
        return { text: this.#derived(name), shows: [], can: [] };
      case 'recursive':
        return { text: this.#recursive(name), shows: ['recursion'], can: [] };
      case 'replacing':
        return this.#replacing(name);
      case 'ofMany':
        return this.#ofMany(name);
      case 'built':
        return { text: this.#built(name), shows: ['built'], can: [] };
      case 'releasing':
        return this.#simple(name, true);
      case 'simple':
        return this.#simple(name, false);
    }
  }

  /** A class whose instances open what they own. */
  openingClass(name: string): Written {
    const choices = this.#choices;
    if (choices.chance(0.25 * this.#isOn('replace')))
      return { text: this.#changing(name), shows: ['replace'], can: [] };
    const open = choices.pick(['CreateEvent()', "CreateFile('own')", 'CreateThread()']);
    const constructor = choices.chance(0.5)
      ? [`  private readonly h: HANDLE | null = ${open};`]
      : ['  private readonly h: HANDLE | null;', '  constructor() {', `    this.h = ${open};`, '  }'];
    const hasArrows = this.prefersClosures();
    const methods = hasArrows
      ? ['  use = () => DeviceIoControl(this.h, 8);', '  close = () => {', '    CloseHandle(this.h);', '  };']
      : [
          ...['  use(): void {', '    DeviceIoControl(this.h, 8);', '  }'],
          ...['  close(): void {', '    CloseHandle(this.h);', '  }'],
        ];
    const text = [
      `class ${name} {`,
      ...constructor,
      ...methods,
      ...['  [Symbol.dispose](): void {', '    this.close();', '  }'],
      '}',
    ].join('\n');
    return { text, shows: hasArrows ? ['returnedClosure'] : [], can: [] };
  }

  prefersClosures(): boolean {
    return this.#choices.chance(0.3 * this.#isOn('returnedClosure'));
  }

  /** Returns an object of functions that close over the handle, with all that an owner can do. */
  closureOwner(handle: string): string[] {
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

  #simple(name: string, isReleasing: boolean): Written {
    const use = ['  use(): void {', '    DeviceIoControl(this.h, 8);', '  }'];
    const close = ['  close(): void {', '    this[Symbol.dispose]();', '  }'];
    const isIdempotent = isReleasing || this.#choices.chance(0.6);
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
    const can: Ability[] = isReleasing ? ['release'] : [];
    const text = [
      `class ${name} {`,
      ...constructor,
      ...use,
      ...close,
      ...dispose,
      ...(isReleasing ? release : []),
      '}',
    ].join('\n');
    return { text, shows: [], can };
  }

  /** A class that owns an owner. */
  #outer(name: string): string {
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
  #derived(name: string): string {
    const overrides = this.#choices.pick([
      [],
      ['  override [Symbol.dispose](): void {', '    super.use();', '    super[Symbol.dispose]();', '  }'],
      // It has one of its own, too.
      [
        '  #log: HANDLE | null = CreateEvent();',
        '  override [Symbol.dispose](): void {',
        '    CloseHandle(this.#log);',
        '    this.#log = null;',
        '    super[Symbol.dispose]();',
        '  }',
      ],
    ]);
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
  #changing(name: string): string {
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

  /** A class whose instances can be given another handle for the one that they own. */
  #replacing(name: string): Written {
    const choices = this.#choices;
    const isSetter = choices.chance(0.4);
    const replace = choices.pick([
      ['    const old = this.#h;', '    this.#h = next;', '    CloseHandle(old);'],
      ['    if (next === this.#h) return;', '    CloseHandle(this.#h);', '    this.#h = next;'],
      ['    if (this.#h !== null) CloseHandle(this.#h);', '    this.#h = next;'],
      ['    this[Symbol.dispose]();', '    this.#h = next;'],
    ]);
    const text = [
      `class ${name} {`,
      '  #h: HANDLE | null;',
      '  constructor(h: HANDLE | null) {',
      '    this.#h = h;',
      '  }',
      '  use(): void {',
      ...choices.pick([[], ['    this.#h ??= CreateEvent();']]),
      '    DeviceIoControl(this.#h, 8);',
      '  }',
      isSetter ? '  set handle(next: HANDLE | null) {' : '  replace(next: HANDLE | null): void {',
      ...replace,
      '  }',
      ...closeAndDispose(['    if (this.#h !== null) CloseHandle(this.#h);', '    this.#h = null;']),
      '}',
    ].join('\n');
    return { text, shows: ['replace'], can: [isSetter ? 'set' : 'replace'] };
  }

  /** A class whose instances own any number of handles. */
  #ofMany(name: string): Written {
    const [field, add, close] = this.#choices.pick([
      [
        'readonly #all: (HANDLE | null)[] = [];',
        'this.#all.push(h);',
        ['for (const h of this.#all) CloseHandle(h);'],
      ],
      [
        'readonly #all: (HANDLE | null)[] = [];',
        'this.#all.push(h);',
        ['for (const h of this.#all.splice(0)) CloseHandle(h);'],
      ],
      [
        '#all: (HANDLE | null)[] = [];',
        'this.#all = [...this.#all, h];',
        ['const all = this.#all;', 'this.#all = [];', 'for (const h of all) CloseHandle(h);'],
      ],
      [
        'readonly #all = new Set<HANDLE | null>();',
        'this.#all.add(h);',
        ['for (const h of this.#all) CloseHandle(h);', 'this.#all.clear();'],
      ],
      [
        'readonly #all = new DisposableStack();',
        'this.#all.defer(() => CloseHandle(h));',
        ['this.#all.dispose();'],
      ],
      [
        'readonly #all = new DisposableStack();',
        'this.#all.adopt(h, CloseHandle);',
        ['this.#all[Symbol.dispose]();'],
      ],
    ] as const);
    const text = [
      `class ${name} {`,
      `  ${field}`,
      '  readonly #first: HANDLE | null;',
      '  constructor(h: HANDLE | null) {',
      '    this.#first = h;',
      '    this.add(h);',
      '  }',
      '  add(h: HANDLE | null): this {',
      `    ${add}`,
      '    return this;',
      '  }',
      '  use(): void {',
      '    DeviceIoControl(this.#first, 8);',
      '  }',
      ...closeAndDispose(close.map((line) => `    ${line}`)),
      '}',
    ].join('\n');
    return { text, shows: ['ownerOfMany'], can: ['add'] };
  }

  /** A class whose constructor wants an object of options, or whose handle comes by a builder. */
  #built(name: string): string {
    const dispose = ['    if (this.h !== null) CloseHandle(this.h);', '    this.h = null;'];
    const methods = [
      '  use(): void {',
      '    DeviceIoControl(this.h, 8);',
      '  }',
      ...closeAndDispose(dispose),
    ];
    return this.#choices
      .pick([
        [
          `class ${name}Part {`,
          '  private h: HANDLE | null;',
          '  constructor({ handle, isShared = false }: { handle: HANDLE | null; isShared?: boolean }) {',
          '    if (isShared) DeviceIoControl(handle, 9);',
          '    this.h = handle;',
          '  }',
          ...methods,
          '}',
          `class ${name} extends ${name}Part {`,
          '  constructor(handle: HANDLE | null) {',
          '    super({ handle });',
          '  }',
          '}',
        ],
        [
          `class ${name}Builder {`,
          '  handle: HANDLE | null = null;',
          '  times = 1;',
          '  over(handle: HANDLE | null): this {',
          '    this.handle = handle;',
          '    return this;',
          '  }',
          '  often(times: number): this {',
          '    this.times = times;',
          '    return this;',
          '  }',
          '}',
          `class ${name} {`,
          '  private h: HANDLE | null;',
          '  constructor(h: HANDLE | null) {',
          `    const built = new ${name}Builder().over(h).often(2);`,
          '    this.h = built.handle;',
          '    DeviceIoControl(this.h, built.times);',
          '  }',
          ...methods,
          '}',
        ],
        [
          `class ${name} {`,
          '  private h: HANDLE | null = null;',
          '  constructor(h: HANDLE | null) {',
          '    this.over(h).over(h).use();',
          '  }',
          '  private over(h: HANDLE | null): this {',
          '    this.h = h;',
          '    return this;',
          '  }',
          ...methods,
          '}',
        ],
        [
          `class ${name} {`,
          '  private h: HANDLE | null;',
          '  constructor(h: HANDLE | null) {',
          '    using undo = new DisposableStack();',
          '    undo.defer(() => CloseHandle(h));',
          '    DeviceIoControl(h, 9);',
          '    undo.move();',
          '    this.h = h;',
          '  }',
          ...methods,
          '}',
        ],
      ])
      .join('\n');
  }

  /** A class whose methods call themselves or one another. */
  #recursive(name: string): string {
    const dispose = '[Symbol.dispose]';
    return [
      `class ${name} {`,
      '  #h: HANDLE | null;',
      '  constructor(h: HANDLE | null) {',
      '    this.#h = h;',
      '  }',
      ...this.#choices.pick([
        [
          '  use(times = 2): void {',
          '    if (times > 1) this.use(times - 1);',
          '    DeviceIoControl(this.#h, times);',
          '  }',
        ],
        [
          '  use(): void {',
          '    DeviceIoControl(this.#h, 8);',
          '    if (choose()) this.useAgain();',
          '  }',
          '  useAgain(): void {',
          '    if (choose()) return;',
          '    this.use();',
          '  }',
        ],
      ]),
      ...this.#choices.pick([
        [
          '  close(attempt = 0): void {',
          '    if (this.#h === null) return;',
          '    if (attempt < 2 && choose()) {',
          '      this.close(attempt + 1);',
          '      return;',
          '    }',
          '    CloseHandle(this.#h);',
          '    this.#h = null;',
          '  }',
          `  ${dispose}(): void {`,
          '    this.close();',
          '  }',
        ],
        [
          '  close(): void {',
          `    this${dispose}();`,
          '  }',
          `  ${dispose}(isSure = false): void {`,
          `    if (!isSure) return this${dispose}(true);`,
          '    CloseHandle(this.#h);',
          '  }',
        ],
      ]),
      '}',
    ].join('\n');
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
