/**
 * A class by itself, for all programs that use it: a small typestate exploration of one instance.
 *
 *     construct ──► instance states ──► member ──► instance states ──► …
 *
 * The constructor runs on arguments of which nothing is known, and then every member that code out of sight
 * can call, on every state that an instance can be in. What is found is true of every program: it is about
 * handles that the class acquires and keeps in private fields, where nobody else can close them.
 *
 *   - A handle is *forgotten* where some member has closed, and whatever is called from there on, nothing ever
 *     lets go of what the field holds.
 *   - A handle is *overwritten* where a member loses what the constructor has put into a field, and no member
 *     that could have been called before lets go of it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { defined } from '../defined.ts';
import { encapsulationOf } from '../effects/encapsulation.ts';
import type { Encapsulation } from '../effects/encapsulation.ts';
import { constructionOf } from '../ir/classes.ts';
import type { ClassIr, FunctionIr } from '../ir/ir.ts';
import { Activation } from './activation.ts';
import { BoundReached, MAX_INSTANCE_STATES } from './bounds.ts';
import { canonicalize } from './canonical.ts';
import type { Engine } from './engine.ts';
import { returned } from './project.ts';
import type { Exit } from './project.ts';
import { collect, isLeak, rootsOf } from './prune.ts';
import { reach } from './reach.ts';
import { Recorder } from './recorder.ts';
import type { RawFinding } from './recorder.ts';
import { NO_SITES } from './resource.ts';
import type { Resource } from './resource.ts';
import { bindParameters, runBody } from './run.ts';
import type { Site } from './site.ts';
import { State } from './state.ts';
import { StateSet } from './state-set.ts';
import { UNDEFINED } from './value.ts';
import type { ResourceId, Value } from './value.ts';

/** What a class shows of itself. Silent where it needs more than the bounds allow. */
export function runClass(engine: Engine, cls: ClassIr): Recorder {
  const recorder = new Recorder();
  const members = encapsulationOf(engine.program, engine.statics, cls);
  const isFollowed = members.entries.every(({ isGenerator, givenUp }) => !isGenerator && givenUp === null);
  if (members.privateFields.size === 0 || !isFollowed) return recorder;
  try {
    const findings = engine.withinBounds(() => new Lifecycle(engine, cls, members).findings());
    for (const finding of findings) recorder.add(finding);
  } catch (error) {
    if (!(error instanceof BoundReached)) throw error;
  }
  return recorder;
}

/** One call of a member on an instance. What fields held before are inputs of the state after it. */
interface Step {
  readonly entry: FunctionIr;
  readonly before: State;
  readonly places: readonly Place[];
  readonly after: State;
  readonly completion: Exit['completion'];
  /** Whether the instance is as it was constructed. */
  readonly isFirst: boolean;
}

/** What the fields of an instance lead to: `#file.handle`. */
interface Place {
  readonly path: string;
  readonly value: Value;
}

/** An open handle that only private fields of the instance lead to. */
interface Held {
  readonly path: string;
  readonly id: ResourceId;
}

/** Owners in owners are followed this far. */
const MAX_PATH = 3;

class Lifecycle {
  readonly #engine: Engine;
  readonly #class: ClassIr;
  readonly #members: Encapsulation;
  readonly #explored = new Map<string, readonly Step[]>();
  /** The calls that were made on a state, by its canonical form. */
  readonly #made = new Map<string, readonly Step[]>();

  constructor(engine: Engine, cls: ClassIr, members: Encapsulation) {
    this.#engine = engine;
    this.#class = cls;
    this.#members = members;
  }

