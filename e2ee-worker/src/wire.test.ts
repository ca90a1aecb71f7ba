import { expect, it } from 'vitest'
import { codeOf } from './errors.ts'
import { Reader, fromHex, sameBytes, toHex, vec } from './wire.ts'

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return codeOf(error)
  }
}

it('bytes are the same only when there are as many of them', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  expect(sameBytes(bytes, bytes.slice())).toBe(true)
  for (const other of [[], [1, 2], [1, 2, 3, 0], [1, 2, 4], [0, 2, 3]]) {
    expect(sameBytes(bytes, Uint8Array.from(other))).toBe(false)
    expect(sameBytes(Uint8Array.from(other), bytes)).toBe(false)
  }
})

it('H16 hex is lower case, whole, and as long as it must be', () => {
  expect(toHex(fromHex('00ff7a', 3))).toBe('00ff7a')
  for (const hex of ['00ff7', '00ff7a00', '00FF7A', '00ff7g', '00ff7/', '00ff7:', '00ff7`', '']) {
    expect(
      attempt(() => fromHex(hex, 3)),
      hex,
    ).toBe('E_LEN')
  }
})

it('H16 lengths and numbers that cannot be carried are refused', () => {
  expect(vec(new Uint8Array(0xffff)).byteLength).toBe(0x1_0001)
  expect(attempt(() => vec(new Uint8Array(0x1_0000)))).toBe('E_LEN')
  const u64 = (high: number): unknown => {
    const bytes = new Uint8Array(8).fill(0xff)
    bytes[0] = 0
    bytes[1] = high
    return attempt(() => new Reader(bytes).u64())
  }
  expect(u64(0x1f)).toBe(Number.MAX_SAFE_INTEGER)
  expect(u64(0x20)).toBe('E_LEN')
})
