/** Every honest frame is vouched for by its sender, whichever browser sends and whichever receives. */
import { authenticityIn, heardBy, overhear } from './overheard.ts'
import { adaAndGrace } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { hears, join, sees } from './meeting.ts'

const statesOf = (heard: Awaited<ReturnType<typeof heardBy>>): readonly (string | undefined)[] =>
  authenticityIn(heard).map(({ state }) => state)

test(
  'honest sound and pictures are vouched for, and stay so',
  ONCE,
  async ({ browsers: { chromium, firefox }, server }) => {
    const { link, ada, grace, close } = await adaAndGrace(server, [chromium, firefox])
    for (const page of [ada, grace]) {
      await overhear(page)
      await join(page, link)
    }
    await sees(grace, 'Ada Lovelace')
    await sees(ada, 'Grace Hopper')
    await hears(grace)
    for (const page of [ada, grace])
      await expect.poll(async () => statesOf(await heardBy(page)).length).toBe(2)
    await grace.waitForTimeout(8_000) // Longer than any frame may wait.
    for (const page of [ada, grace]) {
      const heard = await heardBy(page)
      expect(statesOf(heard)).toEqual(['vouched', 'vouched'])
      expect(heard.filter(({ code }) => code === 'E_VOUCH')).toEqual([])
    }
    await close()
  },
)
