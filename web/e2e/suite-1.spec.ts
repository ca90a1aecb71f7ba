/** A server set to suite 1, for very weak devices: both browsers agree on keys, and everybody is told what it is. */
import { adaAndGrace, meetingOf, pageOf, restrict } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { hears, join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

test(
  'with suite 1 the browsers see and hear each other, the panel says so, and who must not is kept out',
  ONCE,
  async ({ browsers, thisBrowser, otherBrowser }) => {
    const server = await HuisclosServer.start({ env: { HC_E2EE_SUITE: '1' } })
    const both = [browsers[thisBrowser], browsers[otherBrowser]] as const
    const { link, ada, grace, close } = await adaAndGrace(server, both)
    for (const page of [ada, grace]) await join(page, link)
    await sees(ada, 'Grace Hopper')
    await sees(grace, 'Ada Lovelace')
    await hears(ada)
    await ada.getByRole('button', { name: 'Security' }).click()
    const panel = ada.getByRole('complementary', { name: 'Security' })
    await expect(panel.getByText('AES-256-GCM, keys by P-256', { exact: true })).toBeVisible()
    await expect(panel.getByText('Classical, as your administrator chose.')).toBeVisible()
    await close()

    const strict = await meetingOf(server, 1)
    await restrict(server, strict.people[0]!, { suite: 2 })
    const { page, context } = await pageOf(browsers[thisBrowser], strict.people[0]!)
    await page.goto(strict.link)
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await expect(page.getByText(/encryption withstands quantum computers as well/)).toBeVisible()
    await context.close()
    await server.end()
  },
)
