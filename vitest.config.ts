import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Test files share two cores with real mediasoup workers; more would only wait for each other.
    maxWorkers: 2,
    include: ['{e2ee-worker,tmms,sfu,web,certs}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/*.browser.test.ts', 'web/e2e/**'],
  },
})
