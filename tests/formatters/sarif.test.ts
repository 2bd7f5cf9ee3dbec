/** What the SARIF log says of each report, and that its fingerprints outlive edits. */
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import type { Linter } from 'eslint';
import handles from 'eslint-plugin-handles';
import { describe, expect, it } from 'vitest';
import formatSarif from '../../formatters/sarif.ts';
import { fixture } from '../harness/package.ts';
import { program } from '../rules/tester.ts';

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}
interface Location {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: Region;
  };
  readonly message?: { readonly text: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly relatedLocations?: readonly Location[];
  readonly codeFlows?: readonly {
    readonly threadFlows: readonly { readonly locations: readonly { readonly location: Location }[] }[];
  }[];
  readonly fixes?: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly unknown[];
  }[];
  readonly results: readonly Result[];
}

const cwd = join(process.cwd(), 'some project');

async function log(code: string, name = 'source.ts', ...more: Linter.Config[]): Promise<Run> {
  const eslint = new ESLint({
    cwd: process.cwd(),
    overrideConfigFile: true,
    overrideConfig: [
      { files: ['**/*.ts'], languageOptions: { parser } },
      handles.configs.recommended,
      ...more,
    ],
  });
  const results = await eslint.lintText(code, { filePath: 'source.ts' });
  const rulesMeta = eslint.getRulesMetaForResults(results);
  const moved = results.map((result) => ({ ...result, filePath: join(cwd, name) }));
  const { runs } = JSON.parse(formatSarif(moved, { cwd, rulesMeta })) as {
    runs: [Run];
  };
  return runs[0];
}

const show = ({ physicalLocation: { region }, message }: Location): string =>
  `${region.startLine}:${region.startColumn}-${region.endColumn} ${message?.text ?? ''}`.trim();

const flow = ({ codeFlows }: Result): string[] | undefined =>
  codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => show(location));

