import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import { codeOf } from '../../errors.ts'
import { DATA } from '../../keys/frame-metadata.ts'
import { MemberKeys } from '../../keys/member-keys.ts'
import type { Control } from '../../messages/control.ts'
import type { MemberId } from '../../protocol.ts'
import { Allowance, BackOff } from '../../clock.ts'
import { handleControl } from './control-handlers.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

const ID = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId

const AUDIO = { idx: 0, kind: 'audio', codec: 'opus' } as const
const SCREEN = { idx: 2, kind: 'screen', codec: 'vp8' } as const
type SenderKey = Extract<Control, { type: 'sender-key' }>

let clock: FakeClock
let sent: Control[]
let warned: string[]
let arrived: number
let context: SessionContext
let member: Member

beforeEach(() => {
  clock = new FakeClock()
  ;[sent, warned, arrived] = [[], [], 0]
  context = {
    clock,
    ...{ roster: { receive: () => undefined }, keysArrived: () => arrived++ },
    warn: (code: string) => warned.push(code),
    members: { digest: () => Promise.resolve(new Uint8Array(32)) },
    seal: (_peer: Member, message: Control) => Promise.resolve(sent.push(message)),
  } as unknown as SessionContext
  member = {
    ...{ memberId: ID, keys: new MemberKeys(ID, () => clock.now()), askKey: new BackOff(1, 1) },
    ...{ hello: { claims: { prm: ['audio'] } }, ackKey: new Allowance(16, 125), streams: [] },
  } as unknown as Member
})

function senderKey(gen: number, step: number, change: Partial<SenderKey> = {}): SenderKey {
  return {
    ...{ type: 'sender-key', gen, step, baseKey: new Uint8Array(64).fill(7), streams: [AUDIO] },
    ...{ ackWanted: true, hard: false, timeMs: 0, rosterCount: 2 },
    rosterDigest: new Uint8Array(32),
    ...change,
  }
}

const receive = (message: Control) =>
  handleControl(context, member, message).then(() => 'taken', codeOf)

describe('a member that sends keys as fast as it can', () => {
  it('does not have us answer so often that the TCS cuts us off', async () => {
    for (let gen = 0; gen < 100; gen++) await receive(senderKey(gen, 0))
    for (let n = 0; n < 100; n++) await receive(senderKey(99, 0))
    expect(sent.length).toBe(16)
    expect(member.keys.newest()).toEqual({ gen: 99, step: 0 })
    await clock.advance(1000, () => Promise.resolve())
    // The key that was not acknowledged is sent again, and is acknowledged then.
    for (let n = 0; n < 100; n++) await receive(senderKey(99, 0))
    expect(sent.length).toBe(24)
    expect(sent.at(-1)).toMatchObject({ type: 'key-ack', gen: 99 })
  })
})

describe('a sender key', () => {
  it('R3 brings the streams that its sender may send, and no others', async () => {
    expect(await receive(senderKey(1, 0, { streams: [AUDIO, SCREEN, DATA] }))).toBe('taken')
    expect(member.streams).toEqual([AUDIO])
    expect(warned).toEqual(['E_STREAM'])
    expect([member.keys.codecOf('audio'), member.keys.codecOf('screen')]).toEqual(['opus', null])
    expect(await receive(senderKey(2, 0, { streams: [AUDIO, DATA] }))).toBe('taken')
    expect(warned).toHaveLength(1)
  })

  it('K6 I1 older than the newest is dropped without a word; the newest is acknowledged each time', async () => {
    await receive(senderKey(1, 0))
    await receive(senderKey(2, 1))
    sent = []
    arrived = 0
    for (const [gen, step] of [
      [1, 0],
      [1, 1],
      [2, 0],
    ] as const) {
      expect(await receive(senderKey(gen, step))).toBe('taken')
    }
    expect([sent, arrived, warned]).toEqual([[], 0, []])
    expect(member.keys.newest()).toEqual({ gen: 2, step: 1 })
    expect(await receive(senderKey(2, 1))).toBe('taken')
    expect(sent).toMatchObject([{ type: 'key-ack', gen: 2, step: 1 }])
  })

  it('K6 of the newest step with other bytes changes nothing', async () => {
    await receive(senderKey(1, 0))
    await receive(senderKey(1, 0, { baseKey: new Uint8Array(64).fill(8), streams: [] }))
    expect(member.streams).toEqual([AUDIO])
    expect(arrived).toBe(1)
  })

  it('is acknowledged only when that is wanted', async () => {
    await receive(senderKey(1, 0, { ackWanted: false }))
    expect(sent).toEqual([])
  })

  it('leaves nothing in the message, whether it was taken or refused', async () => {
    for (const message of [senderKey(2, 0), senderKey(1, 0), senderKey(3, 201)]) {
      await receive(message)
      expect(message.baseKey).toEqual(new Uint8Array(64))
    }
  })
})
