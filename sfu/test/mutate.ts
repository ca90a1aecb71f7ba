/**
 * Changes valid messages into inputs for parsers: the same ones in every run.
 *
 * HC_FUZZ_INPUTS says how many each parser gets: a quarter of a million when it is not set, ten million in `npm run fuzz`.
 */

export const FUZZ_INPUTS = Number(process.env['HC_FUZZ_INPUTS'] ?? 250_000)
export const FUZZ_TIMEOUT_MS = 600_000 * Math.max(1, FUZZ_INPUTS / 1_000_000)

const EDGES = [0x00, 0x01, 0x03, 0x04, 0x08, 0x14, 0x3f, 0x40, 0x4f, 0x50, 0x7f, 0x80, 0xff]
const SPARE = 128

export type Random = (below: number) => number

/** Mulberry32: the same numbers in every run. */
export function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let z = Math.imul(state ^ (state >>> 15), 1 | state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return Math.floor((((z ^ (z >>> 14)) >>> 0) / 0x1_0000_0000) * below)
  }
}

/** Gives `parse` its inputs; each is valid until the next. */
export function fuzz(corpus: readonly Buffer[], parse: (input: Buffer) => void): void {
  const random = generator(1)
  const scratch = Buffer.alloc(Math.max(...corpus.map(({ length }) => length)) + SPARE)
  for (let i = 0; i < FUZZ_INPUTS; i++) {
    const length = change(scratch, corpus[random(corpus.length)] ?? scratch, random)
    const input = scratch.subarray(0, length)
    try {
      parse(input)
    } catch (cause) {
      throw new Error(`thrown for ${input.toString('hex')}`, { cause })
    }
  }
}

/** Up to four changes of bytes, and now and then of the length. Returns the new length. */
function change(scratch: Buffer, base: Buffer, random: Random): number {
  base.copy(scratch)
  let length = base.length
  for (let left = random(5); left > 0; left--) {
    const at = random(length + 1)
    const kind = random(8)
    if (kind < 2) scratch[at] = (scratch[at] ?? 0) ^ (1 << random(8))
    else if (kind < 4) scratch[at] = random(256)
    else if (kind < 6) scratch.fill(EDGES[random(EDGES.length)] ?? 0, at, at + 1 + random(4))
    else if (kind === 6) length = at
    else length = Math.min(length + random(SPARE / 4), scratch.length)
  }
  return length
}