describe('the founding example', async () => {
  const { results, tool } = await log(fixture('founding/broken.ts'));
  const of = (rule: string) => results.find(({ ruleId }) => ruleId === `handles/${rule}`)!;

  it('has a result for each report', () => {
    expect(
      results.map(({ ruleId, level, locations }) => `${ruleId} ${level} ${locations.map(show).join()}`),
    ).toEqual([
      'handles/no-leaked-duplicate error 15:3-18',
      'handles/no-passed-original error 16:19-20',
      'handles/no-use-after-close error 23:3-16',
      'handles/no-double-close error 24:3-24',
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('links the places that a message names', () => {
    const { message, relatedLocations } = of('no-double-close');
    expect(message.text).toBe(
      "'h' ([20:13](1)) was closed at [22:3](2) (inside, at [10:24](3)) and is closed a second time (inside the call of 'fred2[Symbol.dispose]', at [10:24](3)). Close it once.",
    );
    expect(relatedLocations?.map((location) => `${location.id} ${show(location)}`)).toEqual([
      '1 20:13-23 The handle is made here.',
      '2 22:3-8 It is closed here.',
      '3 10:24-35 Inside the call, it is closed here.',
    ]);
  });

  it('tells the way through the program', () => {
    expect(flow(of('no-use-after-close'))).toEqual([
      '20:13-23 The handle is made here.',
      '22:3-8 It is closed here.',
      '10:24-35 Inside the call, it is closed here.',
      expect.stringMatching(/^23:3-16 'h' \(20:13\) was closed at 22:3 .* and is used afterwards/),
      '9:34-49 Inside the call, it happens here.',
    ]);
    expect(flow(of('no-passed-original'))).toEqual([
      '15:3-18 The duplicate is made here.',
      expect.stringMatching(/^16:19-20 'h' is handed over here/),
    ]);
    // It was made where it is reported, and nothing decides that it leaks.
    expect(flow(of('no-leaked-duplicate'))).toBeUndefined();
  });

  it('offers the quick fixes', () => {
    expect(of('no-passed-original').fixes).toEqual([
      {
        description: { text: "Pass the duplicate 'out[0]!'." },
        artifactChanges: [
          {
            artifactLocation: { uri: 'source.ts', uriBaseId: '%SRCROOT%' },
            replacements: [
              {
                deletedRegion: { startLine: 16, startColumn: 19, endLine: 16, endColumn: 20 },
                insertedContent: { text: 'out[0]!' },
              },
            ],
          },
        ],
      },
    ]);
    expect(of('no-double-close').fixes).toBeUndefined();
  });

  it('names the weaknesses', () => {
    expect(tool.driver.rules.find(({ id }) => id === 'handles/no-use-after-close')).toMatchObject({
      helpUri: expect.stringMatching(/no-use-after-close\.md$/) as unknown,
      properties: { tags: ['external/cwe/cwe-416', 'external/cwe/cwe-672'] },
    });
  });
});

it('a leak leads to the branch that loses the handle', async () => {
  const { results } = await log(
    program(`
export function main(ready: boolean): void {
  const h = CreateFile('a');
  if (!ready) return;
  CloseHandle(h);
}`),
  );
  expect(results.map(flow)).toEqual([['3:13-23 The handle is made here.', "4:8-13 Here 'ready' is false."]]);
});

describe('reports of other rules', () => {
  it('are plain results', async () => {
    const { results } = await log("foo('1:2');", 'source.ts', {
      rules: { 'no-undef': 'warn' },
    });
    expect(results).toEqual([
      {
        ruleId: 'no-undef',
        ruleIndex: 0,
        level: 'warning',
        message: { text: "'foo' is not defined." },
        locations: [expect.anything()],
        partialFingerprints: expect.anything() as unknown,
      },
    ]);
  });

  it('bring their fixes', async () => {
    const { results } = await log('a == null;;', 'source.ts', { rules: { 'no-extra-semi': 'error' } });
    expect(results[0]?.fixes).toMatchObject([
      { artifactChanges: [{ replacements: [{ deletedRegion: { startLine: 1 }, insertedContent: {} }] }] },
    ]);
  });
});

it('what stops ESLint is a notification', async () => {
  const { results, invocations } = await log('const = 1;');
  expect(results).toEqual([]);
  expect(invocations).toMatchObject([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', locations: [expect.anything()] }],
    },
  ]);
});

it('what the project disabled is no result', async () => {
  const { results } = await log(
    program(`
// eslint-disable-next-line handles/no-leaked-handle -- The process ends here.
CreateFile('a');`),
  );
  expect(results).toEqual([]);
});

describe('places', () => {
  const uriOf = async (name: string) => {
    const { results } = await log(program("\nCreateFile('a');"), name);
    return results[0]?.locations[0]?.physicalLocation.artifactLocation;
  };

  it('are relative to the root, and escaped', async () => {
    expect(await uriOf('src/a b#.ts')).toEqual({ uri: 'src/a%20b%23.ts', uriBaseId: '%SRCROOT%' });
  });

  it('are absolute outside of the root', async () => {
    const location = await uriOf('../other.ts');
    expect(location?.uri).toMatch(/^file:\/\/\/.*\/other\.ts$/);
    expect(location?.uriBaseId).toBeUndefined();
  });
});

describe('fingerprints', () => {
  const leaky = `
export function main(ready: boolean): void {
  const h = CreateFile('a');
  if (ready) CloseHandle(h);
}
export function again(ready: boolean): void {
  const h = CreateFile('a');
  if (ready) CloseHandle(h);
}`;
  const printsOf = async (body: string) => {
    const { results } = await log(program(body));
    return results.map(({ partialFingerprints }) => partialFingerprints['handlesReport/v1']);
  };

  it('differ for two reports that look the same', async () => {
    const prints = await printsOf(leaky);
    expect(prints).toHaveLength(2);
    expect(new Set(prints).size).toBe(2);
  });

  it('stay when the code moves', async () => {
    const before = await printsOf(leaky);
    expect(await printsOf(`\n// More lines.\n${leaky}`)).toEqual(before);
    // Neither the indentation nor the place of the branch counts.
    expect(await printsOf(leaky.replaceAll('\n  ', '\n\n      '))).toEqual(before);
  });

  it('change with what is reported', async () => {
    const before = await printsOf(leaky);
    const after = await printsOf(leaky.replace("CreateFile('a')", "CreateFile('b')"));
    expect(after[0]).not.toBe(before[0]);
  });
});
