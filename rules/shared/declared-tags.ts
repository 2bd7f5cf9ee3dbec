/** The comments of other files of a program that may tag what these declare. */
import type * as ts from 'typescript';
import type { Documented } from '../../analysis/settings.ts';

/** A comment that may hold a tag, and what is written up to the parameters of what it stands above. */
const TAGGED =
  /\/\*\*(?:(?!\*\/)[^])*?@(?:owns|borrows|closes|duplicates|returns?[ \t]+\{)(?:(?!\*\/)[^])*\*\/([^(;{]*)/g;

const NAME = /[A-Za-z_$][\w$]*/g;

/** What is called by the name of something else: a class, or whatever an import says. */
const NAMELESS: readonly string[] = ['constructor', 'default'];

/** The names of what a file tags. Programs are made anew for each edit, and keep the files that stay. */
const namesIn = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

export class DeclaredTags {
  readonly #checker: ts.TypeChecker;
  readonly #names: ReadonlySet<string>;

  constructor(program: ts.Program) {
    this.#checker = program.getTypeChecker();
    this.#names = namesOfProgram(program);
  }

  mayName(name: string): boolean {
    return this.#names.has(name) || NAMELESS.some((each) => this.#names.has(each));
  }

  ofCall(call: ts.CallExpression | ts.NewExpression): Documented | null {
    if (this.#names.size === 0) return null;
    const declaration = this.#checker.getResolvedSignature(call)?.getDeclaration();
    if (declaration === undefined || declaration.getSourceFile() === call.getSourceFile()) return null;
    const comment = commentAbove(declaration);
    if (comment === null) return null;
    return { name: nameOf(declaration), comment, parameters: parametersOf(declaration) };
  }
}

function namesOfProgram(program: ts.Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of program.getSourceFiles()) {
    let found = namesIn.get(file);
    if (found === undefined) namesIn.set(file, (found = namesOfFile(file)));
    for (const name of found) names.add(name);
  }
  return names;
}

function namesOfFile({ text }: ts.SourceFile): ReadonlySet<string> {
  const heads = [...text.matchAll(TAGGED)].map(([, head = '']) => head);
  return new Set(heads.flatMap((head) => head.match(NAME) ?? []));
}

/** What the comment says that stands above a declaration, or above the variable or member that holds it. */
function commentAbove(declaration: ts.Node): string | null {
  for (let node = declaration; ; node = node.parent) {
    const trivia = node.getFullText().slice(0, node.getStart() - node.getFullStart());
    const comment = [...trivia.matchAll(/\/\*\*([^]*?)\*\//g)].at(-1)?.[1];
    if (comment !== undefined) return comment;
    // What stands in a list is documented by itself; what holds the list speaks of something else.
    if (LISTS.some((list) => list in node.parent)) return null;
  }
}

/** Of files, blocks, types, classes, objects, calls and arrays. */
const LISTS = ['statements', 'members', 'properties', 'arguments', 'elements', 'parameters'];

/** What a declaration is called, or what it is the value of. */
function nameOf(declaration: ts.Node): string {
  for (let node = declaration; ; node = node.parent) {
    const { name } = node as Partial<ts.NamedDeclaration>;
    if (name !== undefined && 'text' in name) return name.text;
    if (LISTS.some((list) => list in node.parent)) return '';
  }
}

/** A `this` that is declared is no parameter. */
function parametersOf({ parameters }: ts.SignatureDeclaration): (string | null)[] {
  return parameters.map(({ name }) => ('text' in name ? name.text : null)).filter((name) => name !== 'this');
}
