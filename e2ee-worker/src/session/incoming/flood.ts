/** Stops listening for a while to a member that sends more control messages than any honest one ever would. */

const MAX_PER_SECOND = 200
const IGNORE_MS = 10_000
const MAX_SENDERS = 2400

interface Count {
  secondStart: number
  messages: number
  ignoredUntil: number
}

export type Verdict = 'listen' | 'ignore' | 'ignore-and-warn'

export class FloodGate {
  readonly #counts = new Map<string, Count>()

  message(from: string, now: number): Verdict {
    const count = this.#counts.get(from) ?? { secondStart: now, messages: 0, ignoredUntil: 0 }
    if (!this.#counts.has(from)) {
      if (this.#counts.size >= MAX_SENDERS) this.#counts.clear()
      this.#counts.set(from, count)
    }
    if (now < count.ignoredUntil) return 'ignore'
    if (now - count.secondStart >= 1000) {
      count.secondStart = now
      count.messages = 0
    }
    count.messages += 1
    if (count.messages <= MAX_PER_SECOND) return 'listen'
    count.ignoredUntil = now + IGNORE_MS
    return 'ignore-and-warn'
  }
}
