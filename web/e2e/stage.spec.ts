/** The pictures of a call: a stopped one is named, one's own is small, and none is in the way of the keyboard. */
import type { Page } from '@playwright/test'
import { join, sees } from './meeting.ts'
import { expect, test } from './setup.ts'

test('a picture that stops is named on its tile until it goes on, and a camera that is off is no stopped picture', async ({
  pair: { link, ada, grace },
}) => {
  await keepSenders(ada)
  for (const page of [ada, grace]) await join(page, link)
  await sees(grace, 'Ada Lovelace')
  const tile = grace.getByLabel('Video of Ada Lovelace')
  const stopped = tile.getByText('The picture has stopped: network trouble')
  await expect(stopped).toHaveCount(0)
  // As on a network that carries nothing more: nothing is sent, and nobody has paused anything.
  await sendPictures(ada, false)
  await expect(stopped).toBeVisible()
  await sendPictures(ada, true)
  await expect(stopped).toHaveCount(0)
  await ada.getByRole('button', { name: 'Turn camera off' }).click()
  await expect(tile.locator('video')).toHaveCount(0)
  await expect(stopped).toHaveCount(0)
})

test('the own picture is the small one, and Tab stops at no picture', async ({
  pair: { link, ada, grace },
}) => {
  for (const page of [ada, grace]) await join(page, link)
  await sees(ada, 'Grace Hopper')
  const own = await ada.getByLabel('Your video').boundingBox()
  const other = await ada.getByLabel('Video of Grace Hopper').boundingBox()
  expect(own!.width * own!.height).toBeLessThan((other!.width * other!.height) / 4)
  await expect(ada.getByLabel('Your video').getByText('You', { exact: true })).toBeVisible()
  const stops = new Set<string>()
  for (let press = 0; press < 20; press++) {
    await ada.keyboard.press('Tab')
    stops.add(await ada.evaluate(() => document.activeElement?.tagName ?? ''))
  }
  expect([...stops]).toContain('BUTTON')
  expect([...stops]).not.toContain('VIDEO')

  // On the narrowest phone all buttons are in one row.
  await ada.setViewportSize({ width: 320, height: 568 })
  const tops = await ada
    .getByRole('toolbar')
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().top))
  expect(tops).toHaveLength(7)
  expect(new Set(tops).size).toBe(1)
})

/** Remembers what the page sends with, so that a test can stop it where the network would. */
async function keepSenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const senders: { connection: RTCPeerConnection; sender: RTCRtpSender }[] = []
    const add = Reflect.get(RTCPeerConnection.prototype, 'addTransceiver')
    RTCPeerConnection.prototype.addTransceiver = function (...args) {
      const transceiver = add.apply(this, args)
      senders.push({ connection: this, sender: transceiver.sender })
      return transceiver
    }
    Object.assign(globalThis, { senders })
  })
}

async function sendPictures(page: Page, active: boolean): Promise<void> {
  await page.evaluate(async (on) => {
    type Senders = readonly { connection: RTCPeerConnection; sender: RTCRtpSender }[]
    for (const { connection, sender } of (globalThis as unknown as { senders: Senders }).senders) {
      if (connection.connectionState === 'closed' || sender.track?.kind !== 'video') continue
      const parameters = sender.getParameters()
      for (const encoding of parameters.encodings) encoding.active = on
      await sender.setParameters(parameters)
    }
  }, active)
}
