/** Every honest frame is vouched for by its sender, whichever browser sends and whichever receives. */
import type { Page } from '@playwright/test'
import { adaAndGrace } from './people.ts'
import { expect, test } from './setup.ts'
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

test('honest sound and pictures are vouched for, and stay so', async ({
  browsers: { chromium, firefox },
  server,
}) => {
  const { link, ada, grace, close } = await adaAndGrace(server, [chromium, firefox])
  for (const page of [ada, grace]) {
    await overhear(page)
    await join(page, link)
  }
  await sees(grace, 'Ada Lovelace')
  await sees(ada, 'Grace Hopper')
  await hears(grace)
  for (const page of [ada, grace]) {
    await expect.poll(async () => statesOf(await heardBy(page)).length, { timeout: 15_000 }).toBe(2)
    await page.evaluate(
      () => new Promise((passed) => setTimeout(passed, 8_000)), // Longer than any frame may wait.
    )
    const heard = await heardBy(page)
    expect(statesOf(heard)).toEqual(['vouched', 'vouched'])
    expect(heard.filter(({ code }) => code === 'E_VOUCH')).toEqual([])
  }
  await close()
})
