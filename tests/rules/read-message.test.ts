/** A message tells of the places that its finding knows, and reading it back gives these and no others. */
import * as parser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../analysis/finding.ts';
import { rules } from '../../rules/index.ts';
import { analysisOf } from '../../rules/shared/analysis.ts';
import { describePath } from '../../rules/shared/message.ts';
import { readMessage } from '../../rules/shared/read-message.ts';
import type { Place, ToldStep } from '../../rules/shared/read-message.ts';
import { fixture } from '../harness/package.ts';
import { listFiles } from '../package/sources.ts';

const topics = [
  'aliases',
  'duplicates',
  'exits',
  'flags',
  'founding',
  'helpers',
  'loops',
  'mismatch',
  'owners',
];
const programs = topics
  .flatMap((topic) => listFiles(`tests/fixtures/${topic}`, '.ts'))
  .map((file) => file.replace('tests/fixtures/', ''));

/** Which steps of a finding a placeholder stands for. */
const TELLS: Readonly<Record<string, readonly string[]>> = {
  handle: ['acquired', 'duplicated'],
  duplicate: ['acquired', 'duplicated'],
  closed: ['closed'],
  inside: ['inside'],
};

const show = (step: ToldStep) => {
  const inside = step.kind === 'closed' && step.inside !== null ? `, ${at(step.inside)}` : '';
  return `${step.kind} ${at(step.place)}${inside}`;
};
const at = ({ line, column }: Place) => `${line}:${column}`;

describe('reading messages', () => {
  let count = 0;

  it.each(programs)('gives the places of the findings in %s', (name) => {
    const linter = new Linter();
    const config: Linter.Config[] = [
      { files: ['**/*.ts'], languageOptions: { parser } },
      handles.configs.recommended,
    ];
    const messages = linter.verify(fixture(name), config, { filename: name });
    const { findings } = analysisOf({
      sourceCode: linter.getSourceCode() as unknown as SourceCode,
      settings: {},
      filename: name,
      cwd: import.meta.dirname,
    });
    expect(messages).toHaveLength(findings.length);
    for (const [index, { ruleId, messageId, message }] of messages.entries()) {
      const finding = findings[index]!;
      const template = templateOf(ruleId!, messageId!);
      const told = readMessage(message, template);
      const isBranch = ({ kind }: ToldStep) => kind === 'branch';
      expect(told.filter((step) => !isBranch(step)).map(show)).toEqual(
        expected(finding, message.includes(', made ') ? `${template}{{inside}}` : template),
      );
      // A branch that decides nothing is not told.
      const hasBranch =
        template.includes('{{path}}') && describePath(finding, linter.getSourceCode() as never) !== '';
      expect(told.filter(isBranch)).toHaveLength(hasBranch ? 1 : 0);
      count++;
    }
  });

  it('was tried on many', () => {
    expect(count).toBeGreaterThan(100);
  });

  const template = '{{handle}} was closed{{closed}} and is used{{inside}}{{path}}. Stop.';
  it.each([
    [
      `'h' (1:2) was closed at 3:4 or 5:6 (inside, at 7:8) and is used (inside the call of 'f', at 9:1) when 'a(1:2)' is false (9:10). Stop.`,
      ['acquired 1:2', 'closed 3:4', 'closed 5:6, 7:8', 'inside 9:1', 'branch 9:10'],
    ],
    [
      `'h' (1:2), made inside the call of 'open' at 3:4, was closed and is used (inside the call of 'f(', at 5:6, when '(, at 7:8)' is true). Stop.`,
      ['acquired 1:2', 'inside 3:4', 'inside 5:6'],
    ],
    [
      `'h[0]' (duplicate of 'g', 1:2 or 3:4) was closed and is used. Stop.`,
      ['duplicated 1:2', 'duplicated 3:4'],
    ],
    [
      `The duplicate of 'g' from 1:2 was closed and is used when 3:4 is not taken. Stop.`,
      ['duplicated 1:2', 'branch 3:4'],
    ],
    [`The handle was closed and is used when ' at 1:2. ' is true (3:4). Stop.`, ['branch 3:4']],
    [`Another sentence with 1:2. Stop.`, []],
  ])('%s', (message, steps) => {
    expect(readMessage(message, template).map(show)).toEqual(steps);
  });
});

function templateOf(ruleId: string, messageId: string): string {
  const { messages } = rules[ruleId.replace('handles/', '') as keyof typeof rules].meta;
  return (messages as Readonly<Record<string, string>>)[messageId]!;
}

/** In the order of the placeholders. */
function expected({ witness }: Finding, template: string): string[] {
  return [...template.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, name]) =>
    witness.flatMap((step) => {
      const { kind } = step;
      if (!(TELLS[name!] ?? []).includes(kind)) return [];
      const inside = step.kind === 'closed' && step.inside !== null ? `, ${placeOf(step.inside)}` : '';
      return `${kind} ${placeOf(step.node)}${inside}`;
    }),
  );
}

function placeOf({ loc: { start } }: TSESTree.Node): string {
  return `${start.line}:${start.column + 1}`;
}
