/** The header codec against itself and against malformed input. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rfc9605, bytes } from '../../vectors/load.ts'
import { MAX_U64, decodeHeader, encodeHeader } from './header.ts'

const u64 = fc.bigInt({ min: 0n, max: MAX_U64 })
const failure = (code: string) => expect.objectContaining({ code }) as Error

describe('SFrame header', () => {
  it('decodes what it encoded, in the shortest form, whatever follows', () => {
    fc.assert(
      fc.property(u64, u64, fc.uint8Array({ maxLength: 8 }), (kid, ctr, rest) => {
        const header = encodeHeader(kid, ctr)
        const decoded = decodeHeader(Uint8Array.from([...header, ...rest]))
        expect(decoded).toEqual({ kid, ctr, length: header.byteLength })
      }),
    )
  })

  it('refuses every truncation of every header of the RFC', () => {
    for (const { encoded } of rfc9605.header) {
      const header = bytes(encoded)
      for (let length = 0; length < header.byteLength; length++) {
        expect(() => decodeHeader(header.subarray(0, length))).toThrow(failure('E_SHORT'))
      }
    }
  })

  it.each([
    ['a KID below 8 in its own byte', '8007'],
    ['a CTR below 8 in its own byte', '0807'],
    ['a KID with a leading zero byte', '900008'],
    ['a CTR with a leading zero byte', '0900ff'],
    ['a CTR of zero in eight bytes', '0f0000000000000000'],
  ])('refuses %s', (_, encoded) => {
    expect(() => decodeHeader(bytes(encoded))).toThrow(failure('E_LEN'))
  })

  it('accepts the largest KID and CTR', () => {
    const header = encodeHeader(MAX_U64, MAX_U64)
    expect(header.byteLength).toBe(17)
    expect(decodeHeader(header)).toEqual({ kid: MAX_U64, ctr: MAX_U64, length: 17 })
  })

  it('never encodes a value that is not an unsigned 64-bit integer', () => {
    expect(() => encodeHeader(MAX_U64 + 1n, 0n)).toThrow(failure('E_LEN'))
    expect(() => encodeHeader(0n, -1n)).toThrow(failure('E_LEN'))
  })

  it('never reads the same bytes as two different headers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 17 }), (input) => {
        let decoded
        try {
          decoded = decodeHeader(input)
        } catch {
          return
        }
        expect([...encodeHeader(decoded.kid, decoded.ctr)]).toEqual([
          ...input.subarray(0, decoded.length),
        ])
      }),
    )
  })
})
