/**
 * Whom we know: remembers the devices of the people met, and keeps out of our keys what appears in the place of a device
 * that somebody took the trouble to verify.
 */
import { E2eeError } from '../../errors.ts'
import { fingerprint, safetyNumber, type SafetyNumber } from '../../trust/safety-number.ts'
import { verificationOf, withMet, withTrust, type TrustLevel } from '../../trust/known-devices.ts'
import type { Devices } from '../../trust/store.ts'
import type { Bytes } from '../../wire.ts'
import type { E2eeCode, MemberId } from '../../protocol.ts'
import type { Me } from './me.ts'
import type { Members } from './members.ts'
import type { Member } from './member.ts'

export interface DeviceTrustHost {
  readonly me: Me
  readonly members: Members
  readonly devices: DeviceMemory
  tmmsNow(): number
  warn(code: E2eeCode, memberId: string | null): void
  /** This member may be given our keys, and its frames may open. */
  admit(member: Member): Promise<void>
  /** No longer: our next key excludes it, at once. */
  exclude(member: Member): Promise<void>
  /** Runs a decision of the page in the session's order, while the session is open. */
  decide(decision: () => Promise<void>): Promise<void>
}

/** What is remembered of the people of this TMMS. */
export type DeviceMemory = (sub: string, change: (devices: Devices) => Devices) => Promise<Devices>

export class DeviceTrust {
  readonly #host: DeviceTrustHost
  /** Thumbprints of devices first met in this session: they stay `new` in it. */
  readonly #newHere = new Set<string>()
  readonly #fingerprints = new Map<MemberId, Promise<Bytes>>()

  constructor(host: DeviceTrustHost) {
    this.#host = host
  }

  /** Somebody was admitted. Until this is done the member counts as changed, so nothing is entrusted to it. */
  async admitted(member: Member): Promise<void> {
    const { jkt, sub } = member.hello.claims
    const nowMs = this.#host.tmmsNow()
    let known: Devices = []
    const devices = await this.#host.devices(sub, (before) => {
      known = before
      return withMet(before, jkt, nowMs)
    })
    if (!known.some((device) => device.jkt === jkt)) this.#newHere.add(jkt)
    this.#judge(member, devices)
    if (member.blocked) this.#host.warn('E_IK_CHANGED', member.memberId)
  }

  /** @throws E2eeError E_STATE when the member is not there. */
  async safetyNumber(memberId: string): Promise<SafetyNumber> {
    const { me } = this.#host
    const { hello } = this.#present(memberId)
    const own = this.#fingerprint(me.memberId, me.identity.ikPub, me.credential.claims.sub)
    const theirs = this.#fingerprint(hello.memberId, hello.ikPub, hello.claims.sub)
    return safetyNumber(await own, await theirs)
  }

  /** @throws E2eeError E_STATE when the member is not there. */
  verifyMember(memberId: string, verified: boolean): Promise<void> {
    return this.#host.decide(() =>
      this.#note(this.#present(memberId), verified ? 'verified' : 'seen'),
    )
  }

  /** Lets a `changed` device in. @throws E2eeError E_STATE when the member is not there. */
  acceptDevice(memberId: string): Promise<void> {
    return this.#host.decide(async () => {
      const member = this.#present(memberId)
      if (member.blocked) await this.#note(member, 'accepted')
    })
  }

  /** What was said of one device says something of the person's others that are here. */
  async #note({ hello }: Member, trust: TrustLevel): Promise<void> {
    const { jkt, sub } = hello.claims
    const nowMs = this.#host.tmmsNow()
    const devices = await this.#host.devices(sub, (before) =>
      withTrust(withMet(before, jkt, nowMs), jkt, trust),
    )
    const ofPerson = this.#host.members.all().filter((member) => member.hello.claims.sub === sub)
    for (const member of ofPerson) await this.#rejudge(member, devices)
  }

  async #rejudge(member: Member, devices: Devices): Promise<void> {
    const wasBlocked = member.blocked
    this.#judge(member, devices)
    if (wasBlocked === member.blocked) return
    if (wasBlocked) {
      await this.#host.admit(member)
    } else {
      this.#host.warn('E_IK_CHANGED', member.memberId)
      await this.#host.exclude(member)
    }
  }

  #judge(member: Member, devices: Devices): void {
    const { jkt } = member.hello.claims
    member.verification = verificationOf(devices, jkt, this.#newHere.has(jkt))
  }

  #present(memberId: string): Member {
    const member = this.#host.members.get(memberId)
    if (member === undefined) throw new E2eeError('E_STATE')
    return member
  }

  /** A member id stands for one device of one person, so what was computed for it stays right. */
  #fingerprint(memberId: MemberId, ikPub: Bytes, sub: string): Promise<Bytes> {
    const known = this.#fingerprints.get(memberId) ?? fingerprint(ikPub, sub)
    this.#fingerprints.set(memberId, known)
    return known
  }
}
