/** What a class keeps handles in, and what of its members has to be said for that. */
import type { Effect, OperationDescription, TypeDescription } from '../../apis/schema.ts';
import type { ClassIr, FunctionIr, Program, Temp } from '../ir/ir.ts';
import { instrsOf } from '../ir/operands.ts';
import { sortedByKey } from '../sorted.ts';
import type { Engine } from '../solve/engine.ts';
import { usageOf } from './probes.ts';

export interface DescribedClass {
  readonly constructor: OperationDescription;
  readonly type: TypeDescription;
}

interface Members {
  readonly constructor: OperationDescription;
  readonly methods: ReadonlyMap<string, OperationDescription>;
  readonly properties: ReadonlyMap<string, { readonly field: string }>;
}

/** Leaves out what is no handle: of the fields only those that some member uses, closes, fills or gives. */
export function whatIsHeld(
  { constructor, methods, properties }: Members,
  hidden: ReadonlySet<string>,
  opaque: ReadonlySet<string>,
): DescribedClass | null {
  const held = new Set([...properties.values()].map(({ field }) => field));
  for (const effect of flat([constructor, ...methods.values()])) {
    for (const field of heldBy(effect)) held.add(field);
  }
  for (const field of opaque) held.delete(field);
  if (held.size === 0) return null;
  for (const effect of flat([constructor])) {
    // What everybody can read may be closed by anybody.
    const field = effect.do === 'pass' ? fieldOf(effect.to) : null;
    if (field !== null && !hidden.has(field) && !opaque.has(field)) held.add(field);
  }
  const flags = flat([...methods.values()]).flatMap((effect) =>
    'when' in effect && 'at' in effect.when ? (fieldOf(effect.when.at) ?? []) : [],
  );
  // What everybody can read has to be known as members leave it.
  const shown = flat([...methods.values()]).flatMap((effect) => {
    const field = 'to' in effect && effect.to.startsWith('this.') ? fieldOf(effect.to) : null;
    return field === null || hidden.has(field) ? [] : [field];
  });
  const told = new Set([...held, ...flags, ...shown]);
  const trim = (operation: OperationDescription): OperationDescription => ({
    ...operation,
    effects: trimmed(operation.effects, told, opaque),
  });
  return {
    constructor: trim(constructor),
    type: {
      holds: [...held].sort(),
      methods: sortedByKey([...methods].map(([name, each]) => [name, trim(each)])),
      ...(properties.size === 0 ? {} : { properties: sortedByKey(properties) }),
    },
  };
}

/** All effects of some operations, in all of their ways. */
function flat(operations: readonly { readonly effects: readonly Effect[] }[]): Effect[] {
  return operations.flatMap(({ effects }) =>
    effects.flatMap((effect) =>
      effect.do === 'either' ? flat(effect.ways.map((way) => ({ effects: way }))) : [effect],
    ),
  );
}

/** The fields that an effect shows to hold a handle. */
function heldBy(effect: Effect): string[] {
  const places =
    effect.do === 'use' || effect.do === 'close' || effect.do === 'take'
      ? [effect.on]
      : effect.do === 'acquire'
        ? [effect.to]
        : effect.do === 'duplicate'
          ? [effect.of, effect.to]
          : effect.do === 'pass' && effect.to === 'result'
            ? [effect.of]
            : [];
  return places.flatMap((place) => fieldOf(place) ?? []);
}

function trimmed(
  effects: readonly Effect[],
  told: ReadonlySet<string>,
  opaque: ReadonlySet<string>,
): Effect[] {
  return effects.flatMap((effect): Effect[] => {
    if (effect.do === 'either')
      return [{ ...effect, ways: effect.ways.map((way) => trimmed(way, told, opaque)) }];
    // What is put where it cannot be followed gets out of sight.
    if (effect.do === 'pass' && opaque.has(fieldOf(effect.to) ?? '')) return [{ do: 'keep', on: effect.of }];
    const fields = placesIn(effect).flatMap((place) => fieldOf(place) ?? []);
    return fields.every((field) => told.has(field)) ? [effect] : [];
  });
}

function placesIn(effect: Effect): string[] {
  const on = 'on' in effect ? [effect.on] : [];
  const to = 'to' in effect ? [effect.to] : [];
  return [...on, ...to, ...('of' in effect ? [effect.of] : [])];
}

/** The fields, of whatever object, that the file looks into, or calls: what is kept there is more than a handle. */
export function fieldsLookedInto(program: Program): Set<string> {
  const seeds = new Map<string, Map<FunctionIr, Temp[]>>();
  for (const fn of program.functions) {
    for (const instr of instrsOf(fn.body)) {
      if (instr.kind !== 'getField' || instr.key.kind !== 'static') continue;
      const temps = seeds.get(instr.key.name) ?? new Map<FunctionIr, Temp[]>();
      seeds.set(instr.key.name, temps.set(fn, [...(temps.get(fn) ?? []), instr.dst]));
    }
  }
  return new Set([...seeds].flatMap(([name, temps]) => (usageOf(program, temps).asObject ? [name] : [])));
}

/** Those of them that a class does not declare to be handles. */
export function opaqueFields(engine: Engine, cls: ClassIr, lookedInto: ReadonlySet<string>): Set<string> {
  const isHandle = (name: string): boolean => {
    const type = engine.fieldType(cls.id, name);
    return type !== null && engine.apis.kindOfType(type) !== null;
  };
  return new Set([...lookedInto].filter((name) => !isHandle(name)));
}

const fieldOf = (place: string): string | null => /^(?:this|result)\.(.+)$/.exec(place)?.[1] ?? null;
