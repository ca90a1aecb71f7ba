/**
 * Who is in: admits members by their HELLO and remembers who was here before.
 *
 * Nobody is ever added because a server said so; the TCS's lists are hints about whose HELLO to expect.
 */
import { E2eeError } from '../../errors.ts'
import {
  decodeHello,
  verifyHello,
  type HelloRules,
  type VerifiedHello,
} from '../../messages/hello.ts'
import type { SeenFrames } from '../../keys/member-keys.ts'
import { rosterDigest } from '../../messages/roster-digest.ts'
import { deadAfterMs } from '../../trust/token.ts'
import { sameBytes, sha256, toHex, type Bytes } from '../../wire.ts'
import type { KeptOutReason } from '../../events.ts'
import type { Member as ShownMember, MemberId } from '../../protocol.ts'
import { Allowance, type Clock } from '../../clock.ts'
import type { Me } from './me.ts'
import { ExpiringMap } from './expiring-map.ts'
import { Member } from './member.ts'

const LIMITS = {
  present: 1200,
  /** Members and those who went, whose HELLO can still be played again. */
  known: 9600,
  /** Of one device that went: a page may be loaded anew every quarter of a minute. */
  stays: 64,
  /** Sixty HELLOs of each of 1200 members, in the quarter of an hour that a token lives. */
  seenKeys: 72_000,
}

/** One HELLO every ten minutes is due, and one after each cut: on a train, one every few seconds for a while. */
const HELLOS = { atOnce: 24, everyMs: 10_000 }

export type Admission =
  /** Somebody we did not know. `replaces` is an earlier, cut-off session of the same device. */
  | { readonly kind: 'new'; readonly member: Member; readonly replaces: Member | null }
  | { readonly kind: 'renewed'; readonly member: Member }
  /** The HELLO we hold already: its sender may be missing ours. */
  | { readonly kind: 'repeated'; readonly member: Member }
  /** The last HELLO of somebody who went away: worth nothing until a newer one comes. */
  | { readonly kind: 'outdated' }
  /** Verified, but a moderator decided against it. Nothing of it is remembered. */
  | { readonly kind: 'kept-out'; readonly hello: VerifiedHello; readonly reason: KeptOutReason }

export interface AdmissionRules extends Omit<HelloRules, 'ekSeen'> {
  /** Why a newcomer may not come in, or null. */
  readonly refusalOf: (hello: VerifiedHello) => KeptOutReason | null
}

interface KnownHello {
  readonly sub: string
  readonly epoch: number
  readonly hash: Bytes
}

interface Departed extends KnownHello {
  readonly jkt: string
  readonly seen: SeenFrames
}

export class Members {
  readonly #me: Me
  readonly #clock: Clock
  readonly #maxPresent: number
  readonly #maxStays: number
  readonly #members = new Map<MemberId, Member>()
  /** A second stay under the same keys would repeat sequence numbers, so it takes a newer HELLO. */
  readonly #departed: ExpiringMap<Departed>
  readonly #seenKeys: ExpiringMap<true>
  /** How many more HELLOs each device may show, however often it goes and comes; by thumbprint. */
  readonly #allowances: ExpiringMap<Allowance>
  #version = 0
  #digest: { readonly version: number; readonly value: Promise<Bytes> } | null = null

  constructor(me: Me, clock: Clock, limits: Partial<typeof LIMITS> = {}) {
    const { present, known, stays, seenKeys } = { ...LIMITS, ...limits }
    this.#me = me
    this.#clock = clock
    this.#maxPresent = present
    this.#maxStays = stays
    this.#departed = new ExpiringMap(known)
    this.#seenKeys = new ExpiringMap(seenKeys)
    this.#allowances = new ExpiringMap(known)
  }

  get size(): number {
    return this.#members.size
  }

  /** Rises whenever the list of those present changes. */
  get version(): number {
    return this.#version
  }

  /** How many are regarded as present, ourselves included: a member that was cut off is not. */
  get present(): number {
    return this.#present().length
  }

  /** True for somebody whose stay ended. */
  wasHere(memberId: MemberId): boolean {
    return this.#departed.has(memberId)
  }

  setState(member: Member, state: ShownMember['state']): void {
    member.state = state
    this.#version++
  }

  get(memberId: string): Member | undefined {
    return this.#members.get(memberId as MemberId)
  }

