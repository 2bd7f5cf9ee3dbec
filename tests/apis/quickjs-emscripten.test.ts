/** What apis/quickjs-emscripten.ts says of handles, tried on the package itself. */
import {
  getQuickJS,
  getQuickJSSync,
  newAsyncContext,
  newQuickJSWASMModule,
  Scope,
  type QuickJSContext,
  type QuickJSHandle,
} from 'quickjs-emscripten';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';

const GONE = expect.objectContaining({ name: 'QuickJSUseAfterFree' }) as Error;

let vm: QuickJSContext;

beforeAll(() => getQuickJS());
beforeEach(() => {
  vm = getQuickJSSync().newContext();
});
// Fails where a test leaves an object behind.
afterEach(() => {
  if (vm.alive) vm.dispose();
});

describe('a handle', () => {
  const makers: Record<string, () => QuickJSHandle> = {
    newNumber: () => vm.newNumber(1),
    newString: () => vm.newString('a'),
    newUniqueSymbol: () => vm.newUniqueSymbol('a'),
    newSymbolFor: () => vm.newSymbolFor('a'),
    getWellKnownSymbol: () => vm.getWellKnownSymbol('iterator'),
    newBigInt: () => vm.newBigInt(1n),
    newObject: () => vm.newObject(),
    newArray: () => vm.newArray(),
    newArrayBuffer: () => vm.newArrayBuffer(new ArrayBuffer(4)),
    newError: () => vm.newError('a'),
    newFunction: () => vm.newFunction('a', () => vm.undefined),
    newConstructorFunction: () => vm.newConstructorFunction('A', () => vm.undefined),
    getProp: () => vm.getProp(vm.global, 'Math'),
    'unwrapResult(evalCode)': () => vm.unwrapResult(vm.evalCode('({})')),
    'evalCode.unwrap': () => vm.evalCode('({})').unwrap(),
    computeMemoryUsage: () => vm.runtime.computeMemoryUsage(),
    dup: () => {
      const original = vm.newObject();
      const copy = original.dup();
      original.dispose();
      return copy;
    },
  };

  it.each(Object.entries(makers))('of %s is disposed once', (_, make) => {
    const handle = make();
    expect(handle.alive).toBe(true);
    handle.dispose();
    expect(handle.alive).toBe(false);
    expect(() => {
      handle.dispose();
    }).toThrow(GONE);
  });

  it('is disposed once with `using`, too', () => {
    const handle = vm.newObject();
    handle[Symbol.dispose]();
    expect(() => {
      handle[Symbol.dispose]();
    }).toThrow(GONE);
  });

  it('cannot be used after that', () => {
    const handle = vm.newObject();
    handle.dispose();
    expect(() => handle.dup()).toThrow(GONE);
    expect(() => vm.typeof(handle)).toThrow(GONE);
    expect(() => vm.getProp(handle, 'a')).toThrow(GONE);
    expect(() => {
      vm.setProp(vm.global, 'a', handle);
    }).toThrow(GONE);
    expect(() => {
      vm.defineProp(vm.global, 'a', { value: handle });
    }).toThrow(GONE);
    expect(() => vm.callFunction(handle, vm.undefined)).toThrow(GONE);
    expect(() => handle.consume(() => 1)).toThrow(GONE);
    expect(() => handle.map(() => 1)).toThrow(GONE);
  });

  it('is not what getProp gives the next time', () => {
    const first = vm.getProp(vm.global, 'Math');
    const second = vm.getProp(vm.global, 'Math');
    first.dispose();
    expect(vm.typeof(second)).toBe('object');
    second.dispose();
  });

  it('lives apart from its duplicate', () => {
    const handle = vm.newObject();
    const copy = handle.dup();
    handle.dispose();
    expect(vm.typeof(copy)).toBe('object');
    expect(copy.alive).toBe(true);
    copy.dispose();
  });

  it('is disposed by consume, after the call', () => {
    const handle = vm.newNumber(42);
    expect(handle.consume((each) => vm.getNumber(each))).toBe(42);
    expect(handle.alive).toBe(false);
  });

  it('is not disposed by consume where the function throws', () => {
    const handle = vm.newObject();
    expect(() =>
      handle.consume(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(handle.alive).toBe(true);
    handle.dispose();
  });

  it('outlives map and tap', () => {
    const handle = vm.newNumber(1);
    expect(handle.map((each) => vm.getNumber(each))).toBe(1);
    expect(handle.tap(() => undefined)).toBe(handle);
    expect(handle.alive).toBe(true);
    handle.dispose();
  });
});

describe('a static handle', () => {
  it.each(['undefined', 'null', 'true', 'false', 'global'] as const)('%s is never disposed', (name) => {
    const handle = vm[name];
    handle.dispose();
    handle.dispose();
    expect(handle.alive).toBe(true);
    expect(vm[name]).toBe(handle);
  });

  it.each(['undefined', 'null', 'true', 'false', 'global'] as const)('%s is its own duplicate', (name) => {
    expect(vm[name].dup()).toBe(vm[name]);
  });
});

describe('what a call is given', () => {
  it('stays with the caller', () => {
    const target = vm.newObject();
    const value = vm.newObject();
    const fn = vm.newFunction('f', () => vm.undefined);
    vm.setProp(target, 'a', value);
    vm.defineProp(target, 'b', { value });
    vm.setProp(target, 'f', fn);
    vm.callFunction(fn, target, value).dispose();
    vm.callFunction(fn, target, [value]).dispose();
    vm.callMethod(target, 'f', [value]).dispose();
    expect([target, value, fn].map(({ alive }) => alive)).toEqual([true, true, true]);
    for (const handle of [target, value, fn]) handle.dispose();
  });

  it('stays with who settles a promise', () => {
    const deferred = vm.newPromise();
    const value = vm.newObject();
    deferred.resolve(value);
    expect(value.alive).toBe(true);
    value.dispose();
    deferred.handle.dispose();
  });
});

describe('a result', () => {
  it('owns its value', () => {
    const result = vm.evalCode('({})');
    expect(Object.keys(result)).toEqual(['value']);
    const value = vm.unwrapResult(result);
    expect(value.alive).toBe(true);
    result.dispose();
    expect(value.alive).toBe(false);
    expect(() => {
      result.dispose();
    }).toThrow(GONE);
  });

  it('owns its error', () => {
    const result = vm.evalCode('throw new Error("no")');
    expect(result.error?.alive).toBe(true);
    result.dispose();
    expect(result.error?.alive).toBe(false);
  });

  it.each([
    ['unwrapResult', (result: ReturnType<QuickJSContext['evalCode']>) => vm.unwrapResult(result)],
    ['unwrap', (result: ReturnType<QuickJSContext['evalCode']>) => result.unwrap()],
  ])('%s disposes the error and throws', (_, unwrap) => {
    const result = vm.evalCode('throw new Error("no")');
    expect(() => unwrap(result)).toThrow('no');
    expect(result.error?.alive).toBe(false);
  });

  it('of a promise brings a handle', async () => {
    const promise = vm.unwrapResult(vm.evalCode('Promise.resolve({})'));
    const settled = vm.resolvePromise(promise);
    expect(promise.alive).toBe(true);
    promise.dispose();
    vm.runtime.executePendingJobs();
    const value = vm.unwrapResult(await settled);
    expect(value.alive).toBe(true);
    value.dispose();
  });

  it('of pending jobs holds a number', () => {
    expect(vm.unwrapResult(vm.runtime.executePendingJobs())).toBe(0);
  });

  it('of property names disposes what is alive, and twice does nothing', () => {
    const object = vm.unwrapResult(vm.evalCode('({ a: 1, b: 2 })'));
    const names = vm.unwrapResult(vm.getOwnPropertyNames(object));
    names[0]?.dispose();
    names.dispose();
    names.dispose();
    expect(names.map(({ alive }) => alive)).toEqual([false, false]);
    object.dispose();
  });

  it('of an iterator disposes itself at its end', () => {
    const list = vm.unwrapResult(vm.evalCode('[1, 2]'));
    const iterator = vm.unwrapResult(vm.getIterator(list));
    const numbers = [...iterator].map((next) => vm.unwrapResult(next).consume((each) => vm.getNumber(each)));
    expect(numbers).toEqual([1, 2]);
    expect(iterator.alive).toBe(false);
    list.dispose();
  });
});

describe('a host function', () => {
  it('borrows its arguments until it returns', () => {
    let kept: QuickJSHandle | undefined;
    let copy: QuickJSHandle | undefined;
    const fn = vm.newFunction('f', (argument) => {
      kept = argument;
      copy = argument.dup();
    });
    const argument = vm.newObject();
    vm.callFunction(fn, vm.undefined, argument).dispose();
    expect([kept?.alive, copy?.alive, argument.alive]).toEqual([false, true, true]);
    for (const handle of [copy, argument, fn]) handle?.dispose();
  });

  it('may dispose its arguments', () => {
    const fn = vm.newFunction('f', (argument) => {
      argument.dispose();
    });
    const argument = vm.newObject();
    vm.callFunction(fn, vm.undefined, argument).dispose();
    expect(argument.alive).toBe(true);
    argument.dispose();
    fn.dispose();
  });

  it('gives away what it returns or throws', () => {
    const returned = vm.newObject();
    const thrown = vm.newError('no');
    const returns = vm.newFunction('r', () => returned);
    const throws = vm.newFunction('t', () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw thrown;
    });
    vm.callFunction(returns, vm.undefined).dispose();
    vm.callFunction(throws, vm.undefined).dispose();
    expect([returned.alive, thrown.alive]).toEqual([false, false]);
    returns.dispose();
    throws.dispose();
  });
});

describe('a scope', () => {
  it('disposes what it manages, and gives it back until then', () => {
    const handle = Scope.withScope((scope) => {
      const inner = vm.newObject();
      expect(scope.manage(inner)).toBe(inner);
      expect(inner.alive).toBe(true);
      return inner;
    });
    expect(handle.alive).toBe(false);
  });

  it('disposes when the promise of its function settles', async () => {
    let handle: QuickJSHandle | undefined;
    await Scope.withScopeAsync(async (scope) => {
      handle = scope.manage(vm.newObject());
      await Promise.resolve();
      expect(handle.alive).toBe(true);
    });
    expect(handle?.alive).toBe(false);
  });

  it('leaves out what is disposed already, and is itself disposed once', () => {
    const scope = new Scope();
    scope.manage(vm.newObject()).dispose();
    scope.dispose();
    expect(() => {
      scope.dispose();
    }).toThrow(GONE);
  });
});

describe('what is disposed once as well', () => {
  it('a context', () => {
    vm.dispose();
    expect(() => {
      vm.dispose();
    }).toThrow(GONE);
  });

  it('a runtime, after its contexts', () => {
    const runtime = getQuickJSSync().newRuntime();
    runtime.newContext().dispose();
    runtime.dispose();
    expect(() => {
      runtime.dispose();
    }).toThrow(GONE);
  });

  it('the lifetime of an array buffer', () => {
    const buffer = vm.newArrayBuffer(new ArrayBuffer(4));
    const lifetime = vm.getArrayBuffer(buffer);
    lifetime.dispose();
    expect(() => {
      lifetime.dispose();
    }).toThrow(GONE);
    buffer.dispose();
  });

  it('an asyncified context', async () => {
    const context = await newAsyncContext();
    context.unwrapResult(await context.evalCodeAsync('({})')).dispose();
    context.dispose();
    expect(() => {
      context.dispose();
    }).toThrow(GONE);
  });
});

describe('what only a run can tell', () => {
  it('dump disposes the handle of a promise', () => {
    const promise = vm.unwrapResult(vm.evalCode('Promise.resolve(1)'));
    vm.dump(promise);
    expect(promise.alive).toBe(false);
  });

  it('getPromiseState gives back what is no promise', () => {
    const number = vm.newNumber(1);
    const state = vm.getPromiseState(number);
    expect(state.type === 'fulfilled' && state.value === number).toBe(true);
    number.dispose();
  });
});

describe('a leaked object', () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  afterAll(() => {
    error.mockRestore();
  });

  it('aborts the module when its context is disposed', async () => {
    const context = (await newQuickJSWASMModule()).newContext();
    context.newObject();
    expect(() => {
      context.dispose();
    }).toThrow('list_empty(&rt->gc_obj_list)');
  });
});
