/** The programs of the benchmark: the same on every machine, for ever, so that figures can be compared. */

export interface Input {
  readonly name: string;
  readonly source: string;
}

const IMPORTS = `import { CloseHandle, CreateFile, DeviceIoControl, INVALID_HANDLE_VALUE } from 'eslint-plugin-handles/model';`;

const repeat = (n: number, text: (index: number) => string): string =>
  Array.from({ length: n }, (_, index) => text(index)).join('\n');

const plain = (index: number): string => `
export function total${index}(items, options) {
  let sum = options?.start ?? ${index};
  for (const { price, count = 1 } of items) {
    if (price > 0 && !options?.isFree) sum += price * count;
    else if (options?.isStrict) throw new Error(\`no price: \${price}\`);
  }
  return { sum, rounded: Math.round(sum) };
}`;

const using = (index: number): string => `
export function read${index}(name, options) {
  const h = CreateFile(name);
  if (h === INVALID_HANDLE_VALUE) return null;
  try {
    if (options.isLogged) console.log(name, ${index});
    return DeviceIoControl(h, options.code ?? ${index});
  } finally {
    CloseHandle(h);
  }
}`;

const owner = (index: number): string => `
export class Device${index} {
  #handle = null;
  #name;
  constructor(name, options) {
    this.#name = options.prefix ? options.prefix + name : name;
    this.timeout = options.timeout ?? ${index};
  }
  open() {
    if (this.#handle === null) this.#handle = CreateFile(this.#name);
    return this;
  }
  control(code) {
    if (this.#handle === null) throw new Error('closed');
    return DeviceIoControl(this.#handle, code);
  }
  close() {
    if (this.#handle === null) return;
    CloseHandle(this.#handle);
    this.#handle = null;
  }
}`;

/** Each handle is opened and closed under a flag of its own. */
const flagged = (n: number): string => `
export function main(flags) {
${repeat(n, (i) => `  let h${i} = null;\n  if (flags.f${i}) h${i} = CreateFile('${i}');`)}
${repeat(n, (i) => `  if (flags.f${i}) CloseHandle(h${i});`)}
}`;

/** All handles are open where any of many exits may be taken. */
const exits = (n: number): string => `
export function main(step) {
${repeat(n, (i) => `  const h${i} = CreateFile('${i}');`)}
  try {
${repeat(n, (i) => `    if (step === ${i}) return DeviceIoControl(h${i}, ${i});`)}
  } finally {
${repeat(n, (i) => `    CloseHandle(h${i});`)}
  }
}`;

export const inputs: readonly Input[] = [
  { name: 'no handles', source: repeat(200, plain) },
  { name: 'two functions with handles', source: [IMPORTS, repeat(198, plain), repeat(2, using)].join('\n') },
  { name: 'only functions with handles', source: [IMPORTS, repeat(180, using)].join('\n') },
  { name: 'only owners of handles', source: [IMPORTS, repeat(80, owner)].join('\n') },
  { name: 'one function, 200 handles under flags', source: [IMPORTS, flagged(200)].join('\n') },
  { name: 'one function, 100 handles, 100 exits', source: [IMPORTS, exits(100)].join('\n') },
];
