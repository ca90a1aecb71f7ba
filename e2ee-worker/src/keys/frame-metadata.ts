/**
 * Builds the SFrame metadata that binds a frame to its sender, its stream and its clear prefix:
 * `"E2EE1 f\0" || memberId[16] || u8 kind || u8 codec || u16 length || clear prefix as the receiver sees it`.
 */
import { E2eeError } from '../errors.ts'
import type { Codec, StreamDescriptor, StreamKind } from '../protocol.ts'

/** What is sealed without being media: chat. No transform can carry it, and nobody may take it for a picture or sound. */
export interface DataStream {
  readonly idx: 15
  readonly kind: 'data'
  readonly codec: 'none'
}
export const DATA: DataStream = { idx: 15, kind: 'data', codec: 'none' }

/** Every stream a sender key may seal. */
export type SealedStream = StreamDescriptor | DataStream

/** Kinds of media on the wire. */
export const KIND_NUMBER = {
  audio: 1,
  video: 2,
  screen: 3,
  'screen-audio': 4,
} as const satisfies Record<StreamKind, number>

/** Codecs of media on the wire, in SENDER_KEY and in the metadata: Opus 1, VP8 2, VP9 3. */
export const CODEC_NUMBER = {
  opus: 1,
  vp8: 2,
  vp9: 3,
} as const satisfies Record<Codec, number>

/** The same with data: kind 15, codec 0. */
export const SEALED_KIND_NUMBER = { ...KIND_NUMBER, data: 15 } as const
export const SEALED_CODEC_NUMBER = { ...CODEC_NUMBER, none: 0 } as const

const LABEL = new TextEncoder().encode('E2EE1 f\0')
const MEMBER_ID_BYTES = 16
const FIXED_BYTES = LABEL.byteLength + MEMBER_ID_BYTES + 4

/** @throws E2eeError E_LEN when the member id is not 16 bytes. */
export function frameMetadata(
  memberId: Uint8Array,
  kind: SealedStream['kind'],
  codec: SealedStream['codec'],
  clearPrefix: Uint8Array,
): Uint8Array<ArrayBuffer> {
  if (memberId.byteLength !== MEMBER_ID_BYTES) throw new E2eeError('E_LEN')
  const out = new Uint8Array(FIXED_BYTES + clearPrefix.byteLength)
  out.set(LABEL)
  out.set(memberId, LABEL.byteLength)
  const at = LABEL.byteLength + MEMBER_ID_BYTES
  out[at] = SEALED_KIND_NUMBER[kind]
  out[at + 1] = SEALED_CODEC_NUMBER[codec]
  // Prefixes are at most 10 bytes, so the high byte of the u16 length stays zero.
  out[at + 3] = clearPrefix.byteLength
  out.set(clearPrefix, FIXED_BYTES)
  return out
}
