/** That the guide's example runs and prints what the guide says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';

const GUIDE = fileURLToPath(new URL('../../docs/guides/runtime-model.md', import.meta.url));

it('prints what the guide says', async () => {
  const guide = readFileSync(GUIDE, 'utf8');
  const [example, output] = ['ts', 'text'].map((language) => {
    const block = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(guide);
    return block?.[1] ?? '';
  });
  const folder = mkdtempSync(join(tmpdir(), 'handles-'));
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const file = join(folder, 'copy.ts');
    writeFileSync(file, example ?? '');
    await import(pathToFileURL(file).href);
    expect(log.mock.calls.map(([text]) => `${String(text)}\n`).join('')).toBe(output);
  } finally {
    log.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
