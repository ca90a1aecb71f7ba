/** F2 H16 the first bytes of any frame: refused with a code, or the one encoding of a KID and a counter. */
import { expect, it } from 'vitest'
import { FUZZ_TIMEOUT_MS, fuzz } from '../../test/mutate.ts'
import { MAX_U64, decodeHeader, encodeHeader } from '../sframe/header.ts'
import { decodeKid, encodeKid } from './kid.ts'
import { join } from '../wire.ts'

const FRAMES = [
  [0n, 0n],
  [7n, 8n],
  [0x1103n, 4_000n],
  [0xffff_ffff_f0c8n, 0xffff_fffen],
  [MAX_U64, MAX_U64],
] as const
const corpus = FRAMES.map(([kid, ctr]) => join(encodeHeader(kid, ctr), new Uint8Array(8)))

it(
  'a header is read as it was written, and in no other spelling',
  () => {
    const { accepted, refused } = fuzz(corpus, (input) => {
      const { kid, ctr, length } = decodeHeader(input)
      return join(encodeHeader(kid, ctr), input.subarray(length))
    })
    expect(Math.min(accepted, refused)).toBeGreaterThan(1000)
  },
  FUZZ_TIMEOUT_MS,
)

it(
  'a KID is one that a sender can have made, or none',
  () => {
    const { accepted, refused } = fuzz(corpus, (input) => {
      const { kid, ctr, length } = decodeHeader(input)
      const { gen, stream, step } = decodeKid(kid)
      return join(encodeHeader(encodeKid(gen, stream, step), ctr), input.subarray(length))
    })
    expect(Math.min(accepted, refused)).toBeGreaterThan(1000)
  },
  FUZZ_TIMEOUT_MS,
)
