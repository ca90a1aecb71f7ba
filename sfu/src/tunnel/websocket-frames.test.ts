/** Frames are counted wherever the bytes are cut. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieceOfHttp } from './http-requests.ts'
import { WebSocketFrames } from './websocket-frames.ts'

function frame(payloadBytes: number, masked: boolean): Buffer {
  const mask = masked ? 0x80 : 0
  const head =
    payloadBytes < 126
      ? Buffer.from([0x82, mask | payloadBytes])
      : payloadBytes < 65_536
        ? Buffer.from([0x82, mask | 126, payloadBytes >> 8, payloadBytes & 0xff])
        : Buffer.from([0x82, mask | 127, 0, 0, 0, 0, 0, payloadBytes >> 16, 0, 0])
  return Buffer.concat([head, Buffer.alloc((masked ? 4 : 0) + payloadBytes, 0x81)])
}

const sizes = fc.array(fc.constantFrom(0, 1, 125, 126, 300, 65_535, 65_536), { maxLength: 6 })

test('frames cut anywhere are counted once each, and no byte is lost', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.boolean(),
      fc.array(fc.nat(70_000), { maxLength: 8 }),
      (list, masked, cuts) => {
        const bytes = Buffer.concat(list.map((size) => frame(size, masked)))
        const frames = new WebSocketFrames()
        let rest: Buffer = Buffer.alloc(0)
        let [at, counted, passed] = [0, 0, 0]
        for (const size of [...cuts, bytes.length]) {
          rest = Buffer.concat([rest, bytes.subarray(at, at + size)])
          at += size
          const piece = frames.cut(rest, Infinity)
          rest = rest.subarray(piece.bytes)
          counted += piece.messages
          passed += piece.bytes
        }
        expect([counted, passed, rest.length]).toEqual([list.length, bytes.length, 0])
      },
    ),
  )
})

test('Q1 of ten thousand PINGs in one read no more are taken than are asked for', () => {
  const pings = Buffer.concat(Array<Buffer>(10_000).fill(frame(0, true)))
  expect(new WebSocketFrames().cut(pings, 16)).toEqual({ bytes: 16 * 6, messages: 16 })
})

test('Q2 of pipelined requests a piece holds one head', () => {
  const head = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
  expect(pieceOfHttp(Buffer.from(head.repeat(100)))).toEqual({ bytes: head.length, messages: 1 })
  expect(pieceOfHttp(Buffer.from('GET / HTTP/1.1\n\nGET'))).toEqual({ bytes: 16, messages: 1 })
  expect(pieceOfHttp(Buffer.from('POST / HT'))).toEqual({ bytes: 9, messages: 0 })
})
