/**
 * The judge can fail: with one module of the engine broken, it finds a disagreement within a few hundred
 * programs. A judge that agreed with these would agree with anything.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as Bounds from '../../analysis/solve/bounds.ts';
import type * as Canonical from '../../analysis/solve/canonical.ts';
import type * as Events from '../../analysis/solve/events.ts';
import type * as LivenessModule from '../../analysis/solve/liveness.ts';
import type * as Project from '../../analysis/solve/project.ts';
import type * as Prune from '../../analysis/solve/prune.ts';
import type * as Refine from '../../analysis/solve/refine.ts';
import type * as SliceModule from '../../analysis/groups/slice.ts';
import type { Node } from '../../analysis/ir/ir.ts';
import type * as Builder from '../../analysis/lower/builder.ts';
import type { Feature } from './generator/features.ts';
import type { FailureName } from './trial.ts';

/** With the engine as it is there is no disagreement on these programs: judge.test.ts. */
const SEED = 1;
const PROGRAMS = 400;
/** That the engine stumbled would prove nothing. */
const DISAGREEMENT = /^(miss|false alarm) /;

afterEach(() => {
  vi.doUnmock('../../analysis/solve/bounds.ts');
  vi.doUnmock('../../analysis/solve/canonical.ts');
  vi.doUnmock('../../analysis/solve/events.ts');
  vi.doUnmock('../../analysis/solve/liveness.ts');
  vi.doUnmock('../../analysis/solve/project.ts');
  vi.doUnmock('../../analysis/solve/prune.ts');
  vi.doUnmock('../../analysis/solve/refine.ts');
  vi.doUnmock('../../analysis/groups/slice.ts');
  vi.doUnmock('../../analysis/lower/builder.ts');
});

/**
 * The first disagreement that the judge finds with the engine as it is mocked now. To spare time, programs
 * that lack what was broken are passed over.
 */
async function findFailure(...needed: readonly Feature[]): Promise<FailureName | null> {
  vi.resetModules();
  const { makeProgram, runTrial } = await import('./trial.ts');
  const { featuresOf } = await import('./generator/features.ts');
  for (let number = 0; number < PROGRAMS; number++) {
    const features = featuresOf(makeProgram(SEED, number, {}));
    if (!needed.every((feature) => features.has(feature))) continue;
    const { failures } = runTrial(SEED, number, {});
    if (failures[0] !== undefined) return failures[0];
  }
  return null;
}

describe('a transfer function that', () => {
  it('does not close', async () => {
    vi.doMock('../../analysis/solve/events.ts', async (original) => {
      const events = await original<typeof Events>();
      return { ...events, close: () => true };
    });
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });

  it('lets closed handles be used', async () => {
    vi.doMock('../../analysis/solve/events.ts', async (original) => {
      const events = await original<typeof Events>();
      return { ...events, use: () => true };
    });
    expect(await findFailure()).toBe('miss useAfterClose');
  });

  it('closes by whatever function', async () => {
    vi.doMock('../../analysis/solve/events.ts', async (original) => {
      const events = await original<typeof Events>();
      const close: typeof events.close = (activation, state, id, _closer, site) => {
        const { kind } = state.getResource(id);
        const [fitting] = kind?.closers ?? [];
        return events.close(activation, state, id, fitting ?? '', site);
      };
      return { ...events, close };
    });
    expect(await findFailure()).toBe('miss mismatchedClose');
  });
});

describe('a refinement that', () => {
  it('lets every branch be taken', async () => {
    vi.doMock('../../analysis/solve/refine.ts', async (original) => {
      const refine = await original<typeof Refine>();
      const branch: typeof refine.branch = (state) => [[state], [state.fork()]];
      return { ...refine, branch };
    });
    expect(await findFailure()).toMatch(/^false alarm/);
  });

  it('does not take out what never existed', async () => {
    vi.doMock('../../analysis/solve/refine.ts', async (original) => {
      const refine = await original<typeof Refine>();
      const branch: typeof refine.branch = (state, value, fresh, isLoopTest) =>
        value.kind === 'exists' || value.kind === 'resource'
          ? [[state], [state.fork()]]
          : refine.branch(state, value, fresh, isLoopTest);
      return { ...refine, branch };
    });
    expect(await findFailure()).toMatch(/^false alarm/);
  });
});

