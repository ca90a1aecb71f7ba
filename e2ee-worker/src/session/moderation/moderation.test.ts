import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Network, newIdentity, warningsOf, type Node, type Relayed } from '../../../test/network.ts'
import { openFrame, sealFrame } from '../../../test/sealed-frames.ts'
import { MSID, START_S } from '../../../test/tmms.ts'
import { ENVELOPE, memberIdsOf } from '../../../test/two-members.ts'
import { codeOf } from '../../errors.ts'
import { signBroadcast } from '../../messages/broadcast.ts'
import { encodeStatement, type Statement } from '../../messages/statements.ts'
import type { Bytes } from '../../wire.ts'
import type { WorkerEvent } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import { Moderation } from './moderation.ts'

const SCREEN = { idx: 2, kind: 'screen', codec: 'vp8' } as const
let network: Network
let chair: Node
let one: Node
let two: Node

beforeEach(async () => {
  network = await Network.open()
  chair = await network.join({ claims: { role: 'moderator' } })
  one = await network.join()
  two = await network.join()
  chair.claims = { role: 'moderator' }
  await network.publish(chair)
  await network.publish(one)
})

const told = <T extends WorkerEvent['type']>(
  node: Node,
  type: T,
): Extract<WorkerEvent, { type: T }>[] =>
  node.events.filter((event): event is Extract<WorkerEvent, { type: T }> => event.type === type)

/** A statement that a hostile member signs by hand. */
async function state(by: Node, statement: Statement, seq: number): Promise<void> {
  const message = { from: by.id as MemberId, seq, ...encodeStatement(statement) }
  network.send(by.id, '*', await signBroadcast(message, MSID, by.identity))
  await network.settle()
}

async function refusal(work: Promise<void>): Promise<string> {
  const code = await work.then(() => 'done', codeOf)
  await network.settle()
  return code
}

describe('a member put out by a moderator', () => {
  it('R2 is gone for everybody, and the key in use goes with it', async () => {
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    for (const node of [chair, one]) expect(memberIdsOf(node)).not.toContain(two.id)
    expect(told(two, 'removed')).toEqual([{ type: 'removed', memberId: two.id, by: chair.id }])
    expect(told(one, 'removed')).toEqual([{ type: 'removed', memberId: two.id, by: chair.id }])
    await network.advance(400)
    for (const sender of [chair, one]) {
      const frame = await sealFrame(sender)
      expect(await openFrame(two, frame)).toBe('E_NO_KEY')
      expect(await openFrame(sender === one ? chair : one, frame)).toBe('picture')
    }
  })

  it('R2 is refused with its next HELLO, and as a new session with the same token', async () => {
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    await network.renew(two)
    await network.advance(3000)
    expect(memberIdsOf(one)).toEqual([chair.id])
    network.disconnect(two, 'left')
    const again = await network.join({
      identity: two.identity,
      start: { token: await tokenOf(two) },
    })
    await network.advance(3000)
    expect(memberIdsOf(one)).toEqual([chair.id])
    expect(memberIdsOf(again)).toEqual([])
    const [last] = told(one, 'kept-out').slice(-1)
    expect(last).toMatchObject({ memberId: again.id, reason: 'removed' })
  })

  it('R2 is refused by members who came after it was put out', async () => {
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    network.disconnect(two, 'left')
    const late = await network.join()
    await network.advance(1000)
    const again = await network.join({ identity: two.identity })
    await network.advance(3000)
    expect(memberIdsOf(late)).toEqual([chair.id, one.id].sort())
    expect(told(late, 'kept-out').map(({ memberId }) => memberId)).toContain(again.id)
  })

  it('R2 is refused by a newcomer that hears of it before it knows the moderator', async () => {
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    network.disconnect(two, 'left')
    const late = await network.join({ silent: true })
    network.tamper = ({ from, to, bytes }) => (from === chair.id && to === late.id ? null : bytes)
    network.connect(late)
    await network.settle()
    expect(told(late, 'removed')).toEqual([])
    network.tamper = ({ bytes }) => bytes
    await network.advance(3000)
    expect(told(late, 'removed')).toEqual([{ type: 'removed', memberId: two.id, by: chair.id }])
  })

  it('R2 is gone as well where it came back under another member id before the word of it came', async () => {
    network.tamper = ({ from, to, bytes }) =>
      from === chair.id && to === one.id && bytes[0] === 3 ? null : bytes
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    network.disconnect(two, 'left')
    const again = await network.join({
      identity: two.identity,
      start: { token: await tokenOf(two) },
    })
    await network.advance(3000)
    expect(memberIdsOf(one)).toContain(again.id)
    network.tamper = ({ bytes }) => bytes
    for (const { from, bytes } of network.record.filter(isRemovalFor(one)))
      one.session.receive(from, bytes.slice())
    await network.advance(3000)
    expect(memberIdsOf(one)).toEqual([chair.id])
    expect(await openFrame(again, await sealFrame(one))).toBe('E_NO_KEY')
  })

  it('is sent no key, whatever it asks for', async () => {
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    await network.advance(1000)
    network.record.length = 0
    two.session.requestKey(one.id)
    await network.renew(two)
    await network.publish(one, [SCREEN])
    await network.advance(25_000)
    const toTwo = network.record.filter(({ to, bytes }) => to === two.id && bytes[0] === ENVELOPE)
    expect(toTwo).toEqual([])
  })
})

