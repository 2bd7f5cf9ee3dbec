/** Runs the plugins of users, each in a context of its own. */
import { getQuickJS, shouldInterruptAfterDeadline } from 'quickjs-emscripten';
import type { QuickJSContext } from 'quickjs-emscripten';

export interface PluginResult {
  readonly output: unknown;
  readonly log: readonly string[];
}

function installConsole(vm: QuickJSContext, log: string[]): void {
  const print = vm.newFunction('log', (...args) => { // opens print
    log.push(args.map((arg) => String(vm.dump(arg))).join(' '));
  });
  const object = vm.newObject(); // opens object
  vm.setProp(object, 'log', print);
  vm.setProp(vm.global, 'console', object);
  object.dispose(); // closes object
  print.dispose(); // closes print
}

export async function runPlugin(source: string, input: unknown): Promise<PluginResult> {
  const quickjs = await getQuickJS();
  const vm = quickjs.newContext(); // opens vm
  const log: string[] = [];
  try {
    installConsole(vm, log);
    vm.runtime.setMemoryLimit(16 * 1024 * 1024);
    vm.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + 1000));
    const text = vm.newString(JSON.stringify(input)); // opens text
    vm.setProp(vm.global, 'input', text);
    text.dispose(); // closes text
    const handle = vm.unwrapResult(vm.evalCode(source)); // opens handle
    const output: unknown = vm.dump(handle);
    handle.dispose(); // closes handle
    return { output, log };
  } finally {
    vm.dispose(); // closes vm
  }
}

export async function isValid(source: string): Promise<boolean> {
  const quickjs = await getQuickJS();
  const checked = quickjs.newContext(); // opens checked
  const result = checked.evalCode(`(function () { ${source} })`);
  if (result.error) {
    result.error.dispose();
    checked.dispose(); // closes checked
    return false;
  }
  result.value.dispose();
  checked.dispose(); // closes checked
  return true;
}

/** Calls a function that the plugin has put into the global object. */
export function callHook(vm: QuickJSContext, name: string, argument: string): string {
  const hook = vm.getProp(vm.global, name); // opens hook
  const isHook = vm.typeof(hook) === 'function';
  if (!isHook) {
    hook.dispose(); // closes hook
    return argument;
  }
  const given = vm.newString(argument); // opens given
  const returned = vm.unwrapResult(vm.callFunction(hook, vm.undefined, given)); // opens returned
  const answer = vm.getString(returned);
  returned.dispose(); // closes returned
  given.dispose(); // closes given
  hook.dispose(); // closes hook
  return answer;
}
