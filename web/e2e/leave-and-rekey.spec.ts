/** Who leaves takes no key along: the others change keys and go on. */
import { meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { diagnostics, hears, join, leave, sees } from './meeting.ts'

test(
  'when somebody leaves the others go on under a fresh key',
  ONCE,
  async ({ browsers, server, thisBrowser, otherBrowser }) => {
    const { link, people } = await meetingOf(server, 3)
    const pages = []
    for (const [index, person] of people.entries()) {
      const browser = browsers[index === 1 ? otherBrowser : thisBrowser]
      const opened = await pageOf(browser, person)
      await join(opened.page, link)
      pages.push(opened)
    }
    const [a, b, c] = pages
    await sees(a!.page, 'Hedy Lamarr')
    await sees(b!.page, 'Hedy Lamarr')
    const before = await diagnostics(a!.page)

    await leave(c!.page)
    await expect(a!.page.getByLabel('Video of Hedy Lamarr')).toHaveCount(0)
    await expect
      .poll(async () => (await diagnostics(a!.page)).generation)
      .toBeGreaterThan(before.generation)
    await sees(a!.page, 'Grace Hopper')
    await sees(b!.page, 'Ada Lovelace')
    await hears(a!.page)
    await hears(b!.page)
    for (const { context } of pages) await context.close()
  },
)
