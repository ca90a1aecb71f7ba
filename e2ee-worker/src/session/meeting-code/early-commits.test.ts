/** Commits of runs that are not ours yet: which are joined, and which never again. */
import { beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import type { CodeCommit } from '../../messages/code-statements.ts'
import { EarlyCommits } from './early-commits.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

let clock: FakeClock
let members: Member[]
let early: EarlyCommits

const person = (memberId: string, state = 'verified'): Member =>
  ({ memberId, state, admittedAt: clock.now() }) as unknown as Member
const sidOf = (n: number) => new Uint8Array(16).fill(n)
const commitOf = (n: number): CodeCommit => ({
  ...{ type: 'code-commit', sid: sidOf(n) },
  commit: new Uint8Array(32),
})
const pass = (ms: number) => clock.advance(ms, () => Promise.resolve())

beforeEach(() => {
  clock = new FakeClock()
  members = ['ada', 'bob', 'cleo'].map((name) => person(name))
  early = new EarlyCommits({ clock, members: { all: () => members } } as unknown as SessionContext)
})

it('a run is joined by its first commit where everybody is known for long', async () => {
  await pass(2000)
  expect([...(early.add(members[0]!, commitOf(1)) ?? [])]).toHaveLength(1)
})

it('S5 whoever came a moment ago joins only when it holds the commits of all who are here', async () => {
  await pass(1999)
  expect(early.add(members[0]!, commitOf(1))).toBeNull()
  expect(early.add(members[1]!, commitOf(1))).toBeNull()
  expect(early.add(members[2]!, commitOf(2))).toBeNull()
  expect([...(early.add(members[2]!, commitOf(1)) ?? []).keys()]).toEqual(['ada', 'bob', 'cleo'])
})

it('who is cut off is not waited for', () => {
  members.push(person('dora', 'lost'))
  early.add(members[0]!, commitOf(1))
  early.add(members[1]!, commitOf(1))
  expect(early.add(members[2]!, commitOf(1))?.size).toBe(3)
})

it('S4 a run that is over stays over, and its commits are forgotten', () => {
  early.add(members[0]!, commitOf(1))
  early.close(sidOf(1))
  for (let n = 2; n < 65; n++) early.close(sidOf(n))
  expect([1, 2, 64, 65].map((n) => early.isOver(sidOf(n)))).toEqual([true, true, true, false])
  early.close(sidOf(65))
  expect([1, 2, 65].map((n) => early.isOver(sidOf(n)))).toEqual([false, true, true])
  early.add(members[1]!, commitOf(1))
  expect(early.add(members[2]!, commitOf(1))).toBeNull()
})

it('of runs that nobody finishes eight are remembered', () => {
  for (let n = 1; n <= 9; n++) early.add(members[0]!, commitOf(n))
  for (let n = 2; n <= 9; n++) {
    expect(early.add(members[1]!, commitOf(n))).toBeNull()
    expect(early.add(members[2]!, commitOf(n))?.size).toBe(3)
  }
  early.add(members[1]!, commitOf(1))
  expect(early.add(members[2]!, commitOf(1))).toBeNull()
})
