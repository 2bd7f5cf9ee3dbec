/**
 * Turns a fixture program into something that can be run, and places in the result back into places of the source.
 *
 *     source --typescript--> JavaScript + source map --vm--> function
 *       ^                                                       |
 *       '---- place(line, column) ------------------------------'
 *
 * Each loop body begins with a call of `__tick`, so that a loop that never ends can be cut although it calls
 * nothing, or swallows every exception inside. `using` becomes calls of helpers (disposal.ts) that the program
 * is given, so that an implicit close can be told from a written one.
 *
 * Invariant: what `place` and `linesAt` say refers to the source text, whatever the compiler made of it.
 */
import { compileFunction } from 'node:vm';
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import type { Frame } from '../../model/index.ts';

/** A place in a source: line from 1, column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a compiled program is called with, in this order. */
export const PARAMETERS = [
  'exports',
  'require',
  '__addDisposableResource',
  '__disposeResources',
  '__tick',
  'DisposableStack',
  'SuppressedError',
] as const;

const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  sourceMap: true,
  noEmitHelpers: true,
};

/** A source, compiled. Evaluating it is calling `evaluate` with values for `PARAMETERS`. */
export class Script {
  /** Its name on stacks. It is no path, so nobody looks for a file or a source map there. */
  readonly name: string;
  readonly fileName: string;
  readonly evaluate: (...values: readonly unknown[]) => void;
  readonly #source: ts.SourceFile;
  readonly #output: string;
  readonly #mapText: string;
  #map: TraceMap | null = null;
  /** Places that were asked for: the same few calls fill the stacks of all runs. */
  readonly #places = new Map<string, Place | null>();

