/** What members send each other: the kinds of streams, the place of each in the KID, and who stands behind its frames. */

/** What a stream shows; authenticated in the sender key, never taken from the TCS. */
export type StreamKind = 'audio' | 'video' | 'screen' | 'screen-audio'

/** Codecs the worker knows how to wrap; frames of any other codec are dropped. */
export type Codec = 'opus' | 'vp8' | 'vp9'

/** Stream index (0..15) of a kind, the same for every member: it rides in the KID. */
export const STREAM_INDEX = { audio: 0, video: 1, screen: 2, 'screen-audio': 3 } as const

export interface StreamDescriptor {
  readonly idx: number
  readonly kind: StreamKind
  readonly codec: Codec
}

/** Whether a sender's signature stands behind the frames of a stream, behind none, or behind others. */
export type Authenticity = 'vouched' | 'unvouched' | 'forged'