describe('a finally that', () => {
  it('loses exceptions', async () => {
    breakFinally((builder, original, node, fill, finalize, isUsing) => {
      const fillQuietly = (): void => {
        builder.tryCatch(node, fill, () => undefined);
      };
      original.call(builder, node, fillQuietly, finalize, isUsing);
    });
    expect(await findFailure('finally', 'throw')).toMatch(DISAGREEMENT);
  });

  it('runs on the normal way only', async () => {
    breakFinally((_builder, _original, _node, fill, finalize) => {
      fill();
      finalize();
    });
    expect(await findFailure('finally', 'throw')).toMatch(DISAGREEMENT);
  });

  type Finally = Builder.Builder['finally'];

  function breakFinally(
    broken: (builder: Builder.Builder, original: Finally, ...args: Parameters<Finally>) => void,
  ): void {
    vi.doMock('../../analysis/lower/builder.ts', async (importOriginal) => {
      const module = await importOriginal<typeof Builder>();
      class BrokenBuilder extends module.Builder {
        override finally(...args: Parameters<Finally>): void {
          broken(this, super.finally.bind(this), ...args);
        }
      }
      return { ...module, Builder: BrokenBuilder };
    });
  }
});

describe('a merge that', () => {
  it('joins what differs in facts', async () => {
    vi.doMock('../../analysis/solve/bounds.ts', async (original) => {
      const bounds = await original<typeof Bounds>();
      return { ...bounds, MAX_FACTS: 1 };
    });
    expect(await findFailure()).toMatch(/^miss/);
  });

  it('joins open and closed', async () => {
    vi.doMock('../../analysis/solve/canonical.ts', async (original) => {
      const canonical = await original<typeof Canonical>();
      const canonicalize: typeof canonical.canonicalize = (state) => {
        const made = canonical.canonicalize(state);
        const key = made.key.replaceAll('closed', 'open');
        const shape = made.shape.replaceAll('closed', 'open');
        return { ...made, key, shape };
      };
      return { ...canonical, canonicalize };
    });
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });
});

describe('a slice that leaves out', () => {
  it('early returns', async () => {
    breakSlices((node) => node.kind === 'return');
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });

  it('explicit throws', async () => {
    breakSlices((node) => node.kind === 'throw');
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });

  it('breaks', async () => {
    breakSlices((node) => node.kind === 'break');
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });

  it('closures', async () => {
    breakSlices((node) => node.kind === 'closure');
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });

  function breakSlices(isLeftOut: (node: Node) => boolean): void {
    const without = (node: Node): Node => {
      switch (node.kind) {
        case 'seq':
          return { ...node, nodes: node.nodes.filter((child) => !isLeftOut(child)).map(without) };
        case 'if':
          return { ...node, then: without(node.then), else: without(node.else) };
        case 'loop':
        case 'block':
          return { ...node, body: without(node.body) };
        case 'tryCatch':
          return { ...node, body: without(node.body), handler: without(node.handler) };
        case 'finally':
          return { ...node, body: without(node.body), finalizer: without(node.finalizer) };
        default:
          return node;
      }
    };
    vi.doMock('../../analysis/groups/slice.ts', async (original) => {
      const module = await original<typeof SliceModule>();
      class BrokenSlicer extends module.Slicer {
        override slice(...args: Parameters<SliceModule.Slicer['slice']>): SliceModule.Slice {
          const slice = super.slice(...args);
          return { ...slice, body: without(slice.body) };
        }
      }
      return { ...module, Slicer: BrokenSlicer };
    });
  }
});

describe('a solver that', () => {
  it('never loses what nothing leads to', async () => {
    vi.doMock('../../analysis/solve/prune.ts', async (original) => {
      const prune = await original<typeof Prune>();
      return { ...prune, isLeak: () => false, collect: () => undefined };
    });
    expect(await findFailure()).toMatch(/^miss leaked/);
  });

  it('takes every variable for dead', async () => {
    vi.doMock('../../analysis/solve/liveness.ts', async (original) => {
      const module = await original<typeof LivenessModule>();
      class BrokenLiveness extends module.Liveness {
        override after(
          ...args: Parameters<LivenessModule.Liveness['after']>
        ): ReturnType<LivenessModule.Liveness['after']> {
          return { ...super.after(...args), hasLocal: () => false };
        }
      }
      return { ...module, Liveness: BrokenLiveness };
    });
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });

  it('forgets what a callee did', async () => {
    vi.doMock('../../analysis/solve/project.ts', async (original) => {
      const project = await original<typeof Project>();
      const leave: typeof project.leave = (activation, after, node, actual, formal, exit) => {
        const before = new Map(after.resources.entries());
        const result = project.leave(activation, after, node, actual, formal, exit);
        for (const [id, resource] of before) if (after.resources.has(id)) after.resources.set(id, resource);
        return result;
      };
      return { ...project, leave };
    });
    expect(await findFailure()).toMatch(DISAGREEMENT);
  });
});
