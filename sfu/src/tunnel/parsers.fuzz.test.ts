/** W6 what anybody may send to the one open port, parser by parser: nothing throws what it should not, or reads on. */
import { expect, test } from 'vitest'
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS, fuzz } from '../../test/mutate.ts'
import { channelData, sendIndication } from '../../test/turn-client.ts'
import { decodeXorAddress, encodeXorAddress } from './address.ts'
import { TunnelError } from './errors.ts'
import { readFrames } from './read-frames.ts'
import { Splitter, type Leg } from './splitter.ts'
import { Attribute, Method, decodeStun, encodeStun, hasIntegrity } from './stun.ts'
import type { StunDraft } from './stun.ts'

const PEER = { address: '198.51.100.1', port: 40_000 }
const PEER6 = { address: '2001:db8::7', port: 443 }
const transaction = Buffer.from('00112233445566778899aabb', 'hex')
const key = Buffer.alloc(16, 7)

const request: StunDraft = {
  method: Method.allocate,
  class: 'request',
  transaction,
  attributes: [
    [Attribute.username, Buffer.from('someone')],
    [Attribute.xorPeerAddress, encodeXorAddress(PEER, transaction)],
  ],
}
const messages = [
  encodeStun(request),
  encodeStun({ ...request, key, fingerprint: true }),
  sendIndication(PEER, Buffer.from('payload')),
]

test(
  'STUN messages: what is taken apart lies within them',
  () => {
    let accepted = 0
    fuzz(messages, (input) => {
      const message = decodeStun(input)
      if (message === null) return
      accepted += 1
      hasIntegrity(message, key)
      const bytes = message.attributes.reduce((sum, [, value]) => sum + 4 + value.length, 20)
      if (bytes > input.length || message.integrityAt >= input.length) throw new Error('too long')
    })
    expect(accepted).toBeGreaterThan(FUZZ_INPUTS / 1000)
  },
  FUZZ_TIMEOUT_MS,
)

test(
  'addresses: each is written as it was read',
  () => {
    let accepted = 0
    const corpus = [PEER, PEER6].map((endpoint) => encodeXorAddress(endpoint, transaction))
    fuzz(corpus, (input) => {
      const endpoint = decodeXorAddress(input, transaction)
      if (endpoint === null) return
      accepted += 1
      const again = decodeXorAddress(encodeXorAddress(endpoint, transaction), transaction)
      const same = again?.address === endpoint.address && again.port === endpoint.port
      if (!same) throw new Error(`${endpoint.address} became ${again?.address ?? 'nothing'}`)
    })
    expect(accepted).toBeGreaterThan(FUZZ_INPUTS / 1000)
  },
  FUZZ_TIMEOUT_MS,
)

test(
  'the client’s stream: only whole frames go up, and a stream that makes no sense is malformed',
  () => {
    let sent = 0
    let malformed = 0
    const leg: Leg = {
      send(bytes) {
        sent += 1
        if (readFrames(bytes, () => undefined) !== bytes.length) throw new Error('half a frame')
      },
      close: () => undefined,
    }
    const open = (): Splitter =>
      new Splitter({
        messageBytes: 16_384,
        legOfChannel: (channel) => (channel % 2 === 0 ? leg : null),
        legOfPeer: () => leg,
        control: () => undefined,
      })
    const stream = [...messages, channelData(0x4002, Buffer.from('payload'))]
    let splitter = open()
    fuzz([...stream, Buffer.concat(stream)], (input) => {
      try {
        splitter.push(Buffer.from(input))
      } catch (error) {
        if (!(error instanceof TunnelError) || error.code !== 'malformed') throw error
        malformed += 1
        splitter = open()
      }
    })
    expect(Math.min(sent, malformed)).toBeGreaterThan(FUZZ_INPUTS / 1000)
  },
  FUZZ_TIMEOUT_MS,
)

test(
  'the worker’s stream: frames are taken whole, and the rest waits',
  () => {
    fuzz([Buffer.from('0003aabbcc00000002ddee0001', 'hex')], (input) => {
      let taken = 0
      const end = readFrames(input, (payload) => (taken += 2 + payload.length))
      if (end > input.length || taken > end) throw new Error('read beyond the end')
    })
  },
  FUZZ_TIMEOUT_MS,
)
