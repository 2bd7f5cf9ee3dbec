/** The APIs that are described out of the box, by the names that `settings.handles.apis` turns them off by. */
import { disposables } from './disposables.ts';
import { javascript } from './javascript.ts';
import { nodeFs, nodeFsPromises } from './node-fs.ts';
import { nodeProcess } from './node-process.ts';
import { quickjsEmscripten } from './quickjs-emscripten.ts';
import type { ApiDescription } from './schema.ts';
import { webMedia } from './web-media.ts';
import { win32Native } from './win32-native.ts';
import { win32 } from './win32.ts';

export const builtinApis: Readonly<Record<string, ApiDescription>> = {
  disposables,
  javascript,
  'node-fs': nodeFs,
  'node-fs-promises': nodeFsPromises,
  'node-process': nodeProcess,
  'quickjs-emscripten': quickjsEmscripten,
  'web-media': webMedia,
  win32,
  'win32-native': win32Native,
};
