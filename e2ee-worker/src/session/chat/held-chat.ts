/**
 * Chat whose key has not come yet: it waits, in order and not for long, while the key is asked for.
 */
import { decodeKid } from '../../keys/kid.ts'
import type { Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'
import { decodeHeader } from '../../sframe/header.ts'
import type { Cancel } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

const MAX_HELD = 32
const HOLD_MS = 10_000
const LOOK_EVERY_MS = 2000

/** False when its key is missing. */
type Open = (member: Member, sealed: Bytes) => Promise<boolean>

interface Held {
  readonly sealed: Bytes
  readonly kid: bigint
  readonly until: number
}

interface Waiting {
  readonly member: Member
  readonly messages: Held[]
  cancel: Cancel
}

type Context = Pick<SessionContext, 'clock' | 'members' | 'run' | 'requestKey' | 'warn'>

export class HeldChat {
  readonly #context: Context
  readonly #open: Open
  readonly #waiting = new Map<MemberId, Waiting>()

  constructor(context: Context, open: Open) {
    this.#context = context
    this.#open = open
  }

  /**
   * Opens what can be opened; what cannot yet, or comes after such a message, waits.
   * @throws E2eeError E_SHORT, E_LEN or E_NO_KEY for what no sender can have sealed.
   */
  async add(member: Member, sealed: Bytes): Promise<void> {
    const { kid } = decodeHeader(sealed)
    decodeKid(kid)
    const before = this.#of(member)
    if (before === null && (await this.#open(member, sealed))) return
    // Written before we were let in: not for us, and no loss.
    if (member.keys.predates(kid)) return
    const waiting = before ?? this.#begin(member)
    if (waiting.messages.length >= MAX_HELD) {
      this.#context.warn('E_NO_KEY', member.memberId)
      return
    }
    waiting.messages.push({ sealed, kid, until: this.#context.clock.now() + HOLD_MS })
    await this.#context.requestKey(member)
  }

  /** A key came: opens what waited for it, up to the first message that still lacks its own. */
  async open(memberId: MemberId): Promise<void> {
    const { clock, members } = this.#context
    const waiting = this.#waiting.get(memberId)
    if (waiting === undefined) return
    const { member, messages } = waiting
    const isHere = members.get(memberId) === member
    for (let next = messages[0]; next; next = messages[0]) {
      const opened = isHere && (await this.#open(member, next.sealed))
      if (!opened && !member.keys.predates(next.kid)) {
        if (isHere && clock.now() < next.until) return
        this.#context.warn('E_NO_KEY', memberId)
      }
      messages.shift()
    }
    this.#end(memberId)
  }

  close(): void {
    for (const memberId of [...this.#waiting.keys()]) this.#end(memberId)
  }

  /** Null as well for an earlier stay of the same member, whose messages are then lost. */
  #of(member: Member): Waiting | null {
    const waiting = this.#waiting.get(member.memberId)
    if (waiting === undefined || waiting.member === member) return waiting ?? null
    this.#context.warn('E_NO_KEY', member.memberId)
    this.#end(member.memberId)
    return null
  }

  #begin(member: Member): Waiting {
    const waiting = { member, messages: [], cancel: this.#lookLater(member) }
    this.#waiting.set(member.memberId, waiting)
    return waiting
  }

  #end(memberId: MemberId): void {
    this.#waiting.get(memberId)?.cancel()
    this.#waiting.delete(memberId)
  }

  /** Asks again for the key, and gives up what has waited long enough. */
  #lookLater(member: Member): Cancel {
    return this.#context.clock.setTimer(LOOK_EVERY_MS, () => {
      this.#context.run(async () => {
        const waiting = this.#waiting.get(member.memberId)
        if (waiting?.member !== member) return
        waiting.cancel = this.#lookLater(member)
        await this.open(member.memberId)
        if (this.#waiting.has(member.memberId)) await this.#context.requestKey(member)
      })
    })
  }
}
