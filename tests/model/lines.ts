/** Lets a test name lines of its own source: `line('first close')` is where the comment `// first close` stands. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function linesOf(moduleUrl: string): (mark: string) => number {
  const lines = readFileSync(fileURLToPath(moduleUrl), 'utf8').split('\n');
  return (mark) => {
    const index = lines.findIndex((text) => text.endsWith(`// ${mark}`));
    if (index < 0) throw new Error(`No line ends with the comment '${mark}'.`);
    return index + 1;
  };
}
