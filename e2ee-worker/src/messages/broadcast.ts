/**
 * The signed broadcast: a statement of one member to everybody, which nobody else can make, change or repeat.
 *
 * BROADCAST = fields || ECDSA(IK, "E2EE1 bcast\0" || msid || fields)
 * fields    = u8 3 || u8 1 || from[16] || u64 seq || u8 type || vec(body)
 */
import { E2eeError } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { signWith, verifyFrom, type Identity } from '../trust/identity.ts'
import { Reader, fromHex, join, text, toHex, u64, u8, vec, type Bytes } from '../wire.ts'

export const MSG_BROADCAST = 3
/** The longest chat message, 4000 characters of four bytes, is 16 131 bytes. */
const MAX_BROADCAST_BYTES = 16_384
const VERSION = 1
const SIGNATURE_BYTES = 64
const LABEL = text('E2EE1 bcast\0')

interface Broadcast {
  readonly from: MemberId
  /** Strictly increasing per member. */
  readonly seq: number
  readonly type: number
  readonly body: Bytes
}

export interface SignedBroadcast extends Broadcast {
  /** Everything before the signature. */
  readonly fields: Bytes
  readonly signature: Bytes
}

/** `msid` is the session of the meeting: what was signed in one means nothing in another. */
export async function signBroadcast(
  message: Broadcast,
  msid: string,
  identity: Identity,
): Promise<Bytes> {
  const fields = join(
    u8(MSG_BROADCAST),
    u8(VERSION),
    fromHex(message.from, 16),
    u64(message.seq),
    u8(message.type),
    vec(message.body),
  )
  return join(fields, await signWith(identity, join(LABEL, text(msid), fields)))
}

/** @throws E2eeError E_LEN, E_SHORT, E_TRAILING or E_VERSION. */
export function decodeBroadcast(bytes: Uint8Array): SignedBroadcast {
  if (bytes.byteLength > MAX_BROADCAST_BYTES) throw new E2eeError('E_LEN')
  const reader = new Reader(bytes)
  if (reader.u8() !== MSG_BROADCAST || reader.u8() !== VERSION) throw new E2eeError('E_VERSION')
  const message = {
    from: toHex(reader.bytes(16)) as MemberId,
    seq: reader.u64(),
    type: reader.u8(),
    body: reader.vec(),
  }
  const fields = Uint8Array.from(bytes.subarray(0, reader.at))
  const signature = reader.bytes(SIGNATURE_BYTES)
  reader.end()
  return { ...message, fields, signature }
}

/** @throws E2eeError E_ENV_AUTH when this device did not sign it in this session. */
export async function verifyBroadcast(
  { fields, signature }: SignedBroadcast,
  msid: string,
  ikPub: Bytes,
): Promise<void> {
  const signed = join(LABEL, text(msid), fields)
  if (!(await verifyFrom(ikPub, signature, signed))) throw new E2eeError('E_ENV_AUTH')
}
