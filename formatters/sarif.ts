/**
 * An ESLint formatter that writes SARIF 2.1.0, for code review and dashboards:
 *
 *     eslint -f ./node_modules/eslint-plugin-handles/dist/formatters/sarif.js -o handles.sarif
 *
 * What the rules of this plugin report comes with the way that the program takes (`codeFlows`), the places
 * that the message names (`relatedLocations`, linked from it) and quick fixes. Reports of other rules are
 * plain results. What the project suppressed is left out, as in ESLint's own formatters.
 */
import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ESLint, Linter, Rule } from 'eslint';
import { rules } from '../rules/index.ts';
import { readMessage } from '../rules/shared/read-message.ts';
import type { Place, ToldStep } from '../rules/shared/read-message.ts';
import { SourceText } from './source-text.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const ROOT = '%SRCROOT%';

/** Our rules by the address of their page, which is the same in every copy of the package that may be loaded. */
const own = new Map(
  Object.values(rules).map(({ meta: { docs, messages } }): [string | undefined, Own] => [
    docs?.url,
    { cwe: docs?.cwe ?? [], messages },
  ]),
);

interface Own {
  readonly cwe: readonly number[];
  readonly messages: Readonly<Record<string, string>>;
}

type Meta = Rule.RuleMetaData | undefined;

export default function formatSarif(
  results: readonly ESLint.LintResult[],
  { cwd, rulesMeta }: Readonly<ESLint.LintResultData>,
): string {
  const messages = results.flatMap((result) => {
    const file = new File(result, cwd);
    return result.messages.map((message) => ({ file, message }));
  });
  const ids = [...new Set(messages.flatMap(({ message: { ruleId } }) => ruleId ?? []))].sort();
  const notifications = messages.filter(({ message }) => message.ruleId === null);
  const run = {
    tool: {
      driver: {
        name: 'ESLint',
        informationUri: 'https://eslint.org',
        rules: ids.map((id) => describeRule(id, rulesMeta[id])),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(cwd + sep).href } },
    invocations: [
      {
        executionSuccessful: !notifications.some(({ message }) => message.fatal === true),
        toolExecutionNotifications: notifications.map(({ file, message }) => ({
          level: levelOf(message),
          message: { text: message.message },
          locations: [file.locate(regionOf(message))],
        })),
      },
    ],
    results: messages.flatMap(({ file, message }) =>
      message.ruleId === null
        ? []
        : toResult(file, message, message.ruleId, ids.indexOf(message.ruleId), rulesMeta[message.ruleId]),
    ),
  };
  return JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2);
}

function describeRule(id: string, meta: Meta): object {
  const { description = id, url } = meta?.docs ?? {};
  const text = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  const weaknesses = own.get(url)?.cwe ?? [];
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: url === undefined ? text : `${text} ${url}` },
    ...(url === undefined ? {} : { helpUri: url }),
    // The form that code scanning reads a weakness from.
    ...(weaknesses.length === 0
      ? {}
      : { properties: { tags: weaknesses.map((number) => `external/cwe/cwe-${number}`) } }),
  };
}

function toResult(
  file: File,
  message: Linter.LintMessage,
  ruleId: string,
  ruleIndex: number,
  meta: Meta,
): object {
  const template = own.get(meta?.docs?.url)?.messages[message.messageId ?? ''];
  const steps = template === undefined ? [] : readMessage(message.message, template);
  const related = placesOf(steps.flatMap(enter)).filter(({ place }) => !isAt(message, place));
  const fixes = fixesOf(file, message);
  return {
    ruleId,
    ruleIndex,
    level: levelOf(message),
    message: { text: withLinks(message.message, related) },
    locations: [file.locate(regionOf(message))],
    partialFingerprints: { 'handlesReport/v1': file.fingerprint(ruleId, message, steps) },
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((step, index) => ({ id: index + 1, ...file.tell(step) })) }),
    ...flowsOf(file, message, steps),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}

/** One way through the program: what was made, what became of it, what is wrong, and where inside of the call. */
function flowsOf(file: File, message: Linter.LintMessage, steps: readonly ToldStep[]): object {
  const of = (...kinds: readonly ToldStep['kind'][]) => steps.filter(({ kind }) => kinds.includes(kind));
  const made = of('acquired', 'duplicated');
  const between = of('closed', 'branch').sort(
    (a, b) => a.place.line - b.place.line || a.place.column - b.place.column,
  );
  // A leak is reported where the handle is made: the way begins there, and ends with the branch that loses it.
  const isLeak = made.some(({ place }) => isAt(message, place));
  const reported = { ...file.locate(regionOf(message)), message: { text: message.message } };
  const tell = (told: readonly ToldStep[]) => told.flatMap(enter).map((step) => file.tell(step));
  const locations = isLeak
    ? tell([...made, ...of('inside'), ...between])
    : [...tell([...made, ...between]), reported, ...tell(of('inside'))];
  // A single place is no way.
  if (locations.length < 2) return {};
  return { codeFlows: [{ threadFlows: [{ locations: locations.map((location) => ({ location })) }] }] };
}

