/** The described types that annotations of a file name: whose they are depends on what the file declares and imports. */
import type { TSESTree } from '@typescript-eslint/utils';
import { THIS_FILE } from '../ir/external-ref.ts';
import type { ClassId, ClassIr, Program } from '../ir/ir.ts';
import { fieldAnnotations, typeArgumentOf, typeNameOf } from './annotations.ts';

interface TypeTable {
  /** The described type of this name that a module exports. */
  typeFrom(module: string | null, name: string): string | null;
}

export class WrittenTypes {
  readonly #program: Pick<Program, 'typeOrigins'>;
  readonly #apis: TypeTable;
  readonly #fields = new Map<ClassId, ReadonlyMap<string, string>>();

  constructor(program: Pick<Program, 'typeOrigins'>, apis: TypeTable) {
    this.#program = program;
    this.#apis = apis;
  }

  /** The described type that an annotation names; null where it names none. */
  of(node: TSESTree.TypeNode | undefined): string | null {
    const name = typeNameOf(node);
    if (name === null) return null;
    // `Stream<Frame>` may be described apart from other streams.
    const argument = typeArgumentOf(node);
    const special = argument === null ? null : this.#apis.typeFrom(null, `${name.join('.')}<${argument}>`);
    return special ?? this.#named(name, new Set());
  }

  /** The described types that the fields of a class are declared with, those of parameter properties included. */
  ofFields(cls: ClassIr): ReadonlyMap<string, string> {
    let types = this.#fields.get(cls.id);
    if (types === undefined) {
      types = new Map(
        [...fieldAnnotations(cls)].flatMap(([name, annotation]) => {
          const type = this.of(annotation);
          return type === null ? [] : [[name, type]];
        }),
      );
      this.#fields.set(cls.id, types);
    }
    return types;
  }

  #named(written: readonly string[], seen: Set<string>): string | null {
    const [head = '', ...rest] = written;
    const origin = this.#program.typeOrigins.get(head);
    const name = rest.at(-1);
    switch (origin?.kind) {
      case undefined:
        return name === undefined ? this.#apis.typeFrom(null, head) : null;
      case 'own':
        return this.#apis.typeFrom(THIS_FILE, name ?? head);
      case 'imported': {
        const imported = origin.ref.path.at(-1) ?? 'default';
        return this.#apis.typeFrom(origin.ref.module, name ?? (imported === 'default' ? head : imported));
      }
      case 'alias': {
        const known = this.#apis.typeFrom(THIS_FILE, head);
        const of = known === null && name === undefined && !seen.has(head) ? typeNameOf(origin.of) : null;
        return of === null ? known : this.#named(of, seen.add(head));
      }
    }
  }
}
