/** Frames are counted wherever the bytes are cut. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HttpRequests } from './http-requests.ts'
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
  const cut = (text: string) => new HttpRequests().cut(Buffer.from(text))
  expect(cut(head.repeat(100))).toEqual({ bytes: head.length, messages: 1 })
  expect(cut('GET / HTTP/1.1\n\nGET')).toEqual({ bytes: 16, messages: 1 })
  expect(cut('POST / HT')).toEqual({ bytes: 9, messages: 0 })
})

test('Q2 requests are counted once each wherever the bytes are cut', () => {
  const requests = ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\nHost: x\n\n']
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...requests), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
      (list, sizes) => {
        const bytes = Buffer.from(list.join(''))
        const reader = new HttpRequests()
        let [at, counted] = [0, 0]
        for (const size of [...sizes, bytes.length]) {
          let rest = bytes.subarray(at, at + size)
          at += size
          while (rest.length > 0) {
            const piece = reader.cut(rest)
            counted += piece.messages
            rest = rest.subarray(piece.bytes)
          }
        }
        expect(counted).toBe(list.length)
      },
    ),
  )
})