  /** Throws a `SyntaxError` with the compiler's messages if the text is no program. */
  constructor(text: string, fileName: string) {
    let source: ts.SourceFile | undefined;
    const keepSource: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
      source = file;
      return addTicks(file, context);
    };
    const output = ts.transpileModule(text, {
      fileName,
      compilerOptions: COMPILER_OPTIONS,
      reportDiagnostics: true,
      transformers: { before: [keepSource] },
    });
    const messages = (output.diagnostics ?? []).map(describe);
    if (messages.length > 0 || source === undefined) throw new SyntaxError(messages.join('\n'));
    this.fileName = fileName;
    this.name = `program:${fileName}`;
    this.#source = source;
    this.#output = output.outputText;
    this.#mapText = output.sourceMapText ?? '';
    this.evaluate = compileFunction(output.outputText, PARAMETERS, {
      filename: this.name,
    }) as Script['evaluate'];
  }

  /** Where in the source a place in the compiled script comes from; null if the compiler made it up. */
  place(line: number, column: number): Place | null {
    return this.#remember(`${line}:${column}`, () => this.#findPlace(line, column));
  }

  /**
   * Where in the source a `using` declaration stands, told by the place in the compiled script that disposes of its
   * scope, and by its number in the scope. The compiler gives each scope a variable of its own to go by.
   */
  placeOfUsing(line: number, column: number, declaration: number): Place | null {
    return this.#remember(`${line}:${column}:${declaration}`, () => {
      const lines = this.#output.split('\n');
      const scope = /^__disposeResources\((\w+)\)/.exec(lines[line - 1]?.slice(column - 1) ?? '')?.[1];
      if (scope === undefined) return this.#findPlace(line, column);
      const helper = `__addDisposableResource(${scope},`;
      const found = lines.flatMap((text, at) =>
        indexesOf(text, helper).map((index) => [at + 1, index + 1] as const),
      )[declaration];
      return found === undefined ? null : this.#findPlace(...found);
    });
  }

  #remember(key: string, find: () => Place | null): Place | null {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = find();
      this.#places.set(key, place);
    }
    return place;
  }

  #findPlace(line: number, column: number): Place | null {
    this.#map ??= new TraceMap(this.#mapText);
    const needle = { line, column: column - 1 };
    let found = originalPositionFor(this.#map, needle);
    if (found.line === null) found = originalPositionFor(this.#map, { ...needle, bias: LEAST_UPPER_BOUND });
    return found.line === null ? null : { line: found.line, column: found.column + 1 };
  }

  /**
   * The lines on which a report about the call that a frame made may stand: those on which its callee begins and
   * ends (the ends of a chain, without the calls between) and those on which its arguments begin. For the end of a `using` scope they are those of the declaration; for what runs unasked
   * when an instance is made there are none, and for all else that calls (a getter, a spread) the line itself.
   */
  linesAt(frame: Frame): readonly number[] {
    const position = this.#source.getPositionOfLineAndCharacter(frame.line - 1, frame.column - 1);
    const path = pathTo(this.#source, position);
    if (frame.isImplicit === true) {
      const declaration = path.findLast(ts.isVariableDeclaration);
      const isUsing = declaration && (declaration.parent.flags & ts.NodeFlags.Using) !== 0;
      if (isUsing) return this.#startsOf(declaration.parent, declaration);
    }
    // The engine places a call at its callee, or right behind it.
    const call = path.findLast((node) => isCall(node) && position <= node.expression.end);
    if (call !== undefined && isCall(call)) {
      const nameLine = this.#lineOf(call.expression.end);
      return [...this.#startsOf(call), nameLine, ...this.#startsOf(...(call.arguments ?? []))];
    }
    return path.some((node) => isHeadOfClass(node, position)) ? [] : [frame.line];
  }

  #startsOf(...nodes: readonly ts.Node[]): number[] {
    return nodes.map((node) => this.#lineOf(node.getStart(this.#source)));
  }

  #lineOf(position: number): number {
    return this.#source.getLineAndCharacterOfPosition(position).line + 1;
  }
}

function addTicks(file: ts.SourceFile, context: ts.TransformationContext): ts.SourceFile {
  const { factory } = context;
  const withTick = (body: ts.Statement): ts.Block => {
    const tick = factory.createExpressionStatement(
      factory.createCallExpression(factory.createIdentifier('__tick'), undefined, []),
    );
    return ts.isBlock(body)
      ? factory.updateBlock(body, [tick, ...body.statements])
      : factory.createBlock([tick, body], true);
  };
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isForStatement(visited)) {
      const { initializer, condition, incrementor, statement } = visited;
      return factory.updateForStatement(visited, initializer, condition, incrementor, withTick(statement));
    }
    if (ts.isWhileStatement(visited)) {
      return factory.updateWhileStatement(visited, visited.expression, withTick(visited.statement));
    }
    if (ts.isDoStatement(visited)) {
      return factory.updateDoStatement(visited, withTick(visited.statement), visited.expression);
    }
    if (ts.isForOfStatement(visited)) {
      const { awaitModifier, initializer, expression, statement } = visited;
      return factory.updateForOfStatement(
        visited,
        awaitModifier,
        initializer,
        expression,
        withTick(statement),
      );
    }
    if (ts.isForInStatement(visited)) {
      const { initializer, expression, statement } = visited;
      return factory.updateForInStatement(visited, initializer, expression, withTick(statement));
    }
    return visited;
  };
  return ts.visitEachChild(file, visit, context);
}

/** The nodes around a position, outermost first. */
function pathTo(root: ts.SourceFile, position: number): ts.Node[] {
  const path: ts.Node[] = [];
  const enter = (node: ts.Node): void => {
    if (position < node.getStart(root) || position > node.end) return;
    path.push(node);
    ts.forEachChild(node, enter);
  };
  enter(root);
  return path;
}

function isCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/** Where the engine places constructors: those that are not written, and those that initialise fields first. */
function isHeadOfClass(node: ts.Node, position: number): boolean {
  if (ts.isClassLike(node)) return position < node.members.pos;
  return ts.isConstructorDeclaration(node) && node.body !== undefined && position < node.body.pos;
}

function indexesOf(text: string, part: string): number[] {
  const indexes: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) indexes.push(at);
  return indexes;
}

function describe({ file, start, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName}:${line + 1}:${character + 1} ${message}`;
}
