import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../errors.ts'
import type { MemberId } from '../protocol.ts'
import { DATA } from '../keys/frame-metadata.ts'
import { decodeControl, encodeControl, type Control, type SenderKey } from './control.ts'
import { join } from '../wire.ts'

const digest = new Uint8Array(32).fill(7)
const senderKey: SenderKey = {
  type: 'sender-key',
  gen: 3,
  step: 2,
  baseKey: new Uint8Array(64).fill(9),
  ackWanted: true,
  hard: true,
  timeMs: 1_767_225_600_000,
  rosterDigest: digest,
  rosterCount: 3,
  streams: [
    { idx: 2, kind: 'screen', codec: 'vp9' },
    { idx: 3, kind: 'screen-audio', codec: 'opus' },
  ],
}
const withData: SenderKey = { ...senderKey, streams: [DATA] }
const messages: readonly Control[] = [
  senderKey,
  withData,
  { type: 'key-ack', gen: 4_294_967_295, step: 200, rosterDigest: digest },
  { type: 'key-req', gen: 0, step: 0 },
  { type: 'bye' },
  {
    type: 'roster',
    members: [{ memberId: 'ab'.repeat(16) as MemberId, helloHash: digest }],
    decisions: [Uint8Array.of(3, 1)],
  },
]

function decode(bytes: Uint8Array): string {
  try {
    return decodeControl(bytes).type
  } catch (error) {
    return codeOf(error)
  }
}

describe('a control message', () => {
  it.each(messages.map((message) => [message.type, message] as const))(
    '%s comes back as it was',
    (_type, message) => {
      const bytes = encodeControl(message)
      expect(decodeControl(bytes)).toEqual(message)
      expect(decode(join(bytes, Uint8Array.of(0)))).toBe('E_TRAILING')
      for (let length = 0; length < bytes.length; length++) {
        expect(decode(bytes.slice(0, length))).toBe('E_SHORT')
      }
    },
  )

  it('of an unknown type is refused', () => {
    for (const type of [0, 4, 9, 12, 255]) expect(decode(Uint8Array.of(type))).toBe('E_VERSION')
  })

  it('refuses a stream whose index is not that of its kind, or that appears twice', () => {
    const bytes = encodeControl(senderKey)
    const streamsAt = bytes.length - 6
    const spoiled = (at: number, value: number): string => {
      const copy = bytes.slice()
      copy[streamsAt + at] = value
      return decode(copy)
    }
    expect(spoiled(0, 1)).toBe('E_STREAM')
    expect(spoiled(1, 15)).toBe('E_STREAM')
    expect(spoiled(2, 9)).toBe('E_STREAM')
    const data = encodeControl(withData)
    for (const [at, value] of [
      [-3, 0],
      [-2, 1],
      [-1, 1],
    ] as const) {
      expect(decode(data.with(at, value))).toBe('E_STREAM')
    }
    expect(spoiled(2, 0)).toBe('E_STREAM')
    expect(decode(encodeControl({ ...senderKey, streams: twice(senderKey) }))).toBe('E_STREAM')
  })

  it('refuses a flag that is not spoken here, and keeps those apart that are', () => {
    const flagsAt = 1 + 4 + 2 + 64
    const bytes = encodeControl(senderKey)
    const flags = (value: number): unknown => {
      const { ackWanted, hard } = decodeControl(bytes.with(flagsAt, value)) as SenderKey
      return { ackWanted, hard }
    }
    expect(flags(0)).toEqual({ ackWanted: false, hard: false })
    expect(flags(1)).toEqual({ ackWanted: true, hard: false })
    expect(flags(2)).toEqual({ ackWanted: false, hard: true })
    for (const value of [4, 5, 0x80, 0xff]) {
      expect(decode(bytes.with(flagsAt, value))).toBe('E_LEN')
    }
  })

  it('R2 lists 1200 members and hands on 33 decisions at most', () => {
    const memberId = 'ab'.repeat(16) as MemberId
    const roster = (members: number, decisions: number): string =>
      decode(
        encodeControl({
          type: 'roster',
          members: new Array<{ memberId: MemberId; helloHash: Uint8Array<ArrayBuffer> }>(
            members,
          ).fill({ memberId, helloHash: digest }),
          decisions: new Array<Uint8Array<ArrayBuffer>>(decisions).fill(Uint8Array.of(3)),
        }),
      )
    expect(roster(1200, 33)).toBe('roster')
    expect(roster(1201, 0)).toBe('E_LEN')
    expect(roster(0, 34)).toBe('E_LEN')
  })

  it('H16 survives any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3, 10, 11), fc.uint8Array(), (type, body) => {
        expect(decode(join(Uint8Array.of(type), body))).not.toBe('E_INTERNAL')
      }),
      { numRuns: 3000 },
    )
  })
})

function twice({ streams }: SenderKey): SenderKey['streams'] {
  return [...streams.slice(0, 1), ...streams.slice(0, 1)]
}
