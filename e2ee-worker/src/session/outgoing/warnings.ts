/** Tells the page what was refused, at most once a second for the same code and member. */
import type { WorkerEvent } from '../../events.ts'
import type { E2eeCode } from '../../protocol.ts'

const EVERY_MS = 1000
const MAX_REMEMBERED = 4096

export class Warnings {
  readonly #emit: (event: WorkerEvent) => void
  readonly #now: () => number
  readonly #last = new Map<string, number>()

  constructor(emit: (event: WorkerEvent) => void, now: () => number) {
    this.#emit = emit
    this.#now = now
  }

  warn(code: E2eeCode, memberId: string | null): void {
    const key = `${code} ${memberId ?? ''}`
    const now = this.#now()
    const last = this.#last.get(key)
    if (last !== undefined && now - last < EVERY_MS) return
    if (this.#last.size >= MAX_REMEMBERED) this.#last.clear()
    this.#last.set(key, now)
    this.#emit({ type: 'warning', code, memberId })
  }
}
