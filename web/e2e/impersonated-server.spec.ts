/** Certificates that browsers accept do not help whoever stands in for the server: its own keys are missing. */
import type { Page } from '@playwright/test'
import { adaAndGrace, meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { Impersonation } from './impersonation.ts'
import { join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

test(
  'M6 behind the link of a meeting another server is found out',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const way = await Impersonation.prepare()
    const { link, people } = await meetingOf(way.real, 1)
    await way.begin()
    const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
    await page.goto(link)
    await expect(title(page, 'This is not the server you know')).toBeVisible()
    await expect(page.getByRole('alert')).toContainText(/not the one that your meeting link names/)
    await noWayOn(page, 'E_PIN')
    await context.close()
    await way.end()
  },
)

test(
  'M6 a server once met is remembered, also without a pin in the link',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const way = await Impersonation.prepare()
    const { link, people } = await meetingOf(way.real, 1)
    const [withoutPin = ''] = link.split('#')
    const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
    await join(page, withoutPin)
    await page.getByRole('button', { name: 'Leave' }).click()
    await way.begin()
    await page.goto(withoutPin)
    await expect(title(page, 'This is not the server you know')).toBeVisible()
    await expect(page.getByRole('alert')).toContainText(
      /this browser has known since \d+ \w+ 20\d\d/,
    )
    await noWayOn(page, 'E_PIN')
    await context.close()
    await way.end()
  },
)

test(
  'M6 a TCS without the certified key is asked nothing and sent nothing',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const server = await HuisclosServer.start({ script: 'web/e2e/false-tcs-server.ts' })
    const { link, people } = await meetingOf(server, 1)
    const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
    await page.goto(link)
    await expect(title(page, 'This server could not prove its identity')).toBeVisible()
    await expect(page.getByRole('alert')).toContainText(
      'This server could not prove that it is the one your organisation runs.',
    )
    await noWayOn(page, 'E_TCS')
    await context.close()
    await server.end()
  },
)

test(
  'M6 a server replaced in the middle of a call is not followed',
  ONCE,
  async ({ browsers, thisBrowser, otherBrowser }) => {
    const way = await Impersonation.prepare()
    const both = [browsers[thisBrowser], browsers[otherBrowser]] as const
    const { link, ada, grace, close } = await adaAndGrace(way.real, both)
    for (const page of [ada, grace]) await join(page, link)
    await sees(ada, 'Grace Hopper')
    await way.begin()
    for (const page of [ada, grace]) {
      await expect(title(page, 'This is not the server you know')).toBeVisible()
      await noWayOn(page, 'E_PIN')
    }
    await close()
    await way.end()
  },
)

test(
  'M6 a stranger who takes the place of the server cannot have people sign in with him',
  ONCE,
  async ({ browsers, thisBrowser }) => {
    const way = await Impersonation.prepare()
    const { link, people } = await meetingOf(way.real, 1)
    const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
    await join(page, link)
    // To him nobody is signed in.
    await way.begin('nothing')
    await expect(title(page, 'This is not the server you know')).toBeVisible()
    await noWayOn(page, 'E_PIN')
    await context.close()
    await way.end()
  },
)

function title(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name })
}

/** The page explains and stops: nothing goes on regardless, and nothing is tried again. */
async function noWayOn(page: Page, code: string): Promise<void> {
  await expect(page.getByText(code, { exact: true })).toBeVisible()
  await expect(page.getByRole('alert')).toContainText('tell your administrator')
  await expect(page.getByRole('main').getByRole('button')).toHaveText(['Back to my meetings'])
  await expect(page.getByText(/reconnecting/i)).toHaveCount(0)
}
