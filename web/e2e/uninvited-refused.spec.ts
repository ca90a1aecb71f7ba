/** Somebody signed in but not invited learns nothing. */
import { call, meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'

test(
  'M2 an uninvited person cannot tell a meeting from a missing one',
  ONCE,
  async ({ browsers, server, thisBrowser }) => {
    const first = await meetingOf(server, 1)
    const second = await meetingOf(server, 1)
    const stranger = second.people[0]!
    const { page, context } = await pageOf(browsers[thisBrowser], stranger)
    const missing = first.link.replace(first.id, 'A'.repeat(first.id.length))
    const seen: string[] = []
    for (const link of [first.link, missing]) {
      await page.goto(link)
      const join = page.getByRole('button', { name: 'Join', exact: true })
      const refusal = page.getByRole('heading', {
        level: 1,
        name: /not open to you|not available/i,
      })
      await expect(join.or(refusal)).toBeVisible()
      if (await join.isVisible()) await join.click()
      await expect(refusal).toBeVisible()
      seen.push(await page.locator('main').innerText())
    }
    expect(seen[0]).toBe(seen[1])
    await context.close()

    const known = await call(server, `GET /api/meetings/${first.id}`, undefined, stranger.cookies)
    const unknown = await call(
      server,
      `GET /api/meetings/${'A'.repeat(22)}`,
      undefined,
      stranger.cookies,
    )
    expect(known).toEqual(unknown)
  },
)
