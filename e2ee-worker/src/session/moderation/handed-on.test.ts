/** Decisions of moderators as one member hands them on to another: what a hostile one can make of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newIdentity } from '../../../test/network.ts'
import { MSID } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { signBroadcast } from '../../messages/broadcast.ts'
import type { Identity } from '../../trust/identity.ts'
import { encodeStatement, type Removal, type Statement } from '../../messages/statements.ts'
import type { Bytes } from '../../wire.ts'
import type { WorkerEvent } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import { Allowance } from '../../clock.ts'
import { Moderation, type ModerationHost } from './moderation.ts'
import type { Member } from '../members/member.ts'

const idOf = (n: number): MemberId => n.toString(16).padStart(32, '0') as MemberId
const [ME, CHAIR, HONEST, HOSTILE] = [idOf(1), idOf(2), idOf(3), idOf(4)] as const

let chair: Identity
let members: Map<string, Member>
let now: number
let events: WorkerEvent[]
let warned: string[]
let moderation: Moderation

beforeEach(async () => {
  chair = await newIdentity()
  now = 1_000_000
  ;[members, events, warned] = [new Map(), [], []]
  for (const id of [HONEST, HOSTILE]) await comes(id, await newIdentity(), 'participant')
  moderation = new Moderation({
    me: { memberId: ME, credential: { claims: { role: 'participant' } } },
    members: { get: (id: string) => members.get(id), all: () => [...members.values()] },
    tmmsNow: () => now,
    emit: (event: WorkerEvent) => events.push(event),
    warn: (code: string) => warned.push(code),
    remove: (gone: readonly Member[]) => {
      for (const { memberId } of gone) members.delete(memberId)
      return Promise.resolve()
    },
    expect: () => undefined,
  } as unknown as ModerationHost)
})
afterEach(() => vi.restoreAllMocks())

async function comes(memberId: MemberId, { ikPub, jkt }: Identity, role: string): Promise<Member> {
  const hello = { ikPub, claims: { role, jkt, msid: MSID } }
  const handsOn = new Allowance(4, 15_000)
  const member = { memberId, hello, handsOn, blocked: false } as unknown as Member
  members.set(memberId, member)
  return Promise.resolve(member)
}

function said(statement: Statement, by: Identity, from = CHAIR): Promise<Bytes> {
  return signBroadcast({ from, seq: 1, ...encodeStatement(statement) }, MSID, by)
}

const removalOf = (n: number): Removal => ({
  ...{ type: 'removal', memberId: idOf(n) },
  jkt: n.toString(16).padStart(43, 'A'),
})

function removals(count: number, by: Identity, first = 100): Promise<Bytes[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => said(removalOf(first + n), by)))
}

const from = (memberId: MemberId): Member => members.get(memberId)!
const removed = (): string[] =>
  events.flatMap((event) => (event.type === 'removed' ? [event.memberId] : []))

describe('R2 decisions of a moderator whose HELLO has not come', () => {
  it('count once it came, when they are really hers', async () => {
    const forged = await said(removalOf(7), await newIdentity())
    await moderation.receiveHandedOn(from(HOSTILE), [forged])
    await moderation.receiveHandedOn(from(HONEST), [await said(removalOf(8), chair)])
    expect(removed()).toEqual([])
    await moderation.admitted(await comes(CHAIR, chair, 'moderator'))
    expect(removed()).toEqual([idOf(8)])
    expect(warned).toEqual(['E_ENV_AUTH'])
  })

  it('count although the same member was put out with another’s device before', async () => {
    const misnamed = { ...removalOf(8), jkt: 'B'.repeat(43) }
    await comes(CHAIR, chair, 'moderator')
    await moderation.receiveHandedOn(from(HONEST), [await said(misnamed, chair)])
    await moderation.receiveHandedOn(from(HONEST), [await said(removalOf(8), chair)])
    expect(removed()).toEqual([idOf(8)])
    const back = { memberId: idOf(9), claims: { jkt: removalOf(8).jkt, role: 'participant' } }
    expect(moderation.refusalOf(back as never)).toBe('removed')
  })

  it('wait beside all that a hostile member makes up', async () => {
    const stranger = await newIdentity()
    for (let n = 0; n < 4; n++) {
      await moderation.receiveHandedOn(from(HOSTILE), await removals(33, stranger, 1000 * (n + 1)))
    }
    await moderation.receiveHandedOn(from(HONEST), await removals(33, chair))
    await moderation.admitted(await comes(CHAIR, chair, 'moderator'))
    expect(removed()).toHaveLength(33)
  })

  it('make way for newer ones of the same carrier only', async () => {
    await moderation.receiveHandedOn(from(HONEST), await removals(33, chair))
    await moderation.receiveHandedOn(from(HOSTILE), await removals(33, chair, 500))
    await moderation.receiveHandedOn(from(HONEST), await removals(1, chair, 900))
    await moderation.admitted(await comes(CHAIR, chair, 'moderator'))
    expect(removed()).toHaveLength(66)
    expect(removed()).toContain(idOf(900))
    expect(removed()).not.toContain(idOf(100))
  })

  it('are kept once, whoever hands them on', async () => {
    const decisions = await removals(3, chair)
    for (const carrier of [HOSTILE, HONEST])
      await moderation.receiveHandedOn(from(carrier), decisions)
    await moderation.admitted(await comes(CHAIR, chair, 'moderator'))
    expect(removed()).toHaveLength(3)
    expect(warned).toEqual([])
  })
})

describe('R2 checking what is handed on', () => {
  it('costs nothing for what is known, or is said in the name of no moderator', async () => {
    await comes(CHAIR, chair, 'moderator')
    const lock: Statement = { type: 'lock', locked: true, timeMs: now }
    const decisions = [...(await removals(5, chair)), await said(lock, chair)]
    await moderation.receiveHandedOn(from(HOSTILE), decisions)
    const verify = vi.spyOn(crypto.subtle, 'verify')
    await moderation.receiveHandedOn(from(HONEST), decisions)
    await moderation.receiveHandedOn(from(HONEST), [await said(removalOf(9), chair, HOSTILE)])
    expect(verify).not.toHaveBeenCalled()
    expect(removed()).toHaveLength(5)
    expect(warned).toEqual(['E_STATE'])
  })

  it('has a limit for each member, however much it sends', async () => {
    await comes(CHAIR, chair, 'moderator')
    const forged = await removals(33, await newIdentity())
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const learned = (): Promise<string> =>
      moderation.receiveHandedOn(from(HOSTILE), forged).then(() => 'learned', codeOf)
    for (let n = 0; n < 4; n++) expect(await learned()).toBe('learned')
    for (let n = 0; n < 20; n++) expect(await learned()).toBe('E_STATE')
    expect(verify).toHaveBeenCalledTimes(4 * 33)
    now += 15_000
    expect(await learned()).toBe('learned')
    await moderation.receiveHandedOn(from(HONEST), [await said(removalOf(50), chair)])
    expect(removed()).toEqual([idOf(50)])
  })
})

describe('R6 a moderator whose device stands in the place of a verified one', () => {
  const lock = (locked: boolean): Statement => ({ type: 'lock', locked, timeMs: ++now })
  const locks = (): boolean[] =>
    events.flatMap((event) => (event.type === 'lock' ? [event.locked] : []))

  it('may lock, but opens the meeting for nobody until somebody accepts the device', async () => {
    const member = await comes(CHAIR, chair, 'moderator')
    const blocked = vi.fn(() => true)
    Object.defineProperty(member, 'blocked', { get: blocked })
    const signer = { memberId: CHAIR, role: 'moderator' } as const
    for (const locked of [true, false]) {
      const statement = lock(locked)
      await moderation.handle(signer, statement as never, await said(statement, chair))
    }
    expect(locks()).toEqual([true])
    await moderation.admitted(member)
    expect(locks()).toEqual([true])
    blocked.mockReturnValue(false)
    await moderation.admitted(member)
    expect(locks()).toEqual([true, false])
  })

  it('cannot open it by what others hand on, either', async () => {
    const member = await comes(CHAIR, chair, 'moderator')
    await moderation.receiveHandedOn(from(HONEST), [await said(lock(true), chair)])
    Object.assign(member, { blocked: true })
    await moderation.receiveHandedOn(from(HONEST), [await said(lock(false), chair)])
    expect(locks()).toEqual([true])
    Object.assign(member, { blocked: false })
    await moderation.admitted(member)
    expect(locks()).toEqual([true, false])
  })
})

describe('R5 who came after the lock fell lets in those whom it does not concern', () => {
  const hello = { memberId: idOf(20), claims: { jkt: 'other', role: 'participant', name: 'Ada' } }
  const barred = (): string | null => moderation.refusalOf(hello as never)
  let lock: Bytes

  beforeEach(async () => {
    const member = await comes(CHAIR, chair, 'moderator')
    lock = await said({ type: 'lock', locked: true, timeMs: now }, chair)
    await moderation.receiveHandedOn(from(HONEST), [lock], [hello.memberId])
    expect([member.blocked, barred()]).toEqual([false, 'locked'])
    moderation.refuse(hello as never, 'locked')
  })

  it('by the word of a moderator, however late it comes', async () => {
    await moderation.receiveHandedOn(from(CHAIR), [lock], [hello.memberId])
    expect([barred(), moderation.refuses(hello.memberId)]).toEqual([null, false])
  })

  it('not by that of a moderator whose device is not accepted', async () => {
    Object.assign(from(CHAIR), { blocked: true })
    await moderation.receiveHandedOn(from(CHAIR), [lock], [hello.memberId])
    expect([barred(), moderation.refuses(hello.memberId)]).toEqual(['locked', true])
  })

  it('not by what was said of another lock', async () => {
    await moderation.receiveHandedOn(from(CHAIR), [lock], [hello.memberId])
    for (const locked of [false, true]) {
      const decision = { type: 'lock', locked, timeMs: ++now } as const
      const signed = await said(decision, chair)
      await moderation.handle({ memberId: CHAIR, role: 'moderator' }, decision, signed)
    }
    expect(barred()).toBe('locked')
  })
})
