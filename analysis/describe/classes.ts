/**
 * A class as others know it: what its constructor takes, and what its members do to what an instance holds. It is run
 * on probes like any body: an instance has some in the fields that the constructor fills with handles.
 */
import type { OperationDescription } from '../../apis/schema.ts';
import type { TSESTree } from '@typescript-eslint/utils';
import { defined } from '../defined.ts';
import { isFieldName, parsePath } from '../effects/decode.ts';
import { privateNamesOf } from '../effects/encapsulation.ts';
import { chainOf, constructionOf } from '../ir/classes.ts';
import type { ClassIr, FunctionId, FunctionIr } from '../ir/ir.ts';
import { Activation } from '../solve/activation.ts';
import type { Engine } from '../solve/engine.ts';
import { returned } from '../solve/project.ts';
import type { Exit } from '../solve/project.ts';
import { Recorder } from '../solve/recorder.ts';
import { runClass } from '../solve/lifecycle.ts';
import { runBody } from '../solve/run.ts';
import { innermost } from '../solve/site.ts';
import { State } from '../solve/state.ts';
import type { HeapObject } from '../solve/state.ts';
import { isConst } from '../solve/value.ts';
import type { Value } from '../solve/value.ts';
import { opaqueFields, whatIsHeld } from './held.ts';
import type { DescribedClass } from './held.ts';
import { operationOf } from './operation.ts';
import { hasPlaces, MAX_DEPTH, OutcomeReader } from './outcomes.ts';
import type { Outcome, TypeOfOwner } from './outcomes.ts';
import { bindParameters, probe, probeParameters } from './probes.ts';
import type { Input } from './probes.ts';

export function activationOf(engine: Engine, fn: FunctionIr): Activation {
  return new Activation(engine, fn, new Recorder(), {
    countsImplicitThrows: true,
    isMember: () => true,
    depth: 1,
  });
}

/** Null where a function is not followed. */
export function describeFunction(
  engine: Engine,
  fn: FunctionIr,
  typeOf: TypeOfOwner,
): OperationDescription | null {
  const activation = activationOf(engine, fn);
  if (!activation.canEnter(fn)) return null;
  const state = new State();
  const inputs = probeParameters(activation, state, fn);
  if (inputs === null) return null;
  bindParameters(state, fn, inputs);
  state.inputs = inputs.map(({ value }) => value);
  const reader = new OutcomeReader(engine, inputs, typeOf);
  const exits = runBody(activation, fn.body, state);
  return operationOf(
    exits.map((exit) => independently(engine, [fn], reader.read(exit, null))),
    inputs,
    fn.isAsync,
  );
}

/** What the module remembers from call to call a caller may know. */
function independently(
  { captures, localOf }: Engine,
  bodies: readonly FunctionIr[],
  outcome: Outcome,
): Outcome {
  const captured = bodies.flatMap(({ id }) => captures.ofFunction(id));
  const isFree = captured.every((local) => localOf(local).isConstant);
  return isFree ? outcome : { ...outcome, isIndependent: false };
}

export class ClassDescriber {
  readonly #engine: Engine;
  readonly #class: ClassIr;
  readonly #typeOf: TypeOfOwner;
  readonly #opaque: ReadonlySet<string>;

  constructor(engine: Engine, cls: ClassIr, typeOf: TypeOfOwner, lookedInto: ReadonlySet<string>) {
    this.#engine = engine;
    this.#class = cls;
    this.#typeOf = typeOf;
    this.#opaque = opaqueFields(engine, cls, lookedInto);
  }

