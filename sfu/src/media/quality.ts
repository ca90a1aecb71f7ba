/** How well the media of one peer travels, from mediasoup's own numbers; nothing of content, and no addresses. */
import type { Quality } from '@huisclos/tmms/contract/presence'
import type { Producer, WebRtcTransport } from 'mediasoup/types'

interface Measured {
  readonly send: Iterable<WebRtcTransport>
  readonly recv: Iterable<WebRtcTransport>
  readonly producers: Iterable<Producer>
}

/** Rejects when the media worker is gone. */
export async function qualityOf({ send, recv, producers }: Measured): Promise<Quality> {
  const [up, down] = await Promise.all([statsOf(send), statsOf(recv)])
  return {
    sendsBps: sum(up.map(({ recvBitrate }) => recvBitrate)),
    receivesBps: sum(down.map(({ sendBitrate }) => sendBitrate)),
    lostOfSent: worst(up.map(({ rtpPacketLossReceived }) => rtpPacketLossReceived)),
    lostOfReceived: worst(down.map(({ rtpPacketLossSent }) => rtpPacketLossSent)),
    score: lowest(Array.from(producers).filter(({ paused }) => !paused)),
  }
}

async function statsOf(transports: Iterable<WebRtcTransport>) {
  return (await Promise.all(Array.from(transports, (one) => one.getStats()))).flat()
}

function sum(rates: readonly number[]): number {
  return Math.round(rates.reduce((total, one) => total + one, 0))
}

/** mediasoup leaves it out until reports came. */
function worst(losses: readonly (number | undefined)[]): number | null {
  const known = losses.filter((loss) => loss !== undefined)
  return known.length === 0 ? null : Math.min(1, Math.max(0, ...known))
}

/** The best layer of each stream counts: the others may be off on purpose. */
function lowest(producers: readonly Producer[]): number | null {
  const scores = producers
    .filter(({ score }) => score.length > 0)
    .map(({ score }) => Math.max(...score.map((one) => one.score)))
  return scores.length === 0 ? null : Math.min(...scores)
}
