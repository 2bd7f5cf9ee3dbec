/** Packs the plugin once for all end-to-end tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { pack } from '../harness/package.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly tarball: string;
  }
}

export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'handles-packed-'));
  provide('tarball', pack(folder).tarball);
  return () => {
    rmSync(folder, { recursive: true });
  };
}
