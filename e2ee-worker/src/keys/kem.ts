/**
 * ML-KEM-768 (FIPS 203), the post-quantum half of suite 2: the browser's own where it has one, JavaScript elsewhere.
 *
 * Both give and take the same bytes. Chromium's is some thirty times faster and keeps the private key unreadable.
 */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { E2eeError } from '../errors.ts'
import type { Bytes } from '../wire.ts'

export const KEM_PUB_BYTES = 1184
export const KEM_CT_BYTES = 1088
const ALGORITHM = { name: 'ML-KEM-768' } as const
const MODULUS = 3329
/** Three polynomials of 256 coefficients, 12 bits each; a 32-byte seed follows them. */
const COEFFICIENT_BYTES = 1152

export interface Encapsulated {
  /** 32 bytes; the caller erases them. */
  readonly secret: Bytes
  readonly ciphertext: Bytes
}

/** A key pair of ours; each lives as long as one ephemeral key. */
export interface KemKey {
  readonly kemPub: Bytes
  /**
   * 32 bytes for every ciphertext of the right length: a forged one yields a secret that nobody else has, so that a
   * forgery shows when an envelope does not open, never here (FIPS 203 section 6.3, implicit rejection).
   */
  decapsulate(ciphertext: Bytes): Promise<Bytes>
  erase(): void
}

export interface Kem {
  generate(): Promise<KemKey>
  /** `kemPub` must have passed `checkKemPub`. */
  encapsulate(kemPub: Bytes): Promise<Encapsulated>
}

/** The methods that TypeScript's own WebCrypto types lack. */
interface KemCrypto {
  generateKey(
    algorithm: typeof ALGORITHM,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKeyPair>
  exportKey(format: 'raw-public', key: CryptoKey): Promise<ArrayBuffer>
  importKey(
    format: 'raw-public',
    bytes: Bytes,
    algorithm: typeof ALGORITHM,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>
  encapsulateBits(
    algorithm: typeof ALGORITHM,
    key: CryptoKey,
  ): Promise<{ readonly sharedKey: ArrayBuffer; readonly ciphertext: ArrayBuffer }>
  decapsulateBits(
    algorithm: typeof ALGORITHM,
    key: CryptoKey,
    ciphertext: Bytes,
  ): Promise<ArrayBuffer>
}

/** The browser's own, when it really works: the methods alone do not say which algorithms they know. */
export async function chooseKem(): Promise<Kem> {
  const subtle = crypto.subtle as unknown as KemCrypto
  try {
    const kem = nativeKem(subtle)
    const key = await kem.generate()
    const { ciphertext } = await kem.encapsulate(key.kemPub)
    await key.decapsulate(ciphertext)
    return kem
  } catch {
    return nobleKem
  }
}

/** FIPS 203 section 7.2: the length, and every coefficient below the modulus. @throws E2eeError E_LEN */
export function checkKemPub(kemPub: Bytes): void {
  if (kemPub.byteLength !== KEM_PUB_BYTES) throw new E2eeError('E_LEN')
  for (let i = 0; i < COEFFICIENT_BYTES; i += 3) {
    const [low = 0, middle = 0, high = 0] = kemPub.subarray(i, i + 3)
    const first = low | ((middle & 15) << 8)
    const second = (middle >> 4) | (high << 4)
    if (first >= MODULUS || second >= MODULUS) throw new E2eeError('E_LEN')
  }
}

function nativeKem(subtle: KemCrypto): Kem {
  return {
    generate: async () => {
      const pair = await subtle.generateKey(ALGORITHM, false, [
        'encapsulateBits',
        'decapsulateBits',
      ])
      return new NativeKey(subtle, pair.privateKey, await publicBytes(subtle, pair.publicKey))
    },
    encapsulate: async (kemPub) => {
      const key = await subtle.importKey('raw-public', kemPub, ALGORITHM, false, [
        'encapsulateBits',
      ])
      const { sharedKey, ciphertext } = await subtle.encapsulateBits(ALGORITHM, key)
      return { secret: new Uint8Array(sharedKey), ciphertext: new Uint8Array(ciphertext) }
    },
  }
}

export const nobleKem: Kem = {
  generate: () => {
    const { publicKey, secretKey } = ml_kem768.keygen()
    return Promise.resolve(new NobleKey(secretKey, publicKey))
  },
  encapsulate: (kemPub) => {
    const { sharedSecret, cipherText } = ml_kem768.encapsulate(kemPub)
    return Promise.resolve({ secret: sharedSecret, ciphertext: cipherText })
  },
}

class NativeKey implements KemKey {
  readonly kemPub: Bytes
  readonly #subtle: KemCrypto
  #privateKey: CryptoKey | null

  constructor(subtle: KemCrypto, privateKey: CryptoKey, kemPub: Bytes) {
    this.kemPub = kemPub
    this.#subtle = subtle
    this.#privateKey = privateKey
  }

  async decapsulate(ciphertext: Bytes): Promise<Bytes> {
    checkCiphertext(ciphertext)
    if (this.#privateKey === null) throw new E2eeError('E_STATE')
    const secret = await this.#subtle.decapsulateBits(ALGORITHM, this.#privateKey, ciphertext)
    return new Uint8Array(secret)
  }

  erase(): void {
    this.#privateKey = null
  }
}

class NobleKey implements KemKey {
  readonly kemPub: Bytes
  #secretKey: Bytes | null

  constructor(secretKey: Bytes, kemPub: Bytes) {
    this.kemPub = kemPub
    this.#secretKey = secretKey
  }

  decapsulate(ciphertext: Bytes): Promise<Bytes> {
    return new Promise((resolve) => {
      checkCiphertext(ciphertext)
      if (this.#secretKey === null) throw new E2eeError('E_STATE')
      resolve(ml_kem768.decapsulate(ciphertext, this.#secretKey))
    })
  }

  erase(): void {
    this.#secretKey?.fill(0)
    this.#secretKey = null
  }
}

function checkCiphertext(ciphertext: Bytes): void {
  if (ciphertext.byteLength !== KEM_CT_BYTES) throw new E2eeError('E_LEN')
}

async function publicBytes(subtle: KemCrypto, key: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await subtle.exportKey('raw-public', key))
}
