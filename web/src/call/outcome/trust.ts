/** When a server is not what it should be: which proof failed, and since when this browser knows the right one. */
import { E2eeClient } from '@huisclos/e2ee-worker/client'

/**
 * Asks a server that refuses us for its keys.
 * @throws E2eeError E_PIN when it is not the one that link and browser know, and what `fetchKeySet` throws
 */
export async function checkServer(
  known: { readonly tmmsOrigin: string; readonly pin: string | null },
  fetchKeySet: () => Promise<string>,
): Promise<void> {
  const keySet = await fetchKeySet()
  const e2ee = new E2eeClient(() => undefined)
  try {
    await e2ee.call('check-server', { ...known, keySet })
  } finally {
    e2ee.terminate()
  }
}

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