describe('R1 a member that is no moderator', () => {
  it('can neither put anybody out nor lock', async () => {
    expect(await refusal(one.session.features.moderation.removeMember(two.id))).toBe('E_STATE')
    expect(await refusal(one.session.features.moderation.lock(true))).toBe('E_STATE')
    const { jkt } = two.identity
    await state(one, { type: 'removal', memberId: two.id as MemberId, jkt }, 1000)
    await network.advance(1001)
    await state(one, { type: 'lock', locked: true, timeMs: START_S * 1000 }, 1001)
    expect(warningsOf(chair)).toEqual(['E_STATE', 'E_STATE'])
    expect(memberIdsOf(chair)).toContain(two.id)
    const late = await network.join()
    expect(memberIdsOf(chair)).toContain(late.id)
  })

  it('loses the right with the token that gave it', async () => {
    chair.claims = { role: 'participant' }
    await network.renew(chair)
    await network.settle()
    expect(await refusal(chair.session.features.moderation.removeMember(two.id))).toBe('E_STATE')
    await state(chair, { type: 'lock', locked: true, timeMs: START_S * 1000 }, 1000)
    expect(warningsOf(one)).toEqual(['E_STATE'])
  })
})

describe('a moderator', () => {
  it('cannot put out somebody who is not there, nor itself', async () => {
    expect(await refusal(chair.session.features.moderation.removeMember('ee'.repeat(16)))).toBe(
      'E_STATE',
    )
    expect(await refusal(chair.session.features.moderation.removeMember(chair.id))).toBe('E_STATE')
  })

  it('cannot name one member and mean the device of another', async () => {
    const { jkt } = one.identity
    await state(chair, { type: 'removal', memberId: two.id as MemberId, jkt }, 1000)
    expect(warningsOf(one)).toEqual(['E_JKT'])
    expect(memberIdsOf(one)).toContain(two.id)
  })

  it('cannot lock from the future, where nobody could ever unlock', async () => {
    const timeMs = (START_S + 3600) * 1000
    await state(chair, { type: 'lock', locked: true, timeMs }, 1000)
    expect(warningsOf(one)).toEqual(['E_TOKEN_TIME'])
    const late = await network.join()
    expect(memberIdsOf(one)).toContain(late.id)
  })
})

describe('R5 a locked meeting', () => {
  beforeEach(async () => {
    await chair.session.features.moderation.lock(true)
    await network.settle()
  })

  it('lets nobody new in, and says who waits', async () => {
    expect(told(one, 'lock')).toEqual([{ type: 'lock', locked: true, by: chair.id }])
    const late = await network.join({ claims: { name: 'Grace' } })
    await network.publish(late)
    await network.advance(25_000)
    for (const node of [chair, one, two]) {
      expect(memberIdsOf(node)).not.toContain(late.id)
      const waiting = { memberId: late.id, name: 'Grace', reason: 'locked' }
      expect(told(node, 'kept-out')).toEqual([{ type: 'kept-out', ...waiting }])
      expect(warningsOf(node)).toEqual([])
    }
    expect(await openFrame(late, await sealFrame(one))).toBe('not a member')
  })

  it('lets them in once a moderator unlocks', async () => {
    const late = await network.join()
    await network.advance(10_000)
    await chair.session.features.moderation.lock(false)
    await network.advance(20_000)
    expect(memberIdsOf(chair)).toContain(late.id)
    expect(memberIdsOf(late)).toEqual([chair.id, one.id, two.id].sort())
    expect(await openFrame(late, await sealFrame(one))).toBe('picture')
  })

  it('keeps those who were in: renewed, cut off, or with a page loaded again', async () => {
    await network.renew(one)
    network.disconnect(two, 'lost')
    await network.advance(30_000)
    network.connect(two)
    await network.advance(3000)
    expect(memberIdsOf(chair)).toEqual([one.id, two.id].sort())
    network.disconnect(two, 'left')
    await network.advance(2000)
    const reloaded = await network.join({ identity: two.identity })
    await network.advance(3000)
    expect(memberIdsOf(chair)).toEqual([one.id, reloaded.id].sort())
    expect(memberIdsOf(one)).toEqual([chair.id, reloaded.id].sort())
  })

  it('lets a moderator in, who then knows that it is locked', async () => {
    const second = await network.join({ claims: { role: 'moderator' } })
    await network.advance(3000)
    expect(memberIdsOf(one)).toContain(second.id)
    const late = await network.join()
    await network.advance(3000)
    expect(memberIdsOf(second)).not.toContain(late.id)
  })

  it('does not keep out, for one who may come in, those whose HELLO came after word of the lock', async () => {
    let lost = 0
    network.tamper = ({ from, bytes }) =>
      from === one.id && bytes[0] === 1 && lost++ === 0 ? null : bytes
    const second = await network.join({ claims: { role: 'moderator' } })
    await network.advance(10_000)
    expect(lost).toBeGreaterThan(0)
    expect(memberIdsOf(second)).toEqual([chair.id, one.id, two.id].sort())
    expect(told(second, 'kept-out')).toEqual([])
    expect(memberIdsOf(one)).toContain(second.id)
  })

  it('is not locked again by an older lock that somebody kept', async () => {
    const locks = network.record.filter(({ from, bytes }) => from === chair.id && bytes[26] === 4)
    await chair.session.features.moderation.lock(false)
    await network.settle()
    network.disconnect(one, 'lost')
    await network.advance(30_000)
    network.connect(one)
    await network.advance(3000)
    for (const { bytes } of locks) one.session.receive(chair.id, bytes.slice())
    await network.settle()
    expect(warningsOf(one)).toContain('E_ENV_REPLAY')
    expect(told(one, 'lock').map(({ locked }) => locked)).toEqual([true, false])
  })

  it('does not take in one who was put out, though it was in when the lock fell', async () => {
    await chair.session.features.moderation.removeMember(two.id)
    await network.settle()
    network.disconnect(two, 'left')
    await network.join({ identity: two.identity })
    await network.advance(3000)
    expect(memberIdsOf(one)).toEqual([chair.id])
  })
})

