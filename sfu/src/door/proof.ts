/** Who is calling: the proof that the caller holds the device key that its meeting token names. */
import { createHash, verify } from 'node:crypto'
import { z } from 'zod'
import { TcsError } from '../errors.ts'
import type { Authenticate, PeerId } from '../protocol.ts'
import { bytes, TOKEN_MAX_CHARACTERS } from '../wire/schemas.ts'
import { deviceKey, POINT_BYTES } from './device-key.ts'
import type { ProofAsked } from './identity.ts'
import { verifyToken, type Token, type TokenExpected } from './token.ts'

export interface Expected extends TokenExpected {
  /** What the caller signs, together with the origin. */
  readonly challenge: Uint8Array
}

export interface Caller extends Token {
  readonly peerId: PeerId
  /** What it wants the TCS to prove. */
  readonly asked: ProofAsked
}

const proofSchema = z.strictObject({
  token: z.string().min(1).max(TOKEN_MAX_CHARACTERS),
  ikPub: bytes(POINT_BYTES, POINT_BYTES),
  nonce: bytes(32, 32),
  signature: bytes(64, 64),
  clientChallenge: bytes(32, 32),
})

/** @throws {TcsError} `refused`, whatever was wrong; the detail is for the log. */
export async function verifyProof(proof: unknown, expected: Expected): Promise<Caller> {
  const parsed = proofSchema.safeParse(proof)
  if (!parsed.success) throw new TcsError('refused', 'malformed proof')
  const { token: jwt, ikPub, nonce, signature, clientChallenge } = parsed.data
  const token = await verifyToken(jwt, expected, ikPub)
  const tokenHash = createHash('sha256').update(jwt).digest()
  const signed = signedBytes(tokenHash, expected)
  const key = deviceKey(ikPub)
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw new TcsError('refused', 'the signature is not by the device key')
  }
  const peerId = memberId(token.msid, ikPub, nonce)
  return { ...token, peerId, asked: { clientChallenge, tokenHash } }
}

function signedBytes(tokenHash: Uint8Array, { challenge, origin }: Expected): Buffer {
  return Buffer.concat([Buffer.from('E2EE1 tcs auth\0'), challenge, tokenHash, Buffer.from(origin)])
}

/** E2EE1: SHA-256("E2EE1 member\0" || vec(msid) || ik_pub || nonce), the first 16 bytes. */
export function memberId(
  msid: string,
  ikPub: Authenticate['ikPub'],
  nonce: Authenticate['nonce'],
): PeerId {
  const session = Buffer.from(msid)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(session.length)
  const digest = createHash('sha256')
    .update('E2EE1 member\0')
    .update(length)
    .update(session)
    .update(ikPub)
    .update(nonce)
    .digest()
  return digest.subarray(0, 16).toString('hex') as PeerId
}
