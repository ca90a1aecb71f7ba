/** What the workers of a page say of the media it shows. */
import type { Page } from '@playwright/test'

interface Heard {
  readonly type: string
  readonly consumerId?: string
  readonly state?: string
  readonly code?: string
}

/** Writes it down, from the next page that is loaded on. */
export function overhear(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const heard: unknown[] = []
    Object.assign(window, { heard })
    const Plain = window.Worker
    window.Worker = class extends Plain {
      constructor(...of: ConstructorParameters<typeof Worker>) {
        super(...of)
        this.addEventListener('message', ({ data }: MessageEvent<{ type?: unknown } | null>) => {
          if (data?.type === 'media-authenticity' || data?.type === 'warning') heard.push(data)
        })
      }
    }
  })
}

export const heardBy = (page: Page): Promise<readonly Heard[]> =>
  page.evaluate(() => (window as unknown as { heard: Heard[] }).heard)

/** Whose word stood behind which stream, oldest first. */
export const authenticityIn = (heard: readonly Heard[]): readonly Heard[] =>
  heard.filter(({ type }) => type === 'media-authenticity')