describe('a decision that a member missed', () => {
  beforeEach(() => {
    network.disconnect(two, 'lost')
  })

  it('R5 is told it when it is back, before a stranger could come in', async () => {
    await chair.session.features.moderation.lock(true)
    await network.advance(5000)
    network.connect(two)
    await network.settle()
    expect(told(two, 'lock')).toEqual([{ type: 'lock', locked: true, by: chair.id }])
    const late = await network.join()
    await network.advance(5000)
    expect(memberIdsOf(two)).not.toContain(late.id)
  })

  it('R2 is told it again with its next HELLO, should the server keep it back', async () => {
    network.connect(two)
    await network.settle()
    network.tamper = ({ bytes, to }) => (bytes[0] === 3 && to === two.id ? null : bytes)
    await chair.session.features.moderation.removeMember(one.id)
    await network.settle()
    expect(told(two, 'removed')).toEqual([])
    network.tamper = ({ bytes }) => bytes
    await network.advance(20_000)
    await network.renew(two)
    await network.settle()
    expect(told(two, 'removed')).toEqual([{ type: 'removed', memberId: one.id, by: chair.id }])
  })

  it('R5 is told it no more often than it takes, however often its connection comes and goes', async () => {
    network.connect(two)
    await network.settle()
    await chair.session.features.moderation.lock(true)
    for (let cut = 0; cut < 20; cut++) {
      network.disconnect(two, 'lost')
      await network.advance(1000)
      network.connect(two)
      await network.settle()
    }
    expect(warningsOf(two)).toEqual([])
  })
})

it('R5 of two moderators the later decision counts, in whatever order they arrive', async () => {
  const second = await network.join({
    claims: { role: 'moderator' },
    identity: await newIdentity(),
  })
  await network.advance(3000)
  const at = (seconds: number): number => (START_S + seconds) * 1000
  await state(chair, { type: 'lock', locked: false, timeMs: at(20) }, 1000)
  await state(second, { type: 'lock', locked: true, timeMs: at(10) }, 1000)
  const early = await network.join()
  expect(memberIdsOf(one)).toContain(early.id)
  await state(second, { type: 'lock', locked: true, timeMs: at(21) }, 1001)
  const late = await network.join()
  expect(memberIdsOf(one)).not.toContain(late.id)
})

const isRemovalFor =
  (node: Node) =>
  ({ from, to, bytes }: Relayed): boolean =>
    from === chair.id && to === node.id && bytes[0] === 3 && bytes[26] === 3

async function tokenOf({ session }: Node): Promise<string> {
  const challenge = new Uint8Array(32)
  return (await session.server.prove({ challenge, tcsOrigin: 'https://tcs.example' })).token
}

it('R2 a decision that somebody hands on counts only under the signature of its moderator', async () => {
  const { jkt } = two.identity
  const decision: Statement = { type: 'removal', memberId: two.id as MemberId, jkt }
  const signed = async (by: Node): Promise<Bytes> =>
    signBroadcast(
      { from: chair.id as MemberId, seq: 900, ...encodeStatement(decision) },
      MSID,
      by.identity,
    )
  const carried = vi.spyOn(Moderation.prototype, 'inForce')
  carried.mockReturnValue([await signed(two)])
  const newcomer = await network.join()
  await network.advance(3000)
  expect(memberIdsOf(newcomer)).toContain(two.id)
  expect(warningsOf(newcomer)).toContain('E_ENV_AUTH')
  carried.mockReturnValue([await signed(chair)])
  const next = await network.join()
  await network.advance(3000)
  expect(memberIdsOf(next)).not.toContain(two.id)
  carried.mockRestore()
})
