/**
 * Compares who the others regard as present with whom we do: a TCS that hides somebody from some makes the lists differ.
 *
 * Lists change while messages travel, so a foreign digest is explained by any list we held shortly before or after it.
 */
import { toHex, type Bytes } from '../../wire.ts'
import type { WorkerEvent } from '../../events.ts'
import type { E2eeCode, MemberId } from '../../protocol.ts'
import type { Cancel, Clock } from '../../clock.ts'
import type { Members } from './members.ts'

/** Lists that differ longer than this are reported. */
const DIFFER_MS = 10_000
/** One digest may have waited in a frozen server for any time. One that comes so much later was no part of that burst. */
const APART_MS = 4000
/** So long nothing explains a digest, and its member is asked for a newer one. */
const ASK_MS = 5000
/** How long the newer one may wait for a change of our own list. */
const SETTLE_MS = 5000
/** A digest may be this old when it arrives, as after a short cut of its sender. */
const LATE_MS = 15_000
/** Another list before its time starts it anew, but not for ever: a TCS could have it change all the time. */
const CHANGING_MS = 30_000

interface Report {
  readonly digest: string
  readonly at: number
  /** Since when no digest of this member was explained. */
  readonly since: number
  /** Whether a later digest was not explained either, so that this is no late message. */
  readonly confirmed: boolean
  readonly cancel: Cancel
}

export interface RosterCheckHost {
  readonly clock: Clock
  readonly members: Members
  readonly emit: (event: WorkerEvent) => void
  readonly run: (task: () => void | Promise<void>) => void
  warn(code: E2eeCode, memberId: string | null): void
  /** Has a member send something that names its list. */
  ask(memberId: MemberId): Promise<void>
}

export class RosterCheck {
  readonly #host: RosterCheckHost
  /** Lists we held before, by digest, oldest first, and when each ended. Every key names a digest, so a look-up must be short. */
  readonly #former = new Map<string, number>()
  #current: string | null = null
  /** The latest digest of a member that nothing of ours explains. */
  readonly #unexplained = new Map<MemberId, Report>()
  readonly #differing = new Set<MemberId>()
  #version = -1

  constructor(host: RosterCheckHost) {
    this.#host = host
  }

  /** Notes our own list when it changed. */
  async settle(): Promise<void> {
    const { clock, members } = this.#host
    if (members.version === this.#version) return
    this.#version = members.version
    const digest = toHex(await members.digest())
    const now = clock.now()
    if (this.#current === digest) return
    if (this.#current !== null) this.#former.set(this.#current, now)
    this.#current = digest
    // The list we hold is no former one, and should it end again, it belongs behind the others.
    this.#former.delete(digest)
    for (const [former, until] of this.#former) {
      if (until >= now - LATE_MS - DIFFER_MS) break
      this.#former.delete(former)
    }
    for (const [memberId, report] of this.#unexplained) {
      if (report.digest === digest) this.#agrees(memberId)
    }
  }

  /** A member regards as present whom this digest covers. */
  receive(memberId: MemberId, digest: Bytes): void {
    const received = toHex(digest)
    const now = this.#host.clock.now()
    if (this.#explains(received, now)) {
      this.#agrees(memberId)
      return
    }
    const before = this.#unexplained.get(memberId)
    const since = before?.since ?? now
    const confirmed = now - since >= APART_MS
    const same = before?.confirmed === confirmed && (!confirmed || before.digest === received)
    if (!same) before?.cancel()
    const cancel = same ? before.cancel : this.#goOnLater(memberId, { since, now, confirmed })
    this.#unexplained.set(memberId, { digest: received, at: now, since, confirmed, cancel })
  }

  /** Who has gone differs with nobody. */
  forget(memberId: MemberId): void {
    this.#agrees(memberId)
  }

  /** What came over the connection that is gone may have waited in it: only what comes over the next one counts. */
  cut(): void {
    for (const [memberId, { cancel }] of this.#unexplained) {
      if (this.#differing.has(memberId)) continue
      cancel()
      this.#unexplained.delete(memberId)
    }
  }

  close(): void {
    for (const { cancel } of this.#unexplained.values()) cancel()
    this.#unexplained.clear()
  }

  #goOnLater(
    memberId: MemberId,
    { since, now, confirmed }: Pick<Report, 'since' | 'confirmed'> & { readonly now: number },
  ): Cancel {
    const { clock, run } = this.#host
    if (!confirmed) return clock.setTimer(ASK_MS, () => run(() => this.#host.ask(memberId)))
    const dueMs = Math.max(since + DIFFER_MS, now + SETTLE_MS)
    const waitMs = Math.max(0, Math.min(dueMs, since + CHANGING_MS) - now)
    return clock.setTimer(waitMs, () => run(() => this.#judge(memberId)))
  }

  #judge(memberId: MemberId): void {
    const report = this.#unexplained.get(memberId)
    if (report === undefined) return
    if (this.#explains(report.digest, report.at)) {
      this.#agrees(memberId)
      return
    }
    this.#host.warn('E_ROSTER', memberId)
    if (this.#differing.has(memberId)) return
    this.#differing.add(memberId)
    this.#report()
  }

  #agrees(memberId: MemberId): void {
    this.#unexplained.get(memberId)?.cancel()
    this.#unexplained.delete(memberId)
    if (this.#differing.delete(memberId)) this.#report()
  }

  #explains(digest: string, at: number): boolean {
    if (digest === this.#current) return true
    const until = this.#former.get(digest)
    return until !== undefined && until >= at - LATE_MS
  }

  #report(): void {
    this.#host.emit({ type: 'roster-differs', memberIds: [...this.#differing] })
  }
}
