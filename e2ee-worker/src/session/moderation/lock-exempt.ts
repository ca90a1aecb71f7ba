/** Who may come into a locked meeting: whoever was in when the lock fell, and whoever was let in since. */
import type { VerifiedHello } from '../../messages/hello.ts'
import { sameBytes, type Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'

/** More moderators than let somebody in at the same time. */
const MAX_LISTS = 8

interface List {
  readonly lock: Bytes
  readonly memberIds: ReadonlySet<MemberId>
}

export class LockExempt {
  /** Thumbprints of devices. */
  readonly #devices = new Set<string>()
  /** By the moderator who said that these are in under that lock, which we were not there to see fall. */
  readonly #lists = new Map<MemberId, List>()

  add(jkt: string): void {
    this.#devices.add(jkt)
  }

  delete(jkt: string): void {
    this.#devices.delete(jkt)
  }

  /** A lock falls, or is opened: what was known is about another one. */
  clear(): void {
    this.#devices.clear()
  }

  /** A moderator told us, who came later, whom the lock does not concern. */
  list(by: MemberId, lock: Bytes, memberIds: readonly MemberId[]): void {
    this.#lists.delete(by)
    this.#lists.set(by, { lock, memberIds: new Set(memberIds) })
    const [oldest] = this.#lists.keys()
    if (oldest !== undefined && this.#lists.size > MAX_LISTS) this.#lists.delete(oldest)
  }

  /** `lock` is the one in force, as it was signed. */
  has({ memberId, claims }: Pick<VerifiedHello, 'memberId' | 'claims'>, lock: Bytes): boolean {
    return this.#devices.has(claims.jkt) || this.isListed(memberId, lock)
  }

  isListed(memberId: MemberId, lock: Bytes): boolean {
    return [...this.#lists.values()].some(
      (list) => list.memberIds.has(memberId) && sameBytes(list.lock, lock),
    )
  }
}
