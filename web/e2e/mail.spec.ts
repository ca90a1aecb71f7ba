/** Changes of a planned meeting reach whom they concern, and administrators see what becomes of mails. */
import { call, meetingOf, pageOf, admin } from './people.ts'
import { HuisclosServer } from './server.ts'
import { expect, test } from './setup.ts'

test('an organiser changes a meeting, and whom it concerns is told', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { id, people, organiser } = await meetingOf(server, 2)
  const [staying, leaving] = people
  const { page, context } = await pageOf(browsers[thisBrowser], organiser)
  await page.goto(`${server.origin}/meetings/${id}`)
  await page.getByRole('link', { name: 'Change' }).click()
  await expect(page.getByRole('heading', { name: 'Change the meeting' })).toBeVisible()

  // In another window somebody was faster: nothing is overwritten, nothing typed is lost.
  const other = await context.newPage()
  await other.goto(`${server.origin}/meetings/${id}/change`)
  await other.getByLabel('Title').fill('Committee')
  await other.getByRole('button', { name: 'Save and tell them' }).click()
  await expect(other.getByRole('heading', { name: 'Committee' })).toBeVisible()
  await page.getByLabel('Title').fill('Council')
  await page.getByRole('button', { name: 'Save and tell them' }).click()
  await expect(page.getByText(/changed this meanwhile, on .* What you typed is kept/)).toBeVisible()
  await expect(page.getByLabel('Title')).toHaveValue('Council')
  const opening = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'Show what is saved now (in a new tab)' }).click()
  await expect((await opening).getByLabel('Title')).toHaveValue('Committee')
  await page.getByLabel('Duration').selectOption('90')
  const guest = `new-${thisBrowser}-${id}@example.org`.toLowerCase()
  await page.getByLabel('Invited people').fill(`${staying!.email}; ${guest}`)
  await page.getByRole('button', { name: 'Save and tell them' }).click()
  await expect(page.getByRole('heading', { name: 'Council' })).toBeVisible()

  const mails = await server.mails()
  const last = (email: string) => mails.findLast(({ to }) => to === email)
  expect(last(staying!.email)?.subject).toBe('Changed: Council')
  expect(last(staying!.email)?.calendar).toContain('SEQUENCE:2')
  expect(last(leaving!.email)?.calendar).toMatch(/METHOD:CANCEL[^]*SEQUENCE:2/)
  expect(last(guest)?.subject).toBe('Invitation: Council')
  const seen = await call(server, `GET /api/meetings/${id}`, undefined, leaving!.cookies)
  expect(seen.status).toBe(404)
  await context.close()
})

test('an administrator sets a mail server, tries it, and steers the queue', async ({
  browsers,
  thisBrowser,
}) => {
  const server = await HuisclosServer.start()
  const organiser = await admin(server)
  const { page } = await pageOf(browsers[thisBrowser], organiser)
  await page.goto(`${server.origin}/admin/mail`)
  await expect(page.getByText('No mail server is set')).toBeVisible()
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await expect(page.getByText(/lies in the outbox folder, and reaches nobody/)).toBeVisible()

  await page.getByLabel('Server', { exact: true }).fill('smtp.example.org:587')
  await page.getByLabel('Port').fill('no')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Enter a number from 1 to 65535')).toBeVisible()
  await page.getByLabel('Port').fill('9')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Enter the name of a server')).toBeVisible()
  await page.getByLabel('Server', { exact: true }).fill('localhost')
  await page.getByLabel('Password of the mail server').fill('a password of the server')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Mails leave by localhost:9.')).toBeVisible()
  await expect(page.getByText('One is kept for this server')).toBeVisible()
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('refuses connections')

  const invited = { email: 'waiting@example.org', role: 'user', language: 'en' }
  await call(server, 'POST /api/admin/accounts', invited, organiser.cookies)
  const row = page.getByRole('listitem').filter({ hasText: 'waiting@example.org' })
  await expect(async () => {
    await page.reload()
    await expect(row).toContainText('refuses connections', { timeout: 1_000 })
  }).toPass()
  await expect(page.getByText('Nothing can be sent at the moment')).toBeVisible()
  await page.getByRole('button', { name: 'Give up waiting@example.org' }).click()
  await page.getByLabel('Show', { exact: true }).selectOption('given-up')
  await expect(page).toHaveURL(/state=given-up/)
  await page.getByRole('button', { name: 'Try again waiting@example.org' }).click()
  await page.getByLabel('Show', { exact: true }).selectOption('waiting')
  await expect(row).toBeVisible()
  await server.end()
})
