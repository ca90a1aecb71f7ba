import { expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import { decodeKid, encodeKid } from './kid.ts'

function encoded(gen: number, stream: number, step: number): bigint | string {
  try {
    return encodeKid(gen, stream, step)
  } catch (error) {
    return codeOf(error)
  }
}

function decoded(kid: bigint): unknown {
  try {
    return decodeKid(kid)
  } catch (error) {
    return codeOf(error)
  }
}

it('F6 a KID is made of parts in their ranges only, so no two of them are one', () => {
  expect(encoded(0xffff_ffff, 15, 200)).toBe(0xffff_ffff_fc8n)
  for (const gen of [-1, 2 ** 32, 0.5, NaN]) expect(encoded(gen, 0, 0)).toBe('E_LEN')
  for (const stream of [-1, 16, 1.5]) expect(encoded(0, stream, 0)).toBe('E_LEN')
  for (const step of [-1, 201, 0.1]) expect(encoded(0, 0, step)).toBe('E_LEN')
})

it('F6 what no sender can have made is no KID', () => {
  expect(decoded(0xffff_ffff_fc8n)).toEqual({ gen: 0xffff_ffff, stream: 15, step: 200 })
  expect(decoded(0x1_0000_0000_000n)).toBe('E_NO_KEY')
  for (const step of [201n, 255n]) expect(decoded(step)).toBe('E_NO_KEY')
})
