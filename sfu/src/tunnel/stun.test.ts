/** The codec against the published vectors of RFC 5769, and against its own encoder. */
import { describe, expect, test } from 'vitest'
import { addressBytes, networkOf, unmapped } from '../ip.ts'
import { decodeXorAddress, encodeXorAddress } from './address.ts'
import {
  Attribute,
  attributeOf,
  decodeStun,
  encodeStun,
  hasIntegrity,
  longTermKey,
  uint32,
  type StunMessage,
} from './stun.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const decoded = (bytes: Buffer): StunMessage => {
  const message = decodeStun(bytes)
  if (message === null) throw new Error('Not a STUN message.')
  return message
}

const SHORT_TERM_KEY = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt')

// RFC 5769 section 2.1
const request = hex(`
  00010058 2112a442 b7e7a701bc34d686fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`)
// Section 2.2
const ipv4Response = hex(`
  0101003c 2112a442 b7e7a701bc34d686fa87dfae
  8022000b 74657374 20766563 746f7220
  00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
  80280004 c07d4c96`)
// Section 2.3
const ipv6Response = hex(`
  01010048 2112a442 b7e7a701bc34d686fa87dfae
  8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
  80280004 c8fb0b4c`)
// Section 2.4
const longTermRequest = hex(`
  00010060 2112a442 78ad3433c6ad72c029da412e
  00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700
  00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`)

describe('RFC 5769', () => {
  test('2.1 the sample request is read and its integrity and fingerprint hold', () => {
    const message = decoded(request)
    expect([message.method, message.class]).toEqual([1, 'request'])
    expect(attributeOf(message, Attribute.username)?.toString()).toBe('evtj:h6vY')
    expect(hasIntegrity(message, SHORT_TERM_KEY)).toBe(true)
    expect(hasIntegrity(message, Buffer.from('another'))).toBe(false)
  })

  test.each([
    ['2.2', ipv4Response, '192.0.2.1'],
    ['2.3', ipv6Response, '2001:0db8:1234:5678:0011:2233:4455:6677'],
  ])('%s the sample response gives the mapped address', (_, bytes, address) => {
    const message = decoded(bytes)
    expect([message.method, message.class]).toEqual([1, 'success'])
    expect(hasIntegrity(message, SHORT_TERM_KEY)).toBe(true)
    const value = attributeOf(message, Attribute.xorMappedAddress)!
    expect(decodeXorAddress(value, message.transaction)).toEqual({ address, port: 32853 })
    expect(encodeXorAddress({ address, port: 32853 }, message.transaction)).toEqual(value)
  })

  test('2.4 the long-term key is MD5(username:realm:password)', () => {
    const message = decoded(longTermRequest)
    const key = longTermKey('マトリックス', 'example.org', 'TheMatrIX')
    expect(hasIntegrity(message, key)).toBe(true)
  })

  test('the encoder writes the bytes of 2.4', () => {
    const message = decoded(longTermRequest)
    const key = longTermKey('マトリックス', 'example.org', 'TheMatrIX')
    expect(encodeStun({ ...message, key })).toEqual(longTermRequest)
  })
})

test('one flipped bit anywhere is noticed', () => {
  // But for the type of the FINGERPRINT: what follows the integrity may be anything.
  const typeAt = (request.length - 8) * 8
  for (let bit = 0; bit < request.length * 8; bit += 1) {
    if (bit >= typeAt && bit < typeAt + 16) continue
    const bytes = Buffer.from(request)
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    const message = decodeStun(bytes)
    expect(message !== null && hasIntegrity(message, SHORT_TERM_KEY)).toBe(false)
  }
})

test('a message of any other length is refused', () => {
  for (let end = 0; end < request.length; end += 1) {
    expect(decodeStun(request.subarray(0, end))).toBeNull()
  }
  expect(decodeStun(Buffer.concat([request, Buffer.alloc(4)]))).toBeNull()
})

test('an attribute that reaches beyond the message is refused', () => {
  const bytes = encodeStun({
    method: 3,
    class: 'request',
    transaction: Buffer.alloc(12, 1),
    attributes: [[Attribute.lifetime, uint32(1)]],
  })
  for (const length of [5, 8, 1000, 65535]) {
    bytes.writeUInt16BE(length, 22)
    expect(decodeStun(bytes)).toBeNull()
  }
})

test('attributes behind MESSAGE-INTEGRITY do not exist', () => {
  const key = Buffer.alloc(16, 5)
  const draft = { method: 4, class: 'request', transaction: Buffer.alloc(12), key } as const
  const signed = encodeStun({ ...draft, attributes: [] })
  const bytes = Buffer.concat([signed, hex('000d0004 00000000')])
  bytes.writeUInt16BE(bytes.length - 20, 2)
  const message = decoded(bytes)
  expect(hasIntegrity(message, key)).toBe(true)
  expect(attributeOf(message, Attribute.lifetime)).toBeUndefined()
})

test('every method and class survives the way there and back', () => {
  for (const kind of ['request', 'indication', 'success', 'error'] as const) {
    for (let method = 0; method < 0x1000; method += 1) {
      const draft = { method, class: kind, transaction: Buffer.alloc(12), attributes: [] }
      const message = decoded(encodeStun({ ...draft, fingerprint: method % 2 === 0 }))
      expect([message.method, message.class]).toEqual([method, kind])
    }
  }
})

test('addresses: short IPv6, zones, mapped IPv4, and what is none', () => {
  expect(addressBytes('::1').toString('hex')).toBe(`${'0'.repeat(31)}1`)
  expect(addressBytes('fe80::2%eth0').toString('hex')).toBe(`fe80${'0'.repeat(27)}2`)
  expect(addressBytes('::ffff:192.0.2.7').toString('hex')).toBe(`${'0'.repeat(20)}ffffc0000207`)
  expect(addressBytes('2001:db8::').toString('hex')).toBe(`20010db8${'0'.repeat(24)}`)
  expect(addressBytes('nonsense')).toEqual(Buffer.alloc(4))
  expect(unmapped('::FFFF:192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('2001:db8:1:2:3::4')).toBe(networkOf('2001:db8:1:2:ffff::'))
  expect(networkOf('2001:db8:1:3::')).not.toBe(networkOf('2001:db8:1:2::'))
})
