import { hash, hkdfSync, randomBytes, randomFillSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hex, huisclosKat, kat } from '../../test/kat.ts'
import type { MemberId } from '../protocol.ts'
import { rosterDigest } from '../messages/roster-digest.ts'
import { codeFrom, commitTo, hashCommits, meetingCode, transcriptBytes } from './sas.ts'
import { toHex, type Bytes } from '../wire.ts'

const known = huisclosKat.meeting_code
const sid = hex(known.sid)
const digest = hex(known.roster_digest)
const contributions = known.members.map((member) => ({
  memberId: member.member_id as MemberId,
  ikPub: hex(member.ik_pub),
  sub: member.sub,
  commit: hex(member.commit),
  r: hex(member.r),
}))
const transcript = { sid, rosterDigest: digest, contributions }

const pool = Buffer.alloc(128)

/** A participant; everything about it in plain Node, written once more from the protocol. */
interface Party {
  readonly id: Buffer
  readonly ik: Buffer
}

const COMMIT = Buffer.from('E2EE1 sas commit\0')
const sha = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer')

/** The code that these two see, from the number of the run and the value of each; what never changes is made once. */
function independently(parties: readonly [Party, Party]): (run: Buffer, rs: Buffer[]) => string {
  const roster = sha(
    Buffer.from('E2EE1 roster\0'),
    ...parties.map(({ id }) => id).toSorted(bytewise),
  )
  const people = parties.map(({ ik }) => Buffer.concat([ik, Buffer.from([0, 1]), Buffer.from('u')]))
  const after = Buffer.concat([roster, ...people.toSorted(bytewise)])
  const inOrder = parties.toSorted((a, b) => bytewise(a.id, b.id))
  return (run, rs) => {
    const commits = inOrder.map(({ id }, i) => sha(COMMIT, run, id, roster, rs[i]!))
    const ikm = Buffer.concat([run, ...commits.sort(bytewise), ...rs, after])
    const okm = Buffer.from(hkdfSync('sha512', ikm, '', 'E2EE1 sas\0', 8))
    return (okm.readBigUInt64BE() % 10n ** 12n).toString().padStart(12, '0')
  }
}

async function byUs(parties: readonly [Party, Party], run: Buffer, rs: Buffer[]): Promise<string> {
  const members = parties
    .toSorted((a, b) => bytewise(a.id, b.id))
    .map(({ id, ik }, i) => ({
      memberId: toHex(id) as MemberId,
      ...{ ikPub: Uint8Array.from(ik), sub: 'u', r: Uint8Array.from(rs[i]!) },
    }))
  const digestOf = await rosterDigest(members.map(({ memberId }) => memberId))
  const of = { sid: Uint8Array.from(run), rosterDigest: digestOf }
  const committed = members.map(async (one) => ({
    ...one,
    commit: await commitTo({ ...of, ...one }),
  }))
  const code = await meetingCode({ ...of, contributions: await Promise.all(committed) })
  return code.replaceAll(' ', '')
}

function bytewise(a: Buffer, b: Buffer): number {
  return Buffer.compare(a, b)
}

function party(): Party {
  return { id: randomBytes(16), ik: randomBytes(65) }
}

describe('the meeting code', () => {
  it('K9 has the known answers', async () => {
    expect(await codeFrom(hex(kat.sas.transcript))).toBe(kat.sas.code)
    for (const { memberId, r, commit } of contributions) {
      expect(await commitTo({ sid, memberId, rosterDigest: digest, r })).toEqual(commit)
    }
    expect(toHex(await hashCommits(contributions.map(({ commit }) => commit)))).toBe(
      known.ack_digest,
    )
    expect(toHex(transcriptBytes(transcript))).toBe(known.transcript)
    expect(await meetingCode(transcript)).toBe(known.code)
  })

  it('K9 is of the list of people that has the known digest', async () => {
    const { member_ids: ids, digest: answer } = huisclosKat.roster
    expect(toHex(await rosterDigest(ids as MemberId[]))).toBe(answer)
    expect(answer).toBe(known.roster_digest)
  })

  it('S1 is the same in whatever order one heard of the others', async () => {
    expect(await meetingCode({ ...transcript, contributions: contributions.toReversed() })).toBe(
      known.code,
    )
  })

  it('is another one when anything differs', async () => {
    const [first, ...others] = contributions
    const change = (changes: object) =>
      meetingCode({ ...transcript, contributions: [{ ...first!, ...changes }, ...others] })
    const flip = (bytes: Bytes): Bytes => bytes.with(3, bytes[3]! ^ 1)
    const codes = await Promise.all([
      meetingCode(transcript),
      meetingCode({ ...transcript, sid: flip(sid) }),
      meetingCode({ ...transcript, rosterDigest: flip(digest) }),
      change({ ikPub: flip(first!.ikPub) }),
      change({ sub: 'u_7f3b' }),
      change({ commit: flip(first!.commit) }),
      change({ r: flip(first!.r) }),
    ])
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('S2 differs on both sides of somebody in between with keys of its own, in 10^5 runs', async () => {
    const left = [party(), party()] as const
    const right = [party(), party()] as const
    const [seenLeft, seenRight] = [independently(left), independently(right)]
    const run = pool.subarray(0, 16)
    const [own, ada, bob] = [pool.subarray(32, 64), pool.subarray(64, 96), pool.subarray(96)]
    let same = 0
    for (let i = 0; i < 100_000; i++) {
      // The one in between chooses as it likes, the same number and values as well, but before it sees the others'.
      randomFillSync(pool)
      if (seenLeft(run, [ada, own]) === seenRight(run, [own, bob])) same++
    }
    expect(same).toBe(0)
    const rs = [ada, bob]
    expect(await byUs(left, run, rs)).toBe(seenLeft(run, rs))
    expect(await byUs(right, run, rs)).toBe(seenRight(run, rs))
  }, 60_000)
})
