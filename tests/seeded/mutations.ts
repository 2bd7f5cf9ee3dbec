/**
 * Faults for programs that say what becomes of their handles. Comments at the ends of lines name them:
 *
 *     // opens NAME                  the call on this line obtains it, or calls a helper that does
 *     // closes NAME                 the call on this line closes it, and on its way nothing else does
 *     // passes NAME for ORIGINAL    the argument is a duplicate, and the callee closes what it is given
 *
 * A mutation takes a close away, repeats it, or passes the original. Lines stay where they are.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Protocols } from './protocols.ts';
import { calleeName, isCall, nodesOf, parseProgram, replaceText, statementOf } from './tree.ts';
import type { AnyCall } from './tree.ts';

export const MUTATIONS = ['close deleted', 'closed twice', 'original passed'] as const;
export type MutationName = (typeof MUTATIONS)[number];

export interface Mutation {
  readonly name: MutationName;
  /** The program with the fault. */
  readonly text: string;
  /** The line that was changed. */
  readonly line: number;
  /** `RULE:LINE`: any of these is a report of the fault, and all of them may come. */
  readonly wanted: readonly string[];
}

interface Mark {
  readonly line: number;
  readonly verb: 'opens' | 'closes' | 'passes';
  readonly name: string;
  readonly original: string | null;
}

const MARK = /\/\/ (opens|closes|passes) (\w+)(?: for (\w+))?$/;

export function marksOf(text: string): Mark[] {
  return text.split('\n').flatMap((source, index): Mark[] => {
    const [, verb, name = '', original = null] = MARK.exec(source) ?? [];
    return verb === undefined ? [] : [{ line: index + 1, verb: verb as Mark['verb'], name, original }];
  });
}

export function mutationsOf(text: string, protocols: Protocols): Mutation[] {
  const program = new MarkedProgram(text, protocols);
  return marksOf(text).flatMap((mark) => {
    if (mark.verb === 'closes') return [program.withoutClose(mark), ...program.withTwoCloses(mark)];
    return mark.verb === 'passes' ? [program.withOriginal(mark)] : [];
  });
}

class MarkedProgram {
  readonly #text: string;
  readonly #marks: readonly Mark[];
  readonly #protocols: Protocols;
  readonly #calls: readonly AnyCall[];

  constructor(text: string, protocols: Protocols) {
    const program = parseProgram(text);
    this.#text = text;
    this.#marks = marksOf(text);
    this.#protocols = protocols;
    this.#calls = nodesOf(program, isCall);
  }

  withoutClose(mark: Mark): Mutation {
    const call = this.#close(mark);
    const statement = statementOf(call);
    const text =
      statement === null
        ? replaceText(this.#text, call, 'undefined')
        : replaceText(this.#text, statement, ';');
    return {
      name: 'close deleted',
      text,
      line: mark.line,
      wanted: this.#openings(mark.name).flatMap(leaksAt),
    };
  }

  withTwoCloses(mark: Mark): Mutation[] {
    const call = this.#close(mark);
    const statement = statementOf(call);
    const closer = calleeName(call);
    const lines = this.#openings(mark.name);
    const isError = this.#calls.some((each) => {
      const opener = lines.includes(each.loc.start.line) ? calleeName(each) : null;
      return opener !== null && closer !== null && this.#protocols.isErrorTwice(opener, closer);
    });
    if (statement === null || !isError) return [];
    const source = this.#text.slice(...statement.range);
    // Behind an `if` one statement stands for two.
    const text = replaceText(this.#text, statement, `{ ${source} ${source} }`);
    const wanted = [`no-double-close:${mark.line}`];
    return [{ name: 'closed twice', text, line: mark.line, wanted }];
  }

  withOriginal(mark: Mark): Mutation {
    const { line, name, original } = mark;
    const argument = this.#calls
      .flatMap((call): readonly TSESTree.CallExpressionArgument[] => call.arguments)
      .find((each) => each.type === 'Identifier' && each.name === name && each.loc.start.line === line);
    if (argument === undefined || original === null) throw new Error(`Line ${line} passes no ${name}`);
    const closes = this.#marks.filter((each) => each.verb === 'closes' && each.name === original);
    const text = replaceText(this.#text, argument, original);
    const wanted = [
      `no-passed-original:${line}`,
      ...this.#openings(name).flatMap(leaksAt),
      ...closes.map((close) => `no-double-close:${close.line}`),
      // Until it is closed again it is used.
      ...this.#linesBetween(line, closes.at(-1)?.line ?? line).map((each) => `no-use-after-close:${each}`),
    ];
    return { name: 'original passed', text, line, wanted };
  }

  #linesBetween(from: number, to: number): number[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index + 1);
  }

  /** The lines that open it: one on each way. */
  #openings(name: string): number[] {
    const openings = this.#marks.filter((each) => each.verb === 'opens' && each.name === name);
    if (openings.length === 0) throw new Error(`Nothing opens ${name}`);
    return openings.map(({ line }) => line);
  }

  /** The call that a description, or a class of the program, says closes. */
  #close({ line, name }: Mark): TSESTree.CallExpression {
    const call = this.#calls.findLast((each) => {
      const callee = each.loc.end.line === line ? calleeName(each) : null;
      return callee !== null && this.#protocols.isCloser(callee);
    });
    if (call?.type !== 'CallExpression') throw new Error(`Line ${line} closes no ${name}`);
    return call;
  }
}

const leaksAt = (line: number): string[] => [`no-leaked-handle:${line}`, `no-leaked-duplicate:${line}`];
