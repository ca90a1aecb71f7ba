/** How the audit page writes where a request came from. */
import { expect, it } from 'vitest'
import { wordAddress } from './network-address.ts'

it.each([
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['::1', '::1'],
  ['', ''],
])('writes %s as %s', (from, written) => {
  expect(wordAddress(from)).toBe(written)
})
