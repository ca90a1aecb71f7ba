/** Whether newcomers are let in: the latest decision of a moderator counts, and it exempts whoever was in. */
import { E2eeError } from '../../errors.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import type { Lock } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import type { Bytes } from '../../wire.ts'
import { LockExempt } from './lock-exempt.ts'

/** A lock from further in the future could never be opened again. */
const SKEW_MS = 60_000

type SignedLock = Lock & { readonly by: MemberId; readonly signed: Bytes }

export class MeetingLock {
  readonly #exempt = new LockExempt()
  #newest: SignedLock | null = null

  get locked(): boolean {
    return this.#newest?.locked ?? false
  }

  /** The decision in force, as it was signed; null before the first. */
  get signed(): Bytes | null {
    return this.#newest?.signed ?? null
  }

  /** A time that makes a decision of ours the latest. */
  nextTimeMs(nowMs: number): number {
    return Math.max(nowMs, (this.#newest?.timeMs ?? 0) + 1)
  }

  /** A moderator lets itself in. */
  keepsOut(hello: VerifiedHello): boolean {
    if (!this.#newest?.locked || hello.claims.role === 'moderator') return false
    return !this.#exempt.has(hello, this.#newest.signed)
  }

  isSettled(lock: Lock, by: MemberId): boolean {
    return this.#newest !== null && !isLater({ ...lock, by }, this.#newest)
  }

  /**
   * True when the meeting is locked or opened by it; `present` are the devices it then exempts.
   * @throws E2eeError E_TOKEN_TIME for a decision from the future.
   */
  set(lock: SignedLock, nowMs: number, present: readonly string[]): boolean {
    if (lock.timeMs > nowMs + SKEW_MS) throw new E2eeError('E_TOKEN_TIME')
    if (this.isSettled(lock, lock.by)) return false
    const changes = lock.locked !== this.locked
    this.#newest = lock
    if (!changes) return false
    this.#exempt.clear()
    if (lock.locked) for (const jkt of present) this.#exempt.add(jkt)
    return true
  }

  /** A device was let in. */
  admitted(jkt: string): void {
    if (this.locked) this.#exempt.add(jkt)
  }

  removed(jkt: string): void {
    this.#exempt.delete(jkt)
  }

  /** A moderator told us, who came later, whom that lock does not concern. */
  list(by: MemberId, lock: Bytes, memberIds: readonly MemberId[]): void {
    this.#exempt.list(by, lock, memberIds)
  }

  isListed(memberId: MemberId): boolean {
    return this.#newest !== null && this.#exempt.isListed(memberId, this.#newest.signed)
  }
}

/** The later decision counts; of two at the same time, everybody must choose the same one. */
function isLater(
  lock: { readonly timeMs: number; readonly by: MemberId },
  than: { readonly timeMs: number; readonly by: MemberId },
): boolean {
  return lock.timeMs === than.timeMs ? lock.by > than.by : lock.timeMs > than.timeMs
}
