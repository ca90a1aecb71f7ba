/** One connection of somebody who has proved who it is: it waits, then is in a room, and has its media there. */
import type { Caller } from '../door/proof.ts'
import type { Token } from '../door/token.ts'
import { TcsError } from '../errors.ts'
import type { PeerId } from '../protocol.ts'
import type { Channel } from '../wire/channel.ts'
import type { Account } from './accounts.ts'
import type { PeerForwarding } from './forwarding.ts'
import { Rights } from './rights.ts'

export class Peer {
  readonly id: PeerId
  readonly mid: string
  readonly msid: string
  readonly sub: string
  readonly device: string
  readonly channel: Channel
  readonly account: Account
  readonly rights: Rights
  #token: Token
  #state: 'waiting' | 'joined' | 'closed' = 'waiting'
  #forwarding: PeerForwarding | undefined

  constructor(caller: Caller, channel: Channel, account: Account) {
    this.id = caller.peerId
    this.mid = caller.mid
    this.msid = caller.msid
    this.sub = caller.sub
    this.device = caller.device
    this.channel = channel
    this.account = account
    this.rights = new Rights(caller.permissions)
    this.#token = caller
  }

  get jti(): string {
    return this.#token.jti
  }

  get issuedAtMs(): number {
    return this.#token.issuedAtMs
  }

  /** How many its token says may be in the room. */
  get participants(): number {
    return this.#token.participants
  }

  get waiting(): boolean {
    return this.#state === 'waiting'
  }

  get joined(): boolean {
    return this.#state === 'joined'
  }

  get closed(): boolean {
    return this.#state === 'closed'
  }

  /** @throws {TcsError} `not-allowed` outside the room. */
  get forwarding(): PeerForwarding {
    if (!this.joined || this.#forwarding === undefined) {
      throw new TcsError('not-allowed', 'not joined')
    }
    return this.#forwarding
  }

  /** The media that it has in its room, or made for it while it waits; undefined before and after. */
  get prepared(): PeerForwarding | undefined {
    return this.#forwarding
  }

  /** Another window of the same person's same browser. */
  isTwinOf(other: Peer): boolean {
    return this.id !== other.id && this.sub === other.sub && this.device === other.device
  }

  /**
   * Takes a newer token, which says what still holds.
   *
   * @throws {TcsError} `refused` for somebody else's, another meeting's, another device's, or an older one, which would
   * bring back what was withdrawn.
   */
  renew(token: Token): void {
    const { mid, msid, sub, device } = this
    const same =
      token.mid === mid && token.msid === msid && token.sub === sub && token.device === device
    if (!same) throw new TcsError('refused', 'the token is not for this connection')
    if (token.issuedAtMs < this.issuedAtMs) throw new TcsError('refused', 'the token is older')
    this.#token = token
    this.rights.replace(token.permissions)
  }

  /** For transports while it waits. @returns what it has from here on, also when it had it before. */
  prepare(open: () => PeerForwarding): PeerForwarding {
    return (this.#forwarding ??= open())
  }

  /** Gives back what it prepared while it waits. Idempotent. */
  unprepare(): void {
    if (!this.waiting) return
    this.#forwarding?.close()
    this.#forwarding = undefined
  }

  join(forwarding: PeerForwarding): void {
    this.#state = 'joined'
    this.#forwarding = forwarding
  }

  /** Ends its media. Idempotent; the channel is closed by whoever has a reason to give. */
  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#forwarding?.close()
    this.#forwarding = undefined
  }
}
