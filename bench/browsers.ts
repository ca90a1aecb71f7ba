/** Runs a benchmark in Chromium and in stock Firefox, on the page of `site.ts`. */
import { chromium, firefox, type Browser, type Page } from 'playwright-core'
import { chromiumLaunch, firefoxLaunch } from '../web/e2e/browsers.ts'
import { openSite } from './site.ts'

const LAUNCH = {
  chromium: () => chromium.launch(chromiumLaunch),
  firefox: () => firefox.launch({ ...firefoxLaunch, channel: 'moz-firefox' }),
} satisfies Record<string, () => Promise<Browser>>

export type BrowserName = keyof typeof LAUNCH

/** In both, or in the one that is named. */
export async function inBrowsers(
  only: string | undefined,
  run: (page: Page, name: BrowserName) => Promise<void>,
): Promise<void> {
  const site = await openSite()
  try {
    for (const name of Object.keys(LAUNCH) as BrowserName[]) {
      if (only !== undefined && only !== name) continue
      const browser = await LAUNCH[name]()
      try {
        const page = await browser.newPage()
        await page.goto(site.url)
        await page.waitForFunction('window.ready')
        await run(page, name)
      } finally {
        await browser.close()
      }
    }
  } finally {
    await site.close()
  }
}

/** Calls a function of the page: `ask` for a worker's answer, `p99` for the slowest hundredth of it. */
export function call<Answer>(
  page: Page,
  verb: 'ask' | 'p99',
  worker: string,
  question: object,
): Promise<Answer> {
  const expression = `window.${verb}(${JSON.stringify(worker)}, ${JSON.stringify(question)})`
  return page.evaluate<Answer>(expression)
}
