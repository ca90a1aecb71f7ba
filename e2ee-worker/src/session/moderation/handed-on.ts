/** Decisions of moderators that another member handed on: verified again, or kept until their signer is known. */
import { E2eeError, codeOf } from '../../errors.ts'
import { decodeBroadcast, verifyBroadcast } from '../../messages/broadcast.ts'
import { decodeStatement, type Lock, type Removal } from '../../messages/statements.ts'
import type { Member as ShownMember, MemberId } from '../../protocol.ts'
import type { Bytes } from '../../wire.ts'
import type { SessionContext } from '../context.ts'
import { WaitingDecisions } from './waiting-decisions.ts'

export type Signer = Pick<ShownMember, 'memberId' | 'role'>

export interface HandedOnHost extends Pick<SessionContext, 'me' | 'members' | 'warn'> {
  /** It would change nothing. */
  isSettled(decision: Removal | Lock, by: MemberId): boolean
  /** Its signature holds. */
  handle(signer: Signer, decision: Removal | Lock, signed: Bytes): Promise<void>
}

export class HandedOn {
  readonly #host: HandedOnHost
  readonly #waiting = new WaitingDecisions()

  constructor(host: HandedOnHost) {
    this.#host = host
  }

  /** `carrier` is the thumbprint of the device that handed it on. What does not hold is warned of and dropped. */
  async receive(signed: Bytes, carrier: string): Promise<void> {
    try {
      await this.#verify(signed, carrier)
    } catch (error) {
      this.#host.warn(codeOf(error), null)
    }
  }

  /** A decision of this moderator cannot count yet. */
  keep(moderator: MemberId, signed: Bytes): void {
    const by = this.#host.members.get(moderator)?.hello.claims.jkt ?? moderator
    this.#waiting.keep({ from: moderator, signed, by })
  }

  /** Its HELLO was accepted, or its device: what waited for that counts now. */
  async admitted(moderator: MemberId): Promise<void> {
    for (const { signed, by } of this.#waiting.take(moderator)) await this.receive(signed, by)
  }

  async #verify(signed: Bytes, by: string): Promise<void> {
    const message = decodeBroadcast(signed)
    const { from } = message
    if (from === this.#host.me.memberId) return
    const decision = decodeStatement(message.type, message.body)
    if (decision.type !== 'removal' && decision.type !== 'lock') throw new E2eeError('E_STATE')
    // Everybody hands on the same ones: a signature is worth checking only where it would change something.
    if (this.#host.isSettled(decision, from)) return
    const signer = this.#host.members.get(from)
    if (signer === undefined) {
      this.#waiting.keep({ from, signed, by })
      return
    }
    const { claims, ikPub } = signer.hello
    if (claims.role !== 'moderator') throw new E2eeError('E_STATE')
    await verifyBroadcast(message, claims.msid, ikPub)
    await this.#host.handle({ memberId: from, role: claims.role }, decision, signed)
  }
}
