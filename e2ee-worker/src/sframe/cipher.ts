/**
 * Derives SFrame keys and seals and opens frames, RFC 9605 sections 4.4 and 5.1, for the AES-GCM suites.
 *
 * Huisclos uses suite 0x0005 only; 0x0004 is here because the same code runs its published vectors.
 * @see https://www.rfc-editor.org/rfc/rfc9605#section-4.4
 */
import { E2eeError } from '../errors.ts'
import { MAX_U64, decodeHeader, encodeHeader, type SframeHeader } from './header.ts'
import { Slab } from './slab.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** AES_128_GCM_SHA256_128 and AES_256_GCM_SHA512_128; both have 12-byte nonces and full 16-byte tags. */
export type Suite = 0x0004 | 0x0005

const SUITES = {
  0x0004: { hash: 'SHA-256', keyBits: 128, hashBits: 256 },
  0x0005: { hash: 'SHA-512', keyBits: 256, hashBits: 512 },
} as const

const NONCE_BYTES = 12
const TAG_BYTES = 16
const EMPTY: Bytes = new Uint8Array(0)
const encoder = new TextEncoder()

/** What one KID needs: a non-extractable AES-GCM key and the salt that its nonces start from. */
export interface FrameKey {
  readonly kid: bigint
  readonly key: CryptoKey
  /** 12 bytes. */
  readonly salt: Bytes
}

/** RFC 9605 section 4.4: a base key is for encryption or for decryption, never for both. */
type KeyUse = 'encrypt' | 'decrypt'

/** The SFrame operations over one WebCrypto implementation. */
export interface Cipher {
  deriveFrameKey(baseKey: Bytes, kid: bigint, use: KeyUse, suite?: Suite): Promise<FrameKey>
  /** RFC 9605 section 5.1: the next base key; nothing leads back. Nh bytes: 64 in suite 5. */
  ratchetBaseKey(baseKey: Bytes, suite?: Suite): Promise<Bytes>
  /**
   * Returns header and ciphertext with tag apart, so that the caller copies them into place only once.
   * The caller must never pass the same counter twice for one key.
   * @throws E2eeError E_CTR when the counter has run out.
   */
  seal(
    frameKey: FrameKey,
    ctr: bigint,
    metadata: Uint8Array,
    plaintext: BufferSource,
  ): Promise<Sealed>
  /**
   * `header` spares decoding it twice when the caller already read it from this very ciphertext.
   * @throws E2eeError E_SHORT, E_LEN, E_NO_KEY (another KID) or E_FRAME_AUTH.
   */
  open(
    frameKey: FrameKey,
    ciphertext: Bytes,
    metadata: Uint8Array,
    header?: SframeHeader,
  ): Promise<Bytes>
}

interface Sealed {
  readonly header: Bytes
  readonly body: Bytes
}

/** RFC 9605 over the given WebCrypto. */
export function createCipher(subtle: SubtleCrypto): Cipher {
  const slab = new Slab()

  // RFC 9605 section 4.4.3: aad = header || metadata.
  function gcm(key: FrameKey, ctr: bigint, header: Uint8Array, metadata: Uint8Array): AesGcmParams {
    const iv = slab.take(NONCE_BYTES)
    writeNonce(iv, key.salt, ctr)
    const additionalData = slab.take(header.byteLength + metadata.byteLength)
    additionalData.set(header)
    additionalData.set(metadata, header.byteLength)
    return { name: 'AES-GCM', iv, additionalData, tagLength: TAG_BYTES * 8 }
  }

  async function deriveFrameKey(
    baseKey: Bytes,
    kid: bigint,
    use: KeyUse,
    suite: Suite = 0x0005,
  ): Promise<FrameKey> {
    const { hash, keyBits } = SUITES[suite]
    const ikm = await subtle.importKey('raw', baseKey, 'HKDF', false, ['deriveKey', 'deriveBits'])
    const [key, salt] = await Promise.all([
      subtle.deriveKey(
        { name: 'HKDF', hash, salt: EMPTY, info: secretLabel('key', kid, suite) },
        ikm,
        { name: 'AES-GCM', length: keyBits },
        false,
        [use],
      ),
      subtle.deriveBits(
        { name: 'HKDF', hash, salt: EMPTY, info: secretLabel('salt', kid, suite) },
        ikm,
        NONCE_BYTES * 8,
      ),
    ])
    return { kid, key, salt: new Uint8Array(salt) }
  }

  return {
    deriveFrameKey,

    ratchetBaseKey: (baseKey, suite = 0x0005) => ratchet(subtle, baseKey, suite),

    async seal(frameKey, ctr, metadata, plaintext) {
      // The last counter is never used: whoever reaches it has lost count.
      if (ctr >= MAX_U64) throw new E2eeError('E_CTR')
      const header = encodeHeader(frameKey.kid, ctr)
      const params = gcm(frameKey, ctr, header, metadata)
      return { header, body: new Uint8Array(await subtle.encrypt(params, frameKey.key, plaintext)) }
    },

    async open(frameKey, ciphertext, metadata, header = decodeHeader(ciphertext)) {
      const { kid, ctr, length } = header
      if (kid !== frameKey.kid) throw new E2eeError('E_NO_KEY')
      if (ciphertext.byteLength < length + TAG_BYTES) throw new E2eeError('E_SHORT')
      const params = gcm(frameKey, ctr, ciphertext.subarray(0, length), metadata)
      try {
        return new Uint8Array(
          await subtle.decrypt(params, frameKey.key, ciphertext.subarray(length)),
        )
      } catch (cause) {
        throw new E2eeError('E_FRAME_AUTH', { cause })
      }
    },
  }
}

// RFC 9605 section 5.1. One-shot HKDF with an empty salt is HKDF-Extract("", base_key), then HKDF-Expand.
async function ratchet(subtle: SubtleCrypto, baseKey: Bytes, suite: Suite): Promise<Bytes> {
  const { hash, hashBits } = SUITES[suite]
  const ikm = await subtle.importKey('raw', baseKey, 'HKDF', false, ['deriveBits'])
  const info = encoder.encode('SFrame 1.0 Ratchet')
  const params = { name: 'HKDF', hash, salt: EMPTY, info }
  return new Uint8Array(await subtle.deriveBits(params, ikm, hashBits))
}

/** The cipher of the running browser or Node; it keeps no keys. */
export const sframe: Cipher = createCipher(crypto.subtle)

// RFC 9605 section 4.4.2: "SFrame 1.0 Secret key " || KID || cipher_suite; the space before the number belongs to it.
function secretLabel(what: 'key' | 'salt', kid: bigint, suite: Suite): Bytes {
  const label = encoder.encode(`SFrame 1.0 Secret ${what} `)
  const out = new Uint8Array(label.byteLength + 10)
  out.set(label)
  const view = new DataView(out.buffer)
  view.setBigUint64(label.byteLength, kid)
  view.setUint16(label.byteLength + 8, suite)
  return out
}

// RFC 9605 section 4.4.3: nonce = sframe_salt XOR CTR, byte by byte, because a DataView costs more than all of them.
function writeNonce(iv: Uint8Array, salt: Uint8Array, ctr: bigint): void {
  iv.set(salt)
  let low = Number(ctr & 0xffff_ffffn)
  for (let i = NONCE_BYTES - 1; low !== 0; i--, low >>>= 8) iv[i] = (iv[i] ?? 0) ^ (low & 0xff)
  let high = Number(ctr >> 32n)
  for (let i = NONCE_BYTES - 5; high !== 0; i--, high >>>= 8) iv[i] = (iv[i] ?? 0) ^ (high & 0xff)
}
