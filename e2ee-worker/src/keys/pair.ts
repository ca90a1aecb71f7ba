/**
 * The pair key K(A->B): ECDH between two ephemeral keys, bound to both HELLOs and to the link secret.
 *
 * okm = HKDF-SHA-512(ss || kss, salt = psk, "E2EE1 pair\0" || u16 suite || A || B || hello_hash_A || hello_hash_B
 *       || SHA-256(kem_ct), 44) = AES-256-GCM key[32] || IV[12]
 */
import { E2eeError } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { fromHex, join, sha256, text, u16, type Bytes } from '../wire.ts'

const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const
const PAIR_LABEL = text('E2EE1 pair\0')
const NONE: Bytes = new Uint8Array(0)

export interface Ephemeral {
  readonly privateKey: CryptoKey
  /** Uncompressed point, 65 bytes. */
  readonly ekPub: Bytes
}

export interface PairKey {
  readonly key: CryptoKey
  readonly iv: Bytes
}

/** What the link secret of the meeting becomes; zero bytes for a link without one. */
export interface LinkPsk {
  /** 64 bytes, salt of every pair key. */
  readonly psk: Bytes
  /** 8 bytes, shown in the HELLO so that a wrong link is told from an attack. */
  readonly pskId: Bytes
}

export interface PairInput {
  readonly suite: number
  /** Sender and receiver of this direction, whoever derives. */
  readonly from: MemberId
  readonly to: MemberId
  readonly helloHashFrom: Bytes
  readonly helloHashTo: Bytes
  readonly ek: CryptoKey
  readonly peerEk: CryptoKey
  readonly psk: Bytes
  /** Suite 2: what the sender's encapsulation gave, and SHA-256 of its ciphertext. Suite 1: null. */
  readonly kem: { readonly secret: Bytes; readonly ciphertextHash: Bytes } | null
}

export async function makeEphemeral(): Promise<Ephemeral> {
  const pair = await crypto.subtle.generateKey(ECDH, false, ['deriveBits'])
  return {
    privateKey: pair.privateKey,
    ekPub: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
  }
}

/**
 * The import is the point check: off the curve, at infinity or compressed is refused.
 * @throws E2eeError E_LEN
 */
export async function importEphemeral(ekPub: Bytes): Promise<CryptoKey> {
  if (ekPub.byteLength !== 65 || ekPub[0] !== 4) throw new E2eeError('E_LEN')
  try {
    return await crypto.subtle.importKey('raw', ekPub, ECDH, false, [])
  } catch (cause) {
    throw new E2eeError('E_LEN', { cause })
  }
}

export async function derivePair(input: PairInput): Promise<PairKey> {
  const shared = await crypto.subtle.deriveBits(
    { name: 'ECDH', public: input.peerEk },
    input.ek,
    256,
  )
  const ikm = join(new Uint8Array(shared), input.kem?.secret ?? NONE)
  const info = join(
    PAIR_LABEL,
    u16(input.suite),
    fromHex(input.from, 16),
    fromHex(input.to, 16),
    input.helloHashFrom,
    input.helloHashTo,
    input.kem?.ciphertextHash ?? (await sha256(NONE)),
  )
  const okm = await hkdf(ikm, input.psk, info, 44)
  const key = await crypto.subtle.importKey('raw', okm.subarray(0, 32), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  const iv = okm.slice(32, 44)
  new Uint8Array(shared).fill(0)
  ikm.fill(0)
  okm.fill(0)
  return { key, iv }
}

/** psk and psk_id of a meeting link. */
export async function derivePsk(linkSecret: Bytes | null, mid: string): Promise<LinkPsk> {
  if (linkSecret === null) return { psk: new Uint8Array(64), pskId: new Uint8Array(8) }
  if (linkSecret.byteLength !== 32) throw new E2eeError('E_PSK')
  return {
    psk: await hkdf(linkSecret, NONE, text(`E2EE1 psk\0${mid}`), 64),
    pskId: await hkdf(linkSecret, NONE, text(`E2EE1 psk id\0${mid}`), 8),
  }
}

async function hkdf(ikm: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-512', salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8))
}
