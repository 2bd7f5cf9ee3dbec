/** Reads the tags of a file: comments, what they are written above, and the parameters that they name. */
import type { TSESTree } from '@typescript-eslint/utils';
import { NO_TAGS } from '../ir/tags.ts';
import type { FileTags, TagProblem, TaggedSignature, Tags } from '../ir/tags.ts';
import { unwrapTypes } from './names.ts';
import { ANY_TAG, tagsIn } from '../ir/tag-text.ts';

/** Whether a comment may hold a tag that speaks of handles. */
export function mayBeTagged({ type, value }: TSESTree.Comment): boolean {
  return (type as string) === 'Block' && value.startsWith('*') && ANY_TAG.test(value);
}

export function readTags(program: TSESTree.Program): FileTags {
  const comments = (program.comments ?? []).filter(mayBeTagged);
  if (comments.length === 0) return NO_TAGS;
  const functions = new Map<TSESTree.Node, Tags>();
  const signatures: TaggedSignature[] = [];
  const problems: TagProblem[] = [];
  const documented = documentedNodes(program, comments);
  for (const comment of comments) {
    const found = documented.get(comment);
    const signature = found === undefined ? null : signatureOf(found.node);
    if (found === undefined || signature === null) continue;
    const names = signature.params.map(nameOfParameter).filter((name) => name !== 'this');
    const tags = readComment(comment, names, problems);
    if (tags.params.size === 0 && tags.returns === null) continue;
    if (signature.body === null) {
      const { name, returnType } = signature;
      if (name !== null) signatures.push({ type: found.type, name, tags, returnType });
    } else {
      functions.set(signature.body, tags);
    }
  }
  return { functions, signatures, problems };
}

/* ------------------------------------------------------------------ what a comment is written above */

interface Documented {
  readonly node: TSESTree.Node;
  /** The interface, type or class around it. */
  readonly type: string | null;
}

/** For each comment the outermost node that begins after it, if no other comment stands between. */
function documentedNodes(
  program: TSESTree.Program,
  comments: readonly TSESTree.Comment[],
): Map<TSESTree.Comment, Documented> {
  const starts = new Map<number, Documented>();
  const visit = (node: TSESTree.Node, type: string | null): void => {
    if (node !== program && !starts.has(node.range[0])) starts.set(node.range[0], { node, type });
    const inner = nameOfType(node) ?? type;
    for (const child of childNodes(node)) visit(child, inner);
  };
  visit(program, null);
  const sorted = [...starts.keys()].sort((a, b) => a - b);
  const documented = new Map<TSESTree.Comment, Documented>();
  for (const comment of comments) {
    const start = sorted.find((each) => each >= comment.range[1]);
    const found = start === undefined ? undefined : starts.get(start);
    if (found !== undefined) documented.set(comment, found);
  }
  return documented;
}

function childNodes(node: TSESTree.Node): TSESTree.Node[] {
  return Object.entries(node)
    .filter(([key]) => key !== 'parent' && key !== 'tokens' && key !== 'comments')
    .flatMap(([, value]): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

const isNode = (value: unknown): value is TSESTree.Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'range' in value;

function nameOfType(node: TSESTree.Node): string | null {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return node.id.name;
    case 'ClassDeclaration':
      return node.id?.name ?? null;
    default:
      return null;
  }
}

interface Signature {
  readonly params: readonly TSESTree.Parameter[];
  /** The function that has a body; null for one that is only declared. */
  readonly body: TSESTree.Node | null;
  readonly name: string | null;
  readonly returnType: TSESTree.TypeNode | undefined;
}

function signatureOf(node: TSESTree.Node, name: string | null = null): Signature | null {
  switch (node.type) {
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return node.declaration === null ? null : signatureOf(node.declaration);
    case 'VariableDeclaration': {
      const init = node.declarations[0].init;
      return init === null ? null : signatureOf(unwrapTypes(init));
    }
    case 'ExpressionStatement':
      return node.expression.type === 'AssignmentExpression' ? signatureOf(node.expression.right) : null;
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return node.value === null ? null : signatureOf(node.value, keyName(node.key));
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { params: node.params, body: node, name: null, returnType: node.returnType?.typeAnnotation };
    case 'TSDeclareFunction':
    case 'TSEmptyBodyFunctionExpression':
      return {
        params: node.params,
        body: null,
        name: node.id?.name ?? name,
        returnType: node.returnType?.typeAnnotation,
      };
    case 'TSMethodSignature':
      return {
        params: node.params,
        body: null,
        name: keyName(node.key),
        returnType: node.returnType?.typeAnnotation,
      };
    case 'TSPropertySignature': {
      const type = node.typeAnnotation?.typeAnnotation;
      return type === undefined ? null : signatureOf(type, keyName(node.key));
    }
    case 'TSFunctionType':
      return { params: node.params, body: null, name, returnType: node.returnType?.typeAnnotation };
    default:
      return null;
  }
}

const keyName = (key: TSESTree.Node): string | null =>
  key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : null;

function nameOfParameter(param: TSESTree.Parameter): string | null {
  switch (param.type) {
    case 'Identifier':
      return param.name;
    case 'AssignmentPattern':
      return param.left.type === 'Identifier' ? param.left.name : null;
    case 'TSParameterProperty':
      return nameOfParameter(param.parameter);
    default:
      return null;
  }
}

/* ------------------------------------------------------------------ what a comment says */

function readComment(
  comment: TSESTree.Comment,
  names: readonly (string | null)[],
  problems: TagProblem[],
): Tags {
  return tagsIn(comment.value, names, ({ index, length, tag, problem }) => {
    problems.push({ loc: locate(comment, index, length), tag, problem });
  });
}

function locate(comment: TSESTree.Comment, offset: number, length: number): TSESTree.SourceLocation {
  const before = comment.value.slice(0, offset).split('\n');
  const line = comment.loc.start.line + before.length - 1;
  const opening = before.length === 1 ? comment.loc.start.column + 2 : 0;
  const column = opening + (before.at(-1) ?? '').length;
  return { start: { line, column }, end: { line, column: column + length } };
}
