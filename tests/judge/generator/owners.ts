/**
 * The classes and closures that own handles, as text. What holds for helpers holds for them: none does anything
 * wrong with arguments of which nothing is known.
 */
import type { Ability, Written } from './ast.ts';
import type { Feature } from './features.ts';
import type { Choices } from './random.ts';

export class OwnerWriter {
  readonly #choices: Choices;
  readonly #isOn: (feature: Feature) => number;

  constructor(choices: Choices, isOn: (feature: Feature) => number) {
    this.#choices = choices;
    this.#isOn = isOn;
  }

  /** A class whose constructor is given what its instances own. */
  givenClass(name: string): Written {
    const on = this.#isOn;
    const kind = this.#choices.weigh({
      simple: 3,
      outer: 1,
      derived: 1,
      recursive: 0.8 * on('recursion'),
    });
    switch (kind) {
      case 'outer':
        return { text: this.#outer(name), shows: [], can: [] };
      case 'derived':
        return { text: this.#derived(name), shows: [], can: [] };
      case 'recursive':
        return { text: this.#recursive(name), shows: ['recursion'], can: [] };
      default:
        return this.#simple(name);
    }
  }

  /** A class whose instances open what they own. */
  openingClass(name: string): Written {
    const choices = this.#choices;
    if (choices.chance(0.3)) return { text: this.#changing(name), shows: [], can: [] };
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

  #simple(name: string): Written {
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
    const can: Ability[] = isIdempotent && this.#isOn('release') > 0 ? ['release'] : [];
    const text = [
      `class ${name} {`,
      ...constructor,
      ...use,
      ...close,
      ...dispose,
      ...(can.includes('release') ? release : []),
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
