/** People whom a moderator put out of a meeting: their tokens of before are worth nothing for as long as they live. */
import { TOKEN_TTL_S } from '@huisclos/tmms/contract/limits'
import { SKEW_S, type Caller } from './proof.ts'

/** When every token of before has expired, even by a clock that is behind. */
const KEPT_MS = (TOKEN_TTL_S + SKEW_S) * 1000

export class Exclusions {
  /** Oldest first. */
  readonly #since = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  add(mid: string, sub: string, atMs: number): void {
    for (const [key, since] of this.#since) {
      if (since + KEPT_MS < this.#now()) this.#since.delete(key)
    }
    this.#since.set(nameOf(mid, sub), atMs)
  }

  /** True for a token from before the exclusion; one from after it says that the person was invited again. */
  covers({ mid, sub, issuedAtMs }: Pick<Caller, 'mid' | 'sub' | 'issuedAtMs'>): boolean {
    const since = this.#since.get(nameOf(mid, sub))
    return since !== undefined && issuedAtMs <= since
  }
}

function nameOf(mid: string, sub: string): string {
  return JSON.stringify([mid, sub])
}