  findings(): RawFinding[] {
    const activation = this.#activationOf(this.#engine.functionOf(0 as FunctionIr['id']));
    const blank = new State();
    blank.self = activation.newInstance(blank, this.#class, this.#class.node);
    const made = this.#construct(blank).map((state) => this.#atRest(state));
    const life = this.#explore(made, true);
    const ends = life.filter((step) => this.#closesForGood(step));
    if (ends.length === 0) return [];
    return [...ends.flatMap((step) => this.#forgotten(step)), ...this.#overwritten(life)];
  }

  /* ---------------------------------------------------------------- running */

  #construct(state: State): State[] {
    const bodies = constructionOf(this.#engine.program, this.#class);
    return bodies.reduce(
      (made, id) => made.flatMap((each) => returned(this.#run(this.#engine.functionOf(id), each))),
      [state],
    );
  }

  #run(fn: FunctionIr, state: State): Exit[] {
    const activation = this.#activationOf(fn);
    bindParameters(activation, state);
    return runBody(activation, fn.body, state);
  }

  #activationOf(fn: FunctionIr): Activation {
    const options = { countsImplicitThrows: false, isMember: () => true, depth: 0 };
    return new Activation(this.#engine, fn, new Recorder(), options);
  }

  /**
   * Every call of a member that can be made on an instance that begins in one of these states. Calls that were
   * made before do, unless it matters where what they find was acquired: that is no part of a canonical form.
   */
  #explore(starts: readonly State[], isAnew: boolean): readonly Step[] {
    const key = starts.map((state) => canonicalize(state).key).join('\n');
    const known = this.#explored.get(key);
    if (known !== undefined) return known;
    const states = new StateSet(this.#engine.fresh, () => true);
    const steps: Step[] = [];
    const queue = starts.map((state) => states.add(state.fork())).filter((state) => state !== null);
    const firsts = queue.length;
    for (let turn = 0; turn < queue.length; turn++) {
      if (turn >= MAX_INSTANCE_STATES) throw new BoundReached('MAX_INSTANCE_STATES');
      const state = defined(queue[turn]);
      const form = canonicalize(state).key;
      const known = isAnew ? undefined : this.#made.get(form);
      const taken = known ?? this.#stepsFrom(state, turn < firsts);
      this.#made.set(form, taken);
      for (const step of taken) {
        steps.push(step);
        const grown = states.add(this.#atRest(step.after));
        if (grown !== null) queue.push(grown);
      }
    }
    this.#explored.set(key, steps);
    return steps;
  }

  #stepsFrom(before: State, isFirst: boolean): Step[] {
    const places = placesOf(before, before.self, []);
    const watched = before.fork();
    watched.inputs = places.map(({ value }) => value);
    return this.#members.entries.flatMap((entry) =>
      this.#run(entry, watched.fork()).map(({ state, completion }): Step => ({
        entry,
        before,
        places,
        after: state,
        completion,
        isFirst,
      })),
    );
  }

  /* ---------------------------------------------------------------- judging */

  /** Whether a step closes what a field held and leaves no other open handle there. */
  #closesForGood({ places, before, after, completion }: Step): boolean {
    if (completion !== 'return') return false;
    const left = new Set(this.#heldIn(after).map(({ path }) => path));
    return places.some(({ path, value }, index) => {
      const was = value.kind === 'resource' ? before.getResource(value.id).typestate : 'open';
      return was !== 'closed' && typestateOf(after, after.inputs[index]) === 'closed' && !left.has(path);
    });
  }

  #forgotten({ after }: Step): RawFinding[] {
    if (after.isDoubtful) return [];
    const held = this.#heldIn(after);
    if (held.length === 0) return [];
    const rest = this.#explore([this.#atRest(after)], false);
    return held
      .filter(({ path }) => !rest.some((step) => this.#letsGo(step, path)))
      .flatMap(({ id, path }) => this.#leaks(after, after.getResource(id), path));
  }

  #overwritten(life: readonly Step[]): RawFinding[] {
    const { disposers } = this.#members;
    return life.flatMap((step) => {
      const { entry, before, after, isFirst } = step;
      if (!isFirst || after.isDoubtful) return [];
      const mayComeBefore = life.filter((each) => each.entry !== entry && !disposers.has(each.entry));
      return this.#heldIn(before)
        .filter(({ path }) => this.#fateOf(step, path) === 'lost')
        .filter(({ path }) => !mayComeBefore.some((each) => this.#letsGo(each, path)))
        .flatMap(({ id, path }) => this.#losses(before.getResource(id), path, after));
    });
  }

  /** Whether a step may end what is owed for the handle in a field: closes it, moves it, or shows it to others. */
  #letsGo(step: Step, path: string): boolean {
    return this.#fateOf(step, path) === 'let go';
  }

  /** What became of the handle that a field held before a step; null where it held none. */
  #fateOf({ before, places, after }: Step, path: string): 'kept' | 'lost' | 'let go' | null {
    const held = this.#heldIn(before).find((each) => each.path === path);
    const became = after.inputs[places.findIndex((place) => place.path === path)];
    if (held === undefined || became?.kind !== 'resource') return null;
    if (this.#heldIn(after).some((each) => each.id === became.id && each.path === path)) return 'kept';
    const { resources } = reach(withoutInputs(after), rootsOf(withoutInputs(after)), this.#engine.captures);
    return isLeak(after.getResource(became.id)) && !resources.has(became.id) ? 'lost' : 'let go';
  }

  /** The open handles that private fields hold and nothing else leads to. */
  #heldIn(state: State): Held[] {
    if (state.self.kind !== 'object') return [];
    const shown = this.#shownBy(state);
    return placesOf(state, state.self, []).flatMap(({ path, value }) => {
      if (value.kind !== 'resource' || shown.has(value.id)) return [];
      return isLeak(state.getResource(value.id)) ? [{ path, id: value.id }] : [];
    });
  }

  /** What somebody can reach otherwise than through the private fields. */
  #shownBy(state: State): ReadonlySet<ResourceId> {
    const shown = withoutInputs(state);
    if (state.self.kind === 'object') {
      const self = state.getObject(state.self.id);
      const fields = [...self.fields].filter(([name]) => !this.#members.privateFields.has(name));
      shown.objects.set(state.self.id, { ...self, fields: new Map(fields) });
    }
    return reach(shown, rootsOf(shown), this.#engine.captures).resources;
  }

  /** Between two calls: no frame and no result, and what was shown to others is theirs as well. */
  #atRest(state: State): State {
    const rested = withoutInputs(state);
    for (const id of this.#shownBy(state)) {
      if (state.getResource(id).typestate === 'open') rested.updateResource(id, { typestate: 'escaped' });
    }
    rested.result = UNDEFINED;
    rested.returning = NO_SITES;
    for (const local of [...rested.locals.keys()]) rested.locals.delete(local);
    collect(rested, { captures: this.#engine.captures, onEnd: null });
    rested.lost = new Map();
    return rested;
  }

  /* ---------------------------------------------------------------- telling */

  #leaks(state: State, resource: Resource, path: string): RawFinding[] {
    const { node } = this.#class;
    return [...resource.history.acquired].map((site) => {
      const finding = this.#finding(state, resource, path, site);
      // What a base class acquires and a subclass forgets is told where the subclass names its base.
      if (node.superClass === null || contains(node, site.node)) return finding;
      return {
        ...finding,
        site: this.#engine.sites.at(node.superClass, site),
        standsIn: 'inheriting' as const,
      };
    });
  }

  /** What is lost is told where the new handle is acquired; where there is none, where it was itself. */
  #losses(resource: Resource, path: string, after: State): RawFinding[] {
    const fresh = this.#heldIn(after).find((each) => each.path === path);
    const sites = fresh === undefined ? [] : [...after.getResource(fresh.id).history.acquired];
    if (sites.length === 0) return this.#leaks(after, resource, path);
    return sites.map((site) => ({
      ...this.#finding(after, resource, path, site),
      standsIn: 'overwriting' as const,
    }));
  }

  #finding({ trace }: State, resource: Resource, path: string, site: Site): RawFinding {
    const { isDuplicate, kind, history } = resource;
    return {
      kind: isDuplicate ? 'leakedDuplicate' : 'leakedHandle',
      site,
      handleKind: kind,
      isDuplicate,
      history: { ...history, name: history.name ?? `this.${path}` },
      input: null,
      trace,
    };
  }
}

const contains = ({ range: [start, end] }: TSESTree.Node, { range }: TSESTree.Node): boolean =>
  start <= range[0] && range[1] <= end;

function withoutInputs(state: State): State {
  const copy = state.fork();
  copy.inputs = [];
  return copy;
}

function typestateOf(state: State, value: Value | undefined): Resource['typestate'] | null {
  return value?.kind === 'resource' ? state.getResource(value.id).typestate : null;
}

/** Handles, and what may be some, in the fields of an object and of the objects in these. */
function placesOf(state: State, value: Value, path: readonly string[]): Place[] {
  if (value.kind === 'resource' || value.kind === 'symbol') return [{ path: path.join('.'), value }];
  if (value.kind !== 'object' || path.length >= MAX_PATH) return [];
  return [...state.getObject(value.id).fields].flatMap(([name, held]) =>
    placesOf(state, held, [...path, name]),
  );
}
