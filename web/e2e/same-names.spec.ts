/** Two people whose names look alike: told apart everywhere, and whoever came first has no advantage. */
import type { Page } from '@playwright/test'
import { join } from './meeting.ts'
import { meetingOf, pageOf } from './people.ts'
import { expect, test } from './setup.ts'

const NAMES = ['Grace Hopper', 'Ada L0velace', 'Ada Lovelace ✔️']

test('U3 names that look alike are numbered, also what was written before, and the verified one is plain', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { link, people } = await meetingOf(server, 3, NAMES)
  const [grace, impostor, ada] = await Promise.all(
    people.map((person) => pageOf(browsers[thisBrowser], person)),
  ).then((all) => all.map(({ page }) => page) as [Page, Page, Page])
  await join(grace, link)
  await join(impostor, link)
  await grace.getByRole('button', { name: 'Chat' }).click()
  await impostor.getByRole('button', { name: 'Chat' }).click()
  const box = impostor.getByRole('textbox', { name: 'Message to everybody' })
  await box.fill('I am Ada')
  await box.press('Enter')
  const written = grace.getByRole('log', { name: 'Messages' })
  await expect(written.getByText('Ada L0velace', { exact: true })).toBeVisible()

  await join(ada, link)
  await expect(grace.getByRole('group', { name: 'Video of Ada L0velace (1)' })).toBeVisible()
  await expect(grace.getByRole('group', { name: 'Video of Ada Lovelace (2)' })).toBeVisible()
  await expect(written.getByText('Ada L0velace (1)', { exact: true })).toBeVisible()

  await grace.getByRole('button', { name: 'People' }).click()
  await grace.getByRole('button', { name: 'Compare safety number with Ada Lovelace (2)' }).click()
  await grace.getByRole('button', { name: 'They match: mark as verified' }).click()
  await grace.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await expect(
    grace.getByRole('group', { name: 'Video of Ada Lovelace', exact: true }),
  ).toBeVisible()
  await expect(grace.getByRole('group', { name: 'Video of Ada L0velace (1)' })).toBeVisible()
})