/** One step for each place: two may happen at one. */
function placesOf(steps: readonly ToldStep[]): ToldStep[] {
  return steps.filter(
    ({ place }, index) =>
      index ===
      steps.findIndex((step) => step.place.line === place.line && step.place.column === place.column),
  );
}

/** A step, and the one inside of the call. */
function enter(step: ToldStep): ToldStep[] {
  return step.kind === 'closed' && step.inside !== null
    ? [step, { kind: 'closed inside', place: step.inside }]
    : [step];
}

/** `12:3` becomes a link to the related location of this place, `[12:3](1)`. */
function withLinks(text: string, related: readonly ToldStep[]): string {
  return text.replaceAll(/\d+:\d+/g, (written) => {
    const index = related.findIndex(({ place }) => `${place.line}:${place.column}` === written);
    return index === -1 ? written : `[${written}](${index + 1})`;
  });
}

function fixesOf(file: File, { fix, suggestions = [] }: Linter.LintMessage): object[] {
  const all = [
    ...(fix === undefined ? [] : [{ desc: 'Fix', fix }]),
    ...suggestions.map(({ desc, fix: each }) => ({ desc, fix: each })),
  ];
  return all.map(({ desc, fix: { range, text } }) => ({
    description: { text: desc },
    artifactChanges: [
      {
        artifactLocation: file.location,
        replacements: [{ deletedRegion: file.text.region(range), insertedContent: { text } }],
      },
    ],
  }));
}

function levelOf({ severity }: Linter.LintMessage): 'error' | 'warning' {
  return severity === 2 ? 'error' : 'warning';
}

function isAt({ line, column }: Linter.LintMessage, place: Place): boolean {
  return place.line === line && place.column === column;
}

/** A message on the file as a whole has no place, or none with an end. */
function regionOf({ line, column, endLine, endColumn }: Linter.LintMessage): object {
  const startLine = Math.max(line || 1, 1);
  const startColumn = Math.max(column || 1, 1);
  return {
    startLine,
    startColumn,
    ...(endLine == null || endColumn == null ? {} : { endLine, endColumn }),
  };
}

/** What is the same for all messages of a file. */
class File {
  readonly location: object;
  readonly text: SourceText;
  /** How many messages came to this fingerprint before. */
  readonly #seen = new Map<string, number>();

  constructor({ filePath, source, output }: ESLint.LintResult, cwd: string) {
    const path = relative(cwd, filePath);
    const isOutside = path.startsWith('..') || isAbsolute(path);
    this.location = isOutside
      ? { uri: pathToFileURL(filePath).href }
      : { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: ROOT };
    this.text = new SourceText(source ?? output ?? null);
  }

  locate(region: object): { physicalLocation: object } {
    return { physicalLocation: { artifactLocation: this.location, region } };
  }

  tell(step: ToldStep): { physicalLocation: object; message: { text: string } } {
    return { ...this.locate(this.text.word(step.place)), message: { text: sayStep(step) } };
  }

  /** The same for the same defect when the code around it moves: it knows no line, but what is written there. */
  fingerprint(ruleId: string, { message, line }: Linter.LintMessage, steps: readonly ToldStep[]): string {
    const places = new Set(steps.flatMap(enter).map(({ place }) => `${place.line}:${place.column}`));
    const told = message.replaceAll(/\d+:\d+/g, (written) => (places.has(written) ? '' : written));
    const content = createHash('sha256')
      .update([ruleId, told, this.text.line(line).trim()].join('\n'))
      .digest('hex');
    const before = this.#seen.get(content) ?? 0;
    this.#seen.set(content, before + 1);
    return `${content.slice(0, 32)}:${before + 1}`;
  }
}

function sayStep(step: ToldStep): string {
  switch (step.kind) {
    case 'acquired':
      return 'The handle is made here.';
    case 'duplicated':
      return 'The duplicate is made here.';
    case 'closed':
      return 'It is closed here.';
    case 'closed inside':
      return 'Inside the call, it is closed here.';
    case 'inside':
      return 'Inside the call, it happens here.';
    case 'branch':
      return `Here ${step.outcome}.`;
  }
}
