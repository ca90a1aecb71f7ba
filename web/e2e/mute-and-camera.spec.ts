/** Microphone and camera turned off and on: what the other person hears, sees and is told, in both directions. */
import { expect, ONCE, test } from './setup.ts'
import { hears, join, loudness, sees } from './meeting.ts'

test(
  'who mutes is not heard and marked so, who stops the camera is shown by name, until turned on again',
  ONCE,
  async ({ pair: { link, ada, grace } }) => {
    for (const page of [ada, grace]) await join(page, link)
    const both = [
      { self: ada, other: grace, name: 'Ada Lovelace' },
      { self: grace, other: ada, name: 'Grace Hopper' },
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
  },
)

test('who joins muted and without camera is neither heard nor seen before turning them on', async ({
  pair: { link, ada, grace },
}) => {
  await join(grace, link)
  await ada.goto(link)
  await ada.getByRole('button', { name: 'Mute', exact: true }).click()
  await ada.getByRole('button', { name: 'Turn camera off' }).click()
  await ada.getByRole('button', { name: 'Join', exact: true }).click()

  const tile = grace.getByLabel('Video of Ada Lovelace')
  await expect(tile.getByText('muted')).toHaveCount(1)
  await expect(tile.locator('video')).toHaveCount(0)
  await sees(ada, 'Grace Hopper')
  expect(await loudness(grace, 1500)).toBeLessThan(0.005)
  await ada.getByRole('button', { name: 'Turn camera on' }).click()
  await ada.getByRole('button', { name: 'Unmute', exact: true }).click()
  await sees(grace, 'Ada Lovelace')
  await hears(grace)
})
