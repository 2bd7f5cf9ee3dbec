/** Rules that are written in JavaScript, compiled once and asked many times. */
import { newQuickJSWASMModule } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';

export class RuleError extends Error {}

export class RuleSet {
  readonly #vm: QuickJSContext;
  readonly #rule: QuickJSHandle;

  private constructor(vm: QuickJSContext, rule: QuickJSHandle) {
    this.#vm = vm;
    this.#rule = rule;
  }

  static async compile(source: string): Promise<RuleSet> {
    const quickjs = await newQuickJSWASMModule();
    const vm = quickjs.newContext(); // opens vm
    const result = vm.evalCode(source);
    if (result.error) {
      const message = String(vm.dump(result.error));
      result.error.dispose();
      vm.dispose(); // closes vm
      throw new RuleError(message);
    }
    return new RuleSet(vm, result.value);
  }

  test(subject: string, weight: number): boolean {
    const text = this.#vm.newString(subject); // opens text
    const number = this.#vm.newNumber(weight); // opens number
    const result = this.#vm.callFunction(this.#rule, this.#vm.undefined, text, number);
    text.dispose(); // closes text
    number.dispose(); // closes number
    const verdict = this.#vm.unwrapResult(result); // opens verdict
    const isMet = this.#vm.dump(verdict) === true;
    verdict.dispose(); // closes verdict
    return isMet;
  }

  dispose(): void {
    this.#rule.dispose();
    this.#vm.dispose();
  }
}

export async function evaluateOnce(source: string, isStrict: boolean): Promise<unknown> {
  const quickjs = await newQuickJSWASMModule();
  const runtime = quickjs.newRuntime(); // opens runtime
  runtime.setMaxStackSize(256 * 1024);
  const context = runtime.newContext(); // opens context
  const value = context.unwrapResult(context.evalCode(source, 'rule.js', { strict: isStrict })); // opens value
  const dumped: unknown = context.dump(value);
  value.dispose(); // closes value
  context.dispose(); // closes context
  runtime.dispose(); // closes runtime
  return dumped;
}

export function describe(vm: QuickJSContext, handle: QuickJSHandle): string {
  const kind = vm.typeof(handle);
  if (kind !== 'object') return kind;
  const constructor = vm.getProp(handle, 'constructor'); // opens constructor
  const name = vm.getProp(constructor, 'name'); // opens name
  const text = vm.getString(name);
  name.dispose(); // closes name
  constructor.dispose(); // closes constructor
  return text;
}
