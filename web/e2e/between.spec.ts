/** What stands between a page and its server: a slow link shows that it works, a captive portal is named as one. */
import type { Page } from '@playwright/test'
import { join } from './meeting.ts'
import { expect, test } from './setup.ts'

const INVITATION = '**/api/meetings/*/join'
const KEYS = '**/api/keys'

test('I9 on a slow link Join says at once that it works, and cannot be pressed twice', async ({
  pair: { link, ada },
}) => {
  const slow = Promise.withResolvers<undefined>()
  await ada.route(INVITATION, async (route) => {
    await slow.promise
    await route.continue()
  })
  await ada.goto(link)
  await button(ada, 'Join').click()
  await expect(ada.getByRole('heading', { name: 'Joining…' })).toBeInViewport()
  await expect(ada.getByRole('listitem').filter({ hasText: 'in progress' })).toHaveText(
    /Checking your invitation/,
  )
  await expect(button(ada, 'Join')).toHaveCount(0)
  slow.resolve(undefined)
  await expect(button(ada, 'Leave')).toBeVisible()
})

test('I11 a captive portal that answers for the server accuses nobody, and is over once it is', async ({
  pair: { link, ada },
}) => {
  for (const address of [KEYS, INVITATION]) {
    await ada.route(address, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<html>Welcome to our hotel</html>' }),
    )
    await ada.goto(link)
    await button(ada, 'Join').click()
    await expect(ada.getByText(/Something in your network answered in place/)).toBeVisible()
    await expect(ada.getByText(/not genuine|could not prove|E_TOKEN/)).toHaveCount(0)
    await ada.unroute(address)
    await button(ada, 'Rejoin').click()
    await expect(button(ada, 'Leave')).toBeVisible()
    await ada.goto('about:blank')
  }
  await join(ada, link)
})

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true })
}
