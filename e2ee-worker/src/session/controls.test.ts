import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../test/clock.ts'
import { MemberKeys } from '../keys/member-keys.ts'
import type { Control } from '../keys/messages.ts'
import type { MemberId } from '../protocol.ts'
import { Allowance, BackOff } from './clock.ts'
import { handleControl } from './controls.ts'
import type { Peer } from './peer.ts'
import type { Room } from './room.ts'

const ID = '39cf9eeaf35a8768ed25bb895c88f049' as MemberId

describe('a member that sends keys as fast as it can', () => {
  it('does not have us answer so often that the TCS cuts us off', async () => {
    const clock = new FakeClock()
    const sent: Control[] = []
    const room = {
      clock,
      ...{ roster: { heard: () => undefined }, keysArrived: () => undefined },
      members: { digest: () => Promise.resolve(new Uint8Array(32)) },
      seal: (_peer: Peer, message: Control) => Promise.resolve(sent.push(message)),
    } as unknown as Room
    const peer = {
      ...{ memberId: ID, keys: new MemberKeys(ID, () => clock.now()), askKey: new BackOff(1, 1) },
      ...{ hello: { claims: { prm: [] } }, ackKey: new Allowance(16, 125) },
    } as unknown as Peer
    const receive = (gen: number): Promise<void> =>
      handleControl(room, peer, {
        ...{ type: 'sender-key', gen, step: 0, baseKey: new Uint8Array(64), streams: [] },
        ...{ ackWanted: true, hard: false, timeMs: 0, rosterCount: 2 },
        rosterDigest: new Uint8Array(32),
      })
    for (let gen = 0; gen < 100; gen++) await receive(gen)
    for (let n = 0; n < 100; n++) await receive(99)
    expect(sent.length).toBe(16)
    expect(peer.keys.newest()).toEqual({ gen: 99, step: 0 })
    await clock.advance(1000, () => Promise.resolve())
    // The key that was not acknowledged is sent again, and is acknowledged then.
    for (let n = 0; n < 100; n++) await receive(99)
    expect(sent.length).toBe(24)
    expect(sent.at(-1)).toMatchObject({ type: 'key-ack', gen: 99 })
  })
})
