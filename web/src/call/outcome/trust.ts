/** Since when this browser knows the server that is now not what it should be. */
import { E2eeClient } from '@huisclos/e2ee-worker/client'

/** @returns null when this browser remembers no key of the server, or cannot tell. */
export async function rememberedSince(tmmsOrigin: string): Promise<Date | null> {
  const e2ee = new E2eeClient(() => undefined)
  try {
    const { pinSince } = await e2ee.call('remembered-server', { tmmsOrigin })
    return pinSince === null ? null : new Date(pinSince)
  } catch {
    // The page says less then, but still says to stop.
    return null
  } finally {
    e2ee.terminate()
  }
}
