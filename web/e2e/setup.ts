/** What tests share: a server of their own, both browsers, and two people to meet in them. */
import { test as base, type Browser } from '@playwright/test'
import { chromiumLaunch, firefoxLaunch, firefoxNightLaunch } from './browsers.ts'
import { adaAndGrace, type Pair } from './people.ts'
import { HuisclosServer } from './server.ts'

/**
 * For a test in which both browsers take part, or of what does not differ by browser: only the project `chromium`
 * runs it.
 */
export const ONCE = { tag: '@once' }

type BrowserName = 'chromium' | 'firefox'

interface WorkerFixtures {
  server: HuisclosServer
  /** Those that run in this worker. */
  launched: Set<Browser>
  browsers: Record<BrowserName, Browser>
  /** This browser on a system set to light colours, and on one set to dark colours and to little motion. */
  inColours: Record<'light' | 'dark', Browser>
}
interface TestFixtures {
  thisBrowser: BrowserName
  otherBrowser: BrowserName
  /** Ada in this browser, Grace in the other one. */
  pair: Pair
  /** A page that a test leaves in a call would send and receive beside all later tests: it is closed with the test. */
  closesPages: undefined
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // Playwright reads a fixture's needs from this pattern, so it must be one, even if empty.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await HuisclosServer.start()
      await use(server)
      await server.end()
    },
    { scope: 'worker' },
  ],
  launched: [
    // eslint-disable-next-line no-empty-pattern -- see above
    async ({}, use) => {
      await use(new Set())
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({ browser, launched }, use) => {
      launched.add(browser)
      await use(browser)
    },
    { scope: 'worker' },
  ],
  browsers: [
    async ({ playwright, browser, browserName, launched }, use) => {
      const own = browserName === 'firefox' ? 'firefox' : 'chromium'
      const other =
        own === 'chromium'
          ? await playwright.firefox.launch({ channel: 'moz-firefox', ...firefoxLaunch })
          : await playwright.chromium.launch(chromiumLaunch)
      launched.add(other)
      await use(
        own === 'chromium'
          ? { chromium: browser, firefox: other }
          : { chromium: other, firefox: browser },
      )
      await other.close()
    },
    { scope: 'worker' },
  ],
  inColours: [
    async ({ playwright, browser, browserName, launched }, use) => {
      if (browserName !== 'firefox') return use({ light: browser, dark: browser })
      // Over WebDriver BiDi a context has the colours and the motion of the system, whatever it is asked for.
      const night = { channel: 'moz-firefox', ...firefoxNightLaunch }
      const dark = await playwright.firefox.launch(night)
      launched.add(dark)
      await use({ light: browser, dark })
      await dark.close()
    },
    { scope: 'worker' },
  ],
  closesPages: [
    async ({ launched }, use) => {
      const open = () => [...launched].flatMap((browser) => browser.contexts())
      // Those of a whole file are older than its tests.
      const before = new Set(open())
      await use(undefined)
      const left = open().filter((context) => !before.has(context))
      await Promise.all(left.map((context) => context.close()))
    },
    { auto: true },
  ],
  thisBrowser: async ({ browserName }, use) => {
    await use(browserName === 'firefox' ? 'firefox' : 'chromium')
  },
  otherBrowser: async ({ browserName }, use) => {
    await use(browserName === 'firefox' ? 'chromium' : 'firefox')
  },
  pair: async ({ browsers, server, thisBrowser, otherBrowser }, use) => {
    const pair = await adaAndGrace(server, [browsers[thisBrowser], browsers[otherBrowser]])
    await use(pair)
    await pair.close()
  },
})

export { expect } from '@playwright/test'
