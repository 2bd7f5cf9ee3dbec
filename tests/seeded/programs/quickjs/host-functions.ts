/** What scripts may call: timers, storage and text. */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';

export interface Storage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

export function installStorage(vm: QuickJSContext, storage: Storage): void {
  const object = vm.newObject(); // opens object
  const get = vm.newFunction('get', (key) => { // opens get
    const value = storage.get(vm.getString(key));
    return value === undefined ? vm.undefined : vm.newString(value);
  });
  vm.setProp(object, 'get', get);
  get.dispose(); // closes get
  const set = vm.newFunction('set', (key, value) => { // opens set
    storage.set(vm.getString(key), vm.getString(value));
  });
  vm.setProp(object, 'set', set);
  set.dispose(); // closes set
  vm.setProp(vm.global, 'storage', object);
  object.dispose(); // closes object
}

/** Sets a number and closes its handle: what it is given is its own. */
function assign(vm: QuickJSContext, name: string, handle: QuickJSHandle): void {
  vm.setProp(vm.global, name, handle);
  handle.dispose();
}

/** Two names for one object. */
export function installAliases(vm: QuickJSContext, one: string, other: string): void {
  const value = vm.newObject(); // opens value
  const copy = value.dup(); // opens copy
  assign(vm, one, copy); // passes copy for value
  vm.setProp(vm.global, other, value);
  value.dispose(); // closes value
}

export function installVersion(vm: QuickJSContext, version: string): void {
  const text = vm.newString(version); // opens text
  vm.defineProp(vm.global, 'version', { value: text, configurable: false, enumerable: true });
  text.dispose(); // closes text
}

/** Keeps the callback for later, so it needs a handle of its own. */
export class Timers {
  readonly #vm: QuickJSContext;
  #pending: QuickJSHandle | null = null;

  constructor(vm: QuickJSContext) {
    this.#vm = vm;
  }

  install(): void {
    const set = this.#vm.newFunction('later', (callback) => { // opens later
      this.#pending?.dispose();
      this.#pending = callback.dup();
    });
    this.#vm.setProp(this.#vm.global, 'later', set);
    set.dispose(); // closes later
  }

  fire(): void {
    const callback = this.#pending;
    if (callback === null) return;
    this.#pending = null;
    const result = this.#vm.callFunction(callback, this.#vm.undefined);
    this.#vm.unwrapResult(result).dispose();
    callback.dispose();
  }

  dispose(): void {
    this.#pending?.dispose();
    this.#pending = null;
  }
}
