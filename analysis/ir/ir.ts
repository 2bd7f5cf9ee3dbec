/**
 * The core IR: what a function body is lowered to and what every later stage reads.
 *
 *     ESTree --lower--> core IR --group, slice--> core IR --interpret--> states --> findings
 *
 * It is a tree and not a graph. JavaScript has no `goto`, so seven control nodes say all that its
 * statements can do, and an interpreter over a tree needs no worklist and no copies of a `finally`:
 *
 *     seq       its nodes one after the other
 *     if        one of two branches, decided by a temporary
 *     loop      its body again and again; it ends only by a completion that leaves it
 *     block     a labelled block: the target of `break` (it carries `switch`, `break`, `continue`, `?.`)
 *     tryCatch  `try` with a `catch`
 *     finally   a body and what runs on every way out of it (also `using`)
 *     break, return, throw, unreachable   the abrupt completions of ECMA-262 6.2.4, and the end of the world
 *
 * All other nodes are instructions: straight-line steps on temporaries and places. Each operand is a
 * temporary; a temporary is written before it is read on every path, and may be written in both
 * branches of an `if` (the value of `a ? b : c`).
 *
 * Invariants: every `break` stands inside the `block` that it names; `index` is the preorder number of
 * a node in its function and `parent` the node that holds it (null at the body's root).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { FileTags, Tags } from './tags.ts';

/** A value's name inside one activation of one function. Dense from 0 in each function. */
export type Temp = number & { readonly brand: 'Temp' };
/** A declared variable, import bindings excepted. Dense from 0 in a file. */
export type LocalId = number & { readonly brand: 'LocalId' };
/** A function, method, initializer or the module's top level. Dense from 0 in a file; 0 is the module. */
export type FunctionId = number & { readonly brand: 'FunctionId' };
/** A class. Dense from 0 in a file. */
export type ClassId = number & { readonly brand: 'ClassId' };
/** The target of a `break`. Dense from 0 in each function. */
export type Label = number & { readonly brand: 'Label' };

/** A primitive value that a program can write down. */
export type Primitive = string | number | bigint | boolean | null | undefined;

/** All that one source file is lowered to. */
export interface Program {
  /** What tags say of what is declared here and has its body elsewhere, and which of them say nothing. */
  readonly tags: FileTags;
  readonly functions: readonly FunctionIr[];
  readonly classes: readonly ClassIr[];
  readonly locals: readonly Local[];
  /** What the names of types stand for that the file declares or imports; any other is a global. */
  readonly typeOrigins: ReadonlyMap<string, TypeOrigin>;
}

export type TypeOrigin =
  | { readonly kind: 'own' }
  /** Declared here as a name of another type. */
  | { readonly kind: 'alias'; readonly of: TSESTree.TypeNode }
  | { readonly kind: 'imported'; readonly ref: ExternalRef };

export interface Local {
  readonly id: LocalId;
  readonly name: string;
  /** The function whose activation creates the variable; the module for top-level ones. */
  readonly owner: FunctionId;
  /** Declared outside every function and block, so it lives as long as the module. */
  readonly isModuleLevel: boolean;
  /** Read or written by a function nested in its owner. */
  readonly isCaptured: boolean;
  /** Written once, where it is declared, and never again. */
  readonly isConstant: boolean;
  /** The identifier that declares it; null where the engine made the variable up. */
  readonly node: TSESTree.Identifier | null;
}

export type FunctionKind =
  'module' | 'function' | 'method' | 'getter' | 'setter' | 'constructor' | 'initializer' | 'staticBlock';

export interface FunctionIr {
  readonly id: FunctionId;
  readonly kind: FunctionKind;
  /** For messages: `makeFred`, `Fred.control`; empty where it has no name. */
  readonly name: string;
  readonly node: TSESTree.Node;
  /** The function it is nested in; null for the module. */
  readonly outer: FunctionId | null;
  /** The class it belongs to, for the five member kinds. */
  readonly class: ClassId | null;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Where each argument arrives. Destructuring and defaults are instructions at the head of the body. */
  readonly params: readonly Temp[];
  /** The declared form of each parameter, for its name and annotation. */
  readonly paramNodes: readonly TSESTree.Parameter[];
  /** Where the array of the remaining arguments arrives. */
  readonly rest: Temp | null;
  /** Variables of enclosing functions that this one or one nested in it reads or writes. */
  readonly captures: readonly LocalId[];
  /** What its JSDoc tags say; null where it has none. */
  readonly tags: Tags | null;
  readonly body: Node;
  readonly tempCount: number;
  /** Why this function cannot be analysed at all (`with`, direct `eval`); null for nearly all. */
  readonly givenUp: GiveUpReason | null;
}

export type GiveUpReason = 'with' | 'eval' | 'arguments';

