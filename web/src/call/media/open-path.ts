/** The path of a receiving transport, opened before there is anything to receive: TURN, ICE and DTLS are most of a join. */
import type { types } from 'mediasoup-client'

/**
 * A browser opens a path for a description only, so it is given one of a stream that the TCS never sends and nobody
 * hears. It ends when the path stands, so that nothing is described anew while it opens. The path stays.
 * @throws what mediasoup-client throws when the transport is closed meanwhile
 */
export async function openPath(
  transport: types.Transport,
  { recvRtpCapabilities }: types.Device,
): Promise<void> {
  const opus = recvRtpCapabilities.codecs?.find(({ mimeType }) => /^audio\/opus$/i.test(mimeType))
  if (opus?.preferredPayloadType === undefined) return
  const { mimeType, preferredPayloadType: payloadType, clockRate, channels = 2 } = opus
  const consumer = await transport.consume({
    id: 'path',
    producerId: 'path',
    kind: 'audio',
    rtpParameters: {
      // The TCS counts its own from 0.
      mid: 'path',
      codecs: [{ mimeType, payloadType, clockRate, channels }],
      encodings: [{ ssrc: 1 }],
      rtcp: { cname: 'path' },
    },
  })
  const end = (): void => {
    if (transport.connectionState === 'connected') consumer.close()
  }
  transport.on('connectionstatechange', end)
  end()
}
