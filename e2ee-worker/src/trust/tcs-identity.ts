/**
 * What a TCS signs to prove that it is the one the TMMS certifies, which no certificate authority can forge.
 *
 * identity  = "E2EE1 tcs identity\0"  || clientChallenge[32] || SHA-256(token) || memberId[16] || vec(tcsOrigin)
 * transport = "E2EE1 tcs transport\0" || clientChallenge[32] || SHA-256(token) || u8 direction || vec(transportId)
 *             || u8 n || n x (vec(algorithm) || vec(value))
 */
import { E2eeError } from '../errors.ts'
import type { Calls } from '../calls.ts'
import type { MemberId } from '../protocol.ts'
import { fromHex, join, sha256, text, u8, vec, type Bytes } from '../wire.ts'

const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const
const IDENTITY_LABEL = text('E2EE1 tcs identity\0')
const TRANSPORT_LABEL = text('E2EE1 tcs transport\0')
const DIRECTION = { send: 0, recv: 1 } as const
/** mediasoup lists five; more than this is none of its doing. */
const MAX_FINGERPRINTS = 16

/** An identity key that the key set certifies, and the one origin it may speak for. */
export interface TcsKey {
  readonly origin: string
  readonly key: CryptoKey
}

/** By `kid`; made by the key-set check only. */
export type TcsKeys = ReadonlyMap<string, TcsKey>

/** What we asked one TCS to sign: it binds the answers to this connection and to our own proof on it. */
export interface TcsChallenge {
  /** 32 bytes. */
  readonly clientChallenge: Bytes
  /** The token that was handed out together with the challenge. */
  readonly token: string
  readonly memberId: MemberId
  readonly tcsOrigin: string
}

export type TransportProof = Calls['check-transport']['request']

export async function identityMessage(challenge: TcsChallenge): Promise<Bytes> {
  const { clientChallenge, token, memberId, tcsOrigin } = challenge
  return join(
    IDENTITY_LABEL,
    clientChallenge,
    await sha256(text(token)),
    fromHex(memberId, 16),
    vec(text(tcsOrigin)),
  )
}

/** @throws E2eeError E_TCS for a transport without fingerprints, or with more than any has. */
export async function transportMessage(
  { clientChallenge, token }: Pick<TcsChallenge, 'clientChallenge' | 'token'>,
  { direction, transportId, fingerprints }: Omit<TransportProof, 'signature'>,
): Promise<Bytes> {
  if (fingerprints.length === 0 || fingerprints.length > MAX_FINGERPRINTS) {
    throw new E2eeError('E_TCS')
  }
  return join(
    TRANSPORT_LABEL,
    clientChallenge,
    await sha256(text(token)),
    u8(DIRECTION[direction]),
    vec(text(transportId)),
    u8(fingerprints.length),
    ...fingerprints.flatMap(({ algorithm, value }) => [vec(text(algorithm)), vec(text(value))]),
  )
}

export function signedByTcs(key: CryptoKey, signature: Uint8Array, of: Bytes): Promise<boolean> {
  return crypto.subtle.verify(ES256, key, Uint8Array.from(signature), of)
}
