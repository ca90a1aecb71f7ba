/** An administrator makes an API token, uses it, finds what can be called, and revokes it. */
import { obeys } from './axe.ts'
import { pageOf, admin } from './people.ts'
import { expect, test } from './setup.ts'

test('an administrator gives a script a token, and takes it back', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { page, context } = await pageOf(browsers[thisBrowser], await admin(server))
  await page.goto(`${server.origin}/admin/api`)
  await expect(page.getByRole('heading', { name: 'API', exact: true })).toBeVisible()
  await page.getByLabel('Name of the token').fill('Directory')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.getByText('Tick at least one.')).toBeVisible()
  await expect(page.getByLabel('Name of the token')).toHaveValue('Directory')
  await page.getByRole('checkbox', { name: 'people:read' }).check()
  await page.getByLabel('Days until it expires').fill('400')
  await page.getByRole('button', { name: 'Make the token' }).click()
  await expect(page.getByLabel('Days until it expires')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('Days until it expires').fill('30')
  await page.getByRole('button', { name: 'Make the token' }).click()
  const secret = await page.getByLabel('API token', { exact: true }).inputValue()
  expect(secret).toMatch(/^hct_[\w-]{42}[A-Za-z0-9]$/)

  const use = async (path: string) => {
    const headers = { authorization: `Bearer ${secret}` }
    return (await context.request.get(`${server.origin}${path}`, { headers })).status()
  }
  expect(await use('/api/admin/accounts')).toBe(200)
  expect(await use('/api/admin/settings')).toBe(403)

  await page.getByLabel('Find routes').fill('revoke token')
  await expect(page.getByRole('status').filter({ hasText: 'Routes: 1' })).toBeVisible()
  await page.getByText('/api/admin/api-tokens/{id}/revoke').click()
  await expect(page.getByText('Ends an API token at once.')).toBeVisible()
  await expect(page.getByText('none: in person only')).toBeVisible()
  await obeys(page)

  // What was shown once is not shown again.
  await page.reload()
  const row = page.getByRole('list', { name: 'API tokens' }).getByRole('listitem')
  await expect(row.filter({ hasText: 'Directory' })).toContainText('last used')
  await expect(page.getByText(secret)).toBeHidden()
  await page.getByRole('button', { name: 'Revoke Directory' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(row.filter({ hasText: 'Directory' })).toBeHidden()
  expect(await use('/api/admin/accounts')).toBe(401)
  await context.close()
})
