/** What makes resources: acquisitions and duplications. */
import { typeOfResult } from '../effects/decode.ts';
import type { HandleKind, OperationEffect, Place } from '../effects/decode.ts';
import type { Call, New } from '../ir/ir.ts';
import type { Activation } from './activation.ts';
import { annotate, use } from './events.ts';
import { spellElement } from './holders.ts';
import { decide, handleAt, valueAt, writeAt } from './places.ts';
import type { OperationCall } from './places.ts';
import { failedOnDead, failedValue } from './operations.ts';
import { settleExistence } from './refine.ts';
import { writeResult } from './results.ts';
import { historyOf, NO_FINDINGS, NO_OPERATIONS } from './resource.ts';
import type { Resource } from './resource.ts';
import type { Site } from './site.ts';
import type { State } from './state.ts';
import { constant, existence, FALSE, TRUE, UNDEFINED } from './value.ts';
import type { ResourceId, Value } from './value.ts';
import type { Way } from './way.ts';

type Making = Extract<OperationEffect, { do: 'acquire' | 'duplicate' }>;

/** A resource that this call makes; a slice keeps those of other groups for their existence alone. */
export function newResource(activation: Activation, instr: Call | New): Resource {
  const isForeign = !activation.isMember;
  return {
    ...newlyGiven(null, activation.siteOf(instr)),
    typestate: isForeign ? 'escaped' : 'open',
    exists: 'maybe',
    isOwed: !isForeign,
    isSilenced: isForeign,
  };
}

/** A resource that code out of sight made, and gives away. */
export function newlyGiven(kind: HandleKind | null, site: Site): Resource {
  return {
    typestate: 'open',
    exists: 'certainly',
    kind,
    failure: UNDEFINED,
    source: null,
    isDuplicate: false,
    isOwed: true,
    neededBy: NO_OPERATIONS,
    isBorrowed: false,
    reported: NO_FINDINGS,
    isSilenced: false,
    history: historyOf(site),
  };
}

export function duplicate(
  activation: Activation,
  way: Way,
  call: OperationCall,
  effect: Extract<OperationEffect, { do: 'duplicate' }>,
): Way[] {
  const { state } = way;
  const value = valueAt(activation, state, call, effect.of);
  const source = handleAt(activation, state, call, effect.of);
  if (source === null && value.kind !== 'lent') return [failedValue(activation, way, call, effect.of)];
  if (source !== null && !use(activation, state, source, activation.siteOf(call.instr))) {
    return [failedOnDead(activation, way, call)];
  }
  if (effect.ownedWhen !== null && decide(activation, state, call, effect.ownedWhen) !== true) {
    return [writeUnknown(activation, way, call, effect.to)];
  }
  return acquire(activation, way, call, effect, source);
}

/** Fills a place with what nobody here can say more of: a duplicate for another process, for one. */
export function writeUnknown(activation: Activation, way: Way, call: OperationCall, to: Place): Way {
  if (to.root === 'result')
    return writeResult(activation, { ...way, success: null }, call, to, activation.unknown());
  writeAt(activation, way.state, call, to, activation.unknown());
  return { ...way, success: null };
}

/** Puts a new resource in its place. Where the place held more than a constant, success and failure part. */
export function acquire(
  activation: Activation,
  way: Way,
  call: OperationCall,
  effect: Making,
  source: ResourceId | null = null,
): Way[] {
  const { state } = way;
  const previous = failureValue(activation, state, call, effect);
  const isSimple = previous.kind === 'const' || previous.kind === 'symbol';
  const failed = isSimple ? null : state.fork();
  const id = activation.engine.fresh.resource();
  const isCertain = effect.failure === 'throws' && !call.operation.isAsync;
  state.resources.set(id, {
    ...newResource(activation, call.instr),
    ...(effect.do === 'acquire'
      ? { kind: effect.kind }
      : duplicateOf(activation, state, call, effect, source)),
    exists: isCertain ? 'certainly' : 'maybe',
    failure: isSimple ? previous : UNDEFINED,
  });
  const isResult = effect.to.root === 'result' && effect.to.fields.length === 0;
  annotate(state, id, { cell: spellCell(call, effect.to), isResult });
  const isDropped =
    effect.to.root === 'result' && !activation.engine.statics.isRead(activation.fn, call.instr.dst);
  if (isDropped && state.getResource(id).kind?.mayBeDropped === true) {
    state.updateResource(id, { typestate: 'escaped' });
  }
  const made = put(activation, way, call, effect.to, { kind: 'resource', id });
  const success: Value = isCertain ? TRUE : existence(id);
  if (failed === null) return [{ ...made, success, isMade: true }];
  settleExistence(state, id, true);
  return [
    { ...made, success: TRUE, isMade: true },
    put(activation, { ...way, state: failed, success: FALSE }, call, effect.to, previous),
  ];
}

function put(activation: Activation, way: Way, call: OperationCall, to: Place, value: Value): Way {
  if (to.root === 'result') return writeResult(activation, way, call, to, value);
  writeAt(activation, way.state, call, to, value);
  return way;
}

function failureValue(activation: Activation, state: State, call: OperationCall, effect: Making): Value {
  switch (effect.failure) {
    case 'unchanged':
      return valueAt(activation, state, call, effect.to);
    case 'throws':
      return UNDEFINED;
    case 'unknown':
      return activation.unknown();
    default:
      return constant(effect.failure.value);
  }
}

/** `out[0]`, where the argument is a variable. */
function spellCell({ instr }: OperationCall, { root, fields }: Place): string | null {
  const node = typeof root === 'number' ? instr.args.at(root)?.node : undefined;
  return node?.type === 'Identifier' ? spellElement(node.name, fields) : null;
}

function duplicateOf(
  activation: Activation,
  state: State,
  call: OperationCall,
  effect: Extract<OperationEffect, { do: 'duplicate' }>,
  source: ResourceId | null,
): Partial<Resource> {
  const of = source === null ? null : state.getResource(source);
  const sourceName = of?.history.name ?? of?.history.cell ?? null;
  return {
    kind: of?.kind ?? lentKind(activation, state, call, effect) ?? effect.kind,
    source,
    // One that is made inside of an owner is the owner's matter.
    isDuplicate: !isInOwner(activation, call, effect.to),
    history: { ...historyOf(activation.siteOf(call.instr)), sourceName },
  };
}

function isInOwner({ engine }: Activation, { operation }: OperationCall, to: Place): boolean {
  const type = to.root === 'result' && to.fields.length > 0 ? typeOfResult(operation) : null;
  return type !== null && engine.apis.fieldsHeldBy(type) !== null;
}

/** A duplicate of a handle that was lent is of the same kind, and real. */
function lentKind(
  activation: Activation,
  state: State,
  call: OperationCall,
  { of }: Extract<OperationEffect, { do: 'duplicate' }>,
): Resource['kind'] {
  const type = activation.typeOf(state, valueAt(activation, state, call, of));
  return type === null ? null : activation.engine.apis.kindOfType(type);
}
