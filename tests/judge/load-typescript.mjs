// @ts-check
/**
 * Lets Node run the TypeScript sources as they are: types are stripped as modules are loaded.
 *
 *     node --import ./tests/judge/load-typescript.mjs tests/judge/main.ts
 */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
