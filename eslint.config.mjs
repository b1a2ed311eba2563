// One flat config. Each rule that differs from its preset carries its reason.
import nodePlugin from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.cache/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { n: nodePlugin },
    rules: {
      'n/prefer-node-protocol': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // A parameter that an interface demands and nobody reads is named with an underscore.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // An empty function is a legitimate "nothing to undo".
      '@typescript-eslint/no-empty-function': 'off',
      // Numbers are what this project prints; they need no String() around them.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `#private` is the only privacy here: it holds at run time too.
      'no-restricted-syntax': [
        'error',
        { selector: 'PropertyDefinition[accessibility="private"]', message: 'Use #private.' },
        { selector: 'MethodDefinition[accessibility="private"]', message: 'Use #private.' },
        {
          selector: 'TSParameterProperty',
          message: 'Assign in the constructor: parameter properties hide state.',
        },
        { selector: 'ExportAllDeclaration', message: 'List what is exported by name.' },
      ],
    },
  },
  {
    // A product package may only import what its package.json names.
    files: ['packages/*/src/**/*.ts'],
    plugins: { n: nodePlugin },
    rules: { 'n/no-extraneous-import': 'error' },
  },
  {
    // The tests of the rules are written for promtool, but are tests too.
    files: ['**/test/**/*.ts', 'test/**/*.ts', 'examples/prometheus-grafana/src/rule-tests/*.ts'],
    rules: {
      // chai's `expect(x).to.be.true` is an expression by design.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
