/** Groups and profiles: as the administrator sets them, and as the people meet them who are restricted. */
import type { Page } from '@playwright/test'
import { obeys } from './axe.ts'
import { join, leave, sees } from './meeting.ts'
import { acceptLink, admin, call, meetingOf, pageOf, restrict } from './people.ts'
import type { HuisclosServer, Person } from './server.ts'
import { expect, test } from './setup.ts'

const DAY_MS = 86_400_000

test('U1 T8 an administrator restricts people and profiles', async ({ browser, server }) => {
  const { people } = await meetingOf(server, 1)
  const { page, context } = await pageOf(browser, await admin(server))
  await page.goto(`${server.origin}/admin/groups`)
  await obeys(page)
  await page.getByLabel('Name of the group').fill('Trainees')
  await page.getByLabel('Domains', { exact: true }).fill('not a domain')
  await page.getByLabel('People at the same time').fill('1')
  await page.getByRole('button', { name: 'Make the group' }).click()
  await expect(page.getByLabel('People at the same time')).toHaveAccessibleDescription(
    /A whole number from 2 to 1000/,
  )
  await obeys(page)
  await page.getByLabel('People at the same time').fill('20')
  await page.getByRole('button', { name: 'Make the group' }).click()
  await expect(page.getByLabel('Domains', { exact: true })).toHaveAccessibleDescription(
    /“not” is no domain/,
  )
  // What was typed is still there.
  await expect(page.getByLabel('Name of the group')).toHaveValue('Trainees')
  await page.getByLabel('Domains', { exact: true }).fill('stage.example.org')
  await page.getByRole('combobox', { name: 'Messages' }).selectOption('Not allowed')
  await page.getByRole('button', { name: 'Make the group' }).click()
  await expect(page.getByRole('heading', { name: 'Trainees', level: 1 })).toBeVisible()

  await page.getByLabel('E-mail addresses of accounts').fill(`${people[0]!.email}, x@example.org`)
  await page.getByRole('button', { name: 'Add people' }).click()
  await expect(page.getByText('No account has these addresses: x@example.org')).toBeVisible()
  await expect(page.getByText('by hand', { exact: true })).toBeVisible()
  await obeys(page)
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Messages' })).toHaveValue('no')
  await page.getByRole('button', { name: /^Take out/ }).click()
  await expect(page.getByText('Nobody belongs to this group.')).toBeVisible()
  await page.getByRole('button', { name: 'Delete the group' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the group' }).click()
  await expect(page.getByText('There are no groups')).toBeVisible()

  await page.getByRole('link', { name: 'Policy' }).click()
  const open = page.getByRole('region', { name: 'Open', exact: true })
  await open.getByRole('checkbox', { name: 'Mark on every screen and mail' }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(open.getByLabel('Text of the mark')).toBeFocused()
  await open.getByLabel('Text of the mark').fill('Public')
  await obeys(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await page.reload()
  await expect(open.getByLabel('Text of the mark')).toHaveValue('Public')
  await context.close()
})

test('U1 a restricted organiser learns what is not allowed, and why', async ({
  browser,
  server,
  thisBrowser,
}) => {
  const organiser = await organiserOf(server, `planner-${thisBrowser}@example.org`)
  const group = await restrict(server, organiser, {
    durationMin: 30,
    ownLink: true,
    invitations: 1,
    aheadDays: 7,
  })
  const { page, context } = await pageOf(browser, organiser)
  await page.goto(`${server.origin}/`)
  const why = page.getByRole('region', { name: 'What you may not do, and why' })
  await expect(why.getByText('lets your meetings last 30 minutes at most')).toBeVisible()
  await expect(why.getByText(`Because you belong to: ${group}`).first()).toBeVisible()
  await obeys(page)

  await page.getByRole('link', { name: 'Plan a meeting' }).click()
  const durations = page.getByRole('combobox', { name: 'Duration' }).getByRole('option')
  await expect(durations).toHaveText(['15 min', '30 min'])
  await expect(page.getByText(/asks that you hand the link/)).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'I hand the link over myself' })).toHaveCount(0)
  await page.getByLabel('Title').fill('Restricted')
  const inMonths = new Date(Date.now() + 60 * DAY_MS).toISOString().slice(0, 10)
  await page.getByLabel('Date', { exact: true }).fill(inMonths)
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByLabel('Date', { exact: true })).toHaveAccessibleDescription(
    /plan meetings 7 days ahead at most\. Choose an earlier date\./,
  )
  await page.getByLabel('People to invite').fill('a@example.org, b@example.org')
  await page.getByRole('checkbox', { name: 'Start now' }).check()
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByLabel('People to invite')).toHaveAccessibleDescription(
    /invite 1 people to a meeting at most/,
  )
  await expect(page.getByLabel('Title')).toHaveValue('Restricted')
  await obeys(page)
  await page.getByLabel('People to invite').fill('a@example.org')
  await page.getByRole('button', { name: 'Send the invitations' }).click()
  await expect(page.getByText(/Copy this link now/)).toBeVisible()
  await context.close()

  const other = await organiserOf(server, `guest-${thisBrowser}@example.org`)
  await restrict(server, other, { organise: false })
  const second = await pageOf(browser, other)
  await second.page.goto(`${server.origin}/`)
  await expect(second.page.getByText(/does not let you organise meetings/)).toBeVisible()
  await expect(second.page.getByRole('link', { name: 'Plan a meeting' })).toHaveCount(0)
  await second.page.goto(`${server.origin}/meetings/new`)
  await expect(second.page.getByText(/does not let you organise meetings/)).toBeVisible()
  await second.context.close()
})