export interface ClassIr {
  readonly id: ClassId;
  /** Empty where it has no name. */
  readonly name: string;
  readonly node: TSESTree.ClassDeclaration | TSESTree.ClassExpression;
  /** No class is its own base, through others neither. */
  readonly superclass: Superclass;
  /** The constructor that is written down; null for the default one. */
  readonly constructorId: FunctionId | null;
  /** Runs the field initializers on a fresh instance; null where there are none. */
  readonly initializer: FunctionId | null;
  /** Methods and accessors by key (`control`, `#close`, `@@dispose`), instance and static ones apart. */
  readonly methods: ReadonlyMap<string, FunctionId>;
  readonly getters: ReadonlyMap<string, FunctionId>;
  readonly setters: ReadonlyMap<string, FunctionId>;
  readonly staticMethods: ReadonlyMap<string, FunctionId>;
}

export type Superclass =
  | { readonly kind: 'none' }
  | { readonly kind: 'class'; readonly id: ClassId }
  /** A base class that this file does not show. */
  | { readonly kind: 'unseen' };

/** A property's name: `a.b`, `a['b']`, `a[0]` and `#b` are static; `@@dispose` stands for `Symbol.dispose`. */
export type Key =
  { readonly kind: 'static'; readonly name: string } | { readonly kind: 'dynamic'; readonly temp: Temp };

/**
 * Something from outside the file, named by the way to it: `openDevice` imported from `m` is
 * `{ module: 'm', path: ['openDevice'] }`, the global `process.exit` is `{ module: null, path: ['process', 'exit'] }`.
 */
export interface ExternalRef {
  readonly module: string | null;
  readonly path: readonly string[];
}

export type Callee =
  | { readonly kind: 'value'; readonly temp: Temp }
  | { readonly kind: 'method'; readonly receiver: Temp; readonly key: Key }
  | { readonly kind: 'super' }
  | { readonly kind: 'superMethod'; readonly key: Key };

export interface Argument {
  readonly temp: Temp;
  readonly isSpread: boolean;
  readonly node: TSESTree.Node;
}

export interface Property {
  /** Of an accessor see accessor-name.ts. */
  readonly key: Key;
  readonly value: Temp;
}

export type CompareOperator = '===' | '!==' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'instanceof' | 'in';
export type ArithmeticOperator =
  '+' | '-' | '*' | '/' | '%' | '**' | '&' | '|' | '^' | '<<' | '>>' | '>>>' | '~' | 'neg';

/** Why something escapes: the engine does not model what happens to it there. Counted by reason. */
export type EscapeReason =
  'spread' | 'dynamicKey' | 'jsx' | 'template' | 'decorator' | 'export' | 'yield' | 'import' | 'unsupported';

interface NodeBase {
  /** The source that the node came from; reports stand on it. */
  readonly node: TSESTree.Node;
  index: number;
  parent: ControlNode | null;
}

/* ------------------------------------------------------------------ instructions */

export type Instr =
  | Const
  | External
  | Unknown
  | Copy
  | Load
  | Store
  | This
  | GetField
  | SetField
  | Compare
  | Not
  | Typeof
  | Arithmetic
  | Call
  | New
  | ObjectLiteral
  | ArrayLiteral
  | Closure
  | ClassDefinition
  | Await
  | Yield
  | Iterate
  | Step
  | Rest
  | Escape;

