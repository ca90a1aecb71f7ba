/** A server set to suite 1, for very weak devices: both browsers agree on keys, and everybody is told what it is. */
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { hears, join, sees } from './meeting.ts'
import { HuisclosServer } from './server.ts'

test('with suite 1 the browsers see and hear each other, and the panel says so', async ({
  browsers,
  thisBrowser,
  otherBrowser,
}) => {
  const server = await HuisclosServer.start({ env: { HC_E2EE_SUITE: '1' } })
  const { link, people } = await meetingOf(server, 2)
  const ada = await pageOf(browsers[thisBrowser], people[0]!)
  const grace = await pageOf(browsers[otherBrowser], people[1]!)
  for (const { page } of [ada, grace]) await join(page, link)
  await sees(ada.page, 'Grace Hopper')
  await sees(grace.page, 'Ada Lovelace')
  await hears(ada.page)
  await ada.page.getByRole('button', { name: 'Security' }).click()
  const panel = ada.page.getByRole('complementary', { name: 'Security' })
  await expect(panel.getByText('AES-256-GCM, keys by P-256', { exact: true })).toBeVisible()
  await expect(panel.getByText('Classical, as your administrator chose.')).toBeVisible()
  await ada.context.close()
  await grace.context.close()
  await server.end()
})
