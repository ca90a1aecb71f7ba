/** The TURN state of one connection (RFC 8656): a message in, a reply out. No sockets, and the clock is passed in. */
import { randomBytes } from 'node:crypto'
import { encodeXorAddress, type Endpoint } from './address.ts'
import { Allocation, type PeerAccess } from './allocation.ts'
import { ownerOf } from './credentials.ts'
import { TunnelError } from './errors.ts'
import { bindChannel, createPermission } from './peer-requests.ts'
import {
  Attribute,
  Method,
  attributeOf,
  decodeStun,
  hasIntegrity,
  longTermKey,
  uint32,
  type StunAttribute,
  type StunMessage,
} from './stun.ts'
import { encodeReply, unknownAttributes, type Outcome, type Refusal } from './turn-reply.ts'

export interface SessionOptions extends PeerAccess {
  readonly realm: string
  readonly client: Endpoint
  readonly passwordOf: (username: string) => string | null
  /** A made-up address, other for each allocation: browsers drop candidates that look the same. */
  readonly relayedEndpoint: () => Endpoint
  /** False when the owner has as many allocations as it may; otherwise counted until `release`. */
  readonly reserve: (owner: string) => boolean
  readonly release: (owner: string) => void
  readonly lifetimeMs: number
  readonly maxRefusals: number
}

interface Call {
  readonly message: StunMessage
  readonly username: string
  readonly key: Buffer
  readonly nowMs: number
}

const TCP_RELAY_OF_UDP = 17
const IPV4_FAMILY = 1

