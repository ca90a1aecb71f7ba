/** One member of a room: its channel, what it may publish, and its media once it has joined. */
import { TokenBucket } from '../bucket.ts'
import type { Channel } from '../wire/channel.ts'
import { TcsError } from '../errors.ts'
import type { PeerForwarding } from './forwarding.ts'
import type { Limits } from '../limits.ts'
import type { Caller } from '../door/proof.ts'
import type { PeerId } from '../protocol.ts'
import { Rights } from './rights.ts'

export class Peer {
  readonly id: PeerId
  readonly mid: string
  readonly msid: string
  readonly sub: string
  readonly issuedAtMs: number
  readonly #device: string
  readonly channel: Channel
  readonly rights: Rights
  readonly #delivered: TokenBucket
  readonly #now: () => number
  #state: 'admitted' | 'joined' | 'closed' = 'admitted'
  #forwarding: PeerForwarding | undefined

  constructor(caller: Caller, channel: Channel, limits: Limits, now: () => number) {
    this.id = caller.peerId
    this.mid = caller.mid
    this.msid = caller.msid
    this.sub = caller.sub
    this.issuedAtMs = caller.issuedAtMs
    this.#device = caller.device
    this.rights = new Rights(caller.permissions)
    this.channel = channel
    this.#now = now
    this.#delivered = new TokenBucket(limits.deliveredBytes, now())
  }

  get joined(): boolean {
    return this.#state === 'joined'
  }

  get closed(): boolean {
    return this.#state === 'closed'
  }

  /** @throws {TcsError} `not-allowed` outside the room. */
  get forwarding(): PeerForwarding {
    if (this.#forwarding === undefined) throw new TcsError('not-allowed', 'not joined')
    return this.#forwarding
  }

  /** Another window of the same person's same browser. */
  isTwinOf(other: Peer): boolean {
    return this.id !== other.id && this.sub === other.sub && this.#device === other.#device
  }

  join(forwarding: PeerForwarding): void {
    this.#state = 'joined'
    this.#forwarding = forwarding
  }

  /** False when this peer has sent more bytes than is reasonable. */
  maySend(bytes: number): boolean {
    return this.#delivered.take(bytes, this.#now())
  }

  /** Ends its media. Idempotent; the channel is closed by whoever has a reason to give. */
  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#forwarding?.close()
    this.#forwarding = undefined
  }
}