export interface Const extends NodeBase {
  readonly kind: 'const';
  readonly dst: Temp;
  readonly value: Primitive;
}
/** An import binding, an undeclared global, or `require('m')`. */
export interface External extends NodeBase {
  readonly kind: 'external';
  readonly dst: Temp;
  readonly ref: ExternalRef;
}
/** A value of which nothing is known and which holds no handle (a template string, a regular expression). */
export interface Unknown extends NodeBase {
  readonly kind: 'unknown';
  readonly dst: Temp;
}
/** Gives a value a second name, where two branches meet in one temporary. */
export interface Copy extends NodeBase {
  readonly kind: 'copy';
  readonly dst: Temp;
  readonly src: Temp;
}
export interface Load extends NodeBase {
  readonly kind: 'load';
  readonly dst: Temp;
  readonly local: LocalId;
}
/** Writes a variable. `isDeclaration` where the variable begins here (each turn of a loop begins its own). */
export interface Store extends NodeBase {
  readonly kind: 'store';
  readonly local: LocalId;
  readonly src: Temp;
  readonly isDeclaration: boolean;
}
export interface This extends NodeBase {
  readonly kind: 'this';
  readonly dst: Temp;
}
export interface GetField extends NodeBase {
  readonly kind: 'getField';
  readonly dst: Temp;
  readonly object: Temp;
  readonly key: Key;
}
export interface SetField extends NodeBase {
  readonly kind: 'setField';
  readonly object: Temp;
  readonly key: Key;
  readonly src: Temp;
}
export interface Compare extends NodeBase {
  readonly kind: 'compare';
  readonly dst: Temp;
  readonly operator: CompareOperator;
  readonly left: Temp;
  readonly right: Temp;
}
export interface Not extends NodeBase {
  readonly kind: 'not';
  readonly dst: Temp;
  readonly src: Temp;
}
export interface Typeof extends NodeBase {
  readonly kind: 'typeof';
  readonly dst: Temp;
  readonly src: Temp;
}
/** `+a` and `++`/`--` are `a - 0` and `a + 1`/`a - 1`; one operand only for `~` and `neg`. */
export interface Arithmetic extends NodeBase {
  readonly kind: 'arithmetic';
  readonly dst: Temp;
  readonly operator: ArithmeticOperator;
  readonly left: Temp;
  readonly right: Temp | null;
}
/** `implicit` where no call is written: the end of a `using` scope. */
export interface Call extends NodeBase {
  readonly kind: 'call';
  readonly dst: Temp;
  readonly callee: Callee;
  readonly args: readonly Argument[];
  readonly isImplicit: boolean;
}
export interface New extends NodeBase {
  readonly kind: 'new';
  readonly dst: Temp;
  readonly callee: Temp;
  readonly args: readonly Argument[];
}
export interface ObjectLiteral extends NodeBase {
  readonly kind: 'object';
  readonly dst: Temp;
  readonly properties: readonly Property[];
  /** Objects spread into it (`{ ...a }`). */
  readonly spreads: readonly Temp[];
}
export interface ArrayLiteral extends NodeBase {
  readonly kind: 'array';
  readonly dst: Temp;
  /** null for a hole. */
  readonly elements: readonly (Argument | null)[];
}
export interface Closure extends NodeBase {
  readonly kind: 'closure';
  readonly dst: Temp;
  readonly function: FunctionId;
}
export interface ClassDefinition extends NodeBase {
  readonly kind: 'class';
  readonly dst: Temp;
  readonly class: ClassId;
  /** The base class, evaluated; null without `extends`. */
  readonly base: Temp | null;
}
export interface Await extends NodeBase {
  readonly kind: 'await';
  readonly dst: Temp;
  readonly src: Temp;
}
export interface Yield extends NodeBase {
  readonly kind: 'yield';
  readonly dst: Temp;
  readonly src: Temp;
  readonly isDelegate: boolean;
}
/** Opens an iteration over a value (`for…of`, `for await`, `for…in` over its keys, spread patterns). */
export interface Iterate extends NodeBase {
  readonly kind: 'iterate';
  readonly dst: Temp;
  readonly src: Temp;
  readonly of: 'values' | 'asyncValues' | 'keys';
}
/** One step of an iteration: whether there is another element, and the element. */
export interface Step extends NodeBase {
  readonly kind: 'step';
  readonly hasMore: Temp;
  readonly value: Temp;
  readonly iterator: Temp;
}
/** What a rest pattern takes: the elements from an index on, or the fields but for those that are named. */
export interface Rest extends NodeBase {
  readonly kind: 'rest';
  readonly dst: Temp;
  readonly src: Temp;
  readonly after: number | readonly Key[];
}
/** What is not modelled: the values get out of sight here. `dst` is unknown afterwards. */
export interface Escape extends NodeBase {
  readonly kind: 'escape';
  readonly dst: Temp | null;
  readonly srcs: readonly Temp[];
  readonly reason: EscapeReason;
}

/* ------------------------------------------------------------------ control */

export type ControlNode = Seq | If | Loop | Block | TryCatch | Finally;
export type JumpNode = Break | Return | Throw | Unreachable;
export type Node = ControlNode | JumpNode | Instr;

export interface Seq extends NodeBase {
  readonly kind: 'seq';
  readonly nodes: readonly Node[];
}
export interface If extends NodeBase {
  readonly kind: 'if';
  readonly test: Temp;
  readonly then: Node;
  readonly else: Node;
  /** The own test of a loop: some time it ends the loop, whatever is known of its counter. */
  readonly isLoopTest: boolean;
}
export interface Loop extends NodeBase {
  readonly kind: 'loop';
  readonly body: Node;
}
export interface Block extends NodeBase {
  readonly kind: 'block';
  readonly label: Label;
  readonly body: Node;
}
export interface TryCatch extends NodeBase {
  readonly kind: 'tryCatch';
  readonly body: Node;
  /** Where the exception arrives. */
  readonly param: Temp;
  readonly handler: Node;
}
export interface Finally extends NodeBase {
  readonly kind: 'finally';
  readonly body: Node;
  readonly finalizer: Node;
  /** The end of a `using` scope rather than a written `finally`. */
  readonly isUsing: boolean;
}
export interface Break extends NodeBase {
  readonly kind: 'break';
  readonly label: Label;
}
export interface Return extends NodeBase {
  readonly kind: 'return';
  /** null for `return;` and the end of the body. */
  readonly value: Temp | null;
}
export interface Throw extends NodeBase {
  readonly kind: 'throw';
  readonly value: Temp;
}
export interface Unreachable extends NodeBase {
  readonly kind: 'unreachable';
}
