/**
 * Our own side of a session: device, nonce and the ephemeral keys, each introduced by a HELLO of ours.
 */
import { E2eeError } from '../../errors.ts'
import { memberIdOf, signHello } from '../../messages/hello.ts'
import type { Identity } from '../../trust/identity.ts'
import type { Kem, KemKey } from '../../keys/kem.ts'
import { makeEphemeral, type Ephemeral, type LinkPsk } from '../../keys/pair.ts'
import { suiteOf, type Claims, type Suite } from '../../trust/token.ts'
import type { Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'

/** Envelopes under the previous ephemeral key are still opened for this long. */
export const PREVIOUS_EK_MS = 30_000

export interface OwnEpoch {
  readonly epoch: number
  readonly ephemeral: Ephemeral
  /** Null in suite 1. */
  readonly kemKey: KemKey | null
  readonly hello: Bytes
  readonly hash: Bytes
  /** Session clock. */
  readonly madeAt: number
}

export interface Credential {
  readonly token: string
  readonly claims: Claims
}

/** What a session is opened with. The suite is the meeting's and never changes within a session. */
type Owned = Pick<Me, 'identity' | 'link' | 'suite' | 'kem'>

export class Me {
  readonly identity: Identity
  readonly memberId: MemberId
  /** 32 bytes, constant for the session. */
  readonly nonce: Bytes
  readonly link: LinkPsk
  readonly suite: Suite
  readonly kem: Kem
  #credential: Credential
  #current: OwnEpoch | null = null
  #previous: OwnEpoch | null = null
  #previousUntil = 0

  constructor(of: Owned & Pick<Me, 'memberId' | 'nonce'>, credential: Credential) {
    this.identity = of.identity
    this.memberId = of.memberId
    this.nonce = of.nonce
    this.link = of.link
    this.suite = of.suite
    this.kem = of.kem
    this.#credential = credential
  }

  static async create(owned: Owned, credential: Credential): Promise<Me> {
    const nonce = crypto.getRandomValues(new Uint8Array(32))
    const memberId = await memberIdOf(credential.claims.msid, owned.identity.ikPub, nonce)
    return new Me({ ...owned, memberId, nonce }, credential)
  }

  get credential(): Credential {
    return this.#credential
  }

  get current(): OwnEpoch {
    // Only before the first `renew` and after `erase`.
    if (this.#current === null) throw new E2eeError('E_STATE')
    return this.#current
  }

  /** @throws E2eeError when the token cannot follow ours: another device, person, suite, or an older one. */
  requireSuccessor(claims: Claims): void {
    const { claims: old } = this.#credential
    if (claims.jkt !== old.jkt) throw new E2eeError('E_JKT')
    if (claims.sub !== old.sub) throw new E2eeError('E_TOKEN_MEETING')
    // A session keeps its suite: people whose meeting was given another one join again.
    if (suiteOf(claims) !== this.suite) throw new E2eeError('E_SUITE')
    // And it keeps what it asks of links; a secret that is asked for from now on takes a new start as well.
    if (claims.psk !== old.psk) throw new E2eeError('E_PSK')
    if (claims.iat < old.iat) throw new E2eeError('E_TOKEN_TIME')
  }

  /** Our keys of that epoch, while it is current or freshly replaced. */
  epoch(epoch: number, now: number): OwnEpoch | null {
    if (this.#current?.epoch === epoch) return this.#current
    return this.#previous?.epoch === epoch && now < this.#previousUntil ? this.#previous : null
  }

  /** Fresh ephemeral keys and the HELLO that announces them. */
  async renew(credential: Credential, at: { now: number; tmmsNow: number }): Promise<void> {
    const before = this.#current
    const ephemeral = await makeEphemeral()
    const kemKey = this.suite === 2 ? await this.kem.generate() : null
    const epoch = (before?.epoch ?? 0) + 1
    const { bytes, hash } = await signHello(
      {
        suite: this.suite,
        token: credential.token,
        ikPub: this.identity.ikPub,
        nonce: this.nonce,
        epoch,
        ekPub: ephemeral.ekPub,
        kemPub: kemKey?.kemPub ?? new Uint8Array(0),
        createdMs: at.tmmsNow,
        prevHash: before?.hash ?? new Uint8Array(32),
        pskId: this.link.pskId,
      },
      this.identity,
    )
    this.#credential = credential
    this.#dropPrevious()
    this.#previous = before
    this.#previousUntil = at.now + PREVIOUS_EK_MS
    this.#current = { epoch, ephemeral, kemKey, hello: bytes, hash, madeAt: at.now }
  }

  /** Drops the previous keys once nobody may use it any longer. */
  forgetExpired(now: number): void {
    if (now >= this.#previousUntil) this.#dropPrevious()
  }

  erase(): void {
    this.#current?.kemKey?.erase()
    this.#current = null
    this.#dropPrevious()
    this.link.psk.fill(0)
  }

  #dropPrevious(): void {
    this.#previous?.kemKey?.erase()
    this.#previous = null
  }
}