test('U1 whoever would be one too many learns so at the door, and comes in when there is room', async ({
  browsers,
  server,
  thisBrowser,
  otherBrowser,
}) => {
  const organiser = await organiserOf(server, `small-${thisBrowser}@example.org`)
  await restrict(server, organiser, { participants: 2 })
  const { link, people } = await meetingOf(server, 2, undefined, organiser)
  const ada = await pageOf(browsers[thisBrowser], people[0]!)
  const grace = await pageOf(browsers[otherBrowser], people[1]!)
  const ida = await pageOf(browsers[thisBrowser], organiser)
  for (const { page } of [ada, grace]) await join(page, link)
  await ida.page.goto(link)
  await ida.page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(
    ida.page.getByText(/^The meeting is full\. Rejoin once somebody has left/),
  ).toBeVisible()
  await leave(grace.page)
  await ida.page.getByRole('button', { name: 'Rejoin' }).click()
  await sees(ida.page, 'Ada Lovelace')
  for (const { context } of [ada, grace, ida]) await context.close()
})

test('R3 a meeting without messages says so to everybody, and is marked from the lobby to its end', async ({
  browsers,
  server,
  thisBrowser,
  otherBrowser,
}) => {
  const rosa = await admin(server)
  const { body } = await call(server, 'GET /api/admin/policy', undefined, rosa.cookies)
  const policy = body as Policy
  const { standard } = policy.profiles
  const mark = { text: 'Restricted to staff', colour: '#8a1c7c' }
  const silent = { ...standard, switches: { ...standard.switches, messages: false }, mark }
  const profiles = { ...policy.profiles, standard: silent }
  await call(server, 'PUT /api/admin/policy', { ...policy, profiles }, rosa.cookies)
  const { link, people } = await meetingOf(server, 2)
  const mail = await server.mailFor(people[0]!.email)
  expect(mail.subject).toMatch(/^\[Restricted to staff\]/)
  const ada = await pageOf(browsers[thisBrowser], people[0]!)
  const grace = await pageOf(browsers[otherBrowser], people[1]!)
  for (const { page } of [ada, grace]) {
    await page.goto(link)
    await expect(shownMark(page)).toBeVisible()
    await join(page, null)
    await expect(shownMark(page)).toBeVisible()
  }
  await sees(ada.page, 'Grace Hopper')
  const chat = ada.page.getByRole('button', { name: 'Chat', exact: true })
  await expect(chat).toHaveAccessibleDescription(/switched off by your administrator/)
  await chat.click()
  await expect(ada.page.getByText(/here you can neither write nor read any/)).toBeVisible()
  await expect(ada.page.getByRole('textbox')).toHaveCount(0)
  await obeys(ada.page)
  await leave(ada.page)
  await expect(shownMark(ada.page)).toBeVisible()
  for (const { context } of [ada, grace]) await context.close()
  const version = policy.version + 1
  await call(server, 'PUT /api/admin/policy', { ...policy, version }, rosa.cookies)
})

interface Policy {
  readonly version: number
  readonly preset: string
  readonly profiles: Readonly<Record<string, { readonly switches: object }>> & {
    readonly standard: { readonly switches: object }
  }
}

const shownMark = (page: Page) =>
  page.getByRole('note', { name: 'Classification: Restricted to staff' })

async function organiserOf(server: HuisclosServer, email: string): Promise<Person> {
  const { cookies } = await admin(server)
  const body = { email, role: 'organiser', language: 'en' }
  await call(server, 'POST /api/admin/accounts', body, cookies)
  const [link = ''] = (await server.mailFor(email)).links
  return acceptLink(server, link, { email, firstName: 'Ida', lastName: 'Rhodes' })
}
