/** Nobody leaves a call unawares, and everybody sees where they are. */
import { expect, test } from './setup.ts'
import { join } from './meeting.ts'
import { meetingOf, pageOf } from './people.ts'

test('Back, links and Reload ask before a call is left, and the tab says where one is', async ({
  server,
  browsers,
  thisBrowser,
}) => {
  const { people } = await meetingOf(server, 1)
  const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
  await page.goto(server.origin)
  await page.getByRole('link', { name: /^Join Meeting/ }).click()
  await expect(page).toHaveTitle(/^Before joining: Meeting \d+ – Huisclos$/)
  await join(page, null)
  await expect(page).toHaveTitle(/^In the meeting: Meeting \d+ – Huisclos$/)
  await expect(page.getByRole('heading', { level: 1, name: /^Meeting \d+$/ })).toBeInViewport()
  await expect(page.getByRole('timer', { name: 'Time in the meeting' })).toBeInViewport()

  const held = (): Promise<boolean> =>
    page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  expect(await held()).toBe(true)
  const question = page.getByRole('dialog', { name: 'Leave the meeting?' })
  await page.evaluate(() => history.back())
  await expect(question).toBeVisible()
  await page.getByRole('button', { name: 'Stay in the meeting' }).click()
  await expect(question).toBeHidden()
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()

  await page.evaluate(() => history.back())
  await page.getByRole('button', { name: 'Leave the meeting' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'My meetings' })).toBeVisible()
  expect(await held()).toBe(false)
  await context.close()
})

test('everything needed to write is in view on a small laptop and at 200 % zoom', async ({
  server,
  browsers,
  thisBrowser,
}) => {
  const { link, people } = await meetingOf(server, 1)
  const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
  await join(page, link)
  await page.getByRole('button', { name: 'Chat' }).click()
  const own = page.getByRole('group', { name: 'Your video' })
  const panel = page.getByRole('complementary', { name: 'Chat' })
  for (const size of [
    { width: 1366, height: 768 },
    // 1366 x 768 at 200 %.
    { width: 683, height: 384 },
  ]) {
    await page.setViewportSize(size)
    for (const seen of [
      page.getByRole('button', { name: 'Send' }),
      page.getByRole('textbox', { name: 'Message to everybody' }),
      page.getByRole('button', { name: 'Leave', exact: true }),
    ])
      await expect(seen).toBeInViewport({ ratio: 1 })
    const [picture, beside] = [await own.boundingBox(), await panel.boundingBox()]
    expect(picture!.x + picture!.width).toBeLessThanOrEqual(beside!.x)
  }
  await context.close()
})
