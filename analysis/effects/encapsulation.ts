/**
 * What of a class only its own members can reach: then all that ever happens to it can be seen from the class.
 *
 * A field is *private* if it is declared so, with `#` or with `private`, and is touched on `this` alone, by
 * members of an instance. An *entry* is a member that code out of sight may call.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { defined } from '../defined.ts';
import type { ClassIr, FunctionId, FunctionIr, Instr, Key, Program, Temp } from '../ir/ir.ts';
import { chainOf, membersOf } from '../ir/classes.ts';
import { instrsOf } from '../ir/operands.ts';
import type { StaticValues } from './static-values.ts';

export interface Encapsulation {
  readonly privateFields: ReadonlySet<string>;
  readonly entries: readonly FunctionIr[];
  /** The entries that end an instance's life by a protocol of the language. */
  readonly disposers: ReadonlySet<FunctionIr>;
}

const DISPOSERS = ['@@dispose', '@@asyncDispose'];

export function encapsulationOf(program: Program, statics: StaticValues, cls: ClassIr): Encapsulation {
  const chain = chainOf(program, cls);
  const names = chain.flatMap(privateNamesOf);
  const touched = names.length === 0 ? new Set() : touchedElsewhere(program, statics, chain);
  // Two classes of one chain may each have a `#name` of their own.
  const isOneField = (name: string): boolean => names.filter((each) => each === name).length === 1;
  const hidden = new Set(names.filter((name) => isOneField(name) && !touched.has(name)));
  const members = instanceMembers(program, chain);
  return {
    privateFields: hidden,
    entries: [...new Set([...members].filter(([key]) => !hidden.has(nameOf(key))).map(([, fn]) => fn))],
    disposers: new Set(DISPOSERS.flatMap((name) => members.get(`method ${name}`) ?? [])),
  };
}

export function privateNamesOf({ node }: ClassIr): string[] {
  const names = new Set<string>();
  for (const member of node.body.body) {
    if (member.type === 'StaticBlock' || member.type === 'TSIndexSignature' || member.static) continue;
    if (member.key.type === 'PrivateIdentifier') names.add(`#${member.key.name}`);
    else if (member.accessibility === 'private' && member.key.type === 'Identifier')
      names.add(member.key.name);
    if (member.type === 'MethodDefinition' && member.kind === 'constructor') {
      for (const param of member.value.params) {
        const name = privateParameter(param);
        if (name !== null) names.add(name);
      }
    }
  }
  return [...names];
}

function privateParameter(param: TSESTree.Parameter): string | null {
  if (param.type !== 'TSParameterProperty' || param.accessibility !== 'private') return null;
  const { parameter } = param;
  return parameter.type === 'AssignmentPattern' ? parameter.left.name : parameter.name;
}

/** Methods and accessors that an instance has, the most derived ones: `method close`, `getter handle`. */
function instanceMembers({ functions }: Program, chain: readonly ClassIr[]): Map<string, FunctionIr> {
  const members = new Map<string, FunctionIr>();
  const add = (table: string, of: ReadonlyMap<string, FunctionId>): void => {
    for (const [name, id] of of) {
      const key = `${table} ${name}`;
      if (!members.has(key)) members.set(key, defined(functions[id]));
    }
  };
  for (const { methods, getters, setters } of chain) {
    add('method', methods);
    add('getter', getters);
    add('setter', setters);
  }
  return members;
}

const nameOf = (key: string): string => key.slice(key.indexOf(' ') + 1);

/**
 * The names that the classes use otherwise than on `this` in a member of an instance: of another instance, in
 * a nested function, or a method as a value.
 */
function touchedElsewhere(
  { functions }: Program,
  statics: StaticValues,
  chain: readonly ClassIr[],
): ReadonlySet<string> {
  const touched = new Set<string>();
  const methods = new Set(chain.flatMap((cls) => [...cls.methods.keys()]));
  const instance = new Set(chain.flatMap(membersOf));
  for (const fn of functions) {
    if (!chain.some(({ node }) => overlaps(node, fn.node))) continue;
    const isMember = instance.has(fn.id);
    for (const instr of instrsOf(fn.body)) {
      const access = accessOf(instr);
      if (access?.key.kind !== 'static') continue;
      const { name } = access.key;
      const isOwn = isMember && statics.isThis(fn, access.object);
      const isMethod = methods.has(name);
      const isCall = instr.kind === 'call';
      if (isMethod ? !isOwn || !isCall : !isOwn && !isCall) touched.add(name);
    }
  }
  return touched;
}

const overlaps = (a: TSESTree.Node, b: TSESTree.Node): boolean =>
  a.range[0] < b.range[1] && b.range[0] < a.range[1];

function accessOf(instr: Instr): { readonly object: Temp; readonly key: Key } | null {
  if (instr.kind === 'getField' || instr.kind === 'setField') return instr;
  if (instr.kind !== 'call' || instr.callee.kind !== 'method') return null;
  return { object: instr.callee.receiver, key: instr.callee.key };
}
