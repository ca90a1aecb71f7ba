/** What moderators decide holds in every browser: a locked meeting stays closed, and who is put out stays out. */
import { join } from './meeting.ts'
import { meetingOf, pageOf } from './people.ts'
import { expect, ONCE, test } from './setup.ts'

test(
  'a locked meeting lets nobody new in, and who is put out cannot come back',
  ONCE,
  async ({ browsers, server, thisBrowser, otherBrowser }) => {
    const { link, people, organiser } = await meetingOf(server, 2)
    const rosa = await pageOf(browsers[thisBrowser], organiser)
    const ada = await pageOf(browsers[otherBrowser], people[0]!)
    await join(rosa.page, link)
    await join(ada.page, link)
    await expect(rosa.page.getByLabel('Video of Ada Lovelace')).toBeVisible()
    await expect(ada.page.getByLabel('Video of Rosa Parks')).toBeVisible()

    await rosa.page.getByRole('button', { name: 'People', exact: true }).click()
    await rosa.page.getByRole('button', { name: 'Lock the meeting' }).click()
    await expect(ada.page.getByText(/^The meeting is locked by Rosa Parks/)).toBeVisible()
    // Only moderators decide.
    await ada.page.getByRole('button', { name: 'People', exact: true }).click()
    await expect(ada.page.getByText(/^Locked by Rosa Parks/)).toBeVisible()
    await expect(ada.page.getByRole('button', { name: /^(Unlock|Remove)/ })).toHaveCount(0)

    const grace = await pageOf(browsers[thisBrowser], people[1]!)
    await join(grace.page, link)
    await expect(rosa.page.getByText(/^Grace Hopper wants to come in/)).toBeVisible()
    await expect(grace.page.getByText(/^Nobody here has let you in yet/)).toBeVisible()
    await expect(rosa.page.getByLabel('Video of Grace Hopper')).toHaveCount(0)
    // Who stands outside has a name, but neither a tile nor a place in the count.
    await expect(rosa.page.getByLabel('Somebody is connecting')).toHaveCount(0)
    const here = rosa.page.getByRole('complementary', { name: 'People' })
    await expect(here.getByText('2 people in the meeting')).toBeVisible()
    await expect(here.getByRole('listitem').filter({ hasText: 'Grace Hopper' })).toContainText(
      'Outside: was not let in',
    )
    await rosa.page.getByRole('button', { name: 'Unlock the meeting' }).click()
    await expect(grace.page.getByLabel('Video of Rosa Parks')).toBeVisible()
    await expect(rosa.page.getByLabel('Video of Grace Hopper')).toBeVisible()
    await expect(grace.page.getByText(/^Nobody here has let you in yet/)).toHaveCount(0)

    await rosa.page.getByRole('button', { name: 'Remove Ada Lovelace from the meeting' }).click()
    await rosa.page.getByRole('button', { name: 'Yes, remove' }).click()
    await expect(ada.page.getByText(/^A moderator put you out of this meeting/)).toBeVisible()
    await expect(
      grace.page.getByText('Ada Lovelace was put out of the meeting by Rosa Parks.'),
    ).toBeVisible()
    await expect(rosa.page.getByLabel('Video of Ada Lovelace')).toHaveCount(0)
    // Another attempt would be refused, so none is offered.
    await expect(ada.page.getByRole('button')).toHaveText(['Back to my meetings'])
    await ada.page.getByRole('button', { name: 'Back to my meetings' }).click()
    await ada.page.goto(link)
    await expect(
      ada.page.getByRole('heading', { name: 'This meeting is not open to you' }),
    ).toBeVisible()
    for (const { context } of [rosa, ada, grace]) await context.close()
  },
)
