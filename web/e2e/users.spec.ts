/** The users of the administration: found among many, invited from a file, changed, and taken leave of. */
import type { Page } from '@playwright/test'
import { obeys } from './axe.ts'
import { admin, cookiesOf, call, pageOf, visitorIn } from './people.ts'
import type { HuisclosServer, Person } from './server.ts'
import { expect, test } from './setup.ts'

const PASSWORD = 'a long enough sentence'

async function invite(server: HuisclosServer, person: Person, emails: readonly string[]) {
  for (let at = 0; at < emails.length; at += 100) {
    const people = emails
      .slice(at, at + 100)
      .map((email) => ({ email, role: 'user', language: 'en' }))
    await call(server, 'POST /api/admin/accounts/invite', { people }, person.cookies)
  }
}

/** Somebody with a password, signed in by typing it. */
async function withPassword(page: Page, server: HuisclosServer, email: string): Promise<void> {
  const root = await admin(server)
  const invited = { email, role: 'administrator', language: 'en' }
  await call(server, 'POST /api/admin/accounts', invited, root.cookies)
  const { links } = await server.mailFor(email)
  await page.goto(links.find((link) => link.includes('/welcome#')) ?? '')
  await page.getByLabel('First name').fill('Agnes')
  await page.getByLabel('Last name').fill('Varda')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Password again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Open my account' }).click()
  await expect(page.getByRole('link', { name: 'Administration' })).toBeVisible()
}

test('people are found among many, suspended together, changed and deleted', async ({
  browser,
  server,
  thisBrowser,
}) => {
  const root = await admin(server)
  const many = Array.from({ length: 250 }, (_, n) => `many${n}@${thisBrowser}.org`)
  await invite(server, root, many)
  const { page, context } = await pageOf(browser, root)
  await page.goto(`${server.origin}/admin/users?q=many+${thisBrowser}&sort=email`)
  await expect(page.getByText('250 accounts')).toBeVisible()
  // Only what is in sight is on the page, wherever it is scrolled to.
  await expect(async () => {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await expect(page.getByRole('row', { name: /many99@/ })).toBeVisible({ timeout: 500 })
  }).toPass()
  expect(await page.locator('[data-row]').count()).toBeLessThan(80)

  await page.getByRole('searchbox').first().fill(`${thisBrowser} many24`)
  await expect(page.getByText('11 accounts')).toBeVisible()
  expect(new URL(page.url()).searchParams.get('q')).toBe(`${thisBrowser} many24`)
  await page.getByLabel('Select the 11 people loaded').check()
  await obeys(page)
  await page.getByRole('button', { name: 'Choose what to do…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What to do').selectOption({ label: 'Suspend' })
  await dialog.getByRole('button', { name: 'Apply to the selection' }).click()
  const done = page.getByRole('region', { name: 'Selection' }).getByText('Done: 11. Not done: 0.')
  await expect(done).toBeInViewport()
  await page.getByLabel('Filter by state').selectOption({ label: 'Suspended' })
  await expect(page.getByText('11 accounts')).toBeVisible()
  await page.goBack()
  await expect(page.getByLabel('Filter by state')).toHaveValue('')

  await page.getByRole('link', { name: `many240@${thisBrowser}.org` }).click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText('Done.')).toBeVisible()
  const address = page.getByLabel('E-mail', { exact: true })
  await address.press('End')
  await page.keyboard.insertText('@')
  // What is not saved is not lost unawares.
  await page.getByRole('link', { name: 'All users' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stay on this page' }).click()
  await page.getByLabel('Last name').fill('Renamed')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/Enter an e-mail address/).first()).toBeVisible()
  await address.press('End')
  await address.press('Backspace')
  await page.keyboard.insertText('s')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Renamed' })).toBeVisible()
  await expect(address).toHaveValue(`many240@${thisBrowser}.orgs`)
  await obeys(page)
  await page.getByRole('button', { name: 'Withdraw the invitation' }).click()
  await obeys(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw the invitation' }).click()
  await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible()
  await expect(page.getByText(/^Invitation withdrawn, the account is gone: Renamed/)).toBeVisible()
  expect(new URL(page.url()).searchParams.get('q')).toBe(`${thisBrowser} many24`)
  await context.close()
})

test('a file of people is checked line by line before anybody is invited', async ({
  browser,
  server,
}) => {
  const { page, context } = await pageOf(browser, await admin(server))
  await page.goto(`${server.origin}/admin/users/import`)
  const lines = [
    'Nom;Prénom;Courriel;Rôle',
    'Noël;Zoé;zoe@file.org;organisatrice',
    'Twice;Zoé;ZOE@file.org;',
    'Bad;Address;nobody@;user',
    'Boss;The;boss@file.org;boss',
    'Admin;An;admin@example.org;',
  ]
  const file = { name: 'people.csv', mimeType: 'text/csv' }
  const buffer = Buffer.from(lines.join('\r\n'), 'latin1')
  const chosen = page.getByLabel('File', { exact: true })
  await chosen.setInputFiles({ ...file, buffer: Buffer.from('Nom;Courriel\r\n"Noël;z@x.org') })
  await page.getByRole('button', { name: 'Check the file' }).click()
  await expect(page.getByText(/begins on line 2 cannot be read/)).toBeVisible()
  await expect(chosen).toBeFocused()
  await chosen.setInputFiles({ ...file, buffer })
  await page.getByRole('button', { name: 'Check the file' }).click()
  await expect(page.getByText(/Lines that can be invited: 1\. .*: 4\./)).toBeVisible()
  await expect(page.getByText(/read as Windows-1252/)).toBeVisible()
  for (const line of [3, 4, 5, 6]) await expect(page.getByText(`Line ${line}:`)).toBeVisible()
  await obeys(page)
  await page.getByRole('button', { name: 'Invite 1' }).click()
  await expect(page.getByText('Invitations on their way: 1')).toBeVisible()
  await page.goto(`${server.origin}/admin/users?q=noel`)
  await expect(page.getByRole('row', { name: /Zoé Noël zoe@file.org Organiser/ })).toBeVisible()
  await context.close()
})

test('what was typed outlives the session: its owner signs in again over it, and it goes on', async ({
  browser,
  server,
}) => {
  const context = await visitorIn(browser)
  const page = await context.newPage()
  await withPassword(page, server, 'agnes@example.org')
  await page.goto(`${server.origin}/meetings/new`)
  await page.getByLabel('Title').fill('Typed before the end')
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await context.clearCookies({ name: '__Host-session' })
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await expect(dialog.getByText('agnes@example.org')).toBeVisible()
  await obeys(page)
  await dialog.getByLabel('Password', { exact: true }).fill('wrong')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Typed before the end' })).toBeVisible()

  // Somebody else signs in in another tab: nothing is done in their name.
  await page.goto(`${server.origin}/meetings/new`)
  await page.getByLabel('Title').fill('Typed in the first tab')
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await context.addCookies(cookiesOf(await admin(server)))
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  const other = page.getByRole('dialog', { name: /You are signed in as .* in another tab/ })
  await expect(other.getByText(/opened as agnes@example\.org/)).toBeVisible()
  await obeys(page)
  await other.getByRole('button', { name: 'Not now' }).click()
  await expect(page.getByText(/nothing was done in its name/)).toBeVisible()
  await expect(page.getByLabel('Title')).toHaveValue('Typed in the first tab')
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await other.getByRole('button', { name: /Go on as/ }).click()
  await expect(page.getByRole('link', { name: 'Administration' })).toBeVisible()
  await context.close()
})
