/** The main job: from the set-up link to three people in one meeting, in both browsers, all by hand. */
import type { Browser, Page } from '@playwright/test'
import { visitorIn } from './people.ts'
import { expect, test } from './setup.ts'
import { hears, join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

const PASSWORD = 'correct horse battery staple'

test('an administrator, an organiser and two invited people meet', async ({
  browsers,
  thisBrowser,
  otherBrowser,
}) => {
  // Its own server: this is the test in which nobody has an account yet.
  const server = await HuisclosServer.start()
  const admin = await fresh(browsers[thisBrowser])
  await makeAdministrator(admin, server)
  await inviteOrganiser(admin, 'olive@example.org')

  const organiser = await fresh(browsers[thisBrowser])
  await validate(organiser, await linkFor(server, 'olive@example.org', '/welcome#'), {
    first: 'Olive',
    last: 'Oyl',
  })
  await plan(organiser, 'Budget behind closed doors', ['gus@example.org', 'gwen@example.org'])

  const pages: [string, Page][] = [['Olive Oyl', organiser]]
  const guests = [
    { email: 'gus@example.org', first: 'Gus', last: 'Grissom', browser: browsers[otherBrowser] },
    { email: 'gwen@example.org', first: 'Gwen', last: 'Stacy', browser: browsers[thisBrowser] },
  ]
  const meetingLink = await linkFor(server, 'gus@example.org', '/j/')
  expect(new URL(meetingLink).hash).toMatch(/^#v1\.[\w-]{42}[A-Za-z0-9]$/)
  for (const guest of guests) {
    const page = await fresh(guest.browser)
    // Before the account is activated, a meeting link says what to do; afterwards it leads on.
    if (guest.first === 'Gus') {
      await page.goto(`${meetingLink}.`)
      await expect(page.getByRole('heading', { name: 'First time here?' })).toBeVisible()
    }
    await validate(page, await linkFor(server, guest.email, '/welcome#'), guest)
    pages.push([`${guest.first} ${guest.last}`, page])
  }

  // The last guest signs out and comes back through the mail's meeting link, as one does a day later.
  const gwen = pages[2]![1]
  await gwen.goto(server.origin)
  await gwen.getByRole('button', { name: 'Sign out', exact: true }).click()
  await gwen.goto(meetingLink)
  await signIn(gwen, 'gwen@example.org', PASSWORD)

  for (const [, page] of pages) await join(page, meetingLink)
  for (const [, page] of pages) {
    expect(page.url()).not.toContain('#')
    for (const [name, other] of pages) if (other !== page) await sees(page, name)
    await hears(page)
  }
  for (const [, page] of pages) await page.context().close()
  await admin.context().close()
  await server.end()
})

async function fresh(browser: Browser): Promise<Page> {
  return (await visitorIn(browser)).newPage()
}

async function linkFor(server: HuisclosServer, address: string, part: string): Promise<string> {
  const links = (await server.mails())
    .filter(({ to }) => to === address)
    .flatMap(({ links: found }) => found)
  const link = links.findLast((candidate) => candidate.includes(part))
  if (link === undefined) throw new Error(`No mail for ${address} holds a link to ${part}`)
  return link
}

async function makeAdministrator(page: Page, server: HuisclosServer): Promise<void> {
  await page.goto(server.setupLink)
  await page.getByLabel('First name').fill('Rosa')
  await page.getByLabel('Last name').fill('Parks')
  await page.getByLabel('E-mail', { exact: true }).fill('rosa@example.org')
  await choosePassword(page)
  await page.getByRole('button', { name: 'Create the administrator' }).click()
  await expect(page.getByRole('link', { name: 'Administration' })).toBeVisible()
}

async function inviteOrganiser(page: Page, address: string): Promise<void> {
  await page.getByRole('link', { name: 'Administration' }).click()
  await page.getByRole('button', { name: 'Invite people' }).click()
  await page.getByLabel('E-mail', { exact: true }).fill(address)
  await page.getByLabel('Role', { exact: true }).selectOption('organiser')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(page.getByRole('row', { name: address })).toBeVisible()
}

async function validate(
  page: Page,
  link: string,
  who: { first: string; last: string },
): Promise<void> {
  await page.goto(link)
  await page.getByLabel('First name').fill(who.first)
  await page.getByLabel('Last name').fill(who.last)
  await choosePassword(page)
  await page.getByRole('button', { name: 'Open my account' }).click()
  await expect(page.getByRole('button', { name: 'Open my account' })).toHaveCount(0)
}

async function choosePassword(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Password again').fill(PASSWORD)
}

async function plan(page: Page, title: string, invited: readonly string[]): Promise<void> {
  await page.getByRole('link', { name: 'Plan a meeting' }).first().click()
  await page.getByLabel('Title').fill(title)
  await page.getByLabel('People to invite').fill(invited.join(', '))
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
