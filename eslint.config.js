import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['dist', 'storybook-static', 'node_modules', 'examples/demo/dist', 'examples/next', 'test/consumers/*/**'],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name each export: a barrel of * hides what is public.' },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'stories/**/*.tsx', 'examples/**/*.tsx'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  {
    // A test may well hand a fake's method on: what it loses of `this`, the test shows at once.
    files: ['**/*.test.{ts,tsx}', 'stories/**'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // Configuration files and stories are read by their default export.
    files: ['*.config.ts', '**/*.config.ts', '.storybook/**', 'stories/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Programs talk to the person at the terminal.
    files: ['src/cli/**', 'examples/**/server.ts', 'vitest.config.ts', 'test/**', 'bench/**', 'src/**/*.test.{ts,tsx}'],
    rules: { 'no-console': 'off' },
  },
);
