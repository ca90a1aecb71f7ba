/** Coming back: by reloading the page, and by leaving and joining again. */
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { hears, join, leave, sees } from './meeting.ts'

test('a reloaded page joins again and both see and hear each other', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { link, people } = await meetingOf(server, 2)
  const [ada, grace] = people
  const a = await pageOf(browsers[thisBrowser], ada!)
  const b = await pageOf(browsers[thisBrowser], grace!)
  await join(a.page, link)
  await join(b.page, link)
  await sees(a.page, 'Grace Hopper')

  await b.page.reload()
  await b.page.getByRole('button', { name: 'Join', exact: true }).click()
  await sees(a.page, 'Grace Hopper')
  await sees(b.page, 'Ada Lovelace')
  await hears(a.page)
  await hears(b.page)
  await expect(a.page.getByLabel('Video of Grace Hopper')).toHaveCount(1)

  await leave(b.page)
  await expect(a.page.getByLabel('Video of Grace Hopper')).toHaveCount(0)
  await b.page.getByRole('button', { name: 'Rejoin' }).click()
  await sees(a.page, 'Grace Hopper')
  await sees(b.page, 'Ada Lovelace')
  await a.context.close()
  await b.context.close()
})
