/** A camera or a microphone that is refused, not there, or pulled out: it is named, and the call goes on without it. */
import {
  chromiumDeniedLaunch,
  chromiumLaunch,
  FAKE_CAMERA,
  firefoxDeniedLaunch,
  firefoxLaunch,
} from './browsers.ts'
import { join } from './meeting.ts'
import { meetingOf, pageOf } from './people.ts'
import { expect, test } from './setup.ts'

test('whoever refuses camera and microphone is told so and can still join', async ({
  playwright,
  server,
  thisBrowser,
}) => {
  const browser =
    thisBrowser === 'chromium'
      ? await playwright.chromium.launch(chromiumDeniedLaunch)
      : await playwright.firefox.launch({ channel: 'moz-firefox', ...firefoxDeniedLaunch })
  const { link, people } = await meetingOf(server, 1)
  const { page } = await pageOf(browser, people[0]!)
  await page.goto(link)
  await expect(page.getByText(/may not use your camera and your microphone/)).toBeVisible()
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Leave' })).toBeVisible()
  await browser.close()
})

test('whoever has no camera is told so and joins with sound', async ({
  playwright,
  server,
  thisBrowser,
}) => {
  const browser =
    thisBrowser === 'chromium'
      ? await playwright.chromium.launch({
          ...chromiumLaunch,
          args: (chromiumLaunch.args ?? []).map((argument) =>
            argument === FAKE_CAMERA ? `${argument},device-count=0` : argument,
          ),
        })
      : await playwright.firefox.launch({
          channel: 'moz-firefox',
          ...firefoxLaunch,
          firefoxUserPrefs: {
            ...firefoxLaunch.firefoxUserPrefs,
            // The name of a capture device that does not exist.
            'media.video_loopback_dev': 'none',
          },
        })
  const { link, people } = await meetingOf(server, 1)
  const { page } = await pageOf(browser, people[0]!)
  await page.goto(link)
  await expect(page.getByText(/No camera was found/).filter({ visible: true })).toBeVisible()
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Leave' })).toBeVisible()
  await browser.close()
})

test('a device that is unplugged in a call is named', async ({ browsers, server, thisBrowser }) => {
  const { link, people } = await meetingOf(server, 1)
  const { page, context } = await pageOf(browsers[thisBrowser], people[0]!)
  // A fake device cannot be pulled out, so the page is shown what a browser shows when a real one is.
  await page.addInitScript(() => {
    // Firefox gives its first, empty page no devices.
    const devices = navigator.mediaDevices as MediaDevices | undefined
    if (devices === undefined) return
    const open = devices.getUserMedia.bind(devices)
    const list = devices.enumerateDevices.bind(devices)
    const ended: (() => void)[] = []
    let gone = false
    devices.getUserMedia = async (constraints) => {
      if (gone && constraints?.video) throw new DOMException('unplugged', 'NotFoundError')
      const stream = await open(constraints)
      for (const track of stream.getVideoTracks()) {
        // Firefox lets no page dispatch `ended` on a track, so its listeners are called by hand.
        track.addEventListener = (_type: string, listener: unknown) =>
          ended.push(listener as () => void)
      }
      return stream
    }
    devices.enumerateDevices = async () =>
      (await list()).filter(({ kind }) => !gone || kind !== 'videoinput')
    Object.assign(globalThis, {
      unplugCameras: () => {
        gone = true
        for (const listener of ended) listener()
        devices.dispatchEvent(new Event('devicechange'))
      },
    })
  })
  await join(page, link)
  await page.evaluate(() => {
    ;(globalThis as unknown as { unplugCameras: () => void }).unplugCameras()
  })
  await expect(page.getByText(/camera was unplugged/).filter({ visible: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Leave' })).toBeVisible()
  await context.close()
})
