/**
 * What moderators decided: who is put out, and whether newcomers are let in. Only their signed word counts.
 *
 * Members hand the signed decisions to newcomers, so that everybody lets the same people in.
 */
import { E2eeError, codeOf } from '../../errors.ts'
import { decodeBroadcast, verifyBroadcast } from '../../messages/broadcast.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import { MAX_DECISIONS } from '../../messages/control.ts'
import { decodeStatement, type Lock, type Removal } from '../../messages/statements.ts'
import type { Bytes } from '../../wire.ts'
import type {
  E2eeCode,
  KeptOutReason,
  Member as ShownMember,
  MemberId,
  WorkerEvent,
} from '../../protocol.ts'
import { LockExempt } from './lock-exempt.ts'
import type { Me } from '../members/me.ts'
import type { Members } from '../members/members.ts'
import type { Member } from '../members/member.ts'
import { WaitingDecisions } from './waiting-decisions.ts'

const MAX_KEPT = 1200
/** So many removals fit into one ROSTER beside 1200 members. */
const MAX_CARRIED = MAX_DECISIONS - 1
/** A lock from further in the future could never be opened again. */
const SKEW_MS = 60_000

type Decision = Removal | Lock
type Signer = Pick<ShownMember, 'memberId' | 'role'>

export interface ModerationHost {
  readonly me: Me
  readonly members: Members
  tmmsNow(): number
  emit(event: WorkerEvent): void
  warn(code: E2eeCode, memberId: string | null): void
  /** Signs and sends to everybody; returns what was sent. */
  say(decision: Decision): Promise<Bytes>
  remove(members: readonly Member[]): Promise<void>
  /** Asks for the HELLO of somebody who is connected. */
  expect(memberId: MemberId): void
}

export class Moderation {
  readonly #host: ModerationHost
  readonly #removals = new Map<MemberId, Bytes>()
  readonly #removedDevices = new Set<string>()
  #lock: (Lock & { readonly by: MemberId; readonly signed: Bytes }) | null = null
  readonly #exempt = new LockExempt()
  readonly #keptOut = new Map<MemberId, KeptOutReason>()
  readonly #waiting = new WaitingDecisions()

  constructor(host: ModerationHost) {
    this.#host = host
  }

