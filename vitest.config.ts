import { defineConfig } from 'vitest/config'

const elsewhere = ['**/node_modules/**', '**/*.browser.test.ts', 'web/e2e/**']
const folders = '{e2ee-worker,tmms,sfu,web,certs,ops}'

export default defineConfig({
  test: {
    // Test files share two cores with real mediasoup workers; more would only wait for each other.
    maxWorkers: 2,
    // Only what hangs may fail by time: the machine is shared.
    testTimeout: 90_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${folders}/**/*.test.ts`, 'scripts/**/*.test.mjs'],
          exclude: [...elsewhere, '**/*.fuzz.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          // Millions of inputs keep a core busy for a minute; connections in other tests would wait too long meanwhile.
          name: 'fuzz',
          include: [`${folders}/**/*.fuzz.test.ts`],
          exclude: elsewhere,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
