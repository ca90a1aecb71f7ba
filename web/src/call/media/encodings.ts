/** How the camera and the microphone are encoded. */
import type { types } from 'mediasoup-client'
import type { Codec } from '@huisclos/e2ee-worker/protocol'

/** What mediasoup-client is told of the encoder of this codec. */
export function encodingOf(
  codec: Codec,
  handlerName: string,
): Pick<types.ProducerOptions, 'codecOptions' | 'encodings'> {
  if (codec === 'opus') return { codecOptions: { opusDtx: true, opusFec: true } }
  // Starts low enough for a slow TLS path; the estimate rises within seconds.
  const codecOptions = { videoGoogleStartBitrate: 600 }
  return { codecOptions, encodings: cameraEncodings(codec, handlerName) }
}

/** The capability that makes mediasoup-client produce exactly this codec, or undefined when the browser lacks it. */
export function capabilityOf(
  codec: Codec,
  capabilities: types.RtpCapabilities,
): types.RtpCodecCapability | undefined {
  const mimeType = `${codec === 'opus' ? 'audio' : 'video'}/${codec}`
  return capabilities.codecs?.find((offered) => offered.mimeType.toLowerCase() === mimeType)
}

/**
 * VP8: three simulcast layers (180p, 360p, 720p of a 720p camera), because Firefox and Chromium both send and decode
 * them. VP9: one stream with three spatial layers in Chromium; Firefox ignores `scalabilityMode`, so a single layer.
 */
function cameraEncodings(codec: 'vp8' | 'vp9', handlerName: string): types.RtpEncodingParameters[] {
  if (codec === 'vp8') {
    return [
      { scaleResolutionDownBy: 4, maxBitrate: 160_000, scalabilityMode: 'L1T3' },
      { scaleResolutionDownBy: 2, maxBitrate: 500_000, scalabilityMode: 'L1T3' },
      { scaleResolutionDownBy: 1, maxBitrate: 1_500_000, scalabilityMode: 'L1T3' },
    ]
  }
  return handlerName.startsWith('Firefox')
    ? [{ maxBitrate: 1_200_000 }]
    : [{ scalabilityMode: 'L3T3_KEY', maxBitrate: 1_500_000 }]
}