  /** Why this newcomer may not come in, or null. A moderator lets itself in. */
  bars(hello: VerifiedHello): KeptOutReason | null {
    const { memberId, claims } = hello
    if (this.#removals.has(memberId) || this.#removedDevices.has(claims.jkt)) return 'removed'
    if (!this.#lock?.locked || claims.role === 'moderator') return null
    return this.#exempt.has(hello, this.#lock.signed) ? null : 'locked'
  }

  /** Its HELLO was refused for this reason; it is not asked for another. */
  keepOut({ memberId, claims }: VerifiedHello, reason: KeptOutReason): void {
    if (this.#keptOut.get(memberId) === reason || this.#keptOut.size >= MAX_KEPT) return
    this.#keptOut.set(memberId, reason)
    this.#host.emit({ type: 'kept-out', memberId, name: claims.name, reason })
  }

  keepsOut(memberId: string): boolean {
    return this.#keptOut.has(memberId as MemberId)
  }

  /** The TCS says that it is not connected any longer. */
  forget(memberId: MemberId): void {
    if (this.#keptOut.get(memberId) === 'locked') this.#keptOut.delete(memberId)
  }

  /** Its HELLO was accepted, or its device: what waited for that counts now. */
  async admitted(member: Member): Promise<void> {
    if (this.#lock?.locked) this.#exempt.add(member.hello.claims.jkt)
    for (const { signed, by } of this.#waiting.take(member.memberId)) await this.#learn(signed, by)
  }

  /** The signed decisions in force, for a newcomer. */
  carried(): readonly Bytes[] {
    const removals = [...this.#removals.values()].slice(-MAX_CARRIED)
    return this.#lock ? [...removals, this.#lock.signed] : removals
  }

  /**
   * Decisions that another member handed on, with whom it knows; those that do not hold are warned of and dropped.
   * @throws E2eeError E_STATE when it does so too often.
   */
  async learn(
    carrier: Member,
    decisions: readonly Bytes[],
    known: readonly MemberId[] = [],
  ): Promise<void> {
    const last = decisions.at(-1)
    if (last === undefined) return
    if (!carrier.handsOn.pass(this.#host.tmmsNow())) throw new E2eeError('E_STATE')
    for (const signed of decisions) await this.#learn(signed, carrier.hello.claims.jkt)
    // Who could open the meeting may tell us, who came later, whom the lock does not concern.
    const mayOpen = carrier.hello.claims.role === 'moderator' && !carrier.blocked
    if (!mayOpen || known.length === 0) return
    this.#exempt.list(carrier.memberId, last, known)
    this.#expectAgain((memberId) => this.#isListed(memberId))
  }

  /** @throws E2eeError E_STATE unless the signer is a moderator, E_JKT or E_TOKEN_TIME for a false decision. */
  async take({ memberId, role }: Signer, decision: Decision, signed: Bytes): Promise<void> {
    if (role !== 'moderator') throw new E2eeError('E_STATE')
    if (decision.type === 'removal') await this.#remove(memberId, decision, signed)
    else if (decision.locked || !this.#isBlocked(memberId)) {
      this.#setLock(memberId, decision, signed)
    } else this.#wait(memberId, signed)
  }

  /** @throws E2eeError E_STATE unless we are a moderator and this is another member. */
  async removeMember(memberId: string): Promise<void> {
    this.#requireModerator()
    const member = this.#host.members.get(memberId)
    if (member === undefined) throw new E2eeError('E_STATE')
    const { jkt } = member.hello.claims
    const removal: Removal = { type: 'removal', memberId: member.memberId, jkt }
    const signed = await this.#host.say(removal)
    await this.#remove(this.#host.me.memberId, removal, signed)
  }

  /** @throws E2eeError E_STATE unless we are a moderator. */
  async lock(locked: boolean): Promise<void> {
    this.#requireModerator()
    const timeMs = Math.max(this.#host.tmmsNow(), (this.#lock?.timeMs ?? 0) + 1)
    const lock: Lock = { type: 'lock', locked, timeMs }
    this.#setLock(this.#host.me.memberId, lock, await this.#host.say(lock))
  }

  #requireModerator(): void {
    if (this.#host.me.credential.claims.role !== 'moderator') throw new E2eeError('E_STATE')
  }

  /** Who comes in the place of a verified device may close doors in our eyes, but open none. */
  #isBlocked(memberId: MemberId): boolean {
    return this.#host.members.get(memberId)?.blocked ?? false
  }

  #wait(moderator: MemberId, signed: Bytes): void {
    const by = this.#host.members.get(moderator)?.hello.claims.jkt ?? moderator
    this.#waiting.keep({ from: moderator, signed, by })
  }

  async #learn(signed: Bytes, by: string): Promise<void> {
    try {
      await this.#verify(signed, by)
    } catch (error) {
      this.#host.warn(codeOf(error), null)
    }
  }

  async #verify(signed: Bytes, by: string): Promise<void> {
    const message = decodeBroadcast(signed)
    const { from } = message
    if (from === this.#host.me.memberId) return
    const decision = decodeStatement(message.type, message.body)
    if (decision.type !== 'removal' && decision.type !== 'lock') throw new E2eeError('E_STATE')
    // Everybody hands on the same ones: a signature is worth checking only where it would change something.
    if (this.#isSettled(from, decision)) return
    const signer = this.#host.members.get(from)
    if (signer === undefined) {
      this.#waiting.keep({ from, signed, by })
      return
    }
    const { claims, ikPub } = signer.hello
    if (claims.role !== 'moderator') throw new E2eeError('E_STATE')
    await verifyBroadcast(message, claims.msid, ikPub)
    await this.take({ memberId: from, role: claims.role }, decision, signed)
  }

  #isSettled(by: MemberId, decision: Decision): boolean {
    if (decision.type === 'removal') return this.#isOut(decision)
    return this.#lock !== null && !isLater({ ...decision, by }, this.#lock)
  }

  /** Member and device: where nobody knows the member, its id may have been named with another's device before. */
  #isOut({ memberId, jkt }: Removal): boolean {
    if (!this.#removals.has(memberId)) return false
    return memberId === this.#host.me.memberId || this.#removedDevices.has(jkt)
  }

  async #remove(by: MemberId, { memberId, jkt }: Removal, signed: Bytes): Promise<void> {
    const { me, members } = this.#host
    if (this.#isOut({ type: 'removal', memberId, jkt })) return
    const member = members.get(memberId)
    if (member && member.hello.claims.jkt !== jkt) throw new E2eeError('E_JKT')
    if (this.#removals.size >= MAX_KEPT) throw new E2eeError('E_STATE')
    if (!this.#removals.has(memberId)) this.#host.emit({ type: 'removed', memberId, by })
    this.#removals.set(memberId, signed)
    if (memberId === me.memberId) return
    this.#removedDevices.add(jkt)
    this.#exempt.delete(jkt)
    // The device may be back already, under another member id, before the word of it reached us.
    const ofDevice = members.all().filter(({ hello }) => hello.claims.jkt === jkt)
    for (const present of ofDevice) {
      if (present !== member) this.#host.emit({ type: 'removed', memberId: present.memberId, by })
    }
    await this.#host.remove(ofDevice)
  }

  #setLock(by: MemberId, lock: Lock, signed: Bytes): void {
    if (lock.timeMs > this.#host.tmmsNow() + SKEW_MS) throw new E2eeError('E_TOKEN_TIME')
    const before = this.#lock
    if (before && !isLater({ ...lock, by }, before)) return
    this.#lock = { ...lock, by, signed }
    if (lock.locked === (before?.locked ?? false)) return
    this.#exempt.clear()
    if (lock.locked) this.#noteExempt()
    this.#host.emit({ type: 'lock', locked: lock.locked, by })
    if (!lock.locked) this.#expectAgain(() => true)
  }

  #noteExempt(): void {
    for (const { hello } of this.#host.members.all()) this.#exempt.add(hello.claims.jkt)
  }

  #isListed(memberId: MemberId): boolean {
    return this.#lock !== null && this.#exempt.isListed(memberId, this.#lock.signed)
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

/** The later decision counts; of two at the same time, everybody must choose the same one. */
function isLater(
  lock: { readonly timeMs: number; readonly by: MemberId },
  than: { readonly timeMs: number; readonly by: MemberId },
): boolean {
  return lock.timeMs === than.timeMs ? lock.by > than.by : lock.timeMs > than.timeMs
}
