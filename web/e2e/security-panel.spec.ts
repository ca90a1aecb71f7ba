/** What people compare: safety numbers that outlast a meeting, a code for everybody, and another device noticed. */
import type { Page } from '@playwright/test'
import { join, leave, sees } from './meeting.ts'
import { pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'

test('safety numbers agree, the mark stays, and another device is blocked until accepted', async ({
  browsers,
  otherBrowser,
  pair: { link, people, ada, grace },
}) => {
  for (const page of [ada, grace]) await join(page, link)

  const panel = await security(ada)
  await expect(panel.getByText('Everything in this meeting is encrypted')).toBeVisible()
  await expect(panel.getByText(/^Post-quantum hybrid/)).toBeVisible()
  await expect(panel.getByText(/Its key is the one that came with your meeting link/)).toBeVisible()
  await security(grace)
  const number = await safetyNumber(ada, 'Grace Hopper')
  expect(number).toHaveLength(12)
  expect(await safetyNumber(grace, 'Ada Lovelace')).toEqual(number)

  await ada.getByRole('button', { name: 'They match: mark as verified' }).click()
  await expect(ada.getByText('You marked Grace Hopper as verified.')).toBeVisible()
  await ada.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await leave(ada)
  await ada.getByRole('button', { name: 'Rejoin' }).click()
  await sees(ada, 'Grace Hopper')
  await expect(ada.getByLabel('Video of Grace Hopper').getByText('Verified')).toBeVisible()
  await grace.context().close()

  const elsewhere = await pageOf(browsers[otherBrowser], people[1]!)
  await join(elsewhere.page, link)
  const changed = ada.getByRole('alert').filter({ hasText: /device has changed/ })
  await expect(changed).toBeVisible()
  await expect(ada.getByLabel('Video of Grace Hopper').locator('video')).toHaveCount(0)
  await expect(elsewhere.page.getByLabel('Video of Ada Lovelace').locator('video')).toHaveCount(0)
  await ada.getByRole('button', { name: 'Accept the new device' }).click()
  await sees(ada, 'Grace Hopper')
  await sees(elsewhere.page, 'Ada Lovelace')
  await expect(changed).toHaveCount(0)
  await elsewhere.context.close()
})

test('S1 everybody sees the same meeting code', ONCE, async ({ pair: { link, ada, grace } }) => {
  for (const page of [ada, grace]) await join(page, link)
  await expect(grace.getByLabel('Video of Ada Lovelace')).toBeVisible()
  const panel = await security(ada)
  await panel.getByRole('button', { name: 'Compare a meeting code' }).click()

  const codes: (string | undefined)[] = []
  for (const page of [ada, grace]) {
    const card = page.getByRole('region', { name: 'Meeting code' })
    await expect(card.getByRole('button', { name: 'It is the same' })).toBeVisible()
    codes.push(/\d{3} \d{3} \d{3} \d{3}/.exec(await card.innerText())?.[0])
  }
  expect(codes[0]).toBeDefined()
  expect(codes[1]).toBe(codes[0])
  for (const page of [ada, grace])
    await page.getByRole('button', { name: 'It is the same' }).click()
  for (const page of [ada, grace])
    await expect(
      page.getByText('Everybody sees the same code: nobody sits between you.'),
    ).toBeVisible()
})

async function security(page: Page) {
  await page.getByRole('button', { name: 'Security', exact: true }).click()
  return page.getByRole('complementary', { name: 'Security' })
}

/** @returns the twelve groups of five digits; the dialog stays open. */
async function safetyNumber(page: Page, name: string): Promise<readonly string[]> {
  await page.getByRole('button', { name: `Compare safety number with ${name}` }).click()
  const digits = page.getByRole('dialog').getByRole('group', { name: 'Safety number' })
  await expect(digits).toBeVisible()
  return (await digits.innerText()).match(/\d{5}/g) ?? []
}
