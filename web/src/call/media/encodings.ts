/** How the camera and the microphone are encoded. */
import type { types } from 'mediasoup-client'
import type { Codec } from '@huisclos/e2ee-worker/protocol'
import { MOST_LAYERS, scalesFor } from './camera-layers.ts'

/** Bits per second of the simulcast layers, the lowest first. */
const LAYER_BITRATES: readonly number[] = [160_000, 500_000, 1_500_000]

/** What mediasoup-client is told of the encoder of this codec, for a source of this size. */
export function encodingOf(
  codec: Codec,
  handlerName: string,
  size: MediaTrackSettings,
): Pick<types.ProducerOptions, 'codecOptions' | 'encodings'> {
  if (codec === 'opus') return { codecOptions: { opusDtx: true, opusFec: true } }
  // Starts low enough for a slow TLS path; the estimate rises within seconds.
  const codecOptions = { videoGoogleStartBitrate: 600 }
  return { codecOptions, encodings: cameraEncodings(codec, handlerName, size) }
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
 * VP8: three simulcast layers, because Firefox and Chromium both send and decode them; `SentStream` stops those that are
 * too many for the camera. VP9: one stream with three spatial layers in Chromium; Firefox ignores `scalabilityMode`, so a single layer.
 */
function cameraEncodings(
  codec: 'vp8' | 'vp9',
  handlerName: string,
  size: MediaTrackSettings,
): types.RtpEncodingParameters[] {
  if (codec === 'vp8') {
    const scales = scalesFor(size)
    return Array.from({ length: MOST_LAYERS }, (_, layer) => ({
      scaleResolutionDownBy: scales[layer] ?? 1,
      maxBitrate: LAYER_BITRATES[layer] ?? 0,
      scalabilityMode: 'L1T3',
    }))
  }
  return handlerName.startsWith('Firefox')
    ? [{ maxBitrate: 1_200_000 }]
    : [{ scalabilityMode: 'L3T3_KEY', maxBitrate: 1_500_000 }]
}
