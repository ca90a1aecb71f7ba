/** Tells a token that renews one from a token that lets a device in: the audit log has the second only. */
import { TOKEN_TTL_S } from '../../contract/limits.ts'

/** A token that expired this recently says that its device was only cut off for a while. */
const RENEWABLE_MS = 2 * TOKEN_TTL_S * 1000
/** Who is forgotten is written down once more, which does no harm. */
const MAX_DEVICES = 100_000

export class RecentAdmissions {
  /** When each device of an account last got a token for a meeting, oldest first. */
  readonly #lastMs = new Map<string, number>()

  /** Whether this device had a token lately. */
  has(device: string, nowMs: number): boolean {
    return nowMs < (this.#lastMs.get(device) ?? -Infinity) + RENEWABLE_MS
  }

  keep(device: string, nowMs: number): void {
    this.#lastMs.delete(device)
    this.#lastMs.set(device, nowMs)
    const [oldest] = this.#lastMs.keys()
    if (this.#lastMs.size > MAX_DEVICES && oldest !== undefined) this.#lastMs.delete(oldest)
  }
}
