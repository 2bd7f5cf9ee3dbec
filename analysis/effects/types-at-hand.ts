/**
 * The described types of which a file can have values: those that it writes down, those that the parser
 * knows of receivers, those of what its calls give, and of what these have for properties and methods. The name of a method says something only where
 * a type that has it is among them.
 */
import type { FunctionIr, Instr, Program } from '../ir/ir.ts';
import { instrsOf } from '../ir/operands.ts';
import type { Declarations } from '../settings.ts';
import { receiverOf, typeOfParameter } from './annotations.ts';
import type { ApiTable } from './api-table.ts';
import type { Callees } from './callees.ts';
import { typeOfResult } from './decode.ts';
import type { Operation, OperationEffect } from './decode.ts';
import type { WrittenTypes } from './written-types.ts';

export class TypesAtHand {
  readonly #apis: ApiTable;
  readonly #types = new Set<string>();
  readonly #methods = new Set<string>();
  #hasNativeMembers = false;

  constructor(
    program: Program,
    apis: ApiTable,
    callees: Callees,
    written: WrittenTypes,
    declarations: Declarations | null,
  ) {
    this.#apis = apis;
    const found = [...writtenTypes(program, written)];
    for (const fn of program.functions) {
      for (const instr of instrsOf(fn.body)) {
        const operation = operationOf(fn, instr, callees);
        if (operation !== null) found.push(...typesGivenBy(operation));
        const declared = declarations === null ? null : declaredReceiver(instr, apis, declarations);
        if (declared !== null) found.push(declared);
      }
    }
    for (let type = found.pop(); type !== undefined; type = found.pop()) found.push(...this.#add(type));
  }

  /** Whether a call of a method of this name may be one of a described type. */
  hasMethod(name: string): boolean {
    return this.#methods.has(name) || (this.#hasNativeMembers && this.#apis.isNative(name));
  }

  /** The types that come with this one. */
  #add(type: string): string[] {
    if (this.#types.has(type)) return [];
    this.#types.add(type);
    if (this.#apis.hasNativeMembers(type)) this.#hasNativeMembers = true;
    const { methods, properties } = this.#apis.membersOf(type);
    for (const name of methods.keys()) this.#methods.add(name);
    return [
      ...[...methods.values()].flatMap(typesGivenBy),
      ...[...properties.values()].flatMap((property) =>
        'type' in property ? property.type : 'lend' in property ? property.lend.type : [],
      ),
    ];
  }
}

function* writtenTypes({ functions, locals, classes }: Program, written: WrittenTypes): Iterable<string> {
  const annotations = [
    ...locals.map(({ node }) => node?.typeAnnotation?.typeAnnotation),
    ...functions.flatMap(({ paramNodes }) => paramNodes.map(typeOfParameter)),
  ];
  for (const annotation of annotations) {
    const type = written.of(annotation);
    if (type !== null) yield type;
  }
  for (const cls of classes) yield* written.ofFields(cls).values();
}

/** The declared type of a receiver whose method has a described name. */
function declaredReceiver(instr: Instr, apis: ApiTable, declarations: Declarations): string | null {
  if (instr.kind !== 'call' || instr.callee.kind !== 'method' || instr.callee.key.kind !== 'static')
    return null;
  const receiver = apis.hasMethod(instr.callee.key.name) ? receiverOf(instr.node) : null;
  const type = receiver === null ? null : declarations.typeOf(receiver);
  return type === null ? null : apis.typeFrom(type.module, type.name);
}

/** What is described of what an instruction calls or names. */
function operationOf(fn: FunctionIr, instr: Instr, callees: Callees): Operation | null {
  if (instr.kind === 'external' || instr.kind === 'getField') return callees.describedBy(fn, instr.dst);
  if (instr.kind !== 'call' && instr.kind !== 'new') return null;
  const target = callees.targetOf(fn, instr);
  return target.kind === 'operation' ? target.operation : null;
}

/** The types of what an operation gives, in its result, out-cells and callbacks. */
function typesGivenBy(operation: Operation): string[] {
  const type = typeOfResult(operation);
  return [...(type === null ? [] : [type]), ...operation.effects.flatMap(typesOfEffect)];
}

function typesOfEffect(effect: OperationEffect): string[] {
  switch (effect.do) {
    case 'acquire':
    case 'lend':
      return effect.kind === null ? [] : [effect.kind.type];
    case 'call':
      return effect.with.flatMap((value) => ('handle' in value ? value.handle.type : []));
    case 'either':
      return effect.ways.flatMap((way) => way.flatMap(typesOfEffect));
    default:
      return [];
  }
}
