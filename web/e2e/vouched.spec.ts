/** Every honest frame is vouched for by its sender, whichever browser sends and whichever receives. */
import type { Page } from '@playwright/test'
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { hears, join, sees } from './meeting.ts'

interface Heard {
  readonly type: string
  readonly state?: string
  readonly code?: string
}

/** Writes down what the page's workers say of it. */
function overhear(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const heard: unknown[] = []
    Object.assign(window, { heard })
    const Plain = window.Worker
    window.Worker = class extends Plain {
      constructor(...of: ConstructorParameters<typeof Worker>) {
        super(...of)
        this.addEventListener('message', ({ data }: MessageEvent<{ type?: unknown } | null>) => {
          if (data?.type === 'media-authenticity' || data?.type === 'warning') heard.push(data)
        })
      }
    }
  })
}

const heardBy = (page: Page): Promise<readonly Heard[]> =>
  page.evaluate(() => (window as unknown as { heard: Heard[] }).heard)

const statesOf = (heard: readonly Heard[]): readonly (string | undefined)[] =>
  heard.filter(({ type }) => type === 'media-authenticity').map(({ state }) => state)

test('honest sound and pictures are vouched for, and stay so', async ({ browsers, server }) => {
  const { link, people } = await meetingOf(server, 2)
  const ada = await pageOf(browsers.chromium, people[0]!)
  const grace = await pageOf(browsers.firefox, people[1]!)
  for (const { page } of [ada, grace]) {
    await overhear(page)
    await join(page, link)
  }
  await sees(grace.page, 'Ada Lovelace')
  await sees(ada.page, 'Grace Hopper')
  await hears(grace.page)
  for (const { page } of [ada, grace]) {
    await expect.poll(async () => statesOf(await heardBy(page)).length, { timeout: 15_000 }).toBe(2)
    await page.evaluate(
      () => new Promise((passed) => setTimeout(passed, 8_000)), // Longer than any frame may wait.
    )
    const heard = await heardBy(page)
    expect(statesOf(heard)).toEqual(['vouched', 'vouched'])
    expect(heard.filter(({ code }) => code === 'E_VOUCH')).toEqual([])
  }
  await ada.context.close()
  await grace.context.close()
})
