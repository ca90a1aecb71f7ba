/** What a person does in a meeting, and what can be measured from their page. */
import { expect, type Page } from '@playwright/test'
import type { Diagnostics } from '../src/call/health/diagnostics.ts'

/** Opens the meeting link (null: it is open), passes the device check and waits until the call is on. */
export async function join(page: Page, link: string | null): Promise<void> {
  if (link !== null) await page.goto(link)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Leave' })).toBeVisible()
}

export async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Leave' }).click()
  await expect(page.getByRole('button', { name: 'Rejoin' })).toBeVisible()
}

/** Pictures of this person arrive, decode and are shown, one after the other. */
export async function sees(page: Page, name: string): Promise<void> {
  const video = page.getByLabel(`Video of ${name}`).locator('video')
  await expect(video).toBeVisible()
  // Counted as they are presented: Firefox has no playback quality for live streams. The element is looked up
  // anew each time, because a tile has none while nothing can be decrypted.
  await expect
    .poll(() => video.evaluate(presented, FRAMES_TO_SEE, { timeout: 1000 }).catch(() => 0))
    .toBe(FRAMES_TO_SEE)
}

/** Several, because a single one may be all that comes. */
const FRAMES_TO_SEE = 5

/** How many pictures are presented within five seconds, up to `frames`. Runs in the page. */
function presented(video: HTMLElement | SVGElement, frames: number): Promise<number> {
  return new Promise((resolve) => {
    let shown = 0
    const late = setTimeout(() => resolve(shown), 5000)
    const next = (): void => {
      if (!(video instanceof HTMLVideoElement)) return
      if (shown === frames) {
        clearTimeout(late)
        resolve(shown)
      } else {
        shown += 1
        video.requestVideoFrameCallback(next)
      }
    }
    next()
  })
}

/**
 * Loudest sample (0..1) heard from all remote audio of the page within the given time.
 *
 * @param enough - a louder sample ends the time early
 */
export async function loudness(page: Page, durationMs: number, enough = 1): Promise<number> {
  return page.evaluate(
    async ({ durationMs, enough, samplesHeld, everyMs }) => {
      const context = new AudioContext()
      await context.resume()
      const analyser = context.createAnalyser()
      analyser.fftSize = samplesHeld
      for (const element of document.querySelectorAll('audio')) {
        if (element.srcObject instanceof MediaStream && !element.muted)
          context.createMediaStreamSource(element.srcObject).connect(analyser)
      }
      const samples = new Float32Array(analyser.fftSize)
      const end = performance.now() + durationMs
      let peak = 0
      while (performance.now() < end && peak <= enough) {
        await new Promise((next) => setTimeout(next, everyMs))
        analyser.getFloatTimeDomainData(samples)
        for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
      }
      await context.close()
      return peak
    },
    { durationMs, enough, samplesHeld: SAMPLES_HELD, everyMs: LISTEN_EVERY_MS },
  )
}

/** A third of a second at 48 kHz. No sample is missed, also where a busy machine looks late. */
const SAMPLES_HELD = 16_384
const LISTEN_EVERY_MS = 100

export async function hears(page: Page): Promise<void> {
  await expect.poll(() => loudness(page, 1500, AUDIBLE)).toBeGreaterThan(AUDIBLE)
}

const AUDIBLE = 0.01

/** Sums over everything the page receives and opens, read from the "connection details". */
export interface Numbers {
  /** Generation of the page's own sender key, -1 before the first. */
  readonly generation: number
  /** Frames opened by the worker. */
  readonly opened: number
  readonly framesDecoded: number
  readonly packetsReceived: number
  readonly relayProtocols: readonly (string | null)[]
}

export async function diagnostics(page: Page): Promise<Numbers> {
  const all = await page.evaluate(async () => (await window.huisclosDiagnostics?.()) ?? null)
  if (all === null) throw new Error('The page is in no call')
  const { transforms, receiving, paths, generation }: Diagnostics = all
  const opening = transforms.filter(({ dir }) => dir === 'decrypt')
  return {
    generation: generation ?? -1,
    opened: sum(opening.map(({ passed }) => passed)),
    framesDecoded: sum(receiving.map((stream) => stream.framesDecoded)),
    packetsReceived: sum(receiving.map((stream) => stream.packetsReceived)),
    relayProtocols: paths.map((path) => path.relayProtocol),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
