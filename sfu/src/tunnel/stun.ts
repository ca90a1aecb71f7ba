/** STUN messages (RFC 8489) with the TURN methods and attributes (RFC 8656): bytes in, values out, and back. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

export const HEADER_BYTES = 20
export const COOKIE = 0x2112a442

export const Method = {
  binding: 1,
  allocate: 3,
  refresh: 4,
  send: 6,
  data: 7,
  createPermission: 8,
  channelBind: 9,
} as const

export const Attribute = {
  username: 0x06,
  messageIntegrity: 0x08,
  errorCode: 0x09,
  unknownAttributes: 0x0a,
  channelNumber: 0x0c,
  lifetime: 0x0d,
  xorPeerAddress: 0x12,
  data: 0x13,
  realm: 0x14,
  nonce: 0x15,
  xorRelayedAddress: 0x16,
  requestedAddressFamily: 0x17,
  evenPort: 0x18,
  requestedTransport: 0x19,
  xorMappedAddress: 0x20,
  reservationToken: 0x22,
  fingerprint: 0x8028,
} as const

export type StunClass = 'request' | 'indication' | 'success' | 'error'
const classes: readonly StunClass[] = ['request', 'indication', 'success', 'error']

export type StunAttribute = readonly [type: number, value: Buffer]

export interface StunMessage {
  readonly bytes: Buffer
  readonly method: number
  readonly class: StunClass
  /** The 12-byte transaction id. */
  readonly transaction: Buffer
  /** Those before MESSAGE-INTEGRITY; what follows it is not protected and is not kept. */
  readonly attributes: readonly StunAttribute[]
  /** Where MESSAGE-INTEGRITY starts, or -1. */
  readonly integrityAt: number
}

/** Null for anything that is not exactly one well-formed message, a wrong FINGERPRINT included. */
export function decodeStun(bytes: Buffer): StunMessage | null {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(4) !== COOKIE) return null
  const type = bytes.readUInt16BE(0)
  if (type > 0x3fff || bytes.readUInt16BE(2) !== bytes.length - HEADER_BYTES) return null
  const body = decodeAttributes(bytes)
  if (body === null) return null
  return {
    bytes,
    // RFC 8489 section 5: the two class bits (0x0110) sit between the bits of the method.
    method: (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2),
    class: classes[((type & 0x0100) >> 7) | ((type & 0x0010) >> 4)] ?? 'request',
    transaction: bytes.subarray(8, HEADER_BYTES),
    ...body,
  }
}

function decodeAttributes(
  bytes: Buffer,
): { attributes: StunAttribute[]; integrityAt: number } | null {
  const attributes: StunAttribute[] = []
  let integrityAt = -1
  for (let at = HEADER_BYTES; at < bytes.length;) {
    if (bytes.length - at < 4) return null
    const type = bytes.readUInt16BE(at)
    const length = bytes.readUInt16BE(at + 2)
    const value = bytes.subarray(at + 4, at + 4 + length)
    if (value.length !== length) return null
    if (type === Attribute.fingerprint) {
      const last = length === 4 && at + 8 === bytes.length
      return last && hasFingerprint(bytes) ? { attributes, integrityAt } : null
    }
    if (integrityAt === -1 && type === Attribute.messageIntegrity) integrityAt = at
    else if (integrityAt === -1) attributes.push([type, value])
    at += 4 + padded(length)
    if (at > bytes.length) return null
  }
  return { attributes, integrityAt }
}

export function attributeOf(message: StunMessage, type: number): Buffer | undefined {
  return message.attributes.find((attribute) => attribute[0] === type)?.[1]
}

/** The key of the long-term mechanism, RFC 8489 section 9.2.2. */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest()
}

export function hasIntegrity(message: StunMessage, key: Buffer): boolean {
  const { bytes, integrityAt } = message
  if (integrityAt === -1 || bytes.readUInt16BE(integrityAt + 2) !== 20) return false
  const given = bytes.subarray(integrityAt + 4, integrityAt + 24)
  return timingSafeEqual(given, integrityOf(bytes.subarray(0, integrityAt), key))
}

export interface StunDraft {
  readonly method: number
  readonly class: StunClass
  readonly transaction: Buffer
  readonly attributes: readonly StunAttribute[]
  /** Signs the message when given. */
  readonly key?: Buffer | undefined
  readonly fingerprint?: boolean
}

export function encodeStun(draft: StunDraft): Buffer {
  let body = Buffer.concat(draft.attributes.map(([type, value]) => encodeAttribute(type, value)))
  if (draft.key !== undefined) {
    const signed = Buffer.concat([header(draft, body.length), body])
    const integrity = integrityOf(signed, draft.key)
    body = Buffer.concat([body, encodeAttribute(Attribute.messageIntegrity, integrity)])
  }
  if (draft.fingerprint !== true) return Buffer.concat([header(draft, body.length), body])
  const covered = Buffer.concat([header(draft, body.length + 8), body])
  return Buffer.concat([covered, encodeAttribute(Attribute.fingerprint, fingerprintOf(covered))])
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function padded(length: number): number {
  return (length + 3) & ~3
}

function header(draft: StunDraft, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  const bits = classes.indexOf(draft.class)
  const { method } = draft
  const spread = (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2)
  bytes.writeUInt16BE(spread | ((bits & 1) << 4) | ((bits & 2) << 7), 0)
  bytes.writeUInt16BE(length, 2)
  bytes.writeUInt32BE(COOKIE, 4)
  draft.transaction.copy(bytes, 8)
  return bytes
}

function encodeAttribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length))
  bytes.writeUInt16BE(type, 0)
  bytes.writeUInt16BE(value.length, 2)
  value.copy(bytes, 4)
  return bytes
}

// RFC 8489 section 14.5: the length in the header is made to end right after MESSAGE-INTEGRITY.
function integrityOf(before: Buffer, key: Buffer): Buffer {
  const covered = Buffer.from(before)
  covered.writeUInt16BE(before.length - HEADER_BYTES + 24, 2)
  return createHmac('sha1', key).update(covered).digest()
}

function hasFingerprint(bytes: Buffer): boolean {
  const at = bytes.length - 8
  return bytes.subarray(at + 4).equals(fingerprintOf(bytes.subarray(0, at)))
}

function fingerprintOf(covered: Buffer): Buffer {
  return uint32((crc32(covered) ^ 0x5354554e) >>> 0)
}
