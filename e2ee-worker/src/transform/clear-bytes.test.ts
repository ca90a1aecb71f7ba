/** The synthetic prefixes: what packetisers may read, and nothing of the picture. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Codec } from '../protocol.ts'
import { clearPrefix, clearPrefixLength } from './clear-bytes.ts'

const frame = Uint8Array.from({ length: 40 }, (_, i) => 0xa0 + i)

describe('clear bytes', () => {
  it('a VP8 delta frame has one constant byte that says "not a key frame"', () => {
    expect(clearPrefix('vp8', false, frame.buffer)).toEqual(Uint8Array.of(0x31))
  })

  it('a VP8 key frame has the constant tag and start code, and the picture size of the encoder', () => {
    expect(clearPrefix('vp8', true, frame.buffer)).toEqual(
      Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xa6, 0xa7, 0xa8, 0xa9),
    )
  })

  it('two frames of the same size have the same prefix, whatever they show', () => {
    const content = fc.uint8Array({ minLength: 10, maxLength: 30 })
    fc.assert(
      fc.property(content, content, fc.boolean(), (a, b, key) => {
        const other = Uint8Array.from(b)
        other.set(a.subarray(6, 10), 6)
        const first = clearPrefix('vp8', key, Uint8Array.from(a).buffer)
        expect(clearPrefix('vp8', key, other.buffer)).toEqual(first)
      }),
    )
  })

  it('VP9 and Opus have none', () => {
    for (const codec of ['vp9', 'opus'] as const) {
      expect(clearPrefix(codec, true, frame.buffer)?.byteLength).toBe(0)
      expect(clearPrefixLength(codec, frame)).toBe(0)
    }
  })

  it('the receiver finds the length that the sender wrote', () => {
    for (const key of [true, false]) {
      const prefix = clearPrefix('vp8', key, frame.buffer)!
      const wire = Uint8Array.from([...prefix, 1, 2, 3])
      expect(clearPrefixLength('vp8', wire)).toBe(prefix.byteLength)
    }
    expect(clearPrefixLength('vp8', Uint8Array.of(0x01, 9))).toBe(1)
  })

  it('a frame that cannot be wrapped is refused', () => {
    expect(clearPrefix('vp8', true, new ArrayBuffer(9))).toBeNull()
    expect(clearPrefixLength('vp8', new Uint8Array(0))).toBeNull()
    expect(clearPrefixLength('vp8', new Uint8Array(9))).toBeNull()
    expect(clearPrefix('h264' as Codec, false, frame.buffer)).toBeNull()
    expect(clearPrefixLength('h264' as Codec, frame)).toBeNull()
  })
})
