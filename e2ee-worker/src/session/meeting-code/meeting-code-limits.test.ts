import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import { warningsOf } from '../../../test/network.ts'
import { MSID } from '../../../test/tmms.ts'
import { BROADCAST, twoMembers } from '../../../test/two-members.ts'
import { codeOf } from '../../errors.ts'
import { signBroadcast } from '../../messages/broadcast.ts'
import { encodeStatement, type Statement } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import { MeetingCode } from './meeting-code.ts'
import type { SessionContext } from '../context.ts'

const CODE_COMMIT = 5
const R = new Uint8Array(32)

describe('the meeting code', () => {
  it('is for at most 50 people', async () => {
    const startAmong = async (others: number): Promise<string> => {
      const said: Statement[] = []
      const members = Array.from({ length: others }, (_, i) => ({
        ...{ memberId: i.toString(16).padStart(32, '0'), state: 'verified' },
        hello: { ikPub: R, claims: { sub: `u_${i}` } },
      }))
      const context = {
        me: {
          memberId: 'f'.repeat(32),
          identity: { ikPub: R },
          credential: { claims: { sub: 'u' } },
        },
        members: { all: () => members, digest: () => Promise.resolve(R) },
        clock: new FakeClock(),
        decide: (task: () => Promise<void>) => task(),
        broadcast: (statement: Statement) => Promise.resolve(said.push(statement)),
        emit: () => undefined,
      } as unknown as SessionContext
      return new MeetingCode(context)
        .start()
        .then(() => said.map(({ type }) => type).join(), codeOf)
    }
    expect(await startAmong(0)).toBe('E_STATE')
    expect(await startAmong(1)).toBe('code-commit')
    expect(await startAmong(49)).toBe('code-commit')
    expect(await startAmong(50)).toBe('E_STATE')
  })

  it('makes nobody say more than eight commits in 20 s, however many runs a member begins', async () => {
    const { network, one, two } = await twoMembers(0)
    await network.advance(5000)
    const commits = (): number =>
      network.record.filter(
        ({ from, bytes }) => from === one.id && bytes[0] === BROADCAST && bytes[26] === CODE_COMMIT,
      ).length
    const before = commits()
    // Each lower than the one before it, so that the run going on gives way.
    const begin = async (n: number): Promise<void> => {
      const sid = new Uint8Array(16).fill(255 - n)
      const said = encodeStatement({ type: 'code-commit', sid, commit: R })
      const message = { from: two.id as MemberId, seq: 1000 + n, ...said }
      await network.give(one, two.id, await signBroadcast(message, MSID, two.identity))
    }
    for (let n = 0; n < 50; n++) await begin(n)
    expect(commits() - before).toBe(8)
    expect(warningsOf(one)).toContain('E_STATE')
    await network.advance(20_000)
    const later = commits()
    await begin(50)
    expect(commits()).toBeGreaterThan(later)
  })
})
