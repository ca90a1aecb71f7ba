/** Settings about security, as an administrator sets them and others meet them; and the page about what runs. */
import type { Browser, Page } from '@playwright/test'
import { obeys } from './axe.ts'
import { acceptLink, admin, call, pageOf } from './people.ts'
import type { HuisclosServer } from './server.ts'
import { expect, test } from './setup.ts'

const ORGANISER = { email: 'held@example.org', firstName: 'Alan', lastName: 'Turing' }

test('U1 T8 an administrator sets what is secure enough, and others are held to it', async ({
  browser,
  server,
}) => {
  const { cookies } = await admin(server)
  const person = { email: ORGANISER.email, role: 'organiser', language: 'en' }
  await call(server, 'POST /api/admin/accounts', person, cookies)
  const link = (await server.mailFor(ORGANISER.email)).links[0] ?? ''
  const { page, context } = await pageOf(browser, await admin(server))
  try {
    await page.goto(`${server.origin}/admin/security`)
    await obeys(page)
    await setLengths(page)
    await saveMeanwhile(page, (hours) => lengths(server, cookies, hours))
    await setWords(page)
    await setDomains(page)
    await obeys(page)
    await seeSystem(page)
    await choosePassword(browser, link)
    await inviteOthers(browser, server, link)
  } finally {
    for (const area of ['domains', 'passwords', 'sessions']) {
      await putArea(server, cookies, { area, values: {} })
    }
  }
  await context.close()
})

async function setLengths(page: Page): Promise<void> {
  const hours = page.getByLabel('Without “Remember me on this device” (hours)')
  await hours.fill('0')
  await page.getByLabel('Without use (minutes)').fill('5')
  await page.getByRole('button', { name: 'Save sessions' }).click()
  await expect(hours).toHaveAccessibleDescription(/A whole number from 1 to 168 \(7 days\)\./)
  await expect(page.getByLabel('Without use (minutes)')).toHaveAccessibleDescription(
    /from 15 to 10080 \(7 days\), or 0 for no limit/,
  )
  await expect(hours).toBeFocused()
  await hours.fill('10')
  await page.getByLabel('Without use (minutes)').fill('60')
  await page.getByRole('button', { name: 'Save sessions' }).click()
  await expect(page.getByRole('status').getByText('Saved.')).toBeVisible()
}

type Cookies = Parameters<typeof call>[3]

async function putArea(
  server: HuisclosServer,
  cookies: Cookies,
  { area, values }: { readonly area: string; readonly values: object },
): Promise<void> {
  const { body } = await call(server, 'GET /api/admin/settings', undefined, cookies)
  const { versions } = body as { versions: Record<string, number> }
  const version = versions[area]
  await call(server, `PUT /api/admin/settings/${area}`, { version, ...values }, cookies)
}

async function lengths(server: HuisclosServer, cookies: Cookies, hours: number): Promise<void> {
  await putArea(server, cookies, { area: 'sessions', values: { hours, idleMinutes: 60 } })
}

/** Another administrator saves first: the second is told by whom, loses nothing, and saves again. */
async function saveMeanwhile(page: Page, other: (hours: number) => Promise<void>): Promise<void> {
  const hours = page.getByLabel('Without “Remember me on this device” (hours)')
  await other(11)
  await hours.fill('9')
  await page.getByRole('button', { name: 'Save sessions' }).click()
  await expect(page.getByRole('alert')).toContainText(/@\S+ changed this meanwhile, on /)
  await expect(hours).toHaveValue('9')
  const opening = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'Show what is saved now (in a new tab)' }).click()
  const beside = await opening
  await expect(beside.getByLabel('Without “Remember me on this device” (hours)')).toHaveValue('11')
  await beside.close()
  await page.getByRole('button', { name: 'Save sessions' }).click()
  await expect(page.getByRole('status').getByText('Saved.')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
}

async function setWords(page: Page): Promise<void> {
  const words = page.getByLabel('Words that no password may contain')
  await page.getByLabel('At least (characters)').fill('14')
  await words.fill('Bletchley\nx-y')
  await page.getByRole('button', { name: 'Save passwords' }).click()
  await expect(words).toHaveAccessibleDescription(/“x-y” cannot be used/)
  await words.fill('Bletchley')
  await page.getByRole('button', { name: 'Save passwords' }).click()
  await expect(page.getByRole('status').getByText('Saved.')).toHaveCount(2)
}

async function setDomains(page: Page): Promise<void> {
  const domains = page.getByLabel('Domains that may be invited freely')
  await domains.fill('@Example.org, nothing')
  await page.getByLabel('Who may invite other addresses').selectOption('Administrators')
  await page.getByRole('button', { name: 'Save domains' }).click()
  await expect(domains).toHaveAccessibleDescription(/“nothing” is no domain/)
  await domains.fill('@Example.org *.example.org')
  await page.getByRole('button', { name: 'Save domains' }).click()
  await expect(domains).toHaveValue('example.org\n*.example.org')
  await page.reload()
  await expect(domains).toHaveValue('example.org\n*.example.org')
}

async function seeSystem(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'System' }).click()
  await expect(page.getByText(/^Huisclos \S+ runs since/)).toBeVisible()
  const server = page.getByRole('region', { name: /^https:/ })
  await expect(server.getByText('Works', { exact: true })).toBeVisible()
  await expect(server.getByText(/days left: \d+/)).toBeVisible()
  await expect(page.getByText(/Copy the data folder/)).toBeVisible()
  await expect(page.getByText(/end-to-end encrypted \(SFrame/)).toBeVisible()
  await obeys(page)
}

async function choosePassword(browser: Browser, link: string): Promise<void> {
  const page = await browser.newPage({ ignoreHTTPSErrors: true })
  await page.goto(link)
  const password = page.getByLabel('Password', { exact: true })
  await expect(password).toHaveAccessibleDescription(/At least 14 characters/)
  await password.fill('vert lampe plu')
  await expect(password).toHaveAccessibleDescription(/Good enough/)
  await password.fill('sommer in bletchley')
  await expect(password).toHaveAccessibleDescription(/Contains “Bletchley”/)
  await password.fill('neversaymypassword')
  await expect(password).toHaveAccessibleDescription(/attackers try this first/)
  await page.close()
}

async function inviteOthers(browser: Browser, server: HuisclosServer, link: string): Promise<void> {
  const { page, context } = await pageOf(browser, await acceptLink(server, link, ORGANISER))
  await page.goto(server.origin)
  const rule = /addresses of example\.org, \*\.example\.org only\. Administrators may invite others/
  await expect(page.getByText(rule)).toBeVisible()
  await page.getByRole('link', { name: 'Plan a meeting' }).click()
  const people = page.getByLabel('People to invite')
  await expect(people).toHaveAccessibleDescription(rule)
  await page.getByLabel('Title').fill('Enigma')
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await people.fill('a@example.org, b@x.net, c@y.net')
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(people).toHaveAccessibleDescription(/These 2 addresses .*: b@x\.net, c@y\.net\./)
  await expect(page.getByLabel('Title')).toHaveValue('Enigma')
  await obeys(page)
  await people.fill('a@sub.example.org')
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByText(/a@sub\.example\.org/).first()).toBeVisible()
  await context.close()
}
