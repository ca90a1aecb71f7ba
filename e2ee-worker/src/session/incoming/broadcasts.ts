/** Takes signed broadcasts: each counts once, in order, and only from the member whose device signed it. */
import { E2eeError } from '../../errors.ts'
import { decodeBroadcast, verifyBroadcast, type SignedBroadcast } from '../../messages/broadcast.ts'
import { decodeStatement, type Statement, type StatementType } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

const MAX_REMEMBERED = 9600

/** What each kind of statement does; `signed` is the whole broadcast, for those that are handed on. */
export type StatementHandlers = {
  readonly [T in StatementType]: (
    member: Member,
    statement: Extract<Statement, { type: T }>,
    signed: Uint8Array,
  ) => void | Promise<void>
}

export class Broadcasts {
  readonly #context: SessionContext
  readonly #handlers: Partial<StatementHandlers>
  readonly #missed: (member: Member) => void
  /** Kept beyond a stay: a member that comes back goes on counting, so its old broadcasts stay old. */
  readonly #lastSeq = new Map<MemberId, number>()
  /** Who has been heard in this stay of theirs: from then on nothing may be missing. */
  #counting = new WeakSet<Member>()

  /** `missed` is called when statements of a member were lost, or kept back. */
  constructor(
    context: SessionContext,
    handlers: Partial<StatementHandlers>,
    missed: (member: Member) => void,
  ) {
    this.#context = context
    this.#missed = missed
    this.#handlers = handlers
  }

  /** @throws E2eeError of decoding, E_ENV_AUTH, E_ENV_REPLAY, or E_STATE for what the member may not say. */
  async receive(from: string, bytes: Uint8Array): Promise<void> {
    const { me, members, moderation, greeting } = this.#context
    const message = decodeBroadcast(bytes)
    if (message.from !== from || message.from === me.memberId) throw new E2eeError('E_ENV_AUTH')
    const member = members.get(from)
    if (member === undefined) {
      if (moderation.refuses(message.from)) return
      const { type } = decodeStatement(message.type, message.body)
      // BYE arrives before LEAVE. But who goes on to say that it is here may have come back by a HELLO that was lost.
      const wasHere = members.wasHere(message.from)
      if (!wasHere || type === 'presence') greeting.expect(message.from)
      // Vouches come twice a second: newcomers hear the first before they know who signs them.
      if (wasHere || type === 'vouch') return
      throw new E2eeError('E_STATE')
    }
    const last = this.#lastSeq.get(member.memberId) ?? -1
    if (message.seq <= last) throw new E2eeError('E_ENV_REPLAY')
    await verifyBroadcast(message, member.hello.claims.msid, member.hello.ikPub)
    // Everybody is sent every broadcast, so one that is missing was lost or kept back: chat, or a decision.
    const gap = this.#counting.has(member) && message.seq > last + 1
    if (gap) this.#context.warn('E_ENV_GAP', member.memberId)
    // What came before the first statement of a stay, or of a connection, may be lost as well.
    if (gap || !this.#counting.has(member)) this.#missed(member)
    this.#counting.add(member)
    this.#remember(member.memberId, message.seq)
    await this.#take(member, message, bytes)
  }

  /** What was said while we had no connection is missing, and nobody kept it back. */
  connectionChanged(connected: boolean): void {
    if (!connected) this.#counting = new WeakSet()
  }

  async #take(member: Member, { type, body }: SignedBroadcast, bytes: Uint8Array): Promise<void> {
    const statement = decodeStatement(type, body)
    const handle = this.#handlers[statement.type] as
      | ((member: Member, statement: Statement, signed: Uint8Array) => void | Promise<void>)
      | undefined
    // A statement of a feature that this meeting does not use is of no interest.
    await handle?.(member, statement, bytes)
  }

  #remember(memberId: MemberId, seq: number): void {
    this.#lastSeq.delete(memberId)
    this.#lastSeq.set(memberId, seq)
    if (this.#lastSeq.size <= MAX_REMEMBERED) return
    for (const oldest of this.#lastSeq.keys()) {
      this.#lastSeq.delete(oldest)
      return
    }
  }
}
