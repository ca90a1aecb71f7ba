/** WebRTC transports: one announced candidate, ICE over the relay, no SCTP. */
import type { DtlsParameters, WebRtcTransport } from 'mediasoup/types'
import type { UnsignedTransport } from '../room/forwarding.ts'
import type { DtlsParametersWire } from '../wire/rtp-schemas.ts'
import type { Place } from './workers.ts'

export async function openTransport(
  { router, webRtcServer }: Place,
  onDisconnected: (transportId: string) => void,
): Promise<WebRtcTransport> {
  const transport = await router.createWebRtcTransport({
    webRtcServer,
    enableUdp: true,
    // No TCP candidate is told to clients; the worker takes the relay's TCP tuples all the same.
    enableTcp: false,
    preferUdp: true,
    enableSctp: false,
    initialAvailableOutgoingBitrate: 1_000_000,
  })
  transport.on('icestatechange', (state) => {
    if (state === 'disconnected') onDisconnected(transport.id)
  })
  transport.on('dtlsstatechange', (state) => {
    if (state !== 'failed' && state !== 'closed') return
    // A transport without DTLS is of no use any more: the client must make another.
    transport.close()
    onDisconnected(transport.id)
  })
  return transport
}

export function describeTransport(transport: WebRtcTransport): UnsignedTransport {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport
  return { transportId: id, iceParameters, iceCandidates, dtlsParameters }
}

export async function connectTransport(
  transport: WebRtcTransport,
  wire: DtlsParametersWire,
): Promise<void> {
  const { role, fingerprints } = wire
  const dtlsParameters: DtlsParameters =
    role === undefined ? { fingerprints } : { role, fingerprints }
  await transport.connect({ dtlsParameters })
}
