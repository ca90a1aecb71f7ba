import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../test/clock.ts'
import { codeOf } from '../errors.ts'
import type { Statement } from '../keys/statements.ts'
import { MeetingCode } from './meeting-code.ts'
import type { Room } from './room.ts'

const R = new Uint8Array(32)

describe('the meeting code', () => {
  it('is for at most 50 people', async () => {
    const startAmong = async (others: number): Promise<string> => {
      const said: Statement[] = []
      const peers = Array.from({ length: others }, (_, i) => ({
        ...{ memberId: i.toString(16).padStart(32, '0'), state: 'verified' },
        hello: { ikPub: R, claims: { sub: `u_${i}` } },
      }))
      const room = {
        me: {
          memberId: 'f'.repeat(32),
          identity: { ikPub: R },
          credential: { claims: { sub: 'u' } },
        },
        members: { all: () => peers, digest: () => Promise.resolve(R) },
        clock: new FakeClock(),
        decide: (task: () => Promise<void>) => task(),
        say: (statement: Statement) => Promise.resolve(said.push(statement)),
        emit: () => undefined,
      } as unknown as Room
      return new MeetingCode(room).start().then(() => said.map(({ type }) => type).join(), codeOf)
    }
    expect(await startAmong(0)).toBe('E_STATE')
    expect(await startAmong(1)).toBe('code-commit')
    expect(await startAmong(49)).toBe('code-commit')
    expect(await startAmong(50)).toBe('E_STATE')
  })
})
