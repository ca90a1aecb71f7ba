/** Short and long frames are hashed by different code to the same end. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { hashFrame } from './frame-hash.ts'

function hashOf(frame: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Promise((resolve) => {
    hashFrame(frame, (high, low) =>
      resolve([high, low].map((half) => half.toString(16).padStart(8, '0')).join('')),
    )
  })
}

it.each([0, 1, 55, 56, 63, 64, 120, 1200, 4095, 4096, 5000, 100_000])(
  '%i bytes: the first 8 bytes of SHA-256',
  async (length) => {
    const frame = Uint8Array.from({ length: length + 3 }, (_, i) => i * 7).subarray(3)
    const expected = createHash('sha256').update(frame).digest('hex').slice(0, 16)
    expect(await hashOf(frame)).toBe(expected)
  },
)

it('a short frame is hashed before anything else happens', () => {
  let done = false
  hashFrame(new Uint8Array(1200), () => (done = true))
  expect(done).toBe(true)
})
