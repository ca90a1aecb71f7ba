/** AES-256-GCM as WebCrypto has it, with a nonce from the frame's timestamp and nothing else authenticated. */
import type { EncodedFrame } from '../../e2ee-worker/src/transform/encoded.ts'
import type { BenchFrame } from './encoded.ts'

export type Call = (frame: EncodedFrame) => Promise<ArrayBuffer>

const IV_BYTES = 12

export async function bareCipher(): Promise<{ readonly encrypt: Call; readonly decrypt: Call }> {
  const algorithm = { name: 'AES-GCM', length: 256 }
  const key = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
  return {
    encrypt: (frame) => crypto.subtle.encrypt(paramsFor(frame as BenchFrame), key, frame.data),
    decrypt: (frame) => crypto.subtle.decrypt(paramsFor(frame as BenchFrame), key, frame.data),
  }
}

function paramsFor({ timestamp }: BenchFrame): AesGcmParams {
  const iv = new Uint8Array(IV_BYTES)
  new DataView(iv.buffer).setUint32(8, timestamp)
  return { name: 'AES-GCM', iv }
}
