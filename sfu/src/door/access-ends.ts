/** Access that ended: tokens from before are worth nothing for as long as they live. */
import { TOKEN_TTL_S } from '@huisclos/tmms/contract/limits'
import type { AccessEndCode } from '../protocol.ts'
import type { Caller } from './proof.ts'
import { SKEW_S } from './token.ts'

/** When every token of before has expired, even by a clock that is behind. */
const KEPT_MS = (TOKEN_TTL_S + SKEW_S) * 1000

/** An account, a meeting, or an account in a meeting. */
interface AccessScope {
  readonly sub?: string
  readonly mid?: string
}

export interface EndedAccess extends AccessScope {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  readonly reason: AccessEndCode
}

export class AccessEnds {
  readonly #newest = new Map<string, EndedAccess>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  add(end: EndedAccess): void {
    for (const [key, { atMs }] of this.#newest) {
      if (atMs + KEPT_MS < this.#now()) this.#newest.delete(key)
    }
    const key = keyOf(end)
    if ((this.#newest.get(key)?.atMs ?? -Infinity) <= end.atMs) this.#newest.set(key, end)
  }

  /** Why a token is worth nothing any more, or null. One from after the end says that access was given again. */
  reasonAgainst(caller: Pick<Caller, 'mid' | 'sub' | 'issuedAtMs'>): AccessEndCode | null {
    const { mid, sub, issuedAtMs } = caller
    const ends = [{ sub }, { mid }, { sub, mid }]
      .map((scope) => this.#newest.get(keyOf(scope)))
      .filter((end) => end !== undefined && issuedAtMs <= end.atMs)
    return ends[0]?.reason ?? null
  }
}

function keyOf({ sub, mid }: AccessScope): string {
  return JSON.stringify([sub ?? null, mid ?? null])
}
