import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sealWith } from './seal.ts'

const key = randomBytes(32)
const box = sealWith(key)

it('what was sealed opens at its place, and looks different each time', () => {
  const text = 'Zürich — https://meet.example.org/welcome#token'
  const one = box.seal(text, 'row-1')
  expect(one).not.toContain('welcome')
  expect(box.seal(text, 'row-1')).not.toBe(one)
  expect(box.open(one, 'row-1')).toBe(text)
  expect(box.open(box.seal('', 'row-1'), 'row-1')).toBe('')
})

it('at another place, with another key, cut or altered it does not open', () => {
  const sealed = box.seal('secret', 'row-1')
  expect(box.open(sealed, 'row-2')).toBeNull()
  expect(sealWith(randomBytes(32)).open(sealed, 'row-1')).toBeNull()
  const bytes = Buffer.from(sealed, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(box.open(flipped.toString('base64url'), 'row-1')).toBeNull()
  }
  for (let length = 0; length < bytes.length; length += 1) {
    expect(box.open(bytes.subarray(0, length).toString('base64url'), 'row-1')).toBeNull()
  }
  expect(box.open('', 'row-1')).toBeNull()
})
