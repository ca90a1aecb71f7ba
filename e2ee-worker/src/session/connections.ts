/** What the TCS says of who is connected: hints only, which at most end a stay or have a HELLO asked for. */
import type { MemberId } from '../protocol.ts'
import type { SessionContext } from './context.ts'
import type { Upkeep } from './presence/upkeep.ts'

/** A HELLO at least this new needs no successor after a reconnection: the page had fetched a token for it. */
const FRESH_HELLO_MS = 30_000

export class Connections {
  readonly #context: SessionContext
  readonly #upkeep: Pick<Upkeep, 'lost' | 'back'>
  readonly #changed: (connected: boolean) => void
  #connectedBefore = false

  /** `changed` is called when our own connection comes or goes. */
  constructor(
    context: SessionContext,
    upkeep: Pick<Upkeep, 'lost' | 'back'>,
    changed: (connected: boolean) => void,
  ) {
    this.#context = context
    this.#upkeep = upkeep
    this.#changed = changed
  }

  /** Everybody the TCS says is connected: at arrival and after a reconnection. */
  roster(memberIds: readonly string[]): void {
    const { clock, greeting, me, members } = this.#context
    this.#context.run(() => {
      this.#changed(true)
      const ids = memberIds.filter(isMemberId)
      for (const member of members.all()) {
        if (ids.includes(member.memberId)) this.#upkeep.back(member)
        else this.#upkeep.lost(member)
      }
      greeting.roster(ids)
      const stale = clock.now() - me.current.madeAt > FRESH_HELLO_MS
      if (this.#connectedBefore && stale) this.#context.needToken()
      this.#connectedBefore = true
    })
  }

  /** The connection to the TCS is gone, until the next `roster`. */
  cut(): void {
    this.#context.run(() => {
      this.#context.roster.cut()
      this.#changed(false)
    })
  }

  joined(memberId: string): void {
    const { greeting, members, rotation, sender } = this.#context
    this.#context.run(async () => {
      if (!isMemberId(memberId)) return
      const member = members.get(memberId)
      if (member === undefined) {
        greeting.expect(memberId)
        return
      }
      this.#upkeep.back(member)
      const gen = sender.current?.gen
      if (gen !== undefined && !member.acked.has(gen)) await rotation.resend(member)
    })
  }

  /** `left` is believed at once, because refusing to share keys is the safe mistake. */
  departed(memberId: string, reason: 'left' | 'lost'): void {
    const { greeting, members, moderation } = this.#context
    this.#context.run(async () => {
      if (isMemberId(memberId)) {
        greeting.forget(memberId)
        moderation.forget(memberId)
      }
      const member = members.get(memberId)
      if (member === undefined) return
      if (reason === 'lost') this.#upkeep.lost(member)
      else await this.#context.remove([member], false)
    })
  }
}

function isMemberId(value: string): value is MemberId {
  return /^[0-9a-f]{32}$/.test(value)
}
