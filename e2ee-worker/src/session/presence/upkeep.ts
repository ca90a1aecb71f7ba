/** What time does to a session: cut-off members, expired tokens, replayed HELLOs, and our own renewal. */
import type { Cancel } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'
import type { Feature, Handlers } from '../feature.ts'

const SWEEP_MS = 5000
const LOST_MS = 15_000
/** A HELLO whose sender never shows that it holds the key is a replay. */
const GHOST_MS = 60_000
const RENEW_AFTER_MS = 10 * 60_000

type Context = Pick<
  SessionContext,
  'clock' | 'me' | 'members' | 'greeting' | 'run' | 'remove' | 'alive' | 'needToken'
>

export class Upkeep implements Feature {
  readonly handlers: Handlers = {
    leave: (member) => this.#context.remove([member], false),
  }
  readonly #context: Context
  #cancel: Cancel

  constructor(context: Context) {
    this.#context = context
    this.#cancel = this.#sweepLater()
  }

  /** The member's connection was cut; it may come back. */
  lost(member: Member): void {
    if (member.state === 'lost') return
    this.#context.members.setState(member, 'lost')
    member.cancelLost = this.#context.clock.setTimer(LOST_MS, () => {
      // It may have come back while this waited for its turn.
      this.#context.run(() =>
        member.state === 'lost' ? this.#context.remove([member], false) : undefined,
      )
    })
  }

  back(member: Member): void {
    this.#context.members.setState(member, 'verified')
    member.cancelLost?.()
    member.cancelLost = null
  }

  close(): void {
    this.#cancel()
  }

  async #sweep(): Promise<void> {
    const { clock, me, members } = this.#context
    const now = clock.now()
    me.forgetExpired(now)
    for (const member of members.all()) {
      member.forgetExpired(now)
      member.keys.sweep()
    }
    const expired = members.all().filter((member) => !this.#context.alive(member))
    const ghosts = members.all().filter((member) => this.#isGhost(member, now - member.admittedAt))
    await this.#context.remove([...expired, ...ghosts], expired.length > 0)
    if (now - me.current.madeAt >= RENEW_AFTER_MS) this.#context.needToken()
  }

  /** What would have shown that it holds its key may have been lost, so it is asked before it is given up. */
  #isGhost({ confirmed, memberId }: Member, ageMs: number): boolean {
    if (confirmed || ageMs < SWEEP_MS) return false
    if (ageMs < GHOST_MS) this.#context.greeting.repeat(memberId)
    return ageMs >= GHOST_MS
  }

  #sweepLater(): Cancel {
    return this.#context.clock.setTimer(SWEEP_MS, () => {
      this.#cancel = this.#sweepLater()
      this.#context.run(() => this.#sweep())
    })
  }
}
