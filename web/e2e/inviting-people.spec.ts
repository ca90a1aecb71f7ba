/** Setting up and inviting people, as a newcomer does it: what the pages say is true, and no right is given by accident. */
import { admin, pageOf, visitorIn } from './people.ts'
import { HuisclosServer } from './server.ts'
import { expect, test } from './setup.ts'

test('nobody signed in is no failed request, and a password has one verdict', async ({
  browsers,
  thisBrowser,
}) => {
  const server = await HuisclosServer.start()
  const page = await (await visitorIn(browsers[thisBrowser])).newPage()
  const failed: string[] = []
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`)
  })
  await page.goto(`${server.origin}/setup`)
  await expect(page.getByRole('heading', { name: 'Your link is incomplete' })).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toHaveCount(0)

  await page.goto('about:blank')
  await page.goto(server.setupLink)
  const name = page.getByRole('textbox', { name: 'First name' })
  await name.fill('Rosalinda')
  await page.getByRole('textbox', { name: 'Last name' }).fill('Parkhurst')
  await page.getByRole('textbox', { name: 'E-mail' }).fill('rosa@example.org')
  const password = page.getByRole('textbox', { name: 'Password', exact: true })
  await password.fill('Rosalinda Parkhurst 1!')
  await expect(page.getByText(/^Made of what others know/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Password again' }).fill('Rosalinda Parkhurst 1!')
  await page.getByRole('button', { name: 'Create the administrator' }).click()
  await expect(page.getByText(/This password is made of your name/)).toBeVisible()
  await expect(page.getByText('Strong.')).toHaveCount(0)
  // The same password is good for somebody of another name, and then nothing says that it is not.
  await name.fill('Ida')
  await page.getByRole('textbox', { name: 'Last name' }).fill('Rolf')
  await expect(page.getByText('Strong.')).toBeVisible()
  await expect(page.getByText(/This password is made of your name/)).toHaveCount(0)
  await page.getByRole('button', { name: 'Create the administrator' }).click()
  await expect(page.getByRole('heading', { name: 'My meetings' })).toBeVisible()

  await page.goto('about:blank')
  await page.goto(server.setupLink)
  await expect(page.getByRole('heading', { name: 'Huisclos is set up already' })).toBeVisible()
  const main = page.getByRole('main')
  await expect(main.getByRole('link', { name: 'My meetings' })).toBeVisible()
  await expect(main.getByRole('link', { name: 'Sign in' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.goto(`${server.origin}/sign-in`)
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible()
  await page.goto(`${server.origin}/setup`)
  await expect(page.getByRole('heading', { name: 'Huisclos is set up already' })).toBeVisible()
  await expect(main.getByRole('link', { name: 'Sign in' })).toBeVisible()
  expect(failed.filter((one) => !one.includes('/api/links/'))).toEqual([])
  await page.context().close()
  await server.end()
})

test('who is invited, and as what, is what the page says', async ({
  browsers,
  server,
  thisBrowser,
}) => {
  const { page, context } = await pageOf(browsers[thisBrowser], await admin(server))
  await page.goto(`${server.origin}/admin/users`)
  await page.getByRole('button', { name: 'Invite people' }).click()
  const list = page.getByRole('textbox', { name: 'E-mail' })
  const role = page.getByRole('combobox', { name: 'Role', exact: true })
  const invite = page.getByRole('button', { name: 'Invite', exact: true })
  await list.fill('To: Kim Rolf ‹kim@example.org›')
  await role.selectOption({ label: 'Organiser' })
  await invite.click()
  await expect(page.getByText('on its way to kim@example.org. Role: Organiser.')).toBeVisible()
  await expect(page.getByRole('row', { name: /Kim Rolf/ })).toBeVisible()
  await expect(role).toHaveValue('user')

  await list.fill('admin@example.org, lee@example.org')
  await invite.click()
  await expect(page.getByText('on its way to lee@example.org. Role: User.')).toBeVisible()
  await expect(page.getByText(/admin@example.org has an account already/)).toBeVisible()
  await expect(list).toHaveValue('admin@example.org')
  // Whoever is not invited is not shown among those who are.
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(0)

  await list.fill('"x" <y@z.org, a@x.org <b@y.org>, Bob; Eve')
  await invite.click()
  await expect(page.getByText(/one of the two brackets < > is missing/)).toBeVisible()
  await expect(page.getByText(/“a@x.org <b@y.org>” holds two different addresses/)).toBeVisible()
  await expect(page.getByText(/These 2 entries are not e-mail addresses: Bob, Eve/)).toBeVisible()
  await context.close()
})

test('U4 a browser that may hide its time zone has the planner compare the clocks', async ({
  browsers: { chromium },
  server,
}) => {
  for (const [timezoneId, said] of [
    ['Atlantic/Reykjavik', 1],
    ['Europe/Paris', 0],
  ] as const) {
    const { page, context } = await pageOf(chromium, await admin(server), { timezoneId })
    await page.goto(`${server.origin}/meetings/new`)
    await expect(page.getByText(`(${timezoneId})`)).toBeVisible()
    await expect(page.getByText(/By this browser it is \d\d:\d\d now/)).toHaveCount(said)
    await context.close()
  }
})
