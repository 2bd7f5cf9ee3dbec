/**
 * One name for a file of the project, however it is imported: `./src/owner.ts`, `./src/owner.js` and `./src/owner` are
 * `./src/owner`, and `./src/lib/index.ts` is `./src/lib`. The names of packages stay as they are.
 */
export function moduleName(module: string): string {
  if (!/^\.\.?\//.test(module)) return module;
  return module.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '').replace(/(?<=.)\/index$/, '');
}
