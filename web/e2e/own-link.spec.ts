/** A meeting whose link its organiser hands over: without the secret in it nobody takes part, and no server knows it. */
import { readdir, readFile } from 'node:fs/promises'
import { join as joinPath } from 'node:path'
import type { Page } from '@playwright/test'
import { acceptLink, admin, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'
import { diagnostics, join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

const GUEST = { email: 'ada@example.org', firstName: 'Ada', lastName: 'Lovelace' }

test(
  'H14 a link with a secret lets the invited in, and nobody but them knows it',
  ONCE,
  async ({ browsers, thisBrowser, otherBrowser }) => {
    const server = await HuisclosServer.start({ env: { HC_LOG_LEVEL: 'trace' } })
    const organiser = await pageOf(browsers[thisBrowser], await admin(server))
    const link = await plan(organiser.page, server)
    const [bare = '', secret = ''] = link.split(/(?<=\.)(?=[\w-]+$)/)
    expect(secret).toMatch(/^[\w-]{43}$/)

    // The mails: a date, a calendar entry, and who will hand the link over.
    const mails = (await server.mails()).filter(({ to }) => to === GUEST.email)
    expect(mails.some(({ calendar }) => calendar.includes('BEGIN:VEVENT'))).toBe(true)
    for (const { text, html, calendar } of mails)
      for (const part of [text, html, calendar]) expect(part).not.toContain('/j/')
    const welcome = mails.flatMap(({ links }) => links).find((found) => found.includes('/welcome#'))
    const guest = await pageOf(browsers[otherBrowser], await acceptLink(server, welcome!, GUEST))

    await guest.page.goto(server.origin)
    await expect(guest.page.getByText('Open the link that Rosa Parks handed you.')).toBeVisible()
    await expect(guest.page.getByRole('link', { name: 'Join' })).toHaveCount(0)
    await expect(guest.page.getByRole('button', { name: 'Copy link' })).toHaveCount(0)
    await isIncomplete(guest.page, `${bare}-`)

    await organiser.page.getByRole('link', { name: 'Join', exact: true }).click()
    await organiser.page.getByRole('button', { name: 'Join', exact: true }).click()
    await join(guest.page, link)
    await sees(organiser.page, 'Ada Lovelace')
    await sees(guest.page, 'Rosa Parks')
    expect(organiser.page.url()).not.toContain(secret)
    await guest.page.getByRole('button', { name: 'Leave' }).click()

    await separates(guest.page, organiser.page, `${bare}${'A'.repeat(43)}`)
    await organiser.context.close()
    await guest.context.close()
    expect(await placesOf(server, secret)).toEqual([])
    await server.end()
  },
)

/** Plans as the administrator, and leaves with the link. */
async function plan(page: Page, server: HuisclosServer): Promise<string> {
  await page.goto(server.origin)
  await page.getByRole('link', { name: 'Plan a meeting' }).first().click()
  await page.getByLabel('Title').fill('Between ourselves')
  await page.getByLabel('People to invite').fill(GUEST.email)
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await page.getByRole('checkbox', { name: 'I hand the link over myself' }).check()
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByRole('heading', { name: 'Between ourselves' })).toBeVisible()
  const link = await page.getByLabel('Meeting link').inputValue()

  // The link exists nowhere else, so nothing takes the person away from it unasked.
  const question = page.getByRole('dialog', { name: 'Leave without the link?' })
  for (const leave of [
    () => page.getByRole('link', { name: 'My meetings' }).first().click(),
    () => page.getByRole('link', { name: 'Join', exact: true }).click(),
    () => page.getByRole('button', { name: 'Sign out', exact: true }).click(),
    () => page.evaluate(() => history.back()),
  ]) {
    await leave()
    await expect(question).toBeVisible()
    await page.getByRole('button', { name: 'Stay here' }).click()
    await expect(question).toBeHidden()
    expect(page.url()).toBe(`${server.origin}/meetings/new`)
  }
  expect(await holdsBack(page)).toBe(true)
  await page.getByRole('button', { name: 'Copy link' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await holdsBack(page)).toBe(false)
  expect(await page.getByLabel('Meeting link').inputValue()).toBe(link)
  return link
}

/** Whether closing the window would be asked about. */
function holdsBack(page: Page): Promise<boolean> {
  return page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
}

/** Said before anything about the meeting is asked of the server but what it is. */
async function isIncomplete(page: Page, link: string): Promise<void> {
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`))
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Your link is incomplete' })).toBeVisible()
  await expect(page.getByText(/Ask Rosa Parks for the whole link/)).toBeVisible()
  expect(asked.filter((request) => request.startsWith('POST'))).toEqual([])
  page.removeAllListeners('request')
}

/** With another secret in the link, neither sees the other, and both are told why. */
async function separates(guest: Page, organiser: Page, link: string): Promise<void> {
  await join(guest, link)
  for (const page of [guest, organiser]) await expect(page.getByText(/E_PSK/).first()).toBeVisible()
  await expect(organiser.getByLabel('Video of Ada Lovelace')).toHaveCount(0)
  await expect(guest.getByLabel('Video of Rosa Parks')).toHaveCount(0)
  expect((await diagnostics(guest)).opened).toBe(0)
}

/** Where the server keeps the secret, in any of the forms it could be written in. */
async function placesOf(server: HuisclosServer, secret: string): Promise<string[]> {
  const bytes = Buffer.from(secret, 'base64url')
  const forms = [secret, bytes.toString('base64'), bytes.toString('hex')].map((form) =>
    Buffer.from(form),
  )
  const names = await readdir(server.dataDir, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile())
  const places: string[] = []
  for (const { parentPath, name } of files) {
    const content = await readFile(joinPath(parentPath, name))
    if ([bytes, ...forms].some((form) => content.includes(form))) places.push(name)
  }
  expect(files.length).toBeGreaterThan(3)
  const said = Buffer.from(server.output.join('\n'))
  expect(said.length).toBeGreaterThan(100)
  return [...places, ...(forms.some((form) => said.includes(form)) ? ['log'] : [])]
}
