/** Programs with what the engine knows after each instruction, as text that a person can check. */
import { EVERYTHING } from '../../../analysis/solve/activation.ts';
import { printFunction } from '../../../analysis/ir/print.ts';
import { lowerProgram } from '../../../analysis/lower/program.ts';
import type { AnalysisSettings } from '../../../analysis/settings.ts';
import type { Node } from '../../../analysis/ir/ir.ts';
import { Engine } from '../../../analysis/solve/engine.ts';
import { printState } from '../../../analysis/solve/print-state.ts';
import { builtinApis } from '../../../apis/index.ts';
import { parse } from '../lower/parse.ts';

export const settings: AnalysisSettings = {
  exceptions: 'handled',
  unknownCalls: 'escape',
  apis: builtinApis,
};

export function engineFor(source: string, changed: Partial<AnalysisSettings> = {}): Engine {
  const { ast, scopeManager } = parse(source);
  return new Engine(lowerProgram(ast, scopeManager), { ...settings, ...changed });
}

/** The IR of a function with the distinct states after each instruction, and what its run found. */
export function showStates(source: string, name: string, changed: Partial<AnalysisSettings> = {}): string {
  const engine = engineFor(source, changed);
  const fn = engine.program.functions.find((each) => each.name === name);
  if (fn === undefined) throw new Error(`No function '${name}'`);
  const seen = new Map<Node, Set<string>>();
  engine.observer = (node, states) => {
    const texts = seen.get(node) ?? new Set();
    for (const state of states) texts.add(printState(state, engine.program.locals));
    seen.set(node, texts);
  };
  const recorder = engine.runOwn(fn, fn.body, EVERYTHING);
  const body = printFunction(fn, engine.program, {
    annotate: (node) => [...(seen.get(node) ?? [])].join('  //  '),
  });
  const findings = [...recorder.findings.values()].map(
    ({ kind, site }) => `${kind} ${site.node.loc.start.line}`,
  );
  return `${source.trim()}\n\n${body.trimEnd()}\n\nfound: ${findings.join(', ') || 'nothing'}\n`;
}
