/**
 * What moderators decided: who is put out, and whether newcomers are let in. Only their signed word counts.
 *
 * Members hand the signed decisions to newcomers, so that everybody lets the same people in.
 */
import { E2eeError } from '../../errors.ts'
import { MAX_DECISIONS } from '../../messages/control.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import type { Lock, Removal } from '../../messages/statements.ts'
import type { KeptOutReason } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import type { Bytes } from '../../wire.ts'
import type { SessionContext } from '../context.ts'
import type { Feature, Handlers } from '../feature.ts'
import type { Member } from '../members/member.ts'
import { HandedOn, type Signer } from './handed-on.ts'
import { MeetingLock } from './meeting-lock.ts'
import { Removals } from './removals.ts'

const MAX_KEPT_OUT = 1200
/** So many removals fit into one ROSTER beside 1200 members. */
const MAX_REMOVALS_IN_ROSTER = MAX_DECISIONS - 1

type Decision = Removal | Lock

export interface ModerationHost extends Pick<
  SessionContext,
  'me' | 'members' | 'emit' | 'warn' | 'broadcast' | 'decide'
> {
  tmmsNow(): number
  remove(members: readonly Member[]): Promise<void>
  /** Asks for the HELLO of somebody who is connected. */
  expect(memberId: MemberId): void
}

export class Moderation implements Feature {
  readonly handlers: Handlers = {
    removal: (member, decision, signed) => this.#receive(member, decision, signed),
    lock: (member, decision, signed) => this.#receive(member, decision, signed),
  }
  readonly #host: ModerationHost
  readonly #removals: Removals
  readonly #lock = new MeetingLock()
  readonly #keptOut = new Map<MemberId, KeptOutReason>()
  readonly #handedOn: HandedOn

