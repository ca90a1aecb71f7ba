/**
 * The camera of people in tests. Two cores encode the pictures of everybody and decode them too, so it is small;
 * `browsers.ts` makes it slow. Chromium and Firefox give a fake camera whatever size the page wants, so the size is
 * put into what the page wants.
 */
import type { BrowserContext } from '@playwright/test'

export interface CameraSize {
  readonly width: number
  readonly height: number
}

/** Enough to see that pictures come, and that they go on. */
export const SMALL: CameraSize = { width: 320, height: 180 }

/** The least from which both browsers make all three simulcast layers: for tests about pictures. */
export const LAYERED: CameraSize = { width: 960, height: 540 }

/** For every page that is opened in the context from now on. */
export async function giveCamera(context: BrowserContext, size: CameraSize): Promise<void> {
  await context.addInitScript(({ width, height }) => {
    const devices = navigator.mediaDevices as MediaDevices | undefined
    // Pages without encryption have none.
    if (devices === undefined) return
    const real = devices.getUserMedia.bind(devices)
    devices.getUserMedia = (wanted = {}) => {
      const { video } = wanted
      if (video === undefined || video === false) return real(wanted)
      const camera = video === true ? {} : video
      const sized = { ...camera, width: { ideal: width }, height: { ideal: height } }
      return real({ ...wanted, video: sized })
    }
  }, size)
}
