/** What every request must look like; a member too many is refused like one too few. */
import { z } from 'zod'
import type { PeerId, RequestType, Requests } from '../protocol.ts'
import { dtlsParameters, rtpCapabilities, rtpParameters } from './rtp-schemas.ts'

/** Of a meeting token. */
export const TOKEN_MAX_CHARACTERS = 4096
const MESSAGE_BYTES = 64 * 1024
const BATCH_BYTES = 200 * 1024
const BATCH_MESSAGES = 500

const nothing = z.strictObject({})
const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/)
const layer = z.int().min(0).max(7)
const peerId = z.custom<PeerId>(
  (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
)
const ofTransport = z.strictObject({ transportId: id })
const ofProducer = z.strictObject({ producerId: id })
const ofConsumer = z.strictObject({ consumerId: id })

export function bytes(min: number, max: number): z.ZodType<Uint8Array> {
  return z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length >= min && value.length <= max,
  )
}

export const SCHEMAS = {
  join: z.strictObject({ rtpCapabilities }),
  leave: nothing,
  'renew-token': z.strictObject({ token: z.string().min(1).max(TOKEN_MAX_CHARACTERS) }),
  'relay-credentials': nothing,
  'create-transport': z.strictObject({ direction: z.enum(['send', 'recv']) }),
  'connect-transport': z.strictObject({ transportId: id, dtlsParameters }),
  'restart-ice': ofTransport,
  produce: z
    .strictObject({
      transportId: id,
      kind: z.enum(['audio', 'video']),
      source: z.enum(['audio', 'video', 'screen', 'screen-audio']),
      rtpParameters,
      paused: z.boolean(),
    })
    // mediasoup does not compare the two, and the permission hangs on the kind.
    .refine(({ kind, rtpParameters: { codecs } }) =>
      codecs.every(({ mimeType }) => mimeType.startsWith(`${kind}/`)),
    ),
  'pause-producer': ofProducer,
  'resume-producer': ofProducer,
  'close-producer': ofProducer,
  consume: z.strictObject({ transportId: id, producerId: id }),
  'pause-consumer': ofConsumer,
  'resume-consumer': ofConsumer,
  'close-consumer': ofConsumer,
  'prefer-layers': z.strictObject({ consumerId: id, spatial: layer, temporal: layer }),
  'request-key-frame': ofConsumer,
  'e2ee-message': z.strictObject({
    to: z.union([peerId, z.literal('*')]),
    bytes: bytes(1, MESSAGE_BYTES),
  }),
  'e2ee-messages': z
    .strictObject({
      to: z.array(peerId).min(1).max(BATCH_MESSAGES),
      lengths: z.array(z.int().min(1).max(MESSAGE_BYTES)).max(BATCH_MESSAGES),
      bytes: bytes(1, BATCH_BYTES),
    })
    .refine(
      ({ to, lengths, bytes: all }) =>
        lengths.length === to.length &&
        lengths.reduce((sum, length) => sum + length, 0) === all.length,
    ),
} as const satisfies { readonly [T in RequestType]: z.ZodType<Requests[T]['request']> }

export function isRequestType(type: unknown): type is RequestType {
  return typeof type === 'string' && Object.hasOwn(SCHEMAS, type)
}
