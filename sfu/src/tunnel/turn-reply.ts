/** What the relay answers: a success with attributes, or an error code of RFC 8656 section 17 with its reason. */
import { Attribute, encodeStun, type StunAttribute, type StunMessage } from './stun.ts'

const FIRST_OPTIONAL = 0x8000
const known = new Set<number>(Object.values(Attribute))

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  486: 'Allocation Quota Reached',
  508: 'Insufficient Capacity',
} as const
type ErrorCode = keyof typeof reasons

export interface Refusal {
  readonly code: ErrorCode
  readonly attributes?: readonly StunAttribute[]
}
export type Outcome = readonly StunAttribute[] | Refusal

/** Signed when a key is given. */
export function encodeReply(request: StunMessage, outcome: Outcome, key?: Buffer): Buffer {
  const { method, transaction } = request
  if (!('code' in outcome)) {
    return encodeStun({ method, class: 'success', transaction, attributes: outcome, key })
  }
  const attributes = [errorCode(outcome.code), ...(outcome.attributes ?? [])]
  return encodeStun({ method, class: 'error', transaction, attributes, key })
}

/** 420 for attributes that must be understood and are not (RFC 8489 section 6.3.1), or null when there are none. */
export function unknownAttributes(message: StunMessage): Refusal | null {
  const types = message.attributes
    .map(([type]) => type)
    .filter((type) => type < FIRST_OPTIONAL && !known.has(type))
  if (types.length === 0) return null
  const value = Buffer.alloc(types.length * 2)
  types.forEach((type, i) => value.writeUInt16BE(type, i * 2))
  return { code: 420, attributes: [[Attribute.unknownAttributes, value]] }
}

function errorCode(code: ErrorCode): StunAttribute {
  const head = Buffer.from([0, 0, Math.floor(code / 100), code % 100])
  return [Attribute.errorCode, Buffer.concat([head, Buffer.from(reasons[code])])]
}
