/**
 * The descriptions of many files, each of which may build on those of others. They are described again and again until
 * nothing changes: what a file is described by is known after one more round than its imports are deep.
 */
import { resolve } from 'node:path';
import { describeModule } from '../analysis/describe.ts';
import type { DescribedModule, PassedOn } from '../analysis/describe.ts';
import { moduleName } from '../analysis/ir/module-name.ts';
import type { AnalysisSettings } from '../analysis/settings.ts';
import { sortedByKey } from '../analysis/sorted.ts';
import { pathFrom } from '../rules/shared/host.ts';
import { quietly } from '../rules/shared/quietly.ts';
import type { Source } from './source.ts';

type ApiDescription = AnalysisSettings['apis'][string];

/** The names of modules, and the files that they are. */
export type Names = ReadonlyMap<string, string>;

export type Descriptions = ReadonlyMap<string, ApiDescription>;

const NOTHING: DescribedModule = { own: null, passedOn: [] };

/** Files that go on changing each other are left out. */
const MAX_ROUNDS = 12;

export function describeFiles(sources: readonly Source[], names: Names = new Map()): Descriptions {
  const files = sources.map((source) => ({ source, module: pathFrom(source.root, source.file) }));
  const root = sources[0]?.root ?? '';
  const named = new Map([...names].map(([name, file]) => [name, pathFrom(root, resolve(file))]));
  const modules = new Map([...files.map(({ module }) => [moduleName(module), module] as const), ...named]);
  let described: Descriptions = new Map();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const known = described;
    const settingsOf = withKnown(withNames(known, named), new Set(modules.values()));
    const found = new Map(
      files.map(({ source, module }) => {
        const { ast, scopeManager, settings, host } = source;
        const describe = (): DescribedModule =>
          describeModule(ast, scopeManager, settingsOf(settings), host, module);
        return [module, quietly(describe, NOTHING)];
      }),
    );
    const next = joined(found, modules);
    const changed = [...next].flatMap(([module, api]) =>
      JSON.stringify(api) === JSON.stringify(known.get(module)) ? [] : [module],
    );
    if (changed.length === 0 && next.size === known.size) return withNames(next, named);
    described = round === MAX_ROUNDS - 1 ? without(next, changed) : next;
  }
  return withNames(described, named);
}

/**
 * Settings with what is known by now. What was described of these files before is not to be built on: it may be stale.
 * Files with the same settings share what comes of them, for it takes long to decode.
 */
function withKnown(
  known: Descriptions,
  modules: ReadonlySet<string>,
): (settings: AnalysisSettings) => AnalysisSettings {
  const made = new Map<AnalysisSettings, AnalysisSettings>();
  return (settings) => {
    let whole = made.get(settings);
    if (whole === undefined) {
      const others = Object.entries(settings.apis).filter(([name]) => !modules.has(name));
      whole = { ...settings, apis: Object.fromEntries([...others, ...known]) };
      made.set(settings, whole);
    }
    return whole;
  };
}

/** What each module exports, that which it passes on included. */
function joined(
  found: ReadonlyMap<string, DescribedModule>,
  modules: ReadonlyMap<string, string>,
): Descriptions {
  const all = new Map<string, ApiDescription>();
  const get = (module: string, under: readonly string[]): ApiDescription | null => {
    const each = found.get(module);
    if (each === undefined || under.includes(module)) return null;
    return each.passedOn.reduce<ApiDescription | null>((api, passed) => {
      const from = modules.get(moduleName(passed.module));
      const other = from === undefined ? null : get(from, [...under, module]);
      return other === null ? api : withPassedOn(api ?? { modules: [module] }, other, passed);
    }, each.own);
  };
  for (const module of found.keys()) {
    const api = get(module, []);
    if (api !== null) all.set(module, api);
  }
  return all;
}

const PASSED = ['constants', 'constructors', 'functions'] as const;

/** What a module exports of another one. Kinds and types stay where they are described. */
function withPassedOn(api: ApiDescription, other: ApiDescription, passed: PassedOn): ApiDescription {
  return PASSED.reduce((whole, section) => {
    const entries = Object.entries<unknown>(other[section] ?? {}).flatMap(([name, value]) => {
      const as = nameOf(name, passed);
      return as === null ? [] : [[as, value] as const];
    });
    if (entries.length === 0) return whole;
    const merged = [...entries, ...Object.entries<unknown>(whole[section] ?? {})];
    return { ...whole, [section]: sortedByKey(new Map(merged)) };
  }, api);
}

/** What an export of another module is called where it is passed on; null where it is not. */
function nameOf(name: string, passed: PassedOn): string | null {
  if (passed.kind === 'all') return name === 'default' ? null : name;
  const path = passed.path.join('.');
  if (path === '') return `${passed.name}.${name}`;
  return name === path || name.startsWith(`${path}.`) ? passed.name + name.slice(path.length) : null;
}

/** A file that others import by a name is known under that one as well. */
function withNames(described: Descriptions, named: ReadonlyMap<string, string>): Descriptions {
  const all = new Map(described);
  for (const [name, module] of named) {
    const api = all.get(module);
    if (api !== undefined) all.set(module, { ...api, modules: [...(api.modules ?? []), name] });
  }
  return all;
}

function without(described: Descriptions, left: readonly string[]): Descriptions {
  return new Map([...described].filter(([module]) => !left.includes(module)));
}

/** As text that stays the same as long as what it says does. */
export function print(described: Descriptions): string {
  return `${JSON.stringify(sortedByKey(described), null, 2)}\n`;
}
