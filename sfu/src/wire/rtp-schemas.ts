/**
 * Shapes and ranges of mediasoup's descriptions, checked before they come near mediasoup: it writes them into a buffer
 * that all rooms of a worker share, and a value that makes it throw half-way would spoil that buffer for everyone.
 * Unknown members are dropped, because browsers' capabilities carry more than mediasoup reads.
 */
import { z } from 'zod'

const uint32 = z.int().min(0).max(0xffffffff)
const payloadType = z.int().min(0).max(127)
const name = z.string().min(1).max(64)
const kind = z.enum(['audio', 'video'])
const mimeType = z.string().regex(/^(audio|video)\/[A-Za-z0-9.+-]{1,32}$/)

// Codec parameters are an open list (fmtp); a forbidden name would reach Object.prototype in a clone.
const parameterName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/)
  .refine((key) => !['__proto__', 'constructor', 'prototype'].includes(key))
const parameterValue = z.union([
  z.string().max(256),
  z.int().min(-0x80000000).max(0x7fffffff),
  z.boolean(),
])
const parameters = z
  .record(parameterName, parameterValue)
  .refine((record) => Object.keys(record).length <= 32)

const rtcpFeedback = z
  .array(z.object({ type: name, parameter: z.string().max(64).optional() }))
  .max(16)

const codecParameters = z.object({
  mimeType,
  payloadType,
  clockRate: uint32.min(1),
  channels: z.int().min(1).max(8).optional(),
  parameters: parameters.optional(),
  rtcpFeedback: rtcpFeedback.optional(),
})

const encoding = z.object({
  ssrc: uint32.min(1).optional(),
  rid: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/)
    .optional(),
  codecPayloadType: payloadType.optional(),
  rtx: z.object({ ssrc: uint32.min(1) }).optional(),
  dtx: z.boolean().optional(),
  scalabilityMode: z
    .string()
    .regex(/^[LS][1-8]T[1-8](_KEY(_SHIFT)?)?$/)
    .optional(),
  maxBitrate: uint32.optional(),
})

export const rtpParameters = z.object({
  mid: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,16}$/)
    .optional(),
  codecs: z.array(codecParameters).min(1).max(16),
  headerExtensions: z
    .array(
      z.object({
        uri: z.string().max(128),
        id: z.int().min(1).max(255),
        encrypt: z.boolean().optional(),
        parameters: parameters.optional(),
      }),
    )
    .max(32)
    .optional(),
  encodings: z.array(encoding).min(1).max(3).optional(),
  rtcp: z
    .object({ cname: z.string().max(64).optional(), reducedSize: z.boolean().optional() })
    .optional(),
  msid: z.string().max(160).optional(),
})

export const rtpCapabilities = z.object({
  codecs: z
    .array(
      codecParameters
        .omit({ payloadType: true })
        .extend({ kind, preferredPayloadType: payloadType }),
    )
    .max(128),
  headerExtensions: z
    .array(
      z.object({
        kind,
        uri: z.string().max(128),
        preferredId: z.int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(64)
    .optional(),
})

const digestBytes = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const

// RFC 8122 §5; SHA-1 is left out, because a fingerprint is all that ties DTLS to this member.
const fingerprint = z
  .object({
    algorithm: z.enum(['sha-256', 'sha-384', 'sha-512']),
    value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})+$/),
  })
  .refine(({ algorithm, value }) => value.length === digestBytes[algorithm] * 3 - 1)

export const dtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z.array(fingerprint).min(1).max(8),
})

export type DtlsParametersWire = z.infer<typeof dtlsParameters>
