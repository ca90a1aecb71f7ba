/**
 * The meeting that somebody was on the way to when they had to sign in, activate their account or choose a new password
 * first. Mails open in another tab, so it is kept for the browser, for two hours, until it is taken or somebody signs out.
 */

const KEY = 'huisclos-meeting'
const LIFE_MS = 2 * 3_600_000

interface Remembered {
  /** Path and fragment of the meeting link, as the router takes it. */
  readonly href: string
  readonly atMs: number
}

export class RememberedMeeting {
  readonly #storage: () => Storage
  readonly #now: () => number

  /** @param storage throws where the browser keeps nothing; then nothing is remembered. */
  constructor(storage: () => Storage = () => localStorage, now: () => number = Date.now) {
    this.#storage = storage
    this.#now = now
  }

  keep(href: string): void {
    const remembered: Remembered = { href, atMs: this.#now() }
    this.#try((storage) => storage.setItem(KEY, JSON.stringify(remembered)))
  }

  /** Forgets it, and answers it unless that was too long ago. */
  take(): string | null {
    const text = this.#try((storage) => storage.getItem(KEY)) ?? null
    this.forget()
    const remembered = text === null ? null : read(text)
    if (remembered === null) return null
    const ageMs = this.#now() - remembered.atMs
    return ageMs >= 0 && ageMs < LIFE_MS ? remembered.href : null
  }

  forget(): void {
    this.#try((storage) => storage.removeItem(KEY))
  }

  #try<T>(work: (storage: Storage) => T): T | undefined {
    try {
      return work(this.#storage())
    } catch {
      return undefined
    }
  }
}

function read(text: string): Remembered | null {
  try {
    const { href, atMs } = JSON.parse(text) as Partial<Remembered>
    // Only meetings of this server: nothing that stands in the storage may lead anywhere else.
    return href?.startsWith('/j/') === true && typeof atMs === 'number' ? { href, atMs } : null
  } catch {
    return null
  }
}
