/** What decisions of moderators mean for those at the door: who is put out, who was in, and who waits. */
import { beforeEach, describe, expect, it } from 'vitest'
import { newIdentity } from '../../../test/network.ts'
import { MSID } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { signBroadcast } from '../../messages/broadcast.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import { encodeStatement, type Removal } from '../../messages/statements.ts'
import type { WorkerEvent } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import { Allowance } from '../../clock.ts'
import { Moderation, type ModerationHost } from './moderation.ts'
import type { Member } from '../members/member.ts'

const [ME, CHAIR] = ['me', '2'.repeat(32)] as MemberId[] as [MemberId, MemberId]
const SIGNER = { memberId: CHAIR, role: 'moderator' } as const
const UNREAD = new Uint8Array(0)

let members: Member[]
let now: number
let events: WorkerEvent[]
let asked: string[]
let warned: string[]
let moderation: Moderation

beforeEach(() => {
  now = 1_000_000
  ;[members, events, asked, warned] = [[], [], [], []]
  moderation = new Moderation({
    me: { memberId: ME, credential: { claims: { role: 'participant' } } },
    members: {
      get: (id: string) => members.find(({ memberId }) => memberId === id),
      all: () => members,
    },
    tmmsNow: () => now,
    emit: (event: WorkerEvent) => events.push(event),
    warn: (code: string) => warned.push(code),
    remove: (gone: readonly Member[]) => {
      members = members.filter((member) => !gone.includes(member))
      return Promise.resolve()
    },
    expect: (memberId: string) => asked.push(memberId),
  } as unknown as ModerationHost)
})

/** At the door: the name is device and member id in one, unless told otherwise. */
function hello(name: string, { jkt = name, role = 'participant' } = {}): VerifiedHello {
  return { memberId: name, claims: { jkt, role, name, msid: MSID } } as unknown as VerifiedHello
}

async function comes(name: string, as = {}): Promise<Member> {
  const handsOn = new Allowance(4, 15_000)
  const member = { memberId: name, hello: hello(name, as), handsOn, blocked: false }
  members.push(member as unknown as Member)
  await moderation.admitted(member as unknown as Member)
  return member as unknown as Member
}

function goes(name: string): void {
  members = members.filter(({ memberId }) => memberId !== name)
}

const bars = (name: string, as = {}) => moderation.refusalOf(hello(name, as))
const locks = (locked: boolean) =>
  moderation.handle(SIGNER, { type: 'lock', locked, timeMs: ++now }, UNREAD)
const removes = (name: string, jkt = name) =>
  moderation.handle(SIGNER, { type: 'removal', memberId: name as MemberId, jkt }, UNREAD)
const told = (type: WorkerEvent['type']) => events.filter((event) => event.type === type)

describe('R5 a lock', () => {
  it('lets back in who was in when it fell or came since, whatever they are now', async () => {
    await comes('ada')
    await locks(true)
    await comes('bob', { role: 'moderator' })
    for (const name of ['ada', 'bob']) goes(name)
    expect(['ada', 'bob', 'eve'].map((name) => bars(name))).toEqual([null, null, 'locked'])
  })

  it('said again forgets none of them', async () => {
    await comes('ada')
    await locks(true)
    goes('ada')
    await locks(true)
    expect(bars('ada')).toBeNull()
    expect(told('lock')).toHaveLength(1)
  })

  it('that falls anew knows only those who are in then', async () => {
    await comes('ada')
    await comes('bob')
    await locks(true)
    goes('ada')
    await locks(false)
    await locks(true)
    expect(['ada', 'bob'].map((name) => bars(name))).toEqual(['locked', null])
  })

  it('taken back has those asked in who waited for that, not those who were put out', async () => {
    await removes('eve')
    await locks(true)
    moderation.refuse(hello('late'), 'locked')
    moderation.refuse(hello('eve'), 'removed')
    expect(asked).toEqual([])
    await locks(false)
    expect(asked).toEqual(['late'])
    expect(['late', 'eve'].map((name) => moderation.refuses(name))).toEqual([false, true])
  })
})

describe('R2 a removal', () => {
  it('bars the member and the device, though they were never one', async () => {
    await removes('eve', 'device')
    expect(bars('eve', { jkt: 'other' })).toBe('removed')
    expect(bars('new', { jkt: 'device' })).toBe('removed')
    expect(bars('new', { jkt: 'other' })).toBeNull()
  })

  it('is told once, whoever says it again, and once for every session of the device', async () => {
    await comes('eve', { jkt: 'device' })
    await comes('again', { jkt: 'device' })
    for (let n = 0; n < 3; n++) await removes('eve', 'device')
    expect(told('removed')).toEqual([
      { type: 'removed', memberId: 'eve', by: CHAIR },
      { type: 'removed', memberId: 'again', by: CHAIR },
    ])
    expect(members).toEqual([])
  })

  it('is refused beyond 1200 of them', async () => {
    for (let n = 0; n < 1200; n++) await removes(`${n}`)
    await expect(removes('more').catch(codeOf)).resolves.toBe('E_STATE')
    expect(bars('more')).toBeNull()
    await removes('7')
    expect(told('removed')).toHaveLength(1200)
  })
})

describe('at the door', () => {
  it('who was told of is told of again after going, unless it was put out', () => {
    for (let n = 0; n < 2; n++) {
      moderation.refuse(hello('late'), 'locked')
      moderation.refuse(hello('eve'), 'removed')
    }
    expect(told('kept-out')).toHaveLength(2)
    for (const name of ['late', 'eve']) moderation.forget(name as MemberId)
    expect(['late', 'eve'].map((name) => moderation.refuses(name))).toEqual([false, true])
  })

  it('no more than 1200 are told of', () => {
    for (let n = 0; n < 1300; n++) moderation.refuse(hello(`${n}`), 'locked')
    expect(told('kept-out')).toHaveLength(1200)
  })
})

describe('R2 what a member hands on', () => {
  it('is no decision when it is anything else that a moderator signed', async () => {
    const chair = await newIdentity()
    const carrier = await comes('ada')
    await comes(CHAIR, { role: 'moderator', jkt: chair.jkt })
    Object.assign(members[1]!.hello, { ikPub: chair.ikPub })
    for (const statement of [
      { type: 'leave' } as const,
      { type: 'chat', sealed: UNREAD } as const,
    ]) {
      const signed = { from: CHAIR, seq: 1, ...encodeStatement(statement) }
      await moderation.receiveHandedOn(carrier, [await signBroadcast(signed, MSID, chair)])
    }
    expect(warned).toEqual(['E_STATE', 'E_STATE'])
    expect([events, moderation.inForce()]).toEqual([[], []])
    const removal: Removal = {
      type: 'removal',
      memberId: '7'.repeat(32) as MemberId,
      jkt: 'A'.repeat(43),
    }
    const signed = { from: CHAIR, seq: 1, ...encodeStatement(removal) }
    await moderation.receiveHandedOn(carrier, [await signBroadcast(signed, MSID, chair)])
    expect(told('removed')).toHaveLength(1)
  })

  it('costs nothing of its allowance when it is nothing', async () => {
    const carrier = await comes('ada')
    for (let n = 0; n < 20; n++) await moderation.receiveHandedOn(carrier, [])
    await expect(moderation.receiveHandedOn(carrier, [UNREAD])).resolves.toBeUndefined()
  })
})
