/**
 * What a fixture says about itself: comments that name the rules which must report on their line.
 *
 *     CloseHandle(h); // expect: no-double-close
 *     fred2.control(makeFred(h)); // expect: no-use-after-close, no-leaked-handle
 *
 * Invariant: a comment that begins like one and is none is an error and never overlooked.
 */

const COMMENT = /\/\/\s*expect\b(.*)$/i;
const RULES = /^:\s*([a-z]+(?:-[a-z]+)*(?:\s*,\s*[a-z]+(?:-[a-z]+)*)*)\s*$/;

/**
 * The rules that must report, by line from 1; a rule that is named twice must report twice.
 * Throws an `Error` that names the line of a comment that is not understood.
 */
export function expectations(sourceText: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const [index, text] of sourceText.split(/\r?\n/).entries()) {
    const comment = COMMENT.exec(text);
    if (comment === null) continue;
    const rules = RULES.exec(comment[1] ?? '')?.[1];
    if (rules === undefined) {
      throw new Error(`Line ${index + 1}: '${comment[0]}' is not of the form '// expect: RULE[, RULE]'.`);
    }
    found.set(index + 1, rules.split(/\s*,\s*/));
  }
  return found;
}