  constructor(host: ModerationHost) {
    this.#host = host
    this.#removals = new Removals(host.me.memberId)
    this.#handedOn = new HandedOn({
      ...host,
      isSettled: (decision, by) => this.#isSettled(decision, by),
      handle: (signer, decision, signed) => this.handle(signer, decision, signed),
    })
  }

  /** Why this newcomer may not come in, or null. */
  refusalOf(hello: VerifiedHello): KeptOutReason | null {
    if (this.#removals.concern(hello)) return 'removed'
    return this.#lock.keepsOut(hello) ? 'locked' : null
  }

  /** Its HELLO was refused for this reason; it is not asked for another. */
  refuse({ memberId, claims }: VerifiedHello, reason: KeptOutReason): void {
    if (this.#keptOut.get(memberId) === reason || this.#keptOut.size >= MAX_KEPT_OUT) return
    this.#keptOut.set(memberId, reason)
    this.#host.emit({ type: 'kept-out', memberId, name: claims.name, reason })
  }

  refuses(memberId: string): boolean {
    return this.#keptOut.has(memberId as MemberId)
  }

  /** The TCS says that it is not connected any longer. */
  forget(memberId: MemberId): void {
    if (this.#keptOut.get(memberId) === 'locked') this.#keptOut.delete(memberId)
  }

  /** Its HELLO was accepted, or its device: what waited for that counts now. */
  async admitted(member: Member): Promise<void> {
    this.#lock.admitted(member.hello.claims.jkt)
    await this.#handedOn.admitted(member.memberId)
  }

  /** The signed decisions in force, for a newcomer. */
  inForce(): readonly Bytes[] {
    const removals = this.#removals.inForce(MAX_REMOVALS_IN_ROSTER)
    return this.#lock.signed ? [...removals, this.#lock.signed] : removals
  }

  /**
   * Decisions that another member handed on, with whom it knows; those that do not hold are warned of and dropped.
   * @throws E2eeError E_STATE when it does so too often.
   */
  async receiveHandedOn(
    carrier: Member,
    decisions: readonly Bytes[],
    known: readonly MemberId[] = [],
  ): Promise<void> {
    const last = decisions.at(-1)
    if (last === undefined) return
    if (!carrier.handsOn.pass(this.#host.tmmsNow())) throw new E2eeError('E_STATE')
    const { claims } = carrier.hello
    for (const signed of decisions) await this.#handedOn.receive(signed, claims.jkt)
    // Who could open the meeting may tell us, who came later, whom the lock does not concern.
    const mayOpen = claims.role === 'moderator' && !carrier.blocked
    if (!mayOpen || known.length === 0) return
    this.#lock.list(carrier.memberId, last, known)
    this.#expectAgain((memberId) => this.#lock.isListed(memberId))
  }

  /** @throws E2eeError E_STATE unless the signer is a moderator, E_JKT or E_TOKEN_TIME for a false decision. */
  async handle({ memberId: by, role }: Signer, decision: Decision, signed: Bytes): Promise<void> {
    if (role !== 'moderator') throw new E2eeError('E_STATE')
    if (decision.type === 'removal') await this.#remove(by, decision, signed)
    // Who comes in the place of a verified device may close doors in our eyes, but open none.
    else if (decision.locked || !this.#host.members.get(by)?.blocked) {
      this.#setLock(by, decision, signed)
    } else this.#handedOn.keep(by, signed)
  }

  /** @throws E2eeError E_STATE unless we are a moderator and this is another member. */
  removeMember(memberId: string): Promise<void> {
    return this.#host.decide(async () => {
      this.#requireModerator()
      const member = this.#host.members.get(memberId)
      if (member === undefined) throw new E2eeError('E_STATE')
      const { jkt } = member.hello.claims
      const removal: Removal = { type: 'removal', memberId: member.memberId, jkt }
      const signed = await this.#host.broadcast(removal)
      await this.#remove(this.#host.me.memberId, removal, signed)
    })
  }

  /** @throws E2eeError E_STATE unless we are a moderator. */
  lock(locked: boolean): Promise<void> {
    return this.#host.decide(async () => {
      this.#requireModerator()
      const timeMs = this.#lock.nextTimeMs(this.#host.tmmsNow())
      const lock: Lock = { type: 'lock', locked, timeMs }
      this.#setLock(this.#host.me.memberId, lock, await this.#host.broadcast(lock))
    })
  }

  #requireModerator(): void {
    if (this.#host.me.credential.claims.role !== 'moderator') throw new E2eeError('E_STATE')
  }

  #receive({ memberId, hello }: Member, decision: Decision, signed: Uint8Array): Promise<void> {
    const { role } = hello.claims
    // Kept, and handed to newcomers.
    return this.handle({ memberId, role }, decision, Uint8Array.from(signed))
  }

  #isSettled(decision: Decision, by: MemberId): boolean {
    return decision.type === 'removal'
      ? this.#removals.isSettled(decision)
      : this.#lock.isSettled(decision, by)
  }

  async #remove(by: MemberId, removal: Removal, signed: Bytes): Promise<void> {
    const { me, members } = this.#host
    const { memberId, jkt } = removal
    if (this.#removals.isSettled(removal)) return
    const member = members.get(memberId)
    if (member && member.hello.claims.jkt !== jkt) throw new E2eeError('E_JKT')
    if (this.#removals.add(removal, signed)) this.#host.emit({ type: 'removed', memberId, by })
    if (memberId === me.memberId) return
    this.#lock.removed(jkt)
    // The device may be back already, under another member id, before the word of it reached us.
    const ofDevice = members.all().filter(({ hello }) => hello.claims.jkt === jkt)
    for (const present of ofDevice) {
      if (present !== member) this.#host.emit({ type: 'removed', memberId: present.memberId, by })
    }
    await this.#host.remove(ofDevice)
  }

  #setLock(by: MemberId, lock: Lock, signed: Bytes): void {
    const present = this.#host.members.all().map(({ hello }) => hello.claims.jkt)
    if (!this.#lock.set({ ...lock, by, signed }, this.#host.tmmsNow(), present)) return
    this.#host.emit({ type: 'lock', locked: lock.locked, by })
    if (!lock.locked) this.#expectAgain(() => true)
  }

  /** The lock does not keep these out any longer. */
  #expectAgain(isFree: (memberId: MemberId) => boolean): void {
    for (const [memberId, reason] of [...this.#keptOut]) {
      if (reason !== 'locked' || !isFree(memberId)) continue
      this.#keptOut.delete(memberId)
      this.#host.expect(memberId)
    }
  }
}
