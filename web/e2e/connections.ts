/** A page's peer connections, from outside the product: their numbers, and a path that is said to have failed. */
import { expect, type Page } from '@playwright/test'

interface Remembered {
  readonly connections: RTCPeerConnection[]
}

/** Before the page loads, so that its connections can be asked later. */
export function rememberConnections(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const connections: RTCPeerConnection[] = []
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        connections.push(this)
      }
    }
    Object.assign(globalThis, { connections })
  })
}

interface Sending {
  readonly ufrag: string
  /** Each producer has brought one with it, in an offer of its own. */
  readonly sections: number
  readonly tracks: readonly string[]
}

/** The connection that sends now. */
export function sending(page: Page): Promise<Sending> {
  return page.evaluate(() => {
    const { connections } = globalThis as unknown as Remembered
    const own = connections.findLast((one) => one.getSenders().some(({ track }) => track !== null))
    const sdp = own?.localDescription?.sdp ?? ''
    return {
      ufrag: /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? '',
      sections: sdp.split('\nm=').length - 1,
      tracks: own?.getSenders().map(({ track }) => track?.id ?? '') ?? [],
    }
  })
}

/** Key frames that the encoder of each layer has made, lowest layer first. */
export function keyFramesEncoded(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const { connections } = globalThis as unknown as Remembered
    const own = connections.findLast((one) => one.getSenders().some(({ track }) => track !== null))
    const all = [...((await own?.getStats()) ?? new Map()).values()] as RTCOutboundRtpStreamStats[]
    const layers = all.filter((one) => one.type === 'outbound-rtp' && one.kind === 'video')
    return layers
      .sort((a, b) => (a.rid ?? '').localeCompare(b.rid ?? ''))
      .map((layer) => layer.keyFramesEncoded ?? NaN)
  })
}

/** Tells the page that the path of what it sends is gone, though it stands: the page makes another. */
export async function failPath(page: Page): Promise<void> {
  const before = (await sending(page)).ufrag
  await page.evaluate(tellState, 'failed' as const)
  await expect.poll(async () => (await sending(page)).ufrag).not.toBe(before)
  // An engine that kept the old path until the new one stood says nothing more by itself.
  await expect.poll(() => page.evaluate(tellState, null)).toBe('connected')
}

/** Runs in the page. Null: as it is. */
function tellState(state: 'failed' | null): RTCPeerConnectionState | undefined {
  const { connections } = globalThis as unknown as Remembered
  const own = connections.findLast((one) => one.getSenders().some(({ track }) => track !== null))
  if (own === undefined) return undefined
  if (state !== null)
    Object.defineProperty(own, 'connectionState', { get: () => state, configurable: true })
  own.dispatchEvent(new Event('connectionstatechange'))
  Reflect.deleteProperty(own, 'connectionState')
  return own.connectionState
}
