// The house rules, executable: where WebCrypto may be named, how long a file may be; eslint.arrows.js has the arrows.
import js from '@eslint/js'
import globals from 'globals'
import svelte from 'eslint-plugin-svelte'
import ts from 'typescript-eslint'
import { arrows } from './eslint.arrows-rule.js'

const noSubtle = {
  selector: "MemberExpression[property.name='subtle']",
  message: 'WebCrypto is used in e2ee-worker/ only (rule 3).',
}
const noBareError = {
  selector: "NewExpression[callee.name='Error']",
  message: "Throw this package's error class, which carries a code.",
}
const noBareTimer = {
  selector:
    'CallExpression[callee.name=/^set(Timeout|Interval|Immediate)$/][arguments.0.type=/Function|Member/]',
  message: 'Wrap the callback in guarded(): nothing else catches what it throws.',
}
const noBareSignal = {
  selector:
    "CallExpression[callee.object.name='process'][callee.property.name=/^(on|once)$/][arguments.1.type=/Function|Member/]",
  message: 'Wrap the listener in guarded(): nothing else catches what it throws.',
}
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' }
export default ts.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      'data/**',
      'web/src/paraglide/**',
      'test-results/**',
      'playwright-report/**',
      '.test/**',
      '.cache/**',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: {
        project: [
          './tsconfig.json',
          './e2ee-worker/tsconfig.json',
          './e2ee-worker/tsconfig.client.json',
          './e2ee-worker/tsconfig.test.json',
          './web/tsconfig.json',
          './web/tsconfig.e2e.json',
          './bench/browser/tsconfig.json',
          './bench/rekey/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      'no-restricted-syntax': ['error', noSubtle, noBareError, noEnum],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...ts.configs.disableTypeChecked,
  },
  { files: ['scripts/**/*.mjs', '*.js'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.{ts,svelte,js,mjs}'],
    plugins: { huisclos: { rules: { arrows } } },
    rules: { 'huisclos/arrows': 'error' },
  },
  {
    files: ['e2ee-worker/**/*.ts'],
    languageOptions: { globals: { ...globals.worker } },
    rules: { 'no-restricted-syntax': ['error', noBareError, noEnum] },
  },
  {
    files: ['server.ts', 'sfu/src/**/*.ts', 'tmms/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', noSubtle, noBareError, noEnum, noBareTimer, noBareSignal],
    },
  },
  {
    files: ['web/src/**/*.{ts,svelte}'],
    languageOptions: { globals: { ...globals.browser } },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: [
      '**/*.test.ts',
      'web/e2e/**/*.ts',
      'bench/**/*.ts',
      '*/test/**/*.ts',
      'playwright.config.ts',
    ],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
)
