/** Signed broadcasts: whose they are, what order they come in, and what those of strangers are worth. */
import { beforeEach, describe, expect, it } from 'vitest'
import { newIdentity } from '../../../test/network.ts'
import { MSID } from '../../../test/tmms.ts'
import { codeOf } from '../../errors.ts'
import { signBroadcast } from '../../messages/broadcast.ts'
import type { Identity } from '../../trust/identity.ts'
import { encodeStatement, type Statement } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import { Broadcasts } from './broadcasts.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

const idOf = (n: number): MemberId => n.toString(16).padStart(32, '0') as MemberId
const [ME, ADA, EVE] = [idOf(1), idOf(2), idOf(3)] as const
const LEAVE: Statement = { type: 'leave' }
const VOUCH: Statement = { type: 'vouch', entries: [] }
const PRESENCE: Statement = {
  ...{ type: 'presence', scope: 0, rosterDigest: new Uint8Array(32), rosterCount: 1 },
  ...{ gen: 0, step: 0, sent: [] },
}

let ada: Identity
let members: Map<string, Member>
let wereHere: Set<string>
let keptOut: Set<string>
let expected: string[]
let warned: string[]
let heard: string[]
let broadcasts: Broadcasts

beforeEach(async () => {
  ada = await newIdentity()
  members = new Map()
  wereHere = new Set()
  keptOut = new Set()
  ;[expected, warned, heard] = [[], [], []]
  const handler = ({ memberId }: Member, { type }: Statement): void => {
    heard.push(`${memberId.slice(-1)} ${type}`)
  }
  broadcasts = new Broadcasts(
    {
      me: { memberId: ME },
      members: { get: (id: string) => members.get(id), wasHere: (id: string) => wereHere.has(id) },
      moderation: { refuses: (id: string) => keptOut.has(id) },
      greeting: { expect: (id: string) => expected.push(id) },
      warn: (code: string) => warned.push(code),
    } as unknown as SessionContext,
    new Proxy({}, { get: () => handler }),
    () => undefined,
  )
})

function comes(memberId: MemberId, { ikPub }: Identity): void {
  const hello = { ikPub, claims: { msid: MSID } }
  members.set(memberId, { memberId, hello } as unknown as Member)
}

async function said(
  seq: number,
  statement = LEAVE,
  { from = ADA, by = ada, msid = MSID } = {},
): Promise<Uint8Array> {
  return signBroadcast({ from, seq, ...encodeStatement(statement) }, msid, by)
}

const receive = (bytes: Uint8Array, from: string = ADA) =>
  broadcasts.receive(from, bytes).then(() => 'taken', codeOf)

describe('H5 a broadcast', () => {
  beforeEach(() => {
    comes(ADA, ada)
  })

  it('counts once, and never after a later one', async () => {
    for (const [seq, answer] of [
      [0, 'taken'],
      [0, 'E_ENV_REPLAY'],
      [5, 'taken'],
      [4, 'E_ENV_REPLAY'],
    ]) {
      expect(await receive(await said(seq as number))).toBe(answer)
    }
    expect(heard).toEqual(['2 leave', '2 leave'])
  })

  it('that is missing is warned of, but not before the first nor across a cut', async () => {
    for (const seq of [7, 8]) await receive(await said(seq))
    expect(warned).toEqual([])
    await receive(await said(10))
    expect(warned).toEqual(['E_ENV_GAP'])
    broadcasts.connectionChanged(false)
    await receive(await said(20))
    await receive(await said(21))
    expect(warned).toHaveLength(1)
    await receive(await said(23))
    expect(warned).toHaveLength(2)
  })

  it('goes on being old for a member that comes back', async () => {
    await receive(await said(7))
    members.delete(ADA)
    comes(ADA, ada)
    expect(await receive(await said(7))).toBe('E_ENV_REPLAY')
    expect(await receive(await said(9))).toBe('taken')
    expect(warned).toEqual([])
  })

  it('is refused from anybody else, in whatever name, and from another session', async () => {
    const eve = await newIdentity()
    comes(EVE, eve)
    expect(await receive(await said(1), EVE)).toBe('E_ENV_AUTH')
    expect(await receive(await said(1, LEAVE, { by: eve }))).toBe('E_ENV_AUTH')
    expect(await receive(await said(1, LEAVE, { from: EVE, by: eve }))).toBe('E_ENV_AUTH')
    expect(await receive(await said(1, LEAVE, { msid: 's_2' }))).toBe('E_ENV_AUTH')
    comes(ME, ada)
    expect(await receive(await said(1, LEAVE, { from: ME }), ME)).toBe('E_ENV_AUTH')
    expect(heard).toEqual([])
    expect(await receive(await said(0))).toBe('taken')
  })
})

describe('what is said by somebody who is not in', () => {
  it('has the HELLO asked for, and is warned of', async () => {
    expect(await receive(await said(0))).toBe('E_STATE')
    expect(expected).toEqual([ADA])
  })

  it('is no alarm when it is a vouch, which comes before anything else', async () => {
    expect(await receive(await said(0, VOUCH))).toBe('taken')
    expect(expected).toEqual([ADA])
  })

  it('is nothing from somebody who went, unless it says to be here', async () => {
    wereHere.add(ADA)
    expect(await receive(await said(0))).toBe('taken')
    expect(expected).toEqual([])
    expect(await receive(await said(1, PRESENCE))).toBe('taken')
    expect(expected).toEqual([ADA])
  })

  it('R5 is nothing from somebody who is kept out', async () => {
    keptOut.add(ADA)
    expect(await receive(await said(0))).toBe('taken')
    expect([expected, heard]).toEqual([[], []])
  })
})
