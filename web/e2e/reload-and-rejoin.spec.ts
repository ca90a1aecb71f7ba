/** Coming back: by reloading the page, and by leaving and joining again. */
import { adaAndGrace } from './people.ts'
import { expect, test } from './setup.ts'
import { hears, join, leave, sees } from './meeting.ts'

test('a reloaded page joins again and both see and hear each other', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const browser = browsers[thisBrowser]
  const { link, ada, grace, close } = await adaAndGrace(server, [browser, browser])
  for (const page of [ada, grace]) await join(page, link)
  await sees(ada, 'Grace Hopper')

  await grace.reload()
  await grace.getByRole('button', { name: 'Join', exact: true }).click()
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')
  await hears(ada)
  await hears(grace)
  await expect(ada.getByLabel('Video of Grace Hopper')).toHaveCount(1)

  await leave(grace)
  await expect(ada.getByLabel('Video of Grace Hopper')).toHaveCount(0)
  await grace.getByRole('button', { name: 'Rejoin' }).click()
  await sees(ada, 'Grace Hopper')
  await sees(grace, 'Ada Lovelace')

  // A page that its server no longer understands is not to be tried again, but loaded anew.
  await leave(grace)
  const joining = '**/api/meetings/*/join'
  await grace.route(joining, (route) =>
    route.fulfill({
      status: 400,
      headers: { 'huisclos-api': '1' },
      json: { code: 'bad-request', message: 'Not understood.' },
    }),
  )
  await grace.getByRole('button', { name: 'Rejoin' }).click()
  await expect(grace.getByRole('alert')).toContainText('do not fit together')
  await expect(grace.getByRole('button')).toHaveText(['Reload the page', 'Back to my meetings'])
  await grace.unroute(joining)
  await grace.getByRole('button', { name: 'Reload the page' }).click()
  await expect(grace.getByRole('button', { name: 'Join', exact: true })).toBeVisible()
  await close()
})
