/** Cutting and joining on the hot path: however the bytes come, the packets are the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frames } from '../../test/fake-worker.ts'
import { channelData, sendIndication } from '../../test/turn-client.ts'
import { peerKey } from './allocation.ts'
import { Splitter, type Leg } from './splitter.ts'

const PEER = { address: '198.51.100.1', port: 40_000 }
const CHANNEL = 0x4001

class Recorder implements Leg {
  readonly writes: Buffer[] = []
  send(bytes: Buffer): void {
    this.writes.push(Buffer.from(bytes))
  }
  close(): void {
    this.writes.length = 0
  }
}

function splitter(legs: { channel: Leg; peer: Leg }): Splitter {
  return new Splitter({
    messageBytes: 16_384,
    legOfChannel: (channel) => (channel === CHANNEL ? legs.channel : null),
    legOfPeer: (key) => (key === peerKey(PEER) ? legs.peer : null),
    control: () => undefined,
  })
}

const payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const packets = fc.array(fc.record({ indicated: fc.boolean(), payload }), { maxLength: 30 })

function wire(list: readonly { indicated: boolean; payload: Buffer }[]): Buffer {
  return Buffer.concat(
    list.map((one) =>
      one.indicated ? sendIndication(PEER, one.payload) : channelData(CHANNEL, one.payload),
    ),
  )
}

test('a stream cut anywhere gives the frames of the whole', () => {
  fc.assert(
    fc.property(packets, fc.array(fc.nat(3_000), { maxLength: 20 }), (list, sizes) => {
      const leg = new Recorder()
      const cutter = splitter({ channel: leg, peer: leg })
      const bytes = wire(list)
      let at = 0
      let counted = 0
      for (const size of [...sizes, bytes.length]) {
        counted += cutter.push(Buffer.from(bytes.subarray(at, at + size)))
        at += size
      }
      const sent = list.filter((one) => one.payload.length > 0).map((one) => one.payload)
      expect(Buffer.concat(leg.writes)).toEqual(frames(sent))
      expect(counted).toBe(sent.length)
    }),
  )
})

test('however many packets a read holds, one leg gets one write, inside the memory of the read', () => {
  const leg = { send: (bytes: Buffer) => void writes.push(bytes), close: () => undefined }
  const writes: Buffer[] = []
  const list = Array.from({ length: 40 }, (_, i) => ({
    indicated: i % 2 === 0,
    payload: Buffer.alloc(100 + i, 128 + i),
  }))
  const chunk = wire(list)
  splitter({ channel: leg, peer: leg }).push(chunk)
  expect(writes).toHaveLength(1)
  expect(writes[0]?.buffer).toBe(chunk.buffer)
})

test('packets for two legs in turn reach each in order', () => {
  fc.assert(
    fc.property(packets, (list) => {
      const [channel, peer] = [new Recorder(), new Recorder()]
      splitter({ channel, peer }).push(wire(list))
      const of = (indicated: boolean): Buffer[] =>
        list
          .filter((one) => one.indicated === indicated && one.payload.length > 0)
          .map((one) => one.payload)
      expect(Buffer.concat(channel.writes)).toEqual(frames(of(false)))
      expect(Buffer.concat(peer.writes)).toEqual(frames(of(true)))
    }),
  )
})
