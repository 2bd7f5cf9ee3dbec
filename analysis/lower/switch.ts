/**
 * `switch`. Cases that fall into each other form a *run*; runs are independent of each other and stand one
 * after the other:
 *
 *     block end
 *       if x === 1 { S1; break end }              a run of one case
 *       block skip                                a run of two, `case 2: S2; case 3: S3; break;`
 *         block c1
 *           block c0
 *             if x === 2 { break c0 }
 *             if x === 3 { break c1 }
 *             break skip
 *           S2
 *         S3
 *         break end
 *       S4                                        the default's run, wherever it is written
 *
 * ECMA-262 14.12.2 tests all cases before it takes the default. Moving its run to the end is the same unless
 * tests would change places, and then the whole switch is one run.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Temp } from '../ir/ir.ts';
import type { BlockTarget, Builder } from './builder.ts';
import { lowerExpression } from './expressions.ts';
import { hoistFunction, lowerFrom } from './statements.ts';

type Case = TSESTree.SwitchCase;
type Run = readonly Case[];

export function lowerSwitch(b: Builder, node: TSESTree.SwitchStatement): void {
  const value = lowerExpression(b, node.discriminant);
  b.block(node, (end) => {
    b.targets.push({ labels: [], breaks: end, continues: null, needsLabel: false });
    // All cases share one scope (14.12.4), whose functions exist before any of them is tested.
    for (const { consequent } of node.cases) for (const statement of consequent) hoistFunction(b, statement);
    const runs = orderRuns(splitRuns(node.cases));
    for (const [index, run] of runs.entries()) lowerRun(b, run, value, end, index === runs.length - 1);
    b.targets.pop();
  });
}

function splitRuns(cases: readonly Case[]): Run[] {
  const runs: Case[][] = [];
  let fallsThrough = false;
  for (const next of cases) {
    const run = runs.at(-1);
    if (fallsThrough && run !== undefined) run.push(next);
    else runs.push([next]);
    fallsThrough = !endsAbruptly(next.consequent);
  }
  return runs;
}

function orderRuns(runs: readonly Run[]): readonly Run[] {
  const at = runs.findIndex((run) => run.some(isDefault));
  const defaultRun = runs[at];
  if (defaultRun === undefined || at === runs.length - 1) return runs;
  if (defaultRun.length > 1) return [runs.flat()];
  return [...runs.slice(0, at), ...runs.slice(at + 1), defaultRun];
}

function lowerRun(b: Builder, run: Run, value: Temp, end: BlockTarget, isLast: boolean): void {
  const [first] = run;
  if (first === undefined) return;
  if (run.length === 1) {
    lowerSingle(b, first, value, end);
    return;
  }
  b.block(first, (skip) => {
    lowerNested(b, run, run.length - 1, value, [], isLast ? end : skip);
    b.jump(first, end);
  });
}

function lowerSingle(b: Builder, only: Case, value: Temp, end: BlockTarget): void {
  if (only.test === null) {
    lowerFrom(b, only.consequent, 0);
    return;
  }
  const body = (): void => {
    lowerFrom(b, only.consequent, 0);
    b.jump(only, end);
  };
  b.branch(only.test, lowerTest(b, only.test, value), body, () => {});
}

/** The bodies up to `index`, each behind the block that its case leaves; innermost are the tests. */
function lowerNested(
  b: Builder,
  run: Run,
  index: number,
  value: Temp,
  entries: BlockTarget[],
  skip: BlockTarget,
): void {
  const current = run[index];
  if (current === undefined) {
    lowerTests(b, run, value, entries, skip);
    return;
  }
  if (current.consequent.length === 0 && index < run.length - 1) {
    // `case 1: case 2: S` enters where the next case does.
    entries[index] = entries[index + 1] ?? skip;
    lowerNested(b, run, index - 1, value, entries, skip);
    return;
  }
  b.block(current, (entry) => {
    entries[index] = entry;
    lowerNested(b, run, index - 1, value, entries, skip);
  });
  lowerFrom(b, current.consequent, 0);
}

function lowerTests(
  b: Builder,
  run: Run,
  value: Temp,
  entries: readonly BlockTarget[],
  skip: BlockTarget,
): void {
  let otherwise = skip;
  for (const [index, { test }] of run.entries()) {
    const entry = entries[index];
    if (entry === undefined) continue;
    if (test === null) otherwise = entry;
    else
      b.branch(
        test,
        lowerTest(b, test, value),
        () => b.jump(test, entry),
        () => {},
      );
  }
  const [first] = run;
  if (first !== undefined) b.jump(first, otherwise);
}

function lowerTest(b: Builder, test: TSESTree.Expression, value: Temp): Temp {
  return b.compare(test, '===', value, lowerExpression(b, test));
}

function isDefault({ test }: Case): boolean {
  return test === null;
}

/** Whether the end of the list can not be reached, as far as its last statement says. */
function endsAbruptly(statements: readonly TSESTree.Statement[]): boolean {
  const last = statements.at(-1);
  switch (last?.type) {
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ReturnStatement':
    case 'ThrowStatement':
      return true;
    case 'BlockStatement':
      return endsAbruptly(last.body);
    case 'IfStatement':
      return last.alternate !== null && endsAbruptly([last.consequent]) && endsAbruptly([last.alternate]);
    case 'TryStatement':
      if (last.finalizer !== null && endsAbruptly(last.finalizer.body)) return true;
      return endsAbruptly(last.block.body) && (last.handler === null || endsAbruptly(last.handler.body.body));
    default:
      return false;
  }
}
