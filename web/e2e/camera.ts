/**
 * The camera of people in tests. Two cores encode the pictures of everybody and decode them too, so it is small;
 * `browsers.ts` makes it slow. Chromium and Firefox give a fake camera whatever size the page wants, so the size is
 * put into what the page wants.
 */
import type { BrowserContext, Page } from '@playwright/test'

export interface CameraSize {
  readonly width: number
  readonly height: number
}

/** Enough to see that pictures come, and that they go on. */
export const SMALL: CameraSize = { width: 320, height: 180 }

/** The least from which both browsers make all three simulcast layers: for tests about pictures. */
export const LAYERED: CameraSize = { width: 960, height: 540 }

/** What this page gets from the next question on: another camera than before. */
export async function changeCamera(page: Page, size: CameraSize): Promise<void> {
  await page.evaluate((camera) => Object.assign(globalThis, { camera }), size)
}

/** For every page that is opened in the context from now on. */
export async function giveCamera(context: BrowserContext, size: CameraSize): Promise<void> {
  await context.addInitScript((first) => {
    const devices = navigator.mediaDevices as MediaDevices | undefined
    // Pages without encryption have none.
    if (devices === undefined) return
    const real = devices.getUserMedia.bind(devices)
    devices.getUserMedia = (wanted = {}) => {
      const { video } = wanted
      if (video === undefined || video === false) return real(wanted)
      const wish = video === true ? {} : video
      const { camera = first } = globalThis as { camera?: CameraSize }
      const { width, height } = camera
      const sized = { ...wish, width: { ideal: width }, height: { ideal: height } }
      return real({ ...wanted, video: sized })
    }
  }, size)
}
