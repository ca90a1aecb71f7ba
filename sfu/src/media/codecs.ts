/** The codecs of every router: Opus, and VP8 and VP9 with retransmission, which mediasoup adds by itself. */
import { ortc } from 'mediasoup'
import type { RouterRtpCapabilities, RouterRtpCodecCapability } from 'mediasoup/types'

export const MEDIA_CODECS: RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/VP9',
    clockRate: 90_000,
    parameters: { 'profile-id': 0 },
  },
]

/** What `router.rtpCapabilities` will say, known before any router exists. */
export function routerRtpCapabilities(): RouterRtpCapabilities {
  return ortc.generateRouterRtpCapabilities(structuredClone(MEDIA_CODECS))
}
