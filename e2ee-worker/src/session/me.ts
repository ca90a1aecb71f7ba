/**
 * Our own side of a session: device, nonce and the ephemeral keys, each introduced by a HELLO of ours.
 */
import { E2eeError } from '../errors.ts'
import { SUITE, memberIdOf, signHello } from '../keys/hello.ts'
import type { Identity } from '../keys/identity.ts'
import { makeEphemeral, type Ephemeral, type LinkPsk } from '../keys/pair.ts'
import type { Claims } from '../keys/token.ts'
import type { Bytes } from '../keys/wire.ts'
import type { MemberId } from '../protocol.ts'

/** Envelopes under the previous ephemeral key are still opened for this long. */
export const PREVIOUS_EK_MS = 30_000

export interface OwnEpoch {
  readonly epoch: number
  readonly ephemeral: Ephemeral
  readonly hello: Bytes
  readonly hash: Bytes
  /** Session clock. */
  readonly madeAt: number
}

export interface Credential {
  readonly token: string
  readonly claims: Claims
}

export class Me {
  readonly identity: Identity
  readonly memberId: MemberId
  /** 32 bytes, constant for the session. */
  readonly nonce: Bytes
  readonly link: LinkPsk
  #credential: Credential
  #current: OwnEpoch | null = null
  #previous: OwnEpoch | null = null
  #previousUntil = 0

  constructor(of: Pick<Me, 'identity' | 'memberId' | 'nonce' | 'link'>, credential: Credential) {
    this.identity = of.identity
    this.memberId = of.memberId
    this.nonce = of.nonce
    this.link = of.link
    this.#credential = credential
  }

  static async create(identity: Identity, link: LinkPsk, credential: Credential): Promise<Me> {
    const nonce = crypto.getRandomValues(new Uint8Array(32))
    const memberId = await memberIdOf(credential.claims.msid, identity.ikPub, nonce)
    return new Me({ identity, memberId, nonce, link }, credential)
  }

  get credential(): Credential {
    return this.#credential
  }

  get current(): OwnEpoch {
    // Only before the first `renew` and after `erase`.
    if (this.#current === null) throw new E2eeError('E_STATE')
    return this.#current
  }

  /** Our keys of that epoch, while it is current or freshly replaced. */
  epoch(epoch: number, now: number): OwnEpoch | null {
    if (this.#current?.epoch === epoch) return this.#current
    return this.#previous?.epoch === epoch && now < this.#previousUntil ? this.#previous : null
  }

  /** A fresh ephemeral key and the HELLO that announces it. */
  async renew(credential: Credential, at: { now: number; tmmsNow: number }): Promise<void> {
    const before = this.#current
    const ephemeral = await makeEphemeral()
    const epoch = (before?.epoch ?? 0) + 1
    const { bytes, hash } = await signHello(
      {
        suite: SUITE,
        token: credential.token,
        ikPub: this.identity.ikPub,
        nonce: this.nonce,
        epoch,
        ekPub: ephemeral.ekPub,
        kemPub: new Uint8Array(0),
        createdMs: at.tmmsNow,
        prevHash: before?.hash ?? new Uint8Array(32),
        pskId: this.link.pskId,
      },
      this.identity,
    )
    this.#credential = credential
    this.#previous = before
    this.#previousUntil = at.now + PREVIOUS_EK_MS
    this.#current = { epoch, ephemeral, hello: bytes, hash, madeAt: at.now }
  }

  /** Drops the previous key once nobody may use it any longer. */
  forgetExpired(now: number): void {
    if (now >= this.#previousUntil) this.#previous = null
  }

  erase(): void {
    this.#current = null
    this.#previous = null
    this.link.psk.fill(0)
  }
}
