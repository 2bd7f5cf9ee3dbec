/**
 * Type-checks programs that need not be files. The libraries and the model are parsed once and shared by all
 * checks, which makes all but the first one cheap; so does giving many sources to one check.
 *
 * Invariant: sources see the model and each other, and nothing else of the package.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What is wrong with a source. */
export interface TypeError {
  /** The source's name as it was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** TypeScript's number of the message. */
  readonly code: number;
  readonly message: string;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

const MODEL_SPECIFIER = 'eslint-plugin-handles/model';
const MODEL_FOLDER = fileURLToPath(new URL('../../model/', import.meta.url));
const MODEL_FILE = resolve(MODEL_FOLDER, 'index.ts');
const SOURCE_FOLDER = resolve(MODEL_FOLDER, '../tests/fixtures');
const GLOBALS_FILE = resolve(SOURCE_FOLDER, 'globals.d.ts');

/** What programs may use of their surroundings, so that no library for a whole platform has to be loaded. */
const GLOBALS = 'declare const console: { log(...values: readonly unknown[]): void };';

const host = ts.createCompilerHost(OPTIONS);
const parsed = new Map<string, ts.SourceFile | undefined>();
let previous: ts.Program | undefined;

/**
 * The errors of all sources, in their order. Names are relative to `tests/fixtures/`, or absolute; they need not
 * exist. Files that sources import by relative paths are looked for among the sources, then on the disk.
 */
export function typeCheck(sources: ReadonlyMap<string, string>): readonly TypeError[] {
  const names = new Map<string, string>();
  const texts = new Map<string, string>([[GLOBALS_FILE, GLOBALS]]);
  for (const [name, text] of sources) {
    const path = resolve(SOURCE_FOLDER, name);
    names.set(path, name);
    texts.set(path, text);
  }
  const program = ts.createProgram({
    rootNames: [...texts.keys()],
    options: OPTIONS,
    host: createHost(texts),
    ...(previous && { oldProgram: previous }),
  });
  previous = program;
  return [...names].flatMap(([path, name]) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((diagnostic) => toTypeError(diagnostic, name));
  });
}

function createHost(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const fileExists = (path: string): boolean => texts.has(path) || host.fileExists(path);
  return {
    ...host,
    fileExists,
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile(path, language) {
      const text = texts.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, language, true);
      if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, language));
      return parsed.get(path);
    },
    resolveModuleNameLiterals: (literals, importer) =>
      literals.map(({ text }) => {
        const path = resolveSpecifier(text, importer);
        if (path === null || !fileExists(path)) return { resolvedModule: undefined };
        return { resolvedModule: { resolvedFileName: path, extension: ts.Extension.Ts } };
      }),
  };
}

function resolveSpecifier(specifier: string, importer: string): string | null {
  if (specifier === MODEL_SPECIFIER) return MODEL_FILE;
  return specifier.startsWith('.') ? resolve(dirname(importer), specifier) : null;
}

function toTypeError({ file, start, code, messageText }: ts.Diagnostic, name: string): TypeError {
  const { line, character } = file?.getLineAndCharacterOfPosition(start ?? 0) ?? { line: 0, character: 0 };
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  return { file: name, line: line + 1, column: character + 1, code, message };
}
