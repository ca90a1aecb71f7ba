/** One run of the meeting code, step by step: what may be said when, and what shows that somebody cheats. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { CodeAck, CodeReveal } from '../../messages/code-statements.ts'
import { sameBytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'
import { CodeRun } from './code-run.ts'

const idOf = (n: number): MemberId => `${n}`.repeat(32) as MemberId
const [ADA, BOB, CLEO] = [idOf(1), idOf(2), idOf(3)] as const
const sid = new Uint8Array(16).fill(5)
const rosterDigest = new Uint8Array(32).fill(6)
const participants = [ADA, BOB, CLEO].map((memberId, n) => ({
  ...{ memberId, sub: `u${n}` },
  ikPub: new Uint8Array(65).fill(n),
}))

let ada: CodeRun
let bob: CodeRun
let cleo: CodeRun

beforeEach(async () => {
  const begin = (me: MemberId) => CodeRun.begin({ sid, by: ADA, me, participants, rosterDigest })
  ;[ada, bob, cleo] = await Promise.all([begin(ADA), begin(BOB), begin(CLEO)])
})

const all = () =>
  [
    [ADA, ada],
    [BOB, bob],
    [CLEO, cleo],
  ] as const

/** Everybody hears every commit. */
async function commits(): Promise<void> {
  for (const [from, { opening }] of all())
    for (const [to, run] of all()) if (to !== from) await run.add(from, opening)
}

async function ackOf(run: CodeRun): Promise<CodeAck> {
  const said = await run.next()
  expect(said?.type).toBe('code-ack')
  return said as CodeAck
}

/** What this member would reveal, had it heard everybody's acknowledgement. */
async function revealOf(
  run: CodeRun,
  acks: readonly (readonly [MemberId, CodeAck])[],
): Promise<CodeReveal> {
  for (const [from, ack] of acks) await run.add(from, ack)
  const said = await run.next()
  expect(said?.type).toBe('code-reveal')
  return said as CodeReveal
}

/** Everybody's acknowledgement, without anybody having heard another's. */
async function acks(): Promise<readonly (readonly [MemberId, CodeAck])[]> {
  return [
    [ADA, await ackOf(ada)],
    [BOB, await ackOf(bob)],
    [CLEO, await ackOf(cleo)],
  ]
}

describe('a run', () => {
  it('S1 shows a value only when all commits and all acknowledgements are here', async () => {
    expect(await ada.next()).toBeNull()
    await ada.add(BOB, bob.opening)
    expect(await ada.next()).toBeNull()
    await commits()
    const said = await acks()
    const [own, ofBob, ofCleo] = said.map(([, ack]) => ack) as [CodeAck, CodeAck, CodeAck]
    expect([ofBob, ofCleo].every(({ digest }) => sameBytes(digest, own.digest))).toBe(true)
    expect(await ada.next()).toBeNull()
    await ada.add(BOB, ofBob)
    expect(await ada.next()).toBeNull()
    expect(ada.revealing).toBe(false)
    await ada.add(CLEO, ofCleo)
    expect((await ada.next())?.type).toBe('code-reveal')
    expect([ada.revealing, ada.code, ada.cheater]).toEqual([true, null, null])
  })

  it('S1 has the same code for everybody once all values are here', async () => {
    await commits()
    const said = await acks()
    const reveals = await Promise.all(
      all().map(async ([from, run]) => [from, await revealOf(run, said)] as const),
    )
    for (const [from, reveal] of reveals)
      for (const [to, run] of all()) if (to !== from) await run.add(from, reveal)
    for (const [, run] of all()) expect(await run.next()).toBeNull()
    expect(ada.code).toMatch(/^\d{3} \d{3} \d{3} \d{3}$/)
    expect([bob.code, cleo.code]).toEqual([ada.code, ada.code])
  })

  it('says everything again without harm', async () => {
    await commits()
    await commits()
    const said = await acks()
    const reveal = await revealOf(bob, said)
    for (let n = 0; n < 2; n++) {
      for (const [from, ack] of said) await ada.add(from, ack)
      await ada.add(BOB, reveal)
    }
    expect(ada.cheater).toBeNull()
  })
})

describe('whoever', () => {
  it('S3 shows the right value before its own acknowledgement cheats', async () => {
    await commits()
    const reveal = await revealOf(bob, await acks())
    await ada.add(BOB, reveal)
    expect(ada.cheater).toBe(BOB)
    expect(await ada.next()).toBeNull()
  })

  it('S3 shows it before all commits are here cheats', async () => {
    await commits()
    const said = await acks()
    const late = await CodeRun.begin({ sid, by: ADA, me: ADA, participants, rosterDigest })
    await late.add(BOB, bob.opening)
    await late.add(BOB, said[1]![1])
    await late.add(BOB, await revealOf(bob, said))
    expect(late.cheater).toBe(BOB)
  })

  it('S4 shows another value, or commits or acknowledges twice, cheats', async () => {
    await commits()
    const said = await acks()
    for (const [from, ack] of said) await ada.add(from, ack)
    const reveal = await revealOf(bob, said)
    const wrong = reveal.r.with(0, (reveal.r[0] ?? 0) ^ 1)
    await ada.add(BOB, { ...reveal, r: wrong })
    expect(ada.cheater).toBe(BOB)
    await bob.add(CLEO, { ...cleo.opening, commit: new Uint8Array(32) })
    expect(bob.cheater).toBe(CLEO)
    await cleo.add(ADA, said[0]![1])
    await cleo.add(ADA, { ...said[0]![1], digest: new Uint8Array(32) })
    expect(cleo.cheater).toBe(ADA)
  })

  it('S4 acknowledges other commits than ours was shown them, or shows them: no value of ours is', async () => {
    await commits()
    const [, [, ack], [, other]] = (await acks()) as [
      unknown,
      [MemberId, CodeAck],
      [MemberId, CodeAck],
    ]
    await ada.add(BOB, ack)
    await ada.add(CLEO, { ...other, digest: other.digest.with(0, 1 ^ (other.digest[0] ?? 0)) })
    expect(await ada.next()).toBeNull()
    expect([ada.cheater, ada.revealing]).toEqual([CLEO, false])
  })
})

it('a code is judged once all who saw it have said so', () => {
  for (const memberId of [ADA, BOB, CLEO]) {
    ada.state = 'shown'
    expect(ada.judged).toBe(false)
    ada.judgements.set(memberId, true)
    ada.state = 'running'
    expect(ada.judged).toBe(false)
  }
  ada.state = 'shown'
  expect(ada.judged).toBe(true)
})
