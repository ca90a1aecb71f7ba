/** What a page has opened and decoded of each stream, read from its own diagnostics. */
import type { Page } from '@playwright/test'
import type { Diagnostics } from '../../src/call/health/diagnostics.ts'

export interface Opened {
  readonly passed: number
  readonly refused: Readonly<Record<string, number>>
  readonly framesDecoded: number
}

/** Of each stream that the page receives. */
export async function openedBy(page: Page): Promise<Opened[]> {
  const { transforms, receiving } = await page.evaluate(
    async () => (await window.huisclosDiagnostics?.()) as Diagnostics,
  )
  return receiving.map(({ consumerId, framesDecoded }) => {
    const transform = transforms.find(({ dir, id }) => dir === 'decrypt' && id === consumerId)
    return {
      passed: transform?.passed ?? 0,
      refused: transform?.refused ?? {},
      framesDecoded,
    }
  })
}
