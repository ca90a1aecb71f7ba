/** End-to-end tests: each project drives one browser against servers started by the tests themselves. */
import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import { chromiumLaunch, firefoxLaunch } from './web/e2e/browsers.ts'

/** Only what hangs may fail by time: the machine may be slow, and busy with something else. */
const PATIENCE_MS = 60_000

/** `npm run drill` and `npm run chaos` run everything, in both browsers. */
const all = process.env['ALL_TESTS'] !== undefined
const LONG = /@long/
/** Those of which `setup.ts` says that one browser is enough. */
const ONCE = /@once/

export default defineConfig({
  testDir: 'web/e2e',
  globalTimeout: 60 * 60_000,
  timeout: 240_000,
  expect: { timeout: PATIENCE_MS },
  // A meeting waits most of the time, so that two cores carry two.
  workers: Math.min(2, availableParallelism()),
  forbidOnly: true,
  grepInvert: all ? [] : [LONG],
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    // Recording costs as much as the tests themselves: `-- --trace retain-on-failure` for one that fails.
    trace: 'off',
    screenshot: 'only-on-failure',
    locale: 'en-GB',
    actionTimeout: PATIENCE_MS,
  },
  projects: [
    { name: 'chromium', use: { browserName: 'chromium', launchOptions: chromiumLaunch } },
    {
      name: 'firefox',
      grepInvert: all ? [] : [LONG, ONCE],
      use: { browserName: 'firefox', channel: 'moz-firefox', launchOptions: firefoxLaunch },
    },
  ],
})
