/** The text of a linted file by lines and columns, both from 1; ESLint may have kept none. */
import type { Place } from '../rules/shared/read-message.ts';

const LINE_BREAK = /\r\n|[\r\n\u2028\u2029]/;

export class SourceText {
  readonly #text: string | null;
  readonly #lines: readonly string[];

  constructor(text: string | null) {
    this.#text = text;
    this.#lines = text?.split(LINE_BREAK) ?? [];
  }

  line(number: number): string {
    return this.#lines[number - 1] ?? '';
  }

  /** The name that stands at a place, or the one character. */
  word({ line, column }: Place): object {
    const [word] = /^[\w$#.]+|^./.exec(this.line(line).slice(column - 1)) ?? [];
    return {
      startLine: line,
      startColumn: column,
      ...(word === undefined ? {} : { endLine: line, endColumn: column + word.length }),
    };
  }

  /** What lies between two offsets. */
  region([start, end]: readonly [number, number]): object {
    if (this.#text === null) return { charOffset: start, charLength: end - start };
    const [from, to] = [this.#placeOf(this.#text, start), this.#placeOf(this.#text, end)];
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  }

  #placeOf(text: string, offset: number): Place {
    const lines = text.slice(0, offset).split(LINE_BREAK);
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}
