/**
 * One run of the meeting code as one participant sees it: commits of all, then equal acknowledgements of all, then the
 * values. Nothing of ours is shown before everybody is bound to theirs.
 */
import { E2eeError } from '../../errors.ts'
import type { CodeAck, CodeCommit, CodeReveal } from '../../messages/code-statements.ts'
import { R_BYTES, commitTo, hashCommits, meetingCode } from '../../keys/sas.ts'
import { sameBytes, type Bytes } from '../../wire.ts'
import type { CodeRun as ShownRun } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'

/** Who a participant verifiably is. */
export interface Participant {
  readonly memberId: MemberId
  readonly ikPub: Bytes
  readonly sub: string
}

export interface RunOpening {
  readonly sid: Bytes
  readonly by: MemberId
  readonly me: MemberId
  /** Everybody present, ourselves included, and the digest of that list. */
  readonly participants: readonly Participant[]
  readonly rosterDigest: Bytes
}

type Contribution = CodeCommit | CodeAck | CodeReveal

export class CodeRun {
  readonly sid: Bytes
  readonly by: MemberId
  readonly rosterDigest: Bytes
  /** What begins it, or joins it. */
  readonly opening: CodeCommit
  state: ShownRun['state'] = 'running'
  reason: ShownRun['reason'] = null
  code: string | null = null
  /** Somebody saw another code than the others. */
  mismatched = false
  /** Whoever did not keep to what it had bound itself to, or was shown other commits than we were. */
  cheater: MemberId | null = null
  readonly judgements = new Map<MemberId, boolean>()
  readonly #me: MemberId
  readonly #participants: ReadonlyMap<MemberId, Participant>
  readonly #r: Bytes
  readonly #commits = new Map<MemberId, Bytes>()
  readonly #acks = new Map<MemberId, Bytes>()
  readonly #reveals = new Map<MemberId, Bytes>()

  private constructor(opening: RunOpening, r: Bytes, commit: Bytes) {
    this.sid = opening.sid
    this.by = opening.by
    this.rosterDigest = opening.rosterDigest
    this.#me = opening.me
    this.#participants = new Map(opening.participants.map((one) => [one.memberId, one]))
    this.#r = r
    this.opening = { type: 'code-commit', sid: opening.sid, commit }
    this.#commits.set(opening.me, commit)
  }

  static async begin(opening: RunOpening): Promise<CodeRun> {
    const { sid, me, rosterDigest } = opening
    const r = crypto.getRandomValues(new Uint8Array(R_BYTES))
    return new CodeRun(opening, r, await commitTo({ sid, memberId: me, rosterDigest, r }))
  }

  /** A value was shown, so the run cannot give way to another any longer. */
  get revealing(): boolean {
    return this.#reveals.size > 0
  }

  get judged(): boolean {
    return this.state === 'shown' && this.judgements.size === this.#participants.size
  }

  get members(): readonly MemberId[] {
    return [...this.#participants.keys()].sort()
  }

  includes(memberId: MemberId): boolean {
    return this.#participants.has(memberId)
  }

  /** Notes what a participant said; `cheater` tells whether it was allowed to. */
  async add(from: MemberId, said: Contribution): Promise<void> {
    const allowed =
      said.type === 'code-commit'
        ? once(this.#commits, from, said.commit)
        : said.type === 'code-ack'
          ? once(this.#acks, from, said.digest)
          : await this.#reveal(from, said.r)
    if (!allowed) this.cheater = from
  }

  /** What is to be said next, or null. Once everything is there `code` is set. */
  async next(): Promise<CodeAck | CodeReveal | null> {
    if (this.cheater !== null || !this.#complete(this.#commits)) return null
    const { sid } = this
    const own = this.#acks.get(this.#me)
    if (own === undefined) {
      const digest = await hashCommits([...this.#commits.values()])
      this.#acks.set(this.#me, digest)
      return { type: 'code-ack', sid, digest }
    }
    this.cheater = this.#whoDiffers(own)
    if (this.cheater !== null || !this.#complete(this.#acks)) return null
    if (!this.#reveals.has(this.#me)) {
      this.#reveals.set(this.#me, this.#r)
      return { type: 'code-reveal', sid, r: this.#r }
    }
    if (this.#complete(this.#reveals)) this.code ??= await this.#makeCode()
    return null
  }

  /**
   * A value may follow only its own author's commit and acknowledgement, when all commits are here. Acknowledgements of
   * others may still be on their way: nothing depends on them but when we show ours.
   */
  async #reveal(from: MemberId, r: Bytes): Promise<boolean> {
    const { sid, rosterDigest } = this
    const commit = this.#commits.get(from)
    if (!commit || !this.#acks.has(from) || !this.#complete(this.#commits)) return false
    const bound = sameBytes(commit, await commitTo({ sid, memberId: from, rosterDigest, r }))
    return bound && once(this.#reveals, from, r)
  }

  #complete(said: ReadonlyMap<MemberId, Bytes>): boolean {
    return said.size === this.#participants.size
  }

  #whoDiffers(own: Bytes): MemberId | null {
    for (const [memberId, digest] of this.#acks) if (!sameBytes(digest, own)) return memberId
    return null
  }

  #makeCode(): Promise<string> {
    const { sid, rosterDigest } = this
    const contributions = [...this.#participants.values()].map((participant) => ({
      ...participant,
      commit: saidBy(this.#commits, participant.memberId),
      r: saidBy(this.#reveals, participant.memberId),
    }))
    return meetingCode({ sid, rosterDigest, contributions })
  }
}

/** False when the same member said something else before. */
function once(said: Map<MemberId, Bytes>, from: MemberId, value: Bytes): boolean {
  const before = said.get(from)
  if (before !== undefined) return sameBytes(before, value)
  said.set(from, value)
  return true
}

/** @throws E2eeError E_STATE when it has not been said. */
function saidBy(said: ReadonlyMap<MemberId, Bytes>, memberId: MemberId): Bytes {
  const value = said.get(memberId)
  if (value === undefined) throw new E2eeError('E_STATE')
  return value
}
