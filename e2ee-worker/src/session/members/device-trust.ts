/**
 * Whom we know: remembers the devices of the people met, and keeps out of our keys what appears in the place of a device
 * that somebody took the trouble to verify.
 */
import { E2eeError } from '../../errors.ts'
import { fingerprint, safetyNumber, type SafetyNumber } from '../../trust/safety-number.ts'
import { verificationOf, withMet, withTrust, type DeviceTrust } from '../../trust/known-devices.ts'
import type { Devices } from '../../trust/store.ts'
import type { Bytes } from '../../wire.ts'
import type { E2eeCode, MemberId } from '../../protocol.ts'
import type { Me } from './me.ts'
import type { Members } from './members.ts'
import type { Peer } from './member.ts'

export interface PeopleHost {
  readonly me: Me
  readonly members: Members
  readonly devices: DeviceMemory
  tmmsNow(): number
  warn(code: E2eeCode, memberId: string | null): void
  /** This member may be given our keys, and its frames may open. */
  letIn(peer: Peer): Promise<void>
  /** No longer: our next key excludes it, at once. */
  shutOut(peer: Peer): Promise<void>
  /** Runs a decision of the page in the session's order, while the session is open. */
  decide(decision: () => Promise<void>): Promise<void>
}

/** What is remembered of the people of this TMMS. */
export type DeviceMemory = (sub: string, change: (devices: Devices) => Devices) => Promise<Devices>

export class People {
  readonly #host: PeopleHost
  /** Thumbprints of devices first met in this session: they stay `new` in it. */
  readonly #newHere = new Set<string>()
  readonly #fingerprints = new Map<MemberId, Promise<Bytes>>()

  constructor(host: PeopleHost) {
    this.#host = host
  }

  /** Somebody was admitted. Until this is done the peer counts as changed, so nothing is entrusted to it. */
  async meet(peer: Peer): Promise<void> {
    const { jkt, sub } = peer.hello.claims
    const nowMs = this.#host.tmmsNow()
    let known: Devices = []
    const devices = await this.#host.devices(sub, (before) => {
      known = before
      return withMet(before, jkt, nowMs)
    })
    if (!known.some((device) => device.jkt === jkt)) this.#newHere.add(jkt)
    this.#judge(peer, devices)
    if (peer.blocked) this.#host.warn('E_IK_CHANGED', peer.memberId)
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
      const peer = this.#present(memberId)
      if (peer.blocked) await this.#note(peer, 'accepted')
    })
  }

  /** What was said of one device says something of the person's others that are here. */
  async #note({ hello }: Peer, trust: DeviceTrust): Promise<void> {
    const { jkt, sub } = hello.claims
    const nowMs = this.#host.tmmsNow()
    const devices = await this.#host.devices(sub, (before) =>
      withTrust(withMet(before, jkt, nowMs), jkt, trust),
    )
    const ofPerson = this.#host.members.all().filter((peer) => peer.hello.claims.sub === sub)
    for (const peer of ofPerson) await this.#rejudge(peer, devices)
  }

  async #rejudge(peer: Peer, devices: Devices): Promise<void> {
    const wasBlocked = peer.blocked
    this.#judge(peer, devices)
    if (wasBlocked === peer.blocked) return
    if (wasBlocked) {
      await this.#host.letIn(peer)
    } else {
      this.#host.warn('E_IK_CHANGED', peer.memberId)
      await this.#host.shutOut(peer)
    }
  }

  #judge(peer: Peer, devices: Devices): void {
    const { jkt } = peer.hello.claims
    peer.verification = verificationOf(devices, jkt, this.#newHere.has(jkt))
  }

  #present(memberId: string): Peer {
    const peer = this.#host.members.get(memberId)
    if (peer === undefined) throw new E2eeError('E_STATE')
    return peer
  }

  /** A member id stands for one device of one person, so what was computed for it stays right. */
  #fingerprint(memberId: MemberId, ikPub: Bytes, sub: string): Promise<Bytes> {
    const known = this.#fingerprints.get(memberId) ?? fingerprint(ikPub, sub)
    this.#fingerprints.set(memberId, known)
    return known
  }
}
