/** Whom moderators put out: members, and with them their devices for the rest of the session. */
import { E2eeError } from '../../errors.ts'
import type { VerifiedHello } from '../../messages/hello.ts'
import type { Removal } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import type { Bytes } from '../../wire.ts'

const MAX_REMOVALS = 1200

export class Removals {
  readonly #me: MemberId
  /** The signed decisions, by the member they are about. */
  readonly #signed = new Map<MemberId, Bytes>()
  /** Thumbprints. */
  readonly #devices = new Set<string>()

  constructor(me: MemberId) {
    this.#me = me
  }

  concern({ memberId, claims }: Pick<VerifiedHello, 'memberId' | 'claims'>): boolean {
    return this.#signed.has(memberId) || this.#devices.has(claims.jkt)
  }

  /** Member and device: where nobody knows the member, its id may have been named with another's device before. */
  isSettled({ memberId, jkt }: Removal): boolean {
    if (!this.#signed.has(memberId)) return false
    return memberId === this.#me || this.#devices.has(jkt)
  }

  /**
   * True when this member was not out before.
   * @throws E2eeError E_STATE when there are too many.
   */
  add({ memberId, jkt }: Removal, signed: Bytes): boolean {
    if (this.#signed.size >= MAX_REMOVALS) throw new E2eeError('E_STATE')
    const isNew = !this.#signed.has(memberId)
    this.#signed.set(memberId, signed)
    // Our own device stays out of its list: it is told, and does nothing further.
    if (memberId !== this.#me) this.#devices.add(jkt)
    return isNew
  }

  /** The latest decisions, as they were signed. */
  inForce(max: number): readonly Bytes[] {
    return [...this.#signed.values()].slice(-max)
  }
}
