/** A TCS for tests: an identity key, and what it signs, written down a second time and with Node's own cryptography. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'

export const TCS_ORIGIN = 'https://tcs.example'

export interface Asked {
  readonly clientChallenge: Uint8Array
  readonly token: string
}

export interface Transport {
  readonly transportId: string
  readonly direction: 'send' | 'recv'
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[]
}

export interface FakeTcs {
  readonly kid: string
  /** As the key set lists it. */
  readonly jwk: JWK & { readonly origin: string }
  signIdentity(asked: Asked, memberId: string, origin?: string): Uint8Array
  signTransport(asked: Asked, transport: Transport): Uint8Array
}

export async function fakeTcs(origin = TCS_ORIGIN): Promise<FakeTcs> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  const signed = (...parts: (Buffer | Uint8Array)[]): Uint8Array =>
    new Uint8Array(
      sign('sha256', Buffer.concat(parts), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    )
  return {
    kid,
    jwk: { ...jwk, kid, origin },
    signIdentity: ({ clientChallenge, token }, memberId, named = origin) =>
      signed(
        Buffer.from('E2EE1 tcs identity\0'),
        clientChallenge,
        createHash('sha256').update(token).digest(),
        Buffer.from(memberId, 'hex'),
        lengthed(named),
      ),
    signTransport: ({ clientChallenge, token }, { transportId, direction, fingerprints }) =>
      signed(
        Buffer.from('E2EE1 tcs transport\0'),
        clientChallenge,
        createHash('sha256').update(token).digest(),
        Buffer.of(direction === 'send' ? 0 : 1),
        lengthed(transportId),
        Buffer.of(fingerprints.length),
        ...fingerprints.flatMap(({ algorithm, value }) => [lengthed(algorithm), lengthed(value)]),
      ),
  }
}

function lengthed(text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}
