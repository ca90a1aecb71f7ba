/**
 * The AES-CTR-HMAC suites of RFC 9605 section 4.5.1, for the vectors only: the product never uses a short tag.
 */
import { encodeHeader } from '../src/sframe/header.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Tag bytes by suite. */
const TAG_BYTES: Readonly<Record<number, number>> = { 1: 10, 2: 8, 3: 4 }
const ENC_KEY_BYTES = 16
const AUTH_KEY_BYTES = 32

interface Keyed {
  readonly suite: number
  /** enc_key[16] || auth_key[32]. */
  readonly key: Bytes
  readonly nonce: Bytes
}

export async function sealCtrHmac(
  { suite, key, nonce }: Keyed,
  aad: Bytes,
  pt: Bytes,
): Promise<Bytes> {
  const { subtle } = crypto
  const tagBytes = TAG_BYTES[suite] ?? 0
  const encKey = await subtle.importKey('raw', key.slice(0, ENC_KEY_BYTES), 'AES-CTR', false, [
    'encrypt',
  ])
  const counter = concat(nonce, new Uint8Array(4))
  const ct = new Uint8Array(
    await subtle.encrypt({ name: 'AES-CTR', counter, length: 32 }, encKey, pt),
  )
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const authKey = await subtle.importKey('raw', key.slice(ENC_KEY_BYTES), hmac, false, ['sign'])
  const lengths = concat(u64(aad.byteLength), u64(ct.byteLength), u64(tagBytes))
  const tag = await subtle.sign('HMAC', authKey, concat(lengths, nonce, aad, ct))
  return concat(ct, new Uint8Array(tag, 0, tagBytes))
}

/** A whole SFrame ciphertext: RFC 9605 section 4.4 with suites 1 to 3. */
export async function sealSframeCtr(
  suite: number,
  id: { readonly kid: bigint; readonly ctr: bigint },
  baseKey: Bytes,
  frame: { readonly metadata: Bytes; readonly pt: Bytes },
): Promise<Bytes> {
  const key = await derive(baseKey, 'key', id.kid, suite)
  const nonce = await derive(baseKey, 'salt', id.kid, suite)
  const view = new DataView(nonce.buffer)
  view.setBigUint64(4, view.getBigUint64(4) ^ id.ctr)
  const header = encodeHeader(id.kid, id.ctr)
  const sealed = await sealCtrHmac({ suite, key, nonce }, concat(header, frame.metadata), frame.pt)
  return concat(header, sealed)
}

async function derive(
  baseKey: Bytes,
  what: 'key' | 'salt',
  kid: bigint,
  suite: number,
): Promise<Bytes> {
  const ikm = await crypto.subtle.importKey('raw', baseKey, 'HKDF', false, ['deriveBits'])
  const label = new TextEncoder().encode(`SFrame 1.0 Secret ${what} `)
  const info = concat(label, u64(kid), u64(suite).slice(6))
  const bits = what === 'key' ? (ENC_KEY_BYTES + AUTH_KEY_BYTES) * 8 : 96
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
  return new Uint8Array(await crypto.subtle.deriveBits(params, ikm, bits))
}

function u64(value: number | bigint): Bytes {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, BigInt(value))
  return out
}

function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.byteLength
  }
  return out
}
