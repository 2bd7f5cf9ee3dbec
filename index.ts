/** The plugin: `import handles from 'eslint-plugin-handles'`. */
import type { ESLint, Linter } from 'eslint';
import { rules } from './rules/index.ts';

/** The plugin with its configs, typed by ESLint's own types so that a user's config file type-checks. */
export interface HandlesPlugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly configs: { readonly recommended: Linter.Config; readonly strict: Linter.Config };
}

const meta = { name: 'eslint-plugin-handles', version: '0.1.0', namespace: 'handles' };

// The rules are typed by typescript-eslint, whose context type ESLint's does not accept; at run time they are the same.
const plugin: ESLint.Plugin = { meta, rules: rules as unknown as NonNullable<ESLint.Plugin['rules']> };

const recommended: Linter.Config = {
  name: 'handles/recommended',
  files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
  plugins: { handles: plugin },
  rules: Object.fromEntries(Object.keys(rules).map((name) => [`handles/${name}`, 'error'])),
};

/** For code that goes on after an exception, and in which functions that take a handle over say so. */
const strict: Linter.Config = {
  ...recommended,
  name: 'handles/strict',
  settings: { handles: { exceptions: 'all', unknownCalls: 'borrow' } },
};

const handles: HandlesPlugin = Object.assign(plugin, { meta, configs: { recommended, strict } });

export default handles;
