/** Microphone and camera turned off and on: what the other person hears, sees and is told, in both directions. */
import { expect, meetingOf, pageOf, test } from './setup.ts'
import { hears, join, loudness, sees } from './meeting.ts'

test('who mutes is not heard and marked so, who stops the camera is shown by name, until turned on again', async ({
  browsers,
  server,
  thisBrowser,
  otherBrowser,
}) => {
  const { link, people } = await meetingOf(server, 2)
  const ada = await pageOf(browsers[thisBrowser], people[0]!)
  const grace = await pageOf(browsers[otherBrowser], people[1]!)
  await join(ada.page, link)
  await join(grace.page, link)
  const both = [
    { self: ada.page, other: grace.page, name: 'Ada Lovelace' },
    { self: grace.page, other: ada.page, name: 'Grace Hopper' },
  ]
  for (const { self, other, name } of both) {
    const tile = other.getByLabel(`Video of ${name}`)
    await sees(other, name)
    await hears(other)
    await expect(tile.getByText('muted')).toHaveCount(0)

    await self.getByRole('button', { name: 'Mute', exact: true }).click()
    await expect(tile.getByText('muted')).toHaveCount(1)
    await expect.poll(() => loudness(other, 1500)).toBeLessThan(0.005)
    await self.getByRole('button', { name: 'Unmute', exact: true }).click()
    await hears(other)
    await expect(tile.getByText('muted')).toHaveCount(0)

    await self.getByRole('button', { name: 'Turn camera off' }).click()
    await expect(tile.locator('video')).toHaveCount(0)
    await expect(tile.getByText(name, { exact: true })).toBeVisible()
    // Sound is not touched by the camera.
    await hears(other)
    await self.getByRole('button', { name: 'Turn camera on' }).click()
    await sees(other, name)
  }
  await ada.context.close()
  await grace.context.close()
})

test('who joins muted and without camera is neither heard nor seen before turning them on', async ({
  browsers,
  server,
  thisBrowser,
  otherBrowser,
}) => {
  const { link, people } = await meetingOf(server, 2)
  const ada = await pageOf(browsers[thisBrowser], people[0]!)
  const grace = await pageOf(browsers[otherBrowser], people[1]!)
  await join(grace.page, link)
  await ada.page.goto(link)
  await ada.page.getByRole('button', { name: 'Mute', exact: true }).click()
  await ada.page.getByRole('button', { name: 'Turn camera off' }).click()
  await ada.page.getByRole('button', { name: 'Join', exact: true }).click()

  const tile = grace.page.getByLabel('Video of Ada Lovelace')
  await expect(tile.getByText('muted')).toHaveCount(1)
  await expect(tile.locator('video')).toHaveCount(0)
  await sees(ada.page, 'Grace Hopper')
  expect(await loudness(grace.page, 1500)).toBeLessThan(0.005)
  await ada.page.getByRole('button', { name: 'Turn camera on' }).click()
  await ada.page.getByRole('button', { name: 'Unmute', exact: true }).click()
  await sees(grace.page, 'Ada Lovelace')
  await hears(grace.page)
  await ada.context.close()
  await grace.context.close()
})
