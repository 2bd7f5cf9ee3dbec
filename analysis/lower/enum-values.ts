/** The values that TypeScript computes for the members of an enum when it compiles. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Bindings } from './bindings.ts';
import { unwrapTypes } from './names.ts';

export type EnumValue = string | number;
type EnumDeclaration = TSESTree.TSEnumDeclaration;

export class EnumValues {
  readonly #bindings: Bindings;
  /** A member without a constant value maps to null. */
  readonly #byDeclaration = new Map<EnumDeclaration, Map<string, EnumValue | null>>();

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** The value of `E.name`, where `E` is declared by `declarations`; null where it has none that is known. */
  find(declarations: readonly EnumDeclaration[], name: string): EnumValue | null {
    for (const declaration of declarations) {
      const value = this.of(declaration).get(name);
      if (value !== undefined) return value;
    }
    return null;
  }

  of(declaration: EnumDeclaration): ReadonlyMap<string, EnumValue | null> {
    const known = this.#byDeclaration.get(declaration);
    if (known !== undefined) return known;
    const values = new Map<string, EnumValue | null>();
    this.#byDeclaration.set(declaration, values);
    let previous: EnumValue | null = -1;
    for (const member of declaration.body.members) {
      // A member without initializer counts on from a number before it.
      if (member.initializer != null) previous = this.#evaluate(member.initializer, values);
      else previous = typeof previous === 'number' ? previous + 1 : null;
      values.set(memberName(member), previous);
    }
    return values;
  }

  #evaluate(expression: TSESTree.Node, siblings: ReadonlyMap<string, EnumValue | null>): EnumValue | null {
    const node = unwrapTypes(expression);
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'number' || typeof node.value === 'string' ? node.value : null;
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? null) : null;
      case 'UnaryExpression':
        return evaluateUnary(node.operator, this.#evaluate(node.argument, siblings));
      case 'BinaryExpression':
        return evaluateBinary(
          node.operator,
          this.#evaluate(node.left, siblings),
          this.#evaluate(node.right, siblings),
        );
      case 'Identifier': {
        const binding = this.#bindings.resolve(node);
        if (binding?.kind !== 'enumMember') return null;
        return siblings.get(binding.name) ?? null;
      }
      case 'MemberExpression': {
        if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier' || node.computed)
          return null;
        const binding = this.#bindings.resolve(node.object);
        return binding !== undefined && 'enum' in binding
          ? this.find(binding.enum, node.property.name)
          : null;
      }
      default:
        return null;
    }
  }
}

export function memberName(member: TSESTree.TSEnumMember): string {
  return member.id.type === 'Identifier' ? member.id.name : member.id.value;
}

function evaluateUnary(operator: string, value: EnumValue | null): EnumValue | null {
  if (typeof value !== 'number') return null;
  switch (operator) {
    case '+':
      return value;
    case '-':
      return -value;
    case '~':
      return ~value;
    default:
      return null;
  }
}

function evaluateBinary(operator: string, left: EnumValue | null, right: EnumValue | null): EnumValue | null {
  if (left === null || right === null) return null;
  if (typeof left === 'string' || typeof right === 'string')
    return operator === '+' ? `${left}${right}` : null;
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '|':
      return left | right;
    case '&':
      return left & right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '>>>':
      return left >>> right;
    default:
      return null;
  }
}
