/** The meetings of the administration: found, watched without being heard, given away, ended, and deleted by age. */
import { obeys } from './axe.ts'
import { join } from './meeting.ts'
import { admin, call, meetingOf, pageOf } from './people.ts'
import { expect, test } from './setup.ts'

test('an administrator finds a meeting, sees who is in, gives it away, ends it, and sets how long all is kept', async ({
  browser,
  server,
  thisBrowser,
}) => {
  const { id, link, people } = await meetingOf(server, 2)
  const [guest, heir] = people
  const root = await admin(server)
  const query = `GET /api/admin/accounts?q=${heir!.email}`
  const found = await call(server, query, undefined, root.cookies)
  const heirId = (found.body as { accounts: { id: string }[] }).accounts[0]?.id ?? ''
  const promotion = { ids: [heirId], action: { do: 'role', role: 'organiser' } }
  await call(server, 'POST /api/admin/accounts/bulk', promotion, root.cookies)
  const inside = await pageOf(browser, guest!)
  await inside.page.goto(link)
  await expect(inside.page.getByText('Who is in, from when to when, is kept')).toBeVisible()
  await join(inside.page, null)

  const { page, context } = await pageOf(browser, root)
  await page.goto(`${server.origin}/admin/meetings`)
  await page.getByLabel('Filter by state').selectOption({ label: 'Open' })
  await page.getByLabel('Search by title or organiser').fill('rosa meeting')
  await expect(page).toHaveURL(/q=rosa\+meeting&state=open/)
  const row = page.getByRole('row').filter({ has: page.locator(`a[href$="${id}"]`) })
  await expect(row.getByRole('cell').last()).toHaveText('In now 1')
  await obeys(page)
  await page.getByRole('button', { name: 'Only meetings of Rosa Parks' }).first().click()
  await expect(page).toHaveURL(/organiser=/)
  await page.goBack()
  await expect(page).not.toHaveURL(/organiser=/)
  await page.getByLabel('Filter by state').selectOption({ label: 'Cancelled' })
  await expect(page.getByText('No meeting fits.')).toBeVisible()
  await page.goBack()

  await row.getByRole('link').click()
  const present = page.getByRole('region', { name: 'In now (1)' })
  await expect(present).toContainText(guest!.name)
  await expect(present).toContainText(/kbit\/s|Mbit\/s/)
  await obeys(page)
  await page.getByRole('button', { name: 'Change the organiser' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Change the organiser' }).click()
  await expect(dialog.getByText('Choose')).toBeVisible()
  await dialog.getByLabel('Search for the new organiser').fill(heir!.email)
  await dialog.getByLabel('New organiser', { exact: true }).selectOption(heirId)
  await obeys(page)
  await dialog.getByRole('button', { name: 'Change the organiser' }).click()
  await expect(page.getByText('Done.')).toBeVisible()
  await expect(page.getByRole('link', { name: heir!.name, exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'End the meeting now' }).click()
  await dialog.getByRole('button', { name: 'End the meeting now' }).click()
  await expect(page.getByText('Nobody is in.')).toBeVisible()
  await expect(inside.page.getByRole('button', { name: 'Leave' })).toBeHidden()
  const exported = page.waitForResponse((response) => response.url().endsWith('/attendance/export'))
  // WebDriver BiDi tells nothing of a blob that Firefox saves.
  const saving = thisBrowser === 'chromium' ? page.waitForEvent('download') : null
  await page.getByRole('button', { name: 'Save the attendance (CSV)' }).click()
  expect((await exported).status()).toBe(200)
  if (saving !== null) expect((await saving).suggestedFilename()).toBe('attendance.csv')

  await page.getByRole('link', { name: 'All meetings' }).click()
  await page.getByRole('link', { name: 'Retention times' }).click()
  const days = page.getByLabel('Meetings, days after their end')
  await days.fill('for ever')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Enter a whole number from 0 to 3650.')).toBeVisible()
  await expect(days).toHaveValue('for ever')
  await days.fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await obeys(page)
  await Promise.all([context.close(), inside.context.close()])
})
