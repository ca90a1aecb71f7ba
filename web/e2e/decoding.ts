/** What became of the media that a page receives: counted, not timed, so that a slow machine changes nothing. */
import { expect, type Page } from '@playwright/test'
import type { Diagnostics } from '../src/call/health/diagnostics.ts'

interface Opened {
  readonly kind: 'audio' | 'video'
  /** Frames that came whole. */
  readonly received: number
  /** Those that the worker opened, and why it did not open others. */
  readonly passed: number
  readonly refused: Readonly<Record<string, number>>
  readonly framesDecoded: number
}

/** Of each stream that the page receives. */
export async function openedBy(page: Page): Promise<Opened[]> {
  const { transforms, receiving } = await page.evaluate(
    async () => (await window.huisclosDiagnostics?.()) as Diagnostics,
  )
  return receiving.map(({ consumerId, kind, framesReceived, framesDecoded }) => {
    const transform = transforms.find(({ dir, id }) => dir === 'decrypt' && id === consumerId)
    return {
      ...{ kind, framesDecoded, received: framesReceived },
      passed: transform?.passed ?? 0,
      refused: transform?.refused ?? {},
    }
  })
}

/** Enough pictures to tell 95 % from all of them. */
const MANY = 100

/** From now on pictures come, the worker refuses none of them and opens them all, and they are decoded. */
export async function opensAllPictures(page: Page): Promise<void> {
  const before = await pictures(page)
  await expect
    .poll(async () => (await pictures(page)).decoded - before.decoded)
    .toBeGreaterThan(MANY)
  const after = await pictures(page)
  expect(after.refused - before.refused).toBe(0)
  // The two are read one after the other, and a picture may come between.
  const opened = after.opened - before.opened
  expect(opened / (after.received - before.received)).toBeGreaterThan(0.95)
}

async function pictures(page: Page) {
  const streams = (await openedBy(page)).filter(({ kind }) => kind === 'video')
  return {
    received: sum(streams.map(({ received }) => received)),
    opened: sum(streams.map(({ passed }) => passed)),
    refused: sum(streams.flatMap(({ refused }) => Object.values(refused))),
    decoded: sum(streams.map(({ framesDecoded }) => framesDecoded)),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
