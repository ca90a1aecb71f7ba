/** How long after the click the steps of joining are there, measured in the page itself. */
import type { Page } from '@playwright/test'

export interface JoinTimes {
  /** The call is on the screen. */
  readonly call: number
  /** The first picture of somebody else may be shown: its key is there. */
  readonly tile: number
  /** It is decoded and on the screen. */
  readonly picture: number
}

/** Clicks "Join". @returns milliseconds since the click */
export function joinTimes(page: Page): Promise<JoinTimes> {
  return page.evaluate(async () => {
    const start = performance.now()
    /** Looks again and again, because the page tells nobody. */
    const until = <T>(look: () => T | null | undefined): Promise<T> =>
      new Promise((found) => {
        const again = (): void => {
          const seen = look()
          if (seen == null) setTimeout(again, 4)
          else found(seen)
        }
        again()
      })
    const buttons = [...document.querySelectorAll('button')]
    buttons.find(({ textContent }) => textContent.trim() === 'Join')?.click()
    await until(() => document.querySelector('[role="toolbar"]'))
    const call = performance.now() - start
    const others = '[aria-label^="Video of"] video'
    const video = await until(() => document.querySelector<HTMLVideoElement>(others))
    const tile = performance.now() - start
    await new Promise((shown) => video.requestVideoFrameCallback(shown))
    return { call, tile, picture: performance.now() - start }
  })
}