export class TurnSession {
  static readonly #handlers = new Map<number, (session: TurnSession, call: Call) => Outcome>([
    [Method.allocate, (session, call) => session.#allocate(call)],
    [Method.refresh, (session, call) => session.#refresh(call)],
    [Method.createPermission, (session, call) => session.#withAllocation(call, createPermission)],
    [Method.channelBind, (session, call) => session.#withAllocation(call, bindChannel)],
  ])

  readonly #options: SessionOptions
  // One for the whole connection: TLS already keeps others from replaying. A nonce that changes with every 438 makes
  // a browser's pipelined requests invalidate each other's, thousands of times a second.
  readonly #nonce = randomBytes(12).toString('hex')
  #allocation: Allocation | null = null
  #idleSinceMs: number
  #refusals = 0

  constructor(options: SessionOptions, nowMs: number) {
    this.#options = options
    this.#idleSinceMs = nowMs
  }

  get allocation(): Allocation | null {
    return this.#allocation
  }

  /** Since when there is no allocation; meaningless while there is one. */
  get idleSinceMs(): number {
    return this.#idleSinceMs
  }

  /**
   * The reply to one whole STUN message, or null when it gets none.
   * @throws {TunnelError} malformed, refused-too-often
   */
  receive(bytes: Buffer, nowMs: number): Buffer | null {
    const message = decodeStun(bytes)
    if (message === null) throw new TunnelError('malformed')
    if (message.class !== 'request') return null
    if (message.method === Method.binding) {
      return encodeReply(message, unknownAttributes(message) ?? this.#mapped(message))
    }
    const call = this.#authenticate(message, nowMs)
    if ('code' in call) {
      this.#refusals += 1
      if (this.#refusals > this.#options.maxRefusals) throw new TunnelError('refused-too-often')
      return encodeReply(message, call)
    }
    this.#refusals = 0
    return encodeReply(message, this.#dispatch(call), call.key)
  }

  /** Ends what ran out. Called every few seconds. */
  expire(nowMs: number): void {
    if (this.#allocation !== null && this.#allocation.untilMs <= nowMs) this.#free(nowMs)
    this.#allocation?.expire(nowMs)
  }

  close(): void {
    this.#free(0)
  }

  // In the order of RFC 8489 section 9.2.4.
  #authenticate(message: StunMessage, nowMs: number): Call | Refusal {
    if (message.integrityAt === -1) return this.#challenge(401)
    const username = attributeOf(message, Attribute.username)?.toString('latin1')
    const realm = attributeOf(message, Attribute.realm)
    const nonce = attributeOf(message, Attribute.nonce)?.toString('latin1')
    if (username === undefined || realm === undefined || nonce === undefined) return { code: 400 }
    if (nonce !== this.#nonce) return this.#challenge(438)
    const key = this.#keyOf(username)
    if (key === null || !hasIntegrity(message, key)) return this.#challenge(401)
    return { message, username, key, nowMs }
  }

  // Who holds an allocation keeps using it after the credentials expired: they are for making new ones.
  #keyOf(username: string): Buffer | null {
    if (username === this.#allocation?.username) return this.#allocation.key
    const password = this.#options.passwordOf(username)
    return password === null ? null : longTermKey(username, this.#options.realm, password)
  }

  #challenge(code: 401 | 438): Refusal {
    return {
      code,
      attributes: [
        [Attribute.realm, Buffer.from(this.#options.realm)],
        [Attribute.nonce, Buffer.from(this.#nonce)],
      ],
    }
  }

  #dispatch(call: Call): Outcome {
    const strange = unknownAttributes(call.message)
    if (strange !== null) return strange
    if (this.#allocation !== null && this.#allocation.username !== call.username) {
      return { code: call.message.method === Method.allocate ? 437 : 441 }
    }
    const handle = TurnSession.#handlers.get(call.message.method)
    return handle === undefined ? { code: 400 } : handle(this, call)
  }

  #allocate({ message, username, key, nowMs }: Call): Outcome {
    if (this.#allocation !== null) return { code: 437 }
    const transport = attributeOf(message, Attribute.requestedTransport)
    if (transport?.length !== 4) return { code: 400 }
    if (transport[0] !== TCP_RELAY_OF_UDP) return { code: 442 }
    const family = attributeOf(message, Attribute.requestedAddressFamily)
    if (family !== undefined && family[0] !== IPV4_FAMILY) return { code: 440 }
    // Ports in pairs or kept in reserve: nothing here has a port of its own.
    const even = attributeOf(message, Attribute.evenPort) !== undefined
    const reserved = attributeOf(message, Attribute.reservationToken) !== undefined
    // Both at once are a contradiction (RFC 8656 section 7.2).
    if (even || reserved) return { code: even && reserved ? 400 : 508 }
    if (requestedLifetime(message) === null) return { code: 400 }
    if (!this.#options.reserve(ownerOf(username))) return { code: 486 }
    const { lifetimeMs } = this.#options
    this.#allocation = new Allocation({ username, key, untilMs: nowMs + lifetimeMs }, this.#options)
    const relayed = encodeXorAddress(this.#options.relayedEndpoint(), message.transaction)
    return [[Attribute.xorRelayedAddress, relayed], this.#lifetime(), ...this.#mapped(message)]
  }

  #refresh({ message, nowMs }: Call): Outcome {
    const allocation = this.#allocation
    if (allocation === null) return { code: 437 }
    const family = attributeOf(message, Attribute.requestedAddressFamily)
    if (family !== undefined && family[0] !== IPV4_FAMILY) return { code: 443 }
    const lifetime = requestedLifetime(message)
    if (lifetime === null) return { code: 400 }
    if (lifetime === 0) {
      this.#free(nowMs)
      return [[Attribute.lifetime, uint32(0)]]
    }
    allocation.untilMs = nowMs + this.#options.lifetimeMs
    return [this.#lifetime()]
  }

  #withAllocation(
    { message, nowMs }: Call,
    handle: (allocation: Allocation, message: StunMessage, nowMs: number) => Outcome,
  ): Outcome {
    return this.#allocation === null ? { code: 437 } : handle(this.#allocation, message, nowMs)
  }

  #free(nowMs: number): void {
    if (this.#allocation === null) return
    this.#allocation.close()
    this.#options.release(ownerOf(this.#allocation.username))
    this.#allocation = null
    this.#idleSinceMs = nowMs
  }

  // Ours is both the default and the maximum, so that is what everybody gets (RFC 8656 section 7.2).
  #lifetime(): StunAttribute {
    return [Attribute.lifetime, uint32(Math.floor(this.#options.lifetimeMs / 1000))]
  }

  #mapped(message: StunMessage): StunAttribute[] {
    const value = encodeXorAddress(this.#options.client, message.transaction)
    return [[Attribute.xorMappedAddress, value]]
  }
}

/** Seconds, undefined when not asked for, null when malformed. */
function requestedLifetime(message: StunMessage): number | undefined | null {
  const value = attributeOf(message, Attribute.lifetime)
  if (value === undefined) return undefined
  return value.length === 4 ? value.readUInt32BE(0) : null
}
