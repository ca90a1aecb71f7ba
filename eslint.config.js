// The house rules, executable: which folder may import which, where WebCrypto may be named, and how long a file may be.
import js from '@eslint/js'
import globals from 'globals'
import svelte from 'eslint-plugin-svelte'
import ts from 'typescript-eslint'

const noSubtle = {
  selector: "MemberExpression[property.name='subtle']",
  message: 'WebCrypto is used in e2ee-worker/ only (rule 3).',
}
const noBareError = {
  selector: "NewExpression[callee.name='Error']",
  message: "Throw this package's error class, which carries a code.",
}
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' }
const arrows = (...patterns) => ['error', { patterns }]
const forbid = (group, message) => ({ group, message })

const secondArrows = forbid(
  ['@huisclos/tmms*', '@huisclos/sfu*', '@huisclos/web*'],
  'e2ee-worker imports nobody.',
)

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
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
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
    files: ['e2ee-worker/**/*.ts'],
    languageOptions: { globals: { ...globals.worker } },
    rules: {
      'no-restricted-syntax': ['error', noBareError, noEnum],
      'no-restricted-imports': arrows(secondArrows),
    },
  },
  {
    files: ['e2ee-worker/src/sframe/**/*.ts'],
    rules: {
      'no-restricted-imports': arrows(
        secondArrows,
        forbid(
          ['../keys/*', '../transform/*', '../worker*'],
          'sframe/ knows bytes and CryptoKeys only.',
        ),
      ),
    },
  },
  {
    files: ['tmms/**/*.ts'],
    rules: {
      'no-restricted-imports': arrows(
        forbid(['@huisclos/*', '!@huisclos/tmms*'], 'tmms imports no other folder.'),
      ),
    },
  },
  {
    files: ['tmms/src/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': arrows(
        forbid(['express', 'kysely', '@huisclos/*'], 'The rules know neither Express nor SQL.'),
      ),
    },
  },
  {
    files: ['sfu/**/*.ts'],
    rules: {
      'no-restricted-imports': arrows(
        forbid(
          [
            '@huisclos/web*',
            '@huisclos/e2ee-worker*',
            '@huisclos/tmms/*',
            '!@huisclos/tmms/contract',
          ],
          'sfu may import tmms/contract only.',
        ),
      ),
    },
  },
  {
    files: ['sfu/src/**/*.ts'],
    ignores: ['sfu/src/media/**'],
    rules: {
      'no-restricted-imports': arrows(
        forbid(['mediasoup', 'mediasoup/*'], 'Only sfu/src/media/ imports mediasoup.'),
        forbid(
          [
            '@huisclos/web*',
            '@huisclos/e2ee-worker*',
            '@huisclos/tmms/*',
            '!@huisclos/tmms/contract',
          ],
          'sfu may import tmms/contract only.',
        ),
      ),
    },
  },
  {
    files: ['web/src/**/*.{ts,svelte}'],
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-restricted-imports': arrows(
        forbid(
          [
            '@huisclos/tmms/*',
            '!@huisclos/tmms/contract',
            '@huisclos/sfu/*',
            '!@huisclos/sfu/protocol',
          ],
          'web sees the contracts, not the servers.',
        ),
      ),
    },
  },
  {
    files: ['web/src/call/**/*.ts'],
    rules: {
      'no-restricted-imports': arrows(
        forbid(
          ['**/account/*', '@huisclos/tmms/*'],
          'A call knows the token as one string, never accounts.',
        ),
      ),
    },
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