  all(): readonly Member[] {
    return [...this.#members.values()]
  }

  /** Hash over everybody regarded as present, ourselves included. */
  digest(): Promise<Bytes> {
    if (this.#digest?.version !== this.#version) {
      this.#digest = { version: this.#version, value: rosterDigest(this.#present()) }
    }
    return this.#digest.value
  }

  /** @throws E2eeError with the code of the check that refused it; nobody is then added or changed. */
  async admit(bytes: Uint8Array, from: string, rules: AdmissionRules): Promise<Admission> {
    const hello = decodeHello(bytes)
    const hash = await sha256(hello.body)
    const claimed = this.get(from)
    if (claimed?.isHello(hash)) return { kind: 'repeated', member: claimed }
    const gone = this.#departed.get(from)
    if (gone && sameBytes(gone.hash, hash)) return { kind: 'outdated' }
    // Our own device is nobody to share keys with: reflected, which a TCS has to do, or running a second time.
    if (sameBytes(hello.ikPub, this.#me.identity.ikPub)) {
      throw new E2eeError(sameBytes(hello.nonce, this.#me.nonce) ? 'E_JKT' : 'E_STATE')
    }
    const verified = await verifyHello(hello, {
      ...rules,
      ekSeen: (ekPub) =>
        this.#seenKeys.has(toHex(ekPub)) || sameBytes(ekPub, this.#me.current.ephemeral.ekPub),
    })
    if (verified.memberId !== from) throw new E2eeError('E_HELLO_SIG')
    const reason = this.#members.has(verified.memberId) ? null : rules.refusalOf(verified)
    if (reason !== null) return { kind: 'kept-out', hello: verified, reason }
    const now = rules.token.nowMs ?? 0
    this.#seenKeys.makeRoom(1, now)
    const admission = this.#place(verified, now)
    this.#seenKeys.keep(toHex(verified.ekPub), true, deadAfterMs(verified.claims))
    return admission
  }

  /** Forgets the member and its keys, but not that it was here. */
  remove(member: Member): void {
    if (!this.#members.delete(member.memberId)) return
    this.#version++
    const { claims, epoch, hash } = member.hello
    const { sub, jkt } = claims
    const departed = { sub, jkt, epoch, hash, seen: member.keys.seen() }
    this.#departed.keep(member.memberId, departed, deadAfterMs(claims))
    member.erase()
  }

  erase(): void {
    for (const member of this.#members.values()) member.erase()
    this.#members.clear()
    this.#departed.clear()
    this.#seenKeys.clear()
    this.#allowances.clear()
  }

  #present(): readonly MemberId[] {
    const others = this.all().filter(({ state }) => state === 'verified')
    return [this.#me.memberId, ...others.map(({ memberId }) => memberId)]
  }

  #place(hello: VerifiedHello, now: number): Admission {
    const member = this.#members.get(hello.memberId)
    if (member) {
      requireNewer(hello, { ...member.hello, sub: member.hello.claims.sub })
      this.#requireCalm(hello, now)
      member.renew(hello)
      return { kind: 'renewed', member }
    }
    const departed = this.#departed.get(hello.memberId)
    if (departed) requireNewer(hello, departed)
    const replaces = this.#sameDevice(hello)
    if (this.#members.size >= this.#maxPresent) throw new E2eeError('E_STATE')
    this.#requirePlace(replaces)
    const { jkt } = hello.claims
    const stays = this.#departed.count((gone) => gone.jkt === jkt, now)
    if (stays >= this.#maxStays) throw new E2eeError('E_STATE')
    // Everybody who is here will go one day, and must find room among those who went.
    this.#departed.makeRoom(this.#members.size + 1, now)
    this.#requireCalm(hello, now)
    const added = new Member(hello, departed?.seen ?? null, this.#me, this.#clock)
    this.#members.set(hello.memberId, added)
    this.#version++
    return { kind: 'new', member: added, replaces }
  }

  /** The TCS counts as well; one that lets in more than the administrator allows gains nothing by it. */
  #requirePlace(replaced: Member | null): void {
    const { participants } = this.#me.credential.claims.policy
    if (replaced === null && this.present >= participants) throw new E2eeError('E_POLICY')
  }

  /** Every HELLO takes room for its ephemeral key, so no device may bring as many as it likes. */
  #requireCalm({ claims }: VerifiedHello, now: number): void {
    const { jkt } = claims
    const { atOnce, everyMs } = HELLOS
    if (!this.#allowances.has(jkt)) this.#allowances.makeRoom(1, now)
    const allowance = this.#allowances.get(jkt) ?? new Allowance(atOnce, everyMs)
    this.#allowances.keep(jkt, allowance, deadAfterMs(claims))
    if (!allowance.pass(this.#clock.now())) throw new E2eeError('E_STATE')
  }

  /**
   * One device is one member. Only a session that was cut off gives way, to a later one of the same person: that is a
   * reloaded page.
   */
  #sameDevice(hello: VerifiedHello): Member | null {
    const other = this.all().find((member) => sameBytes(member.hello.ikPub, hello.ikPub))
    if (other === undefined) return null
    const reloaded =
      other.state === 'lost' &&
      other.hello.claims.sub === hello.claims.sub &&
      other.hello.createdMs < hello.createdMs
    // A browser that crashed is back before the TCS knows that it went: it asks again.
    if (!reloaded) throw new E2eeError('E_STATE')
    return other
  }
}

/** A known member keeps its person and moves forward; the very next HELLO names the one before. */
function requireNewer(hello: VerifiedHello, known: KnownHello): void {
  const follows = hello.epoch > known.epoch + 1 || sameBytes(hello.prevHash, known.hash)
  if (hello.claims.sub !== known.sub || hello.epoch <= known.epoch || !follows) {
    throw new E2eeError('E_EPOCH')
  }
}
