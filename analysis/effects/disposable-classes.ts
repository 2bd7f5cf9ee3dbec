/**
 * Classes of the file whose instances are handles themselves: one can dispose of them, and they hold no other
 * handle that would have to be closed.
 */
import { defined } from '../defined.ts';
import type { ClassId, ClassIr, FunctionId, FunctionIr, Program, Temp } from '../ir/ir.ts';
import { instrsOf } from '../ir/operands.ts';
import { chainOf, membersOf } from '../ir/classes.ts';
import { disposalOf } from './decode.ts';
import type { HandleKind } from './decode.ts';

const DISPOSERS = ['@@dispose', '@@asyncDispose'];

export class DisposableClasses {
  readonly #program: Program;
  readonly #touchesHandles: (id: FunctionId) => boolean;
  readonly #kinds = new Map<ClassId, HandleKind | null>();

  constructor(program: Program, touchesHandles: (id: FunctionId) => boolean) {
    this.#program = program;
    this.#touchesHandles = touchesHandles;
  }

  /** What instances of a class are; null where they are no handles. */
  kindOf(id: ClassId): HandleKind | null {
    let kind = this.#kinds.get(id);
    if (kind === undefined)
      this.#kinds.set(id, (kind = this.#find(chainOf(this.#program, defined(this.#program.classes[id])))));
    return kind;
  }

  #find(chain: readonly ClassIr[]): HandleKind | null {
    const own = defined(chain[0]);
    const closers = this.#closersOf(chain);
    if (![...closers].some((name) => this.#releases(chain, name))) return null;
    if (chain.flatMap(membersOf).some(this.#touchesHandles)) return null;
    return {
      id: `class ${own.id}`,
      label: own.name === '' ? 'instance' : own.name,
      closers,
      closings: DISPOSERS.filter((name) => closers.has(name)).map((name) => ({
        kind: 'method',
        name,
        isAsync: name === '@@asyncDispose',
      })),
      disposal: disposalOf(closers),
      // A disposer should be able to run twice, and whether this one can its body says.
      isHarmlessTwice: true,
      typeof: 'object',
      atLeast: null,
      mayBeDropped: false,
      type: '',
    };
  }

  /** The disposers, and whatever methods of its own they call: to call one of these may be all that it takes. */
  #closersOf(chain: readonly ClassIr[]): ReadonlySet<string> {
    const closers = new Set<string>();
    const queue = DISPOSERS.filter((name) => this.#method(chain, name) !== null);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (closers.has(name)) continue;
      closers.add(name);
      const method = this.#method(chain, name);
      if (method !== null) queue.push(...ownCalls(method));
    }
    return closers;
  }

  /** Whether a method does more than to take note in the instance that it was called. */
  #releases(chain: readonly ClassIr[], name: string): boolean {
    const method = this.#method(chain, name);
    if (method === null) return false;
    const self = selfTemps(method);
    return instrsOf(method.body).some((instr) => {
      switch (instr.kind) {
        case 'call':
          return !(instr.callee.kind === 'method' && self.has(instr.callee.receiver));
        case 'new':
          return true;
        case 'store':
          return method.captures.includes(instr.local);
        case 'setField':
          return !self.has(instr.object);
        default:
          return false;
      }
    });
  }

  #method(chain: readonly ClassIr[], name: string): FunctionIr | null {
    const id = chain.map(({ methods }) => methods.get(name)).find((each) => each !== undefined);
    return id === undefined ? null : defined(this.#program.functions[id]);
  }
}

/** The names of the methods that a method calls on its own instance. */
function ownCalls(method: FunctionIr): string[] {
  const self = selfTemps(method);
  return instrsOf(method.body).flatMap((instr) => {
    if (instr.kind !== 'call' || instr.callee.kind !== 'method') return [];
    const { receiver, key } = instr.callee;
    return key.kind === 'static' && self.has(receiver) ? [key.name] : [];
  });
}

function selfTemps({ body }: FunctionIr): ReadonlySet<Temp> {
  return new Set(instrsOf(body).flatMap((instr) => (instr.kind === 'this' ? [instr.dst] : [])));
}
