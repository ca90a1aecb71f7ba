/** What a browser is set to withhold is said before anybody tries: in one sentence, on the page where it is missed. */
import type { Page } from '@playwright/test'
import { meetingOf, pageOf } from './people.ts'
import { expect, test } from './setup.ts'

const settings = 'This browser’s settings do not allow a meeting'

/** What each setting takes away, as it looks to a page. */
const WITHHELD = {
  WebAssembly: () => Reflect.deleteProperty(globalThis, 'WebAssembly'),
  WebRTC: () => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'),
  'keep no cookies': () =>
    Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false }),
  'store nothing': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  },
} satisfies Record<string, () => unknown>

async function saysSo(page: Page, word: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: settings })).toBeVisible()
  await expect(page.getByText(word)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Join', exact: true })).toHaveCount(0)
  await expect(page.getByRole('textbox')).toHaveCount(0)
}

test('nobody is let run into a browser that withholds what a meeting needs', async ({
  server,
  browsers,
  thisBrowser,
}) => {
  const { link, people } = await meetingOf(server, 1)
  for (const [word, withhold] of Object.entries(WITHHELD)) {
    const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
    await page.addInitScript(withhold)
    await page.goto(link)
    await saysSo(page, word)
    await context.close()
  }
})

test('without WebAssembly or cookies nobody is asked for a password', async ({
  server,
  browsers,
  thisBrowser,
}) => {
  for (const word of ['WebAssembly', 'keep no cookies'] as const) {
    const context = await browsers[thisBrowser].newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.addInitScript(WITHHELD[word])
    await page.goto(server.origin)
    await saysSo(page, word)
    await context.close()
  }
})
