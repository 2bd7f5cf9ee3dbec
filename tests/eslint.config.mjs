// @ts-check
import { defineConfig } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';

export default defineConfig([
  // Fixtures are wrong on purpose, programs to put faults into are as users write them, and the rest is generated.
  { ignores: ['dist/', 'coverage/', 'tests/fixtures/', 'tests/seeded/programs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-console': 'error',
      // Parsers differ in whether they leave a part out or set it to null.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // `import { type A } from 'm'` still loads m when the program runs.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Node types are compared as strings: their enum would have to be loaded at run time.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Loops that end by `break` are how a fixpoint is written.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['index.ts', 'rules/**', 'analysis/**', 'apis/**', 'formatters/**', 'model/**'],
    rules: {
      // The package runs with the user's ESLint, beside any TypeScript or none: it knows their types only.
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(eslint|typescript|typescript-eslint|@typescript-eslint/.*)(/.*)?$',
              allowTypeImports: true,
              message: 'Only its types: what is shipped has no dependency at run time.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['rules/**', 'tests/rules/**'],
    extends: [eslintPlugin.configs.recommended],
    rules: {
      'eslint-plugin/no-identical-tests': 'error',
      'eslint-plugin/report-message-format': ['error', "^[A-Z'{].*\\.$"],
      'eslint-plugin/require-meta-default-options': 'error',
      'eslint-plugin/require-meta-docs-description': 'error',
      'eslint-plugin/require-meta-docs-recommended': 'error',
      'eslint-plugin/require-meta-docs-url': 'error',
      'eslint-plugin/require-meta-languages': 'error',
      'eslint-plugin/require-meta-schema-description': 'error',
      'eslint-plugin/require-test-error-positions': 'error',
      'eslint-plugin/test-case-shorthand-strings': 'error',
      'eslint-plugin/unique-test-case-names': 'error',
    },
  },
  {
    files: ['tests/**'],
    rules: {
      'no-console': 'off',
      // A test that meets undefined fails, which is what it is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // Scripts that run before anything is compiled. The typed rules do not see the JSDoc casts that tsc checks here.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
]);
