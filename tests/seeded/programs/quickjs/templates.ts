/** Templates whose expressions run in a sandbox. */
import { getQuickJS, Scope } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';

export type Data = Readonly<Record<string, string | number | boolean>>;

function marshal(vm: QuickJSContext, value: string | number | boolean): QuickJSHandle {
  switch (typeof value) {
    case 'string':
      return vm.newString(value);
    case 'number':
      return vm.newNumber(value);
    case 'boolean':
      return value ? vm.true : vm.false;
  }
}

function defineAll(vm: QuickJSContext, data: Data): void {
  for (const [name, value] of Object.entries(data)) {
    const handle = marshal(vm, value);
    vm.setProp(vm.global, name, handle);
    handle.dispose();
  }
}

export async function render(template: string, data: Data): Promise<string> {
  const quickjs = await getQuickJS();
  const vm = quickjs.newContext(); // opens vm
  defineAll(vm, data);
  const text = template.replace(/\{\{(.*?)\}\}/g, (_, expression: string) => {
    const value = vm.unwrapResult(vm.evalCode(expression)); // opens value
    const shown = String(vm.dump(value));
    value.dispose(); // closes value
    return shown;
  });
  vm.dispose(); // closes vm
  return text;
}

export async function evaluateAll(expressions: readonly string[]): Promise<unknown[]> {
  const quickjs = await getQuickJS();
  const shared = quickjs.newContext(); // opens shared
  const values: unknown[] = [];
  for (const expression of expressions) {
    const each = shared.unwrapResult(shared.evalCode(expression)); // opens each
    values.push(shared.dump(each));
    each.dispose(); // closes each
  }
  shared.dispose(); // closes shared
  return values;
}

export async function lengthOf(expression: string): Promise<number> {
  const quickjs = await getQuickJS();
  return Scope.withScope((scope) => {
    const inner = scope.manage(quickjs.newContext());
    const list = scope.manage(inner.unwrapResult(inner.evalCode(expression)));
    const length = inner.getProp(list, 'length'); // opens length
    const count = inner.getNumber(length);
    length.dispose(); // closes length
    return count;
  });
}
