/**
 * Commits that tell of a run we do not know: we join it, but not when we came in the middle of it.
 *
 * Others take part until they hear of us, so a newcomer may still hear commits of a run that our coming ends. It joins
 * only a run of which it holds everybody's commit.
 */
import type { CodeCommit } from '../../messages/code-statements.ts'
import { toHex, type Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

/** A round trip to everybody fits into this. */
const NEW_MS = 2000
const MAX_RUNS = 8
const MAX_OVER = 64

type Commits = ReadonlyMap<MemberId, CodeCommit>

export class EarlyCommits {
  readonly #context: Pick<SessionContext, 'clock' | 'members'>
  readonly #runs = new Map<string, Map<MemberId, CodeCommit>>()
  /** Runs that took place, or gave way to others. */
  readonly #over = new Set<string>()

  constructor(context: Pick<SessionContext, 'clock' | 'members'>) {
    this.#context = context
  }

  isOver(sid: Bytes): boolean {
    return this.#over.has(toHex(sid))
  }

  /** This run is joined now, or never. */
  close(sid: Bytes): void {
    const key = toHex(sid)
    this.#runs.delete(key)
    this.#over.add(key)
    dropOldest(this.#over, MAX_OVER)
  }

  /** All commits heard of that run, when it is to be joined; null when it is not yet. */
  add({ memberId }: Member, commit: CodeCommit): Commits | null {
    const key = toHex(commit.sid)
    const commits = this.#runs.get(key) ?? new Map<MemberId, CodeCommit>()
    commits.set(memberId, commit)
    this.#runs.set(key, commits)
    dropOldest(this.#runs, MAX_RUNS)
    const others = this.#context.members.all().filter(({ state }) => state === 'verified')
    const complete = others.every((other) => commits.has(other.memberId))
    return complete || !this.#isNew(others) ? commits : null
  }

  /** We know everybody for a moment only. */
  #isNew(others: readonly Member[]): boolean {
    const known = Math.min(...others.map(({ admittedAt }) => admittedAt))
    return this.#context.clock.now() - known < NEW_MS
  }
}

function dropOldest(kept: Map<string, unknown> | Set<string>, max: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= max) return
    kept.delete(key)
  }
}
