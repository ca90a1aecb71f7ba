/** End-to-end tests: each project drives one browser against servers started by the tests themselves. */
import { defineConfig } from '@playwright/test'
import { chromiumLaunch, firefoxLaunch } from './web/e2e/browsers.ts'

export default defineConfig({
  testDir: 'web/e2e',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // Two cores: a meeting already runs several browsers and a media worker.
  workers: 1,
  forbidOnly: true,
  // `npm run chaos` runs these.
  ...(process.env['LONG_TESTS'] === undefined ? { grepInvert: /@long/ } : {}),
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    // Recording costs as much as the tests themselves: `-- --trace retain-on-failure` for one that fails.
    trace: 'off',
    screenshot: 'only-on-failure',
    locale: 'en-GB',
    actionTimeout: 15_000,
  },
  projects: [
    { name: 'chromium', use: { browserName: 'chromium', launchOptions: chromiumLaunch } },
    {
      name: 'firefox',
      use: { browserName: 'firefox', channel: 'moz-firefox', launchOptions: firefoxLaunch },
    },
  ],
})
