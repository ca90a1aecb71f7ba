/** Keeps credentials for the relay that are young enough, for as long as a connection lasts. */
import type { RelayCredentials } from '@huisclos/sfu/protocol'
import type { Ask } from '../signalling/signal.ts'

const RENEW_BEFORE_MS = 120_000
const SHORTEST_RENEWAL_MS = 30_000
const LONGEST_RENEWAL_MS = 300_000

export class RelayKeeper {
  readonly #ask: Ask
  readonly #onRenewed: (relay: RelayCredentials) => Promise<void>
  #current: RelayCredentials
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(
    first: RelayCredentials,
    ask: Ask,
    onRenewed: (relay: RelayCredentials) => Promise<void>,
  ) {
    this.#current = first
    this.#ask = ask
    this.#onRenewed = onRenewed
    this.#plan()
  }

  get current(): RelayCredentials {
    return this.#current
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #plan(): void {
    const untilMs = this.#current.expiresAtMs - Date.now() - RENEW_BEFORE_MS
    // A wrong clock must lead neither to a flood nor to credentials that run out.
    const delayMs = Math.min(LONGEST_RENEWAL_MS, Math.max(SHORTEST_RENEWAL_MS, untilMs))
    this.#timer = setTimeout(() => void this.#renew(), delayMs)
  }

  async #renew(): Promise<void> {
    try {
      this.#current = await this.#ask('relay-credentials', {})
      await this.#onRenewed(this.#current)
    } catch {
      // Tried again in a while; a cut connection ends this object.
    }
    if (!this.#closed) this.#plan()
  }
}
