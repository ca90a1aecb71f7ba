/**
 * Safety numbers: what two people compare to be sure that nobody stands between their devices.
 *
 * Signal's numeric fingerprint: hash_0 = 0x0001 || ik_pub || sub, hash_(i+1) = SHA-512(hash_i || ik_pub), 5200 times.
 */
import { base64url } from 'jose'
import { join, text, u16, type Bytes } from '../wire.ts'

const VERSION = 1
/** Makes trying keys for a look-alike number so much dearer; about 0.1 s, in steps that let frames pass. */
const ITERATIONS = 5200
const CHUNKS = 6
const CHUNK_BYTES = 5
const QR_PREFIX = 'huisclos:1:'

export interface SafetyNumber {
  /** Twelve groups of five. */
  readonly digits: string
  readonly qr: string
}

/** 64 bytes for one device of one person. */
export async function fingerprint(ikPub: Bytes, sub: string): Promise<Bytes> {
  let hash = join(u16(VERSION), ikPub, text(sub))
  for (let i = 0; i < ITERATIONS; i++) {
    hash = new Uint8Array(await crypto.subtle.digest('SHA-512', join(hash, ikPub)))
  }
  return hash
}

/** The same for both sides: the lower half comes first, whoever it belongs to. */
export function safetyNumber(own: Bytes, theirs: Bytes): SafetyNumber {
  const halves = [own, theirs].map((hash) => ({ hash, digits: digitsOf(hash) }))
  halves.sort((a, b) => (a.digits < b.digits ? -1 : 1))
  const digits = halves.map((half) => half.digits).join('')
  return {
    digits: (digits.match(/\d{5}/g) ?? []).join(' '),
    qr: QR_PREFIX + base64url.encode(join(...halves.map(({ hash }) => hash))),
  }
}

/** Of each five of the first thirty bytes, as a big-endian number, the last five digits. */
function digitsOf(hash: Bytes): string {
  const chunks = Array.from({ length: CHUNKS }, (_, i) => {
    const chunk = hash.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)
    // 40 bits fit a Number exactly.
    const value = chunk.reduce((sum, byte) => sum * 256 + byte, 0)
    return String(value % 100_000).padStart(5, '0')
  })
  return chunks.join('')
}