  /** Null where it shows no handle, or more than effects can say. */
  describe(): DescribedClass | null {
    if (this.#engine.hasUnseenBase(this.#class)) return null;
    const made = this.#construct();
    if (made === null) return null;
    const [constructor, instances] = made;
    const methods = new Map<string, OperationDescription>();
    const properties = new Map<string, { readonly field: string }>();
    for (const cls of chainOf(this.#engine.program, this.#class)) {
      for (const [name, id] of cls.methods) {
        if (name.startsWith('#') || methods.has(name)) continue;
        const fn = this.#engine.functionOf(id);
        const method = this.#member(fn, instances);
        if (method === null) return null;
        methods.set(name, method);
      }
      for (const [name, id] of cls.getters) {
        if (name.startsWith('#') || properties.has(name)) continue;
        const getter = this.#member(this.#engine.functionOf(id), instances);
        const field = getter === null ? null : fieldGiven(getter);
        if (getter === null || (field === null && getter.effects.length > 0)) return null;
        if (field !== null) properties.set(name, { field });
      }
      for (const [name, id] of cls.setters) {
        if (name.startsWith('#')) continue;
        const setter = this.#member(this.#engine.functionOf(id), instances);
        if (setter === null || setter.effects.length > 0) return null;
      }
    }
    const hidden = new Set(privateNamesOf(this.#class));
    return whatIsHeld({ constructor, methods, properties }, hidden, this.#followed(instances));
  }

  /** The opaque fields, but for those in which objects are seen, whose own fields are followed. */
  #followed(instances: readonly State[]): ReadonlySet<string> {
    const opaque = new Set(this.#opaque);
    for (const name of this.#opaque) {
      const values = instances.map(({ self, objects }) =>
        self.kind === 'object' ? objects.get(self.id)?.fields.get(name) : undefined,
      );
      const isKnown = values.every(
        (value) =>
          value?.kind === 'object' || (value?.kind === 'resource' && this.#isTyped(instances, value)),
      );
      if (isKnown) opaque.delete(name);
    }
    return opaque;
  }

  #isTyped(instances: readonly State[], { id }: Extract<Value, { kind: 'resource' }>): boolean {
    return instances.some(({ resources }) => (resources.get(id)?.kind ?? null) !== null);
  }

  /** Where handles are acquired that the class is reported to leak by itself. */
  #reported(): ReadonlySet<TSESTree.Node> {
    const { findings } = runClass(this.#engine, this.#class);
    return new Set([...findings.values()].map(({ site }) => innermost(site)));
  }

  /** The constructor as an operation, and the instances that it makes. */
  #construct(): [OperationDescription, State[]] | null {
    const bodies = constructionOf(this.#engine.program, this.#class).map((id) => this.#engine.functionOf(id));
    const constructor = bodies.find(({ kind }) => kind === 'constructor');
    const activation = activationOf(this.#engine, this.#engine.functionOf(0 as FunctionId));
    const state = new State();
    state.self = activation.newInstance(state, this.#class, this.#class.node);
    const inputs = constructor === undefined ? [] : probeParameters(activation, state, constructor);
    if (inputs === null) return null;
    state.inputs = inputs.map(({ value }) => value);
    const exits = this.#runAll(bodies, state, inputs);
    if (exits === null) return null;
    const reader = new OutcomeReader(this.#engine, inputs, this.#typeOf, this.#reported());
    const outcomes = exits.map((exit) => independently(this.#engine, bodies, reader.read(exit, 'result')));
    const operation = operationOf(outcomes, inputs, false);
    const instances = returned(exits);
    const isShown = instances.some(
      ({ self, objects }) => self.kind !== 'object' || objects.get(self.id)?.isEscaped !== false,
    );
    return operation === null || isShown || instances.length === 0 ? null : [operation, instances];
  }

  /** All ways through some bodies, one after the other; null where one of them is not followed. */
  #runAll(bodies: readonly FunctionIr[], state: State, inputs: readonly Input[]): Exit[] | null {
    const thrown: Exit[] = [];
    let states = [state];
    for (const fn of bodies) {
      const activation = activationOf(this.#engine, fn);
      if (!activation.canEnter(fn)) return null;
      const exits = states.flatMap((before) => {
        const entry = before.fork();
        bindParameters(entry, fn, inputs);
        return runBody(activation, fn.body, entry);
      });
      thrown.push(...exits.filter(({ completion }) => completion !== 'return'));
      states = returned(exits);
    }
    return [...states.map((each): Exit => ({ completion: 'return', state: each })), ...thrown];
  }

  /** A method or accessor, run on an instance of which all that is known is what its fields are for. */
  #member(fn: FunctionIr, instances: readonly State[]): OperationDescription | null {
    const activation = activationOf(this.#engine, fn);
    if (!activation.canEnter(fn)) return { effects: [{ do: 'keep', on: 'this' }] };
    const state = new State();
    const params = probeParameters(activation, state, fn);
    if (params === null) return { effects: [{ do: 'keep', on: 'this' }] };
    const fields: Input[] = [];
    state.self = this.#instance(activation, state, instances, fields);
    const inputs = [...params, ...fields];
    bindParameters(state, fn, inputs);
    state.inputs = inputs.map(({ value }) => value);
    const reader = new OutcomeReader(this.#engine, inputs, this.#typeOf);
    const exits = runBody(activation, fn.body, state);
    return operationOf(
      exits.map((exit) => reader.read(exit, 'this')),
      inputs,
      fn.isAsync,
    );
  }

  #instance(activation: Activation, state: State, instances: readonly State[], inputs: Input[]): Value {
    const examples = instances.flatMap((each) =>
      each.self.kind === 'object' ? [{ state: each, object: each.getObject(each.self.id) }] : [],
    );
    return this.#likeObjects(activation, state, 'this', examples, inputs);
  }

  #likeObjects(
    activation: Activation,
    state: State,
    path: string,
    examples: readonly Example[],
    inputs: Input[],
  ): Value {
    const [first] = examples;
    const { shape, isOpen, node } = defined(first).object;
    const names = new Set(examples.flatMap(({ object }) => [...object.fields.keys()]));
    const fields = new Map<string, Value>();
    for (const name of names) {
      const at = `${path}.${name}`;
      const values = examples.flatMap((each) => {
        const value = each.object.fields.get(name);
        return value === undefined ? [] : [{ state: each.state, value }];
      });
      const value = isFieldName(name)
        ? this.#likeValues(activation, state, at, name, values, inputs)
        : activation.unknown();
      fields.set(name, value);
    }
    const value = activation.newObject(state, node ?? this.#class.node, shape, fields, isOpen);
    inputs.push({ path, value, isOpaque: false, isComputedWith: true });
    return value;
  }

  #likeValues(
    activation: Activation,
    state: State,
    path: string,
    name: string,
    values: readonly { readonly state: State; readonly value: Value }[],
    inputs: Input[],
  ): Value {
    const add = (value: Value): Value => {
      inputs.push({ path, value, isOpaque: false, isComputedWith: true });
      return value;
    };
    const objects = values.flatMap(({ state: from, value }) =>
      value.kind === 'object' ? [{ state: from, object: from.getObject(value.id) }] : [],
    );
    const [object] = objects;
    if (object !== undefined) {
      const isAlike = objects.length === values.length && path.split('.').length <= MAX_DEPTH;
      if (isAlike && hasPlaces(object.object))
        return this.#likeObjects(activation, state, path, objects, inputs);
      return activation.unknown();
    }
    if (values.some(({ value }) => value.kind === 'function' || value.kind === 'class'))
      return activation.unknown();
    const isFlag = values.every(({ value }) => isConst(value) && typeof value.value === 'boolean');
    if (isFlag) return add(activation.unknownBoolean(state));
    const kinds = values.flatMap(({ state: from, value }) =>
      value.kind === 'resource' ? [from.getResource(value.id).kind] : [],
    );
    const declared = this.#engine.fieldType(this.#class.id, name);
    const kind =
      kinds.find((each) => each !== null) ??
      (declared === null ? null : this.#engine.apis.kindOfType(declared));
    if (kind === null && this.#opaque.has(name)) return activation.unknown();
    if (values.some(({ value }) => isConst(value) && typeof value.value === 'string'))
      return add(activation.unknown());
    if (kinds.length > 0 || values.some(({ value }) => isConst(value) || value.kind === 'symbol'))
      return add(probe(activation, state, kind));
    return activation.unknown();
  }
}

interface Example {
  readonly state: State;
  readonly object: HeapObject;
}

/** The field that a getter gives; null where it does anything else. */
function fieldGiven({ effects }: OperationDescription): string | null {
  const [only] = effects;
  if (effects.length !== 1 || only?.do !== 'pass' || only.to !== 'result') return null;
  const { root, fields } = parsePath(only.of);
  return root === 'this' && fields.length === 1 ? defined(fields[0]) : null;
}
